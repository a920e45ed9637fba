import LMDB

// What was worked out of the log may be kept in a table of a projection that no fold writes: it may be missing at any
// time, and whoever reads it works it out again then.

extension Views {
  /// The values at `keys` from one snapshot; `nil` when one of them has none.
  ///
  /// - Complexity: O(keys) for keys that lie side by side, otherwise O(keys × log n).
  public func kept(at keys: [[UInt8]], in table: ViewTable) throws(ViewError) -> [[UInt8]]? {
    guard let handle = handles[table] else { return nil }
    return try read { (transaction) throws(LMDBError) -> [[UInt8]]? in
      var cursor = try transaction.cursor(handle)
      var values: [[UInt8]] = []
      values.reserveCapacity(keys.count)
      for key in keys {
        guard let value = try cursor.value(at: key.span) else { return nil }
        values.append(Array(copying: value))
      }
      return values
    }
  }

  /// Keeps values, in place of those at the same keys.
  ///
  /// - Precondition: keys ascend.
  public func keep(
    _ entries: [(key: [UInt8], value: [UInt8])], in table: ViewTable
  ) throws(ViewError) {
    guard !entries.isEmpty, let handle = handles[table] else { return }
    try write { (transaction: inout WriteTransaction) throws(LMDBError) in
      var writer = try transaction.writer(for: handle)
      for entry in entries { try writer.change(entry.key.span, to: entry.value.span) }
    }
  }
}
