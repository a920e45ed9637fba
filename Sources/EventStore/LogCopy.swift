import Cryptography
import LMDB

/// A log's folder, looked at without its keys.
struct LogCopy {
  let folder: LogFolder
  let environment: Environment
  let tables: LogTables

  /// Opens the folder, by default only to read: it may be one that nobody can write to.
  init(_ directory: String, readOnly: Bool = true) throws(EventLogError) {
    folder = LogFolder(path: directory)
    guard Files.exists(folder.log + "/data.mdb") else { throw .absent(directory: directory) }
    environment = try folder.environment(readOnly: readOnly)
    let environment = environment
    tables = try stored { () throws(LMDBError) in try LogTables(environment, create: false) }
    try EventLog.check(environment, tables)
  }

  /// Makes the file in another folder that is to become the log of `folder`, or to repair it.
  init(making place: LogFolder, for folder: LogFolder) throws(EventLogError) {
    self.folder = folder
    environment = try place.environment()
    let environment = environment
    tables = try stored { () throws(LMDBError) in try LogTables(environment, create: true) }
  }

  /// The value at `key` of one of the tables.
  func value(
    at key: [UInt8], in table: (LogTables) -> Table
  ) throws(EventLogError) -> [UInt8]? {
    try value(at: key, in: table(tables))
  }

  /// As above.
  func value(at key: [UInt8], in table: Table) throws(EventLogError) -> [UInt8]? {
    try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        try transaction.value(at: key, in: table)
      }
    }
  }
}

extension LogCopy {
  /// The bytes of the event at `position` and its stored leaf; `nil` where there is no event.
  func event(
    at position: Position
  ) throws(EventLogError) -> (bytes: [UInt8], leaf: Digest?)? {
    try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        guard let bytes = try transaction.value(at: position.key, in: tables.events) else {
          return nil
        }
        return (bytes, try transaction.leaf(at: position.rawValue - 1, in: tables))
      }
    }
  }

  /// All rows of a table.
  func rows(of table: Table) throws(EventLogError) -> [(key: [UInt8], value: [UInt8])] {
    try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        var rows: [(key: [UInt8], value: [UInt8])] = []
        var cursor = try transaction.cursor(table)
        while let entry = try cursor.next() {
          rows.append((Array(copying: entry.key), Array(copying: entry.value)))
        }
        return rows
      }
    }
  }

  /// The newest signed checkpoint that lies in the folder and whose events do: the log's own, or the one beside a
  /// backup.
  ///
  /// What was appended last in a folder that is in use is signed there with the next append, or when it is closed.
  func newestNote(
    in transaction: borrowing ReadTransaction
  ) throws(EventLogError) -> (note: SignedNote, checkpoint: Checkpoint)? {
    let file = try Files.read(folder.checkpoint)
    let size = try LogState.size(transaction, tables)
    let newest = try stored { () throws(LMDBError) in try tables.newestNote(in: transaction) }
    let notes = [newest?.text, file].compactMap { text in
      text.flatMap { SignedNote(String(decoding: $0, as: UTF8.self)) }.flatMap { note in
        Checkpoint(text: note.text).map { (note: note, checkpoint: $0) }
      }
    }
    return notes.filter { $0.checkpoint.size <= size }.max {
      $0.checkpoint.size < $1.checkpoint.size
    }
  }

  /// Runs `body` on a snapshot.
  func snapshot<Value>(
    _ body: (borrowing ReadTransaction) throws(EventLogError) -> Value
  ) throws(EventLogError) -> Value {
    do { return try environment.read(body) } catch { throw EventLogError(error) }
  }

  /// Runs `body`, and again where it fails while others write over what it reads.
  ///
  /// - Throws: `.unsteady` where they go on doing so.
  func steadily<Value>(
    _ body: () throws(EventLogError) -> Value
  ) throws(EventLogError) -> Value {
    for _ in 0..<20 {
      let reading = UnguardedReading(of: folder)
      do throws(EventLogError) { return try body() } catch {
        guard reading.isOvertaken else { throw error }
      }
    }
    throw .unsteady(directory: folder.path)
  }
}
