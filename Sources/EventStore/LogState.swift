import Cryptography
import LMDB

/// What damage calls the keys of events.
let eventKey = "a key of the table 'events'"

/// What the writer knows of the log's end: the tree's right edge, the last time, the newest note.
///
/// It is derived from the tables, and caught up within a write transaction when another process has
/// appended.
struct LogState: Sendable {
  var frontier = Frontier()
  var lastTime = Timestamp(milliseconds: 0)
  /// The newest signed note, which the next transaction stores.
  var note: SignedHead?

  var head: Position { Position(rawValue: frontier.size) }

  /// The state of the log as `transaction` sees it.
  init(
    _ transaction: borrowing ReadTransaction, _ tables: LogTables
  ) throws(EventLogError) {
    let size = try Self.size(transaction, tables)
    frontier = try Self.frontier(of: size, transaction, tables)
    if size > 0 { lastTime = try Self.time(of: size, transaction, tables) }
  }

  init() {}

  /// Takes in what other processes have appended.
  mutating func catchUp(
    _ transaction: borrowing ReadTransaction, _ tables: LogTables
  ) throws(EventLogError) {
    // Positions have no gaps, so that there are as many events as the last one's says.
    let size = try stored { () throws(LMDBError) in UInt64(try transaction.count(tables.events)) }
    guard size != frontier.size else { return }
    let note = note
    self = try LogState(transaction, tables)
    self.note = note
  }

  /// The right edge of the tree over the first `size` events.
  static func frontier(
    of size: UInt64, _ transaction: borrowing ReadTransaction, _ tables: LogTables
  ) throws(EventLogError) -> Frontier {
    var nodes = NodeReader(tables)
    return try Frontier(size: size) { (height, index) throws(EventLogError) in
      try nodes.subtree(height, index, in: transaction)
    }
  }

  /// How many events there are.
  static func size(
    _ transaction: borrowing ReadTransaction, _ tables: LogTables
  ) throws(EventLogError) -> UInt64 {
    try stored { () throws(LMDBError) in
      var cursor = try transaction.cursor(tables.events)
      guard let entry = try cursor.last() else { return 0 }
      return try storedNumber(entry.key, eventKey)
    }
  }

  private static func time(
    of position: UInt64, _ transaction: borrowing ReadTransaction, _ tables: LogTables
  ) throws(EventLogError) -> Timestamp {
    let bytes = try stored { () throws(LMDBError) in
      try transaction.value(at: bigEndian(position), in: tables.events)
    }
    guard let bytes, let event = try? Event(decoding: bytes.span) else {
      throw .damaged("Event \(position)")
    }
    return event.at
  }
}
