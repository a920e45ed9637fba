import Cryptography
import LMDB

/// A row of a damaged file, as far as its bytes tell which table's it is.
struct SalvagedRow {
  let table: String
  let key: [UInt8]
  let value: [UInt8]

  /// Takes a row of a table whose tree led to it; `nil` where it can be none of that table's.
  ///
  /// - Parameter size: how many events the log is said to have.
  init?(_ key: [UInt8], _ value: [UInt8], of table: String, size: UInt64) {
    var place: [UInt8]? = key
    switch table {
    case "events": place = Self.place(ofEvent: value, at: key, size: size)
    case "leaves" where key.count == 8 && value.count == 32: break
    case "nodes" where key.count == 9 && value.count == 32: break
    case "commands" where key.count == 8 && value.count == CommandRow.size: break
    case "command-index" where key.count == 8: break
    case "idempotency" where key.count == 32 && value.count == 32: break
    case "keys" where key.count == 16 && value.count == Rewrapping.wrappedSize: break
    case "sealed" where key.count == 48 && SHA256.hash(value).bytes == Array(key[16...]): break
    case "documents" where key.count == 48 && value.count == 8: break
    case "blobs" where SHA256.hash(value).bytes == key: break
    case "unlinking" where key.count == 32 && value.isEmpty: break
    case "erased" where key.count == 16 && value.count == 8: break
    case "meta" where MetaKey.all.contains(key): break
    case "checkpoints" where key.count == 8: break
    // The streams are told by the events.
    default: return nil
    }
    guard let place else { return nil }
    (self.table, self.key, self.value) = (table, place, value)
  }

  /// Takes a row of which nobody knows whose it is; `nil` where its bytes do not tell, or it follows from other rows.
  init?(stray key: [UInt8], _ value: [UInt8]) {
    let table: String
    switch (key.count, value.count) {
    case (8, CommandRow.size) where Self.isCommand(key, value): table = "commands"
    case (8, _) where Self.position(of: value)?.key == key: table = "events"
    case (8, _) where Self.isNote(key, value): table = "checkpoints"
    // Subjects are random, and streams have names.
    case (16, 8) where !key.allSatisfy({ (0x20...0x7E).contains($0) }): table = "erased"
    case (16, Rewrapping.wrappedSize): table = "keys"
    case (32, 0): table = "unlinking"
    case (32, _) where SHA256.hash(value).bytes == key: table = "blobs"
    case (32, 32): table = "idempotency"
    case (48, 9...) where SHA256.hash(value).bytes == Array(key[16...]): table = "sealed"
    default:
      guard MetaKey.all.contains(key) else { return nil }
      table = "meta"
    }
    (self.table, self.key, self.value) = (table, key, value)
  }

  /// Takes the note from what a transaction has left of a head.
  init?(noteOf head: HeadRow) {
    guard let note = head.note else { return nil }
    self.init(stray: bigEndian(note.size), note.text)
  }

  /// Where an event belongs: where it lies, or where it says, if it cannot lie there.
  private static func place(
    ofEvent row: [UInt8], at key: [UInt8], size: UInt64
  ) -> [UInt8]? {
    let position = position(of: row)
    if position?.key == key { return key }
    if let place = bigEndian(key.span), place > 0, place <= size { return key }
    return position.flatMap { $0 > .zero && $0.rawValue <= size ? $0.key : nil }
  }

  private static func position(of row: [UInt8]) -> Position? {
    (try? EventLine(EventRow(row.span).event))?.position
  }

  private static func isCommand(_ key: [UInt8], _ value: [UInt8]) -> Bool {
    guard let position = bigEndian(key.span) else { return false }
    return CommandRow(value.span, at: Position(rawValue: position)) != nil
  }

  private static func isNote(_ key: [UInt8], _ value: [UInt8]) -> Bool {
    guard let note = SignedNote(String(decoding: value, as: UTF8.self)) else { return false }
    return Checkpoint(text: note.text).map { bigEndian($0.size) } == key
  }
}

/// Writes rows into the tables of a new file, a few megabytes a transaction.
struct RowWriter: ~Copyable {
  private let environment: Environment
  private let tables: [String: Table]
  private var rows: [SalvagedRow] = []
  private var bytes = 0

  private static let portion = 8 << 20

  init(_ environment: Environment, _ tables: LogTables) {
    self.environment = environment
    self.tables = Dictionary(uniqueKeysWithValues: tables.named)
  }

  /// Writes a row, unless there is one of its key.
  mutating func write(_ row: SalvagedRow) throws(EventLogError) {
    rows.append(row)
    bytes += row.key.count + row.value.count
    if bytes >= Self.portion { try flush() }
  }

  /// Writes what is left.
  mutating func flush() throws(EventLogError) {
    let (rows, tables) = (rows, tables)
    try stored { () throws(LMDBError) in
      try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
        for row in rows {
          guard let table = tables[row.table] else { continue }
          do throws(LMDBError) {
            try transaction.append(row.value.span, at: row.key.span, in: table)
          } catch {
            guard error.isKeyExists else { throw error }
            guard try transaction.bytes(at: row.key.span, in: table) == nil else { continue }
            try transaction.put(row.value, at: row.key, in: table)
          }
        }
      }
    }
    self.rows.removeAll(keepingCapacity: true)
    bytes = 0
  }
}
