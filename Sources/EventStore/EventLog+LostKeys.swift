import Cryptography
import LMDB

extension EventLog {
  /// Puts key files that a data folder has lost back from its escrow, and changes nothing else.
  ///
  /// No file, and no link to one, is written over. A crash leaves each key whole or not there, and the same call goes on from there.
  ///
  /// - Parameter path: the escrow, of this log and of now.
  /// - Returns: the names of the files that were written: none where both keys are there.
  /// - Throws: `.absent`; `.locked` while anybody has the log open; `.invalid` for a backup, an escrow of another log,
  ///   one from before the last erasure or change of the signing key, or one that tells of events which the log lacks, and
  ///   where another file lies in a key's place; `.inconsistent` where the keys do not open what the log holds.
  ///   Nothing is written then.
  public static func restoreKeys(
    in directory: String, escrow path: String
  ) async throws(EventLogError) -> [String] {
    try await offPool { () throws(EventLogError) in
      let folder = LogFolder(path: directory)
      guard Files.exists(folder.log + "/data.mdb") else { throw .absent(directory: directory) }
      guard !Files.exists(folder.checkpoint) else {
        throw .invalid(
          "'\(directory)' is a backup, which never holds keys. A restore makes a data folder from it and the "
            + "escrow.")
      }
      let lock = try FileLock(folder.lock, exclusive: true, waiting: false)
      defer { lock.release() }
      let lost = LostKeys(try LogCopy(directory, readOnly: false), try Escrow(at: path))
      try lost.check()
      let missing = try lost.missing()
      for (file, key) in missing { try Files.write(key, to: file) }
      return missing.map { Files.name($0.file) }
    }
  }
}

/// A log that has lost key files, and the escrow that they are to come from.
private struct LostKeys {
  let log: LogCopy
  let escrow: Escrow

  init(_ log: LogCopy, _ escrow: Escrow) {
    self.log = log
    self.escrow = escrow
  }

  /// Refuses an escrow that is not this log's, or knows of more than the log.
  func check() throws(EventLogError) {
    let origin = try log.value(at: MetaKey.origin, in: \.meta)
    guard origin == Array(escrow.signing.origin.utf8) else {
      throw .invalid(
        "The escrow is of the log '\(escrow.signing.origin)', and the folder holds another. Give its own."
      )
    }
    do {
      try log.environment.read { (transaction) throws(EventLogError) in
        try checkHistory(transaction)
      }
    } catch {
      throw EventLogError(error)
    }
  }

  /// Refuses a log that lacks what the escrow knows it has signed: with its keys it would sign another history.
  private func checkHistory(
    _ transaction: borrowing ReadTransaction
  ) throws(EventLogError) {
    switch try escrow.history(in: transaction, log.tables) {
    case .whole: return
    case .setBack(let size, let known):
      throw .invalid(
        "The log has \(size) events, and the escrow knows that it had \(known): the folder was set back. "
          + "A restore makes a new one from a backup and the escrow.")
    case .other: throw .damaged("The tree of the log over the events of the escrow's checkpoint")
    }
  }

  /// Whether a wrapping key opens a subject's key: what one of them is wrapped in, all are.
  private func opens(by key: WrappingKey) throws(EventLogError) -> Bool {
    do {
      return try log.environment.read { (transaction) throws(EventLogError) in
        let unwrapping: Unwrapping
        do { unwrapping = try Unwrapping(by: key) } catch {
          throw .storage(operation: "unwrap a key", reason: "\(error)")
        }
        do throws(LMDBError) {
          var cursor = try transaction.cursor(log.tables.keys)
          while let entry = try cursor.next() {
            let (subject, wrapped) = ([UInt8](copying: entry.key), [UInt8](copying: entry.value))
            if unwrapping.opens(wrapped, of: subject) { return true }
          }
        } catch {
          throw EventLogError(error)
        }
        return false
      }
    } catch {
      throw EventLogError(error)
    }
  }

  /// The files that are not there, and what belongs into them.
  ///
  /// - Throws: `.invalid` where the escrow does not hold what is missing, and for another file in the place of one;
  ///   `.inconsistent` where the key opens nothing.
  func missing() throws(EventLogError) -> [(file: String, key: [UInt8])] {
    var missing: [(file: String, key: [UInt8])] = []
    let (folder, generation) = (
      log.folder, try Keyring.generation(try log.value(at: MetaKey.generation, in: \.meta))
    )
    let wrapping = escrow.wrapping.file
    if try isMissing(
      folder.wrappingKey, folder.nextWrappingKey, or: wrapping,
      where: { (file) throws(EventLogError) in
        guard let key = WrappingKey(file: file), key.generation == generation else { return false }
        return try opens(by: key)
      })
    {
      try requireWrappingKey(of: generation)
      missing.append((folder.wrappingKey, wrapping))
    }
    let (signing, name) = (
      escrow.signing.file, try log.value(at: MetaKey.publicKey, in: \.meta)
    )
    if try isMissing(
      folder.signingKey, folder.nextSigningKey, or: signing,
      where: { SigningKey(file: $0)?.name == name })
    {
      guard escrow.signing.name == name else {
        throw .invalid(
          "The escrow holds another signing key than the one that the log names: it was written before that was "
            + "changed. Give the escrow that was written last; else a restore goes on under a new name and key."
        )
      }
      missing.append((folder.signingKey, signing))
    }
    return missing
  }

  private func requireWrappingKey(of generation: UInt64) throws(EventLogError) {
    guard generation == escrow.wrapping.generation else {
      throw .invalid(
        "The escrow is of key generation \(escrow.wrapping.generation), and the log of \(generation): its key opens "
          + "nothing here. Give the escrow that was written last; without it, nothing that is sealed can be read."
      )
    }
    guard try opens(by: escrow.wrapping) else {
      throw .inconsistent(
        "The escrow's wrapping key opens none of the keys in the log: one of the two is damaged. Verify the log, "
          + "and give another copy of the escrow.")
    }
  }

  /// Whether a key's file is not there, under neither of the names that it has in the middle of a change.
  ///
  /// - Parameters:
  ///   - key: what the escrow holds.
  ///   - isRight: whether another key is the one that the log takes.
  /// - Throws: `.invalid` for what is neither in its place.
  private func isMissing(
    _ file: String, _ next: String, or key: [UInt8],
    where isRight: ([UInt8]) throws(EventLogError) -> Bool
  ) throws(EventLogError) -> Bool {
    for present in [try Files.readKey(file), try Files.readKey(next)].compactMap(\.self) {
      if present == key { return false }
      if try isRight(present) { return false }
    }
    let isLink = try Files.isLink(file)
    guard !isLink, !Files.exists(file) else {
      throw .invalid(
        "'\(file)' is there and is not the key that the escrow holds; it is not written over. If it is a link to what "
          + "cannot be reached, make that reachable. If it is none that anybody needs, move it away, and try again."
      )
    }
    return true
  }
}
