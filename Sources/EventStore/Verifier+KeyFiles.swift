import Cryptography

extension Verifier {
  /// Looks for the key files, without which a log can be checked, but neither opened nor written to.
  ///
  /// That they are missing is no fault of the record, and so in a copy that is to be checked, and in every backup: it is
  /// noted. A file in the place of one that is another's is a problem.
  mutating func checkKeyFiles() throws(EventLogError) {
    // No backup has any.
    guard !Files.exists(folder.checkpoint) else { return }
    var (missing, unread): ([String], [String]) = ([], [])
    for (path, next) in [
      (folder.wrappingKey, folder.nextWrappingKey), (folder.signingKey, folder.nextSigningKey),
    ] {
      let file: [UInt8]?
      do throws(EventLogError) { file = try Files.readKey(path) } catch {
        unread.append(Files.name(path))
        continue
      }
      // The next one is there while an erasure or a change of keys goes on, which puts it in its place.
      guard !Files.exists(next) else { continue }
      guard Files.exists(path) else {
        missing.append(Files.name(path))
        continue
      }
      try check(file ?? [], as: path)
    }
    report.missingKeys = missing
    if !missing.isEmpty {
      report.notices.append(
        "Key files that are not in the folder: \(missing.joined(separator: ", ")). Everything else was checked without. "
          + "Nothing that is sealed can be opened here, and nothing recorded. A copy that is only to be checked needs "
          + "none.")
    }
    if !unread.isEmpty {
      report.notices.append(
        "Key files that this program may not read, and has not looked at: \(unread.joined(separator: ", "))."
      )
    }
  }

  /// Checks that a key's file is the one that the log takes.
  private mutating func check(_ file: [UInt8], as path: String) throws(EventLogError) {
    let isRight: Bool
    if path == folder.wrappingKey {
      // Of which generation one is that can be read is told with the keys that it wraps.
      isRight = WrappingKey(file: file) != nil
    } else {
      let name = try tables.metaValue(at: MetaKey.publicKey, in: environment)
      isRight = SigningKey(file: file)?.name == name
    }
    // Another process may have changed it meanwhile.
    guard !isRight, try Files.readKey(path) ?? [] == file else { return }
    report.report(
      "The file '\(Files.name(path))' is not this log's key, or damaged: the log cannot be opened with it. Put its copy "
        + "back; or move it away, and take it from the escrow."
    )
  }
}
