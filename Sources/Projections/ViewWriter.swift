/// Collects what a fold changes, over what is stored, until it is written sorted and at once.
///
/// Reading sees the changes. Memory grows with the changes; `Views` writes them out in portions.
public struct ViewWriter: ViewReading {
  /// What is stored.
  @usableFromInline let base: any ViewReading
  private var changes: [ViewTable: [[UInt8]: [UInt8]?]] = [:]
  private var appended: [ViewTable: PackedChanges] = [:]
  private var rows: [ViewTable: any WritableRows] = [:]
  private(set) var changedBytes = 0

  init(over base: any ViewReading) { self.base = base }

  /// Sets the value at `key`.
  public mutating func put(_ value: [UInt8], at key: [UInt8], in table: ViewTable) {
    changedBytes += key.count + value.count + 64
    changes[table, default: [:]].updateValue(value, forKey: key)
  }

  /// Sets the value at a key that is not read again before the changes are written, which is cheaper.
  public mutating func append(_ value: [UInt8], at key: [UInt8], in table: ViewTable) {
    append(value, at: key, [], in: table)
  }

  /// As the other, with the key in two parts.
  @usableFromInline
  mutating func append(
    _ value: [UInt8], at key: [UInt8], _ rest: [UInt8], in table: ViewTable
  ) {
    changedBytes += key.count + rest.count + value.count + 64
    appended[table, default: PackedChanges()].append(key: key, rest, value: value)
  }

  /// Removes the entry at `key`, if there is one.
  public mutating func remove(_ key: [UInt8], in table: ViewTable) {
    changedBytes += key.count + 64
    changes[table, default: [:]].updateValue(nil, forKey: key)
  }

  /// The value at `key` with all changes so far, or `nil`.
  public func value(at key: [UInt8], in table: ViewTable) throws(ViewError) -> [UInt8]? {
    if let changed = changes[table]?[key] { return changed }
    return try base.value(at: key, in: table)
  }

  /// The decoded rows of a temporal table, made by `make` where there are none yet.
  @usableFromInline
  mutating func rows<Rows: WritableRows>(of table: ViewTable, _ make: () -> Rows) -> Rows {
    if let rows = rows[table] as? Rows { return rows }
    let made = make()
    rows[table] = made
    return made
  }

  /// Every change by table.
  var all: [ViewTable: PackedChanges] {
    var all: [ViewTable: PackedChanges] = [:]
    for (table, changes) in changes {
      for (key, value) in changes {
        all[table, default: PackedChanges()].append(key: key, value: value)
      }
    }
    for (table, more) in appended { all[table, default: PackedChanges()].append(more) }
    for (table, rows) in rows { rows.write(into: &all[table, default: PackedChanges()]) }
    return all
  }
}
