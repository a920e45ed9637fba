public import EventStore

/// Collects what a fold changes, over what is stored, until it is written sorted and at once.
///
/// Reading sees the changes. Memory grows with the changes; `Views` writes them out in portions.
public struct ViewWriter {
  /// The event that is being folded: from it on the rows hold that are set.
  public var position = Position.zero
  @usableFromInline let views: Views
  private let previous: Portion?
  private var portion = Portion()
  private var rows: [OpenTable] = []
  private(set) var changedBytes = 0

  /// A temporal table that has been written to.
  private struct OpenTable {
    let now: ViewTable
    let then: ViewTable
    let rows: any OpenRows
  }

  init(over views: Views, after previous: Portion?) {
    self.views = views
    self.previous = previous
  }

  /// Sets the value at `key`.
  public mutating func put(_ value: [UInt8], at key: [UInt8], in table: ViewTable) {
    changedBytes += key.count + value.count + 64
    portion.changes[table, default: KeyedChanges()].put(value, at: key)
  }

  /// The value at `key` with all changes so far, or `nil`.
  public func value(at key: [UInt8], in table: ViewTable) throws(ViewError) -> [UInt8]? {
    if let changed = portion.changes[table]?.value(at: key) { return changed }
    if let changed = previous?.changes[table]?.value(at: key) { return changed }
    return try views.value(at: key, in: table)
  }

  /// The rows of a temporal table.
  @inlinable
  mutating func rows<Key, Row>(
    of table: TemporalTable<Key, Row>
  ) throws(ViewError) -> RowStore<Key, Row> {
    if let rows = opened(table.now) as? RowStore<Key, Row> { return rows }
    let rows = try RowStore(table, over: views, after: written(table.now))
    add(rows, table.now, table.then)
    return rows
  }

  @usableFromInline
  func opened(_ table: ViewTable) -> (any OpenRows)? {
    for open in rows where open.now == table { return open.rows }
    return nil
  }

  @usableFromInline
  func written(_ table: ViewTable) -> (any WrittenRows)? {
    previous?.rows(of: table)
  }

  @usableFromInline
  mutating func add(_ rows: any OpenRows, _ now: ViewTable, _ then: ViewTable) {
    self.rows.append(OpenTable(now: now, then: then, rows: rows))
  }

  @usableFromInline
  mutating func count(_ bytes: Int) { changedBytes += bytes + 64 }

  /// Every change.
  var changes: Portion {
    var portion = portion
    portion.rows = rows.map { ($0.now, $0.then, $0.rows.written) }
    return portion
  }
}
