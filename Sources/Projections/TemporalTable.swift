public import EventStore

/// What a temporal table holds at one key from one position on.
public protocol ViewRow: Sendable {
  /// Writes the row.
  func encode(into encoder: inout RowEncoder)
  /// Reads a row that `encode` wrote.
  init(from decoder: inout RowDecoder) throws(RowCodingError)
}

/// A table whose rows carry from which position they held, so that asking for a past state selects a
/// row and never folds.
public struct TemporalTable<Key: ViewKey & Hashable & Sendable, Row: ViewRow>: Sendable {
  /// key → the newest row.
  @usableFromInline let now: ViewTable
  /// key ‖ position → the row from that position on.
  @usableFromInline let then: ViewTable

  /// Names a table.
  public init(_ name: String) {
    now = ViewTable(name)
    then = ViewTable(name + "-then")
  }

  /// The stored tables behind this one.
  public var tables: [ViewTable] { [now, then] }

  // MARK: Folding

  /// Sets the row that holds for `key` from `position` on.
  @inlinable
  public func put(
    _ row: Row, for key: Key, from position: Position, in writer: inout ViewWriter
  ) {
    let rows = writer.rows(of: now) { RowStore<Key, Row>() }
    let place =
      rows.place(of: key)
      ?? rows.add(RowStore.Entry(key: key, row: row, stored: nil, isRead: false))
    let bytes = rows.change(place) { $0 = row }
    writer.append(bytes, at: key.viewKey, position.rawValue.viewKey, in: then)
  }

  /// Changes the newest row for `key` from `position` on; returns whether there is one.
  ///
  /// - Complexity: O(size of the row).
  @inlinable
  public func change(
    _ key: Key, from position: Position, in writer: inout ViewWriter,
    _ body: (inout Row) throws -> Void
  ) throws -> Bool {
    let rows = writer.rows(of: now) { RowStore<Key, Row>() }
    let place: Int
    if let known = rows.place(of: key) {
      place = known
    } else {
      guard let stored = try writer.base.value(at: key.viewKey, in: now) else { return false }
      place = rows.add(
        RowStore.Entry(key: key, row: try decode(stored), stored: stored, isRead: true))
    }
    let bytes = try rows.change(place, body)
    writer.append(bytes, at: key.viewKey, position.rawValue.viewKey, in: then)
    return true
  }

  /// Calls `body` with each newest row that a portion of events has changed and with what it replaces, in no
  /// order.
  public func forEachChange(
    in writer: inout ViewWriter,
    _ body: (_ old: Row?, _ new: Row, inout ViewWriter) throws -> Void
  ) throws {
    let rows = writer.rows(of: now) { RowStore<Key, Row>() }
    for place in rows.entries.indices where rows.entries[place].isChanged {
      let entry = rows.entries[place]
      let stored =
        entry.isRead ? entry.stored : try writer.base.value(at: entry.key.viewKey, in: now)
      try body(try stored.map(decode), entry.row, &writer)
    }
  }

  // MARK: Reading

  /// The newest row for `key`, or `nil`.
  public func newest(for key: Key, in reader: some ViewReading) throws(ViewError) -> Row? {
    guard let bytes = try reader.value(at: key.viewKey, in: now) else { return nil }
    return try decode(bytes)
  }

  /// The row that held for `key` at `position`, or `nil` if there was none yet.
  ///
  /// - Complexity: O(log n) over all rows.
  public func row(
    for key: Key, asOf position: Position, in views: Views
  ) throws(ViewError) -> Row? {
    let last = try views.last(
      atOrBefore: viewKey(key, position.rawValue), prefix: key.viewKey, in: then)
    guard let last else { return nil }
    return try decode(last.value)
  }

  /// The newest rows in the order of their keys, from `start` on, or backwards from it.
  ///
  /// - Parameter body: returns whether to go on.
  public func forEachNewest(
    from start: [UInt8] = [], backwards: Bool = false, in views: Views,
    _ body: (Row) throws -> Bool
  ) throws {
    try views.forEach(in: now, from: start, backwards: backwards) { entry in
      try body(try decode(entry.value))
    }
  }

  /// Calls `body` with the rows as of `position` in the order of their keys, from `first` on, or backwards
  /// from it, until it returns false.
  ///
  /// One snapshot is held meanwhile.
  ///
  /// - Parameter body: is given the newest row beside it where that is another one.
  /// - Complexity: O(rows of all positions passed over), which is far less than asking for each key.
  public func forEach(
    asOf position: Position, from first: Key? = nil, backwards: Bool = false,
    in views: Views, _ body: (Row, _ newest: Row?) throws -> Bool
  ) throws {
    /// What has been seen of one key.
    var key: ArraySlice<UInt8> = []
    var held: [UInt8]?
    var newest: (position: UInt64, row: [UInt8])?
    func finish() throws -> Bool {
      guard let held, let newest else { return true }
      return try body(
        decode(held), newest.position > position.rawValue ? decode(newest.row) : nil)
    }
    var isDone = false
    let start = first.map { viewKey($0, backwards ? UInt64.max : 0) } ?? []
    try views.forEach(in: then, from: start, backwards: backwards) { entry in
      let prefix = entry.key.dropLast(8)
      if prefix != key {
        if try !finish() {
          isDone = true
          return false
        }
        (key, held, newest) = (prefix, nil, nil)
      }
      let since = number(in: entry.key, at: prefix.count)
      if backwards ? newest == nil : true { newest = (since, entry.value) }
      if since <= position.rawValue, backwards ? held == nil : true { held = entry.value }
      return true
    }
    if !isDone { _ = try finish() }
  }

  /// Calls `body` with the positions from which `key` had another row, ascending, until it returns false.
  public func forEachPosition(
    for key: Key, in views: Views, _ body: (Position) throws -> Bool
  ) throws {
    let prefix = key.viewKey
    try views.forEach(in: then, prefix: prefix) { entry in
      try body(Position(rawValue: number(in: entry.key, at: prefix.count)))
    }
  }

  @usableFromInline
  func decode(_ bytes: [UInt8]) throws(ViewError) -> Row {
    var decoder = RowDecoder(bytes)
    guard let row = try? Row(from: &decoder), decoder.atEnd else {
      throw .unreadableRow(table: now.name)
    }
    return row
  }
}
