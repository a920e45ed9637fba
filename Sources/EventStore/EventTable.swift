import Cryptography
import LMDB

/// The table of events: position → event ‖ its leaf in the tree ‖ a byte of one.
///
/// The leaf lies beside its event, so that a commit writes no page for it alone. Earlier versions wrote the event without
/// it, and the leaf to `LogTables.leaves`; the row of such an event ends with the event's closing brace.
struct EventTable: Sendable {
  let rows: Table

  init(_ rows: Table) { self.rows = rows }
}

/// A row of the table of events.
struct EventRow: ~Escapable {
  private let bytes: Span<UInt8>

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  /// The last byte of a row with a leaf.
  private static let mark: UInt8 = 1
  /// How many bytes follow the event in a row with a leaf.
  private static let tail = 33

  /// Whether an earlier version has written the row.
  var isOlder: Bool {
    bytes.count <= Self.tail || bytes[bytes.count - 1] == UInt8(ascii: "}")
  }

  /// The event's bytes.
  var event: Span<UInt8> {
    @_lifetime(copy self)
    get { isOlder ? bytes : bytes.extracting(droppingLast: Self.tail) }
  }

  /// The leaf that was written with the event; `nil` where an earlier version wrote it, or the row is damaged.
  var leaf: Digest? {
    guard !isOlder, bytes[bytes.count - 1] == Self.mark else { return nil }
    return Digest(exactly: bytes.extracting((bytes.count - Self.tail)..<(bytes.count - 1)))
  }

  /// Adds to an event's bytes what makes them a row.
  static func complete(_ event: inout [UInt8], with leaf: Digest) {
    let leaf = leaf.inlineBytes
    event.append(copying: leaf.span)
    event.append(mark)
  }
}

/// A place in the table of events.
struct EventCursor: ~Copyable, ~Escapable {
  private var rows: Cursor

  @_lifetime(copy rows)
  init(_ rows: consuming Cursor) { self.rows = rows }

  /// As of `Cursor`.
  @_lifetime(copy self)
  mutating func last() throws(LMDBError) -> EventEntry? { EventEntry(try rows.last()) }

  /// As of `Cursor`.
  @_lifetime(copy self)
  mutating func next() throws(LMDBError) -> EventEntry? { EventEntry(try rows.next()) }

  /// As of `Cursor`.
  @_lifetime(copy self)
  mutating func seek(atOrAfter key: Span<UInt8>) throws(LMDBError) -> EventEntry? {
    EventEntry(try rows.seek(atOrAfter: key))
  }

  /// As of `Cursor`, with the events' bytes.
  mutating func forEach(
    atOrAfter key: Span<UInt8>, _ body: (_ key: Span<UInt8>, _ event: Span<UInt8>) -> Bool
  ) throws(LMDBError) {
    try rows.forEach(atOrAfter: key) { key, row in body(key, EventRow(row).event) }
  }
}

/// An event where it lies.
struct EventEntry: ~Escapable {
  /// Its position.
  let key: Span<UInt8>
  private let row: EventRow

  @_lifetime(copy entry)
  fileprivate init?(_ entry: consuming Entry?) {
    guard let entry else { return nil }
    key = entry.key
    row = EventRow(entry.value)
  }

  /// Its bytes.
  var event: Span<UInt8> {
    @_lifetime(copy self)
    get { row.event }
  }

  /// The leaf beside it.
  var leaf: Digest? { row.leaf }

  /// As of `EventRow`.
  var isOlder: Bool { row.isOlder }
}

extension ReadTransaction {
  /// A cursor over the events.
  @_lifetime(borrow self)
  func cursor(_ events: EventTable) throws(LMDBError) -> EventCursor {
    EventCursor(try cursor(events.rows))
  }

  /// How many events there are.
  func count(_ events: EventTable) throws(LMDBError) -> Int { try count(events.rows) }

  /// A copy of an event's bytes, or `nil`.
  func value(at key: [UInt8], in events: EventTable) throws(LMDBError) -> [UInt8]? {
    guard let row = try bytes(at: key.span, in: events.rows) else { return nil }
    return Array(copying: EventRow(row).event)
  }

  /// The stored leaf of an index: beside its event, or where an earlier version has put it.
  func leaf(at index: UInt64, in tables: LogTables) throws(LMDBError) -> Digest? {
    let key = bigEndian(index + 1)
    if let row = try bytes(at: key.span, in: tables.events.rows), let leaf = EventRow(row).leaf {
      return leaf
    }
    return try value(at: bigEndian(index), in: tables.leaves).flatMap { Digest($0) }
  }
}

extension LogTables {
  /// The keys of rows of `leaves` that belong to no event, or to one with its leaf beside it.
  ///
  /// - Parameter size: how many events there are.
  func unneededLeaves(
    of size: UInt64, in transaction: borrowing ReadTransaction
  ) throws(LMDBError) -> [[UInt8]] {
    var unneeded: [[UInt8]] = []
    var cursor = try transaction.cursor(leaves)
    while let entry = try cursor.next() {
      if let index = bigEndian(entry.key), index < size {
        let row = try transaction.bytes(at: bigEndianBytes(index + 1).span, in: events.rows)
        // A leaf whose event is lost tells what belongs in its place.
        guard let row, EventRow(row).leaf != nil else { continue }
      }
      unneeded.append(Array(copying: entry.key))
    }
    return unneeded
  }
}

extension WriteTransaction {
  /// How many events there are.
  func count(_ events: EventTable) throws(LMDBError) -> Int { try count(events.rows) }

  /// A cursor over the events.
  @_lifetime(borrow self)
  func cursor(_ events: EventTable) throws(LMDBError) -> EventCursor {
    let rows = try cursor(events.rows)
    return unsafe _overrideLifetime(EventCursor(rows), borrowing: self)
  }

  /// A copy of an event's bytes, or `nil`.
  func value(at key: [UInt8], in events: EventTable) throws(LMDBError) -> [UInt8]? {
    try reading.value(at: key, in: events)
  }

  /// Sets an event and its leaf.
  mutating func put(
    _ event: [UInt8], _ leaf: Digest, at position: Position, in events: EventTable
  ) throws(LMDBError) {
    var row = event
    EventRow.complete(&row, with: leaf)
    try put(row, at: position.key, in: events.rows)
  }
}
