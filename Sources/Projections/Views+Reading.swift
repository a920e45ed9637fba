import LMDB

extension Views {
  /// The last entry at or before `key` among those whose keys begin with `prefix`, or `nil`.
  ///
  /// - Complexity: O(log n).
  public func last(
    atOrBefore key: [UInt8], prefix: [UInt8], in table: ViewTable
  ) throws(ViewError) -> ViewEntry? {
    var found: ViewEntry?
    try scan(table, from: key, backwards: true) { key, value in
      if key.starts(with: prefix) { found = ViewEntry(key, value) }
      return false
    }
    return found
  }

  /// Calls `body` with the entries in the order of their keys, from `start` on or backwards from it,
  /// until it returns false.
  ///
  /// One snapshot is held meanwhile.
  public func forEach(
    in table: ViewTable, from start: [UInt8] = [], backwards: Bool = false,
    _ body: (ViewEntry) throws -> Bool
  ) throws {
    var failure: (any Error)?
    try scan(table, from: start, backwards: backwards) { key, value in
      do { return try body(ViewEntry(key, value)) } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
  }

  /// Calls `body` with the keys that begin with `prefix`, in order; one snapshot is held meanwhile.
  public func forEachKey(
    in table: ViewTable, prefix: [UInt8], _ body: ([UInt8]) -> Void
  ) throws(ViewError) {
    try scan(table, from: prefix, backwards: false) { key, _ in
      guard key.starts(with: prefix) else { return false }
      body(Array(copying: key))
      return true
    }
  }

  /// As `forEach`, over the entries whose keys begin with `prefix`.
  public func forEach(
    in table: ViewTable, prefix: [UInt8], _ body: (ViewEntry) throws -> Bool
  ) throws {
    try forEach(in: table, from: prefix) { entry in
      try entry.key.starts(with: prefix) && body(entry)
    }
  }
}

extension ViewEntry {
  fileprivate init(_ key: Span<UInt8>, _ value: Span<UInt8>) {
    self.init(key: Array(copying: key), value: Array(copying: value))
  }
}
