import CLMDB

/// Changes one table in the order of its keys, which costs less than finding each place from the root: the next
/// place is looked for where the last one was, and what lies beyond the table's end is appended to full pages.
@safe public struct TableWriter: ~Copyable, ~Escapable {
  private let cursor: OpaquePointer
  /// The greatest key that the table had; `nil` once keys lie beyond it, and in an empty table.
  private var last: [UInt8]?

  @_lifetime(immortal)
  @unsafe init(_ cursor: OpaquePointer, last: [UInt8]?) {
    unsafe self.cursor = cursor
    self.last = last
  }

  deinit { unsafe mdb_cursor_close(cursor) }

  /// Sets the value at `key`, or removes the entry where there is none to set.
  ///
  /// - Precondition: `key` is greater than the one before.
  /// - Complexity: O(1) for keys on the page of the one before or beyond the table's end, otherwise O(log n).
  @_lifetime(self: copy self)
  public mutating func change(
    _ key: Span<UInt8>, to value: Span<UInt8>?
  ) throws(LMDBError) {
    if let bound = last, precedes(bound.span, key) { last = nil }
    guard let value else {
      // Beyond the end there is nothing to remove.
      if last != nil { try remove(key) }
      return
    }
    let flags = last == nil ? UInt32(MDB_APPEND) : 0
    try check(unsafe put(cursor, key, value, flags), "mdb_cursor_put")
  }

  private func remove(_ key: Span<UInt8>) throws(LMDBError) {
    let code = unsafe find(cursor, key)
    if code == MDB_NOTFOUND { return }
    try check(code, "mdb_cursor_get")
    try check(unsafe mdb_cursor_del(cursor, 0), "mdb_cursor_del")
  }
}

extension WriteTransaction {
  /// A writer that changes `table` in the order of its keys.
  @_lifetime(&self)
  public mutating func writer(for table: Table) throws(LMDBError) -> TableWriter {
    leavePlace(in: table)
    var last: [UInt8]?
    do {
      var cursor = try self.cursor(table)
      if let entry = try cursor.last() { last = Array(copying: entry.key) }
    }
    let writer = unsafe TableWriter(try openCursor(raw, table), last: last)
    return unsafe _overrideLifetime(writer, mutating: &self)
  }
}

/// Whether `a` lies before `b` in a table.
private func precedes(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
  unsafe a.withUnsafeBufferPointer { a in
    unsafe b.withUnsafeBufferPointer { b in unsafe a.lexicographicallyPrecedes(b) }
  }
}
