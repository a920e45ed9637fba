import Cryptography
import LMDB

extension EventLog {
  /// Puts key files that a data folder has lost back from its escrow, and changes nothing else.
  ///
  /// No file is written over. A crash leaves each key whole or not there, and the same call goes on from there.
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
          "'\(directory)' is a backup, which never holds keys. 'senko restore' makes a data folder from it and the "
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

  /// Refuses an escrow that is not this log's, or not of now.
  func check() throws(EventLogError) {
    let origin = try log.value(at: MetaKey.origin, in: \.meta)
    guard origin == Array(escrow.signing.origin.utf8) else {
      throw .invalid(
        "The escrow is of the log '\(escrow.signing.origin)', and the folder holds another. Give its own."
      )
    }
    let generation = try Keyring.generation(try log.value(at: MetaKey.generation, in: \.meta))
    guard generation == escrow.wrapping.generation else {
      throw .invalid(
        "The escrow is of key generation \(escrow.wrapping.generation), and the log of \(generation): its key opens "
          + "nothing here. Give the escrow that was written last; without it, nothing that is sealed can be read."
      )
    }
    guard try log.value(at: MetaKey.publicKey, in: \.meta) == escrow.signing.name else {
      throw .invalid(
        "The escrow holds another signing key than the one that the log names: it was written before that was "
          + "changed. Give the escrow that was written last; else 'senko restore' goes on under a new name and key."
      )
    }
    do {
      // Nothing is written: only such a transaction reads the tree's edge.
      try log.environment.write { (transaction: inout WriteTransaction) throws(EventLogError) in
        try checkHistory(&transaction)
      }
    } catch {
      throw EventLogError(error)
    }
    guard try opens() else {
      throw .inconsistent(
        "The escrow's wrapping key opens none of the keys in the log: one of the two is damaged. Run 'senko verify', "
          + "and give another copy of the escrow.")
    }
  }

  /// Refuses a log that lacks what the escrow knows it has signed: with its keys it would sign another history.
  private func checkHistory(_ transaction: inout WriteTransaction) throws(EventLogError) {
    guard let kept = SignedNote(escrow.checkpoint).flatMap({ Checkpoint(text: $0.text) }) else {
      throw .invalid("The escrow's checkpoint is not readable. Give another copy of the escrow.")
    }
    let size = try LogState.size(&transaction, log.tables)
    guard kept.size <= size else {
      throw .invalid(
        "The log has \(size) events, and the escrow knows that it had \(kept.size): the folder was set back. "
          + "'senko restore' makes a new one from a backup and the escrow.")
    }
    guard try LogState.frontier(of: kept.size, &transaction, log.tables).root == kept.root else {
      throw .damaged("The tree of the log over \(kept.size) events")
    }
  }

  /// Whether the wrapping key opens a subject's key: what one of them is wrapped in, all are.
  private func opens() throws(EventLogError) -> Bool {
    do {
      return try log.environment.read { (transaction) throws(EventLogError) in
        let unwrapping: Unwrapping
        do { unwrapping = try Unwrapping(by: escrow.wrapping) } catch {
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
  /// - Throws: `.invalid` for another file in the place of one.
  func missing() throws(EventLogError) -> [(file: String, key: [UInt8])] {
    var missing: [(file: String, key: [UInt8])] = []
    let folder = log.folder
    let places = [
      (folder.wrappingKey, folder.nextWrappingKey, escrow.wrapping.file),
      (folder.signingKey, folder.nextSigningKey, escrow.signing.file),
    ]
    for (file, next, key) in places {
      // In the middle of an erasure or a change of keys, it has the other name yet.
      let present = [try Files.readKey(file), try Files.readKey(next)]
      if present.contains(key) { continue }
      guard !Files.exists(file) else {
        throw .invalid(
          "'\(file)' is there and is not the key that the escrow holds; it is not written over. If it is none that "
            + "anybody needs, move it away, and try again.")
      }
      missing.append((file, key))
    }
    return missing
  }
}
