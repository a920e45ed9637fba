import Cryptography
import LMDB

// Where events are lost, a log cannot go on under its name. What can still be read ahead of them is newer than any backup
// may be, and a backup is what a restore makes a log of that tells what is lost.

/// Writes what can be read of a damaged log as a backup, up to the last head ahead of whatever is missing; the log itself
/// is not changed, but for sealed files that events name and backups hold.
///
/// A restore makes a new folder from it and the escrow, and records what is lost.
///
/// - Parameters:
///   - destination: must not be there, or be empty; it is emptied again where this throws.
///   - backups: as of `repairLog`.
/// - Returns: the checkpoint that the backup holds, and what it lacks.
/// - Throws: `.locked`, `.invalid` for a folder that is not empty, or lies in the log's own; `.keyFile` without the key
///   that signs; `.inconsistent` where no head can be found; `.diskFull`, `.storage`.
public func backUpRest(
  of directory: String, to destination: String, from backups: [String]
) throws(EventLogError) -> (checkpoint: String, report: RepairReport) {
  let folder = LogFolder(path: directory)
  guard Files.isFilled(folder.log + "/data.mdb") else { throw folder.fileMissing }
  let lock = try FileLock(folder.lock, exclusive: true, waiting: false)
  defer { lock.release() }
  let sources = try openSources(backups)
  guard let file = try Files.readKey(folder.signingKey), let key = SigningKey(file: file) else {
    throw .keyFile(name: "signing-key", reason: "it is not there, and the backup is to be signed")
  }
  try folder.requireOutside(destination, "A backup")
  try Files.makeEmptyFolder(destination)
  do throws(EventLogError) {
    let target = LogFolder(path: destination)
    let (head, report) = try Salvage.rest(of: folder, from: sources, in: target)
    let documents = try LogCopy(destination).documents()
    try Files.copyTree(folder.documents, to: target.documents) {
      folder.isDocument($0, of: documents)
    }
    try Files.sync(folderOf: target.log)
    let note: SignedNote
    do throws(CryptographyError) { note = try key.sign(head) } catch {
      throw .storage(operation: "sign the checkpoint", reason: error.description)
    }
    // It comes last: a folder without it is no backup.
    try Files.write(Array(note.encoded.utf8), to: target.checkpoint)
    return (note.encoded, report)
  } catch {
    for name in (try? Files.names(in: destination)) ?? [] {
      try? Files.removeTree(destination + "/" + name)
    }
    throw LogFolder(path: destination).explained(error)
  }
}

extension Salvage {
  /// Removes what belongs to no event up to `head`, and tells whose erasure is not among those up to there.
  mutating func cut(
    to head: Checkpoint, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    let tables = log.tables
    let untold = try stored { () throws(LMDBError) in
      var untold = 0
      var cursor = try transaction.cursor(tables.erased)
      try cursor.forEach(atOrAfter: [UInt8]().span) { _, position in
        if bigEndian(position) ?? 0 > head.size { untold += 1 }
        return true
      }
      return untold
    }
    if untold > 0 {
      unrepaired.append(
        "The events are lost that say of \(untold) people that they were erased. Whoever could write to the file can have "
          + "named the living so: make sure by what else tells of their erasure. A restore takes this backup only despite "
          + "that damage; they stay erased then, and new events say so.")
    }
    try stored { () throws(LMDBError) in
      if var left = try tables.head(in: transaction.reading) {
        left.forget(beyond: head.size)
        try tables.put(left, &transaction)
      }
      // The tree's nodes are hashed anew.
      try transaction.clear(tables.nodes)
      for (table, first) in [
        (tables.events.rows, head.size + 1), (tables.leaves, head.size),
        (tables.checkpoints, head.size + 1),
      ] {
        for key in try transaction.keys(of: table, atOrAfter: bigEndian(first)) {
          try transaction.delete(key, in: table)
        }
      }
      for key in try transaction.keys(of: tables.idempotency) {
        let row = try transaction.value(at: key, in: tables.idempotency) ?? []
        if row.count < 8 || bigEndian(row.span, at: 0) > head.size {
          try transaction.delete(key, in: tables.idempotency)
        }
      }
    }
  }

  /// Removes what no event names.
  func forgetUnnamed(_ transaction: inout WriteTransaction) throws(EventLogError) {
    let tables = log.tables
    try stored { () throws(LMDBError) in
      var named: Set<[UInt8]> = [SubjectID.store.bytes]
      var cursor = try transaction.cursor(tables.events)
      try cursor.forEach(atOrAfter: [UInt8]().span) { _, bytes in
        guard let line = try? EventLine(bytes), line.mayReference,
          let data = try? JSONValue(canonical: line.data)
        else { return true }
        for reference in data.references {
          switch reference {
          case .sealed(let sealed):
            named.insert(sealed.key)
            named.insert(sealed.subject.bytes)
          case .blob(let digest): named.insert(digest.bytes)
          }
        }
        return true
      }
      for table in [tables.keys, tables.sealed, tables.documents, tables.blobs] {
        for key in try transaction.keys(of: table) where !named.contains(key) {
          try transaction.delete(key, in: table)
        }
      }
    }
  }
}

extension WriteTransaction {
  /// The keys of a table, from one on.
  fileprivate func keys(
    of table: Table, atOrAfter first: [UInt8] = []
  ) throws(LMDBError) -> [[UInt8]] {
    var keys: [[UInt8]] = []
    var cursor = try cursor(table)
    try cursor.forEach(atOrAfter: first.span) { key, _ in
      keys.append([UInt8](copying: key))
      return true
    }
    return keys
  }
}
