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
  /// key → what the next row of the past is told from, and the newest row.
  @usableFromInline let now: ViewTable
  /// key ‖ position → the row from that position on, as `PastRow` writes it.
  @usableFromInline let then: ViewTable

  /// Names a table.
  public init(_ name: String) {
    now = ViewTable(name)
    then = ViewTable(name + "-then")
  }

  /// The stored tables behind this one.
  public var tables: [ViewTable] { [now, then] }

  // MARK: Folding

  /// Sets the row that holds for `key` from the event on that is being folded.
  @inlinable
  public func put(_ row: Row, for key: Key, in writer: inout ViewWriter) throws(ViewError) {
    let rows = try writer.rows(of: self)
    if let place = try rows.place(of: key) {
      writer.count(rows.change(place, from: writer.position) { $0 = row })
    } else {
      writer.count(rows.change(rows.add(key, row, old: nil, nil), from: writer.position) { _ in })
    }
  }

  /// Changes the newest row for `key` from the event on that is being folded; returns whether there is one.
  ///
  /// - Complexity: O(size of the row).
  @inlinable
  public func change(
    _ key: Key, in writer: inout ViewWriter, _ body: (inout Row) throws -> Void
  ) throws -> Bool {
    let rows = try writer.rows(of: self)
    guard let place = try rows.place(of: key) else { return false }
    writer.count(try rows.change(place, from: writer.position, body))
    return true
  }

  /// Calls `body` with each newest row that a portion of events has changed and with what it replaces, in no
  /// order.
  @inlinable
  public func forEachChange(
    in portion: inout Portion, _ body: (_ old: Row?, _ new: Row, inout Portion) throws -> Void
  ) rethrows {
    guard let rows = portion.rows(of: now) as? RowPortion<Key, Row> else { return }
    for entry in rows.entries where entry.isChanged {
      try body(entry.old.map { rows.olds[$0] }, entry.row, &portion)
    }
  }

  /// The newest stored row, and what the next one of the past is told from.
  @usableFromInline
  func stored(
    _ key: Key, in views: Views
  ) throws(ViewError) -> (row: Row, frame: RowFrame?)? {
    guard let bytes = try views.value(at: key.viewKey, in: now) else { return nil }
    let row = try newest(bytes)
    var decoder = RowDecoder(bytes)
    guard let patches = try? decoder.number(), let position = try? decoder.number(),
      let frame = try views.value(at: viewKey(key, position), in: then), frame.first == 0
    else { throw .unreadableRow(table: now.name) }
    return (
      row, RowFrame(position: position, bytes: Array(frame.dropFirst()), patches: patches)
    )
  }

  // MARK: Reading

  /// The newest row for `key`, or `nil`.
  public func newest(for key: Key, in views: Views) throws(ViewError) -> Row? {
    guard let bytes = try views.value(at: key.viewKey, in: now) else { return nil }
    return try newest(bytes)
  }

  /// The row that held for `key` at `position`, or `nil` if there was none yet.
  ///
  /// - Complexity: O(log n) over all rows.
  public func row(
    for key: Key, asOf position: Position, in views: Views
  ) throws(ViewError) -> Row? {
    try views.pastRow(of: key.viewKey, at: position.rawValue, in: then).map(decode)
  }

  /// The newest rows in the order of their keys, from `start` on, or backwards from it.
  ///
  /// - Parameter body: returns whether to go on.
  public func forEachNewest(
    from start: [UInt8] = [], backwards: Bool = false, in views: Views,
    _ body: (Row) throws -> Bool
  ) throws {
    try views.forEach(in: now, from: start, backwards: backwards) { entry in
      try body(try newest(entry.value))
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
    let start = first.map { viewKey($0, backwards ? UInt64.max : 0) } ?? []
    try views.forEachHistory(in: then, from: start, backwards: backwards) { history in
      guard let held = history.last(through: position.rawValue), let newest = history.newest
      else { return true }
      return try body(row(held, of: history), newest == held ? nil : row(newest, of: history))
    }
  }

  /// Calls `body` with the positions from which `key` had another row, ascending, until it returns false.
  public func forEachPosition(
    for key: Key, in views: Views, _ body: (Position) throws -> Bool
  ) throws {
    let prefix = key.viewKey
    try views.forEach(in: then, prefix: prefix) { entry in
      guard entry.key.count == prefix.count + 8 else {
        throw ViewError.unreadableRow(table: then.name)
      }
      return try body(Position(rawValue: number(in: entry.key, at: prefix.count)))
    }
  }

  private func row(_ index: Int, of history: History) throws(ViewError) -> Row {
    guard let bytes = try? history.row(index) else { throw .unreadableRow(table: then.name) }
    return try decode(bytes)
  }

  private func newest(_ bytes: [UInt8]) throws(ViewError) -> Row {
    try decode(bytes) { (decoder) throws(RowCodingError) in
      _ = (try decoder.number(), try decoder.number())
    }
  }

  private func decode(_ bytes: [UInt8]) throws(ViewError) -> Row {
    try decode(bytes) { (_) throws(RowCodingError) in }
  }

  private func decode(
    _ bytes: [UInt8], after header: (inout RowDecoder) throws(RowCodingError) -> Void
  ) throws(ViewError) -> Row {
    var decoder = RowDecoder(bytes)
    do throws(RowCodingError) {
      try header(&decoder)
      let row = try Row(from: &decoder)
      if decoder.atEnd { return row }
    } catch {}
    throw .unreadableRow(table: now.name)
  }
}
