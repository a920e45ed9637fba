import CLMDB

/// A place in a table; what it returns is owned by the snapshot and outlives its next step.
@safe public struct Cursor: ~Copyable, ~Escapable {
  let raw: OpaquePointer

  @_lifetime(immortal)
  init(_ raw: OpaquePointer) { unsafe self.raw = raw }

  deinit { unsafe mdb_cursor_close(raw) }

  /// Moves to the first entry.
  @_lifetime(copy self)
  public mutating func first() throws(LMDBError) -> Entry? { try move(MDB_FIRST) }

  /// Moves to the last entry.
  @_lifetime(copy self)
  public mutating func last() throws(LMDBError) -> Entry? { try move(MDB_LAST) }

  /// Moves on; from a new cursor, to the first entry.
  @_lifetime(copy self)
  public mutating func next() throws(LMDBError) -> Entry? { try move(MDB_NEXT) }

  /// Moves back; from a new cursor, to the last entry.
  @_lifetime(copy self)
  public mutating func previous() throws(LMDBError) -> Entry? { try move(MDB_PREV) }

  /// Moves to the first entry whose key is `key` or greater.
  @_lifetime(copy self)
  public mutating func seek(atOrAfter key: Span<UInt8>) throws(LMDBError) -> Entry? {
    // LMDB refuses empty keys, before which nothing lies.
    guard !key.isEmpty else { return try first() }
    guard let (key, value) = unsafe try step(raw, MDB_SET_RANGE, from: key) else { return nil }
    return unsafe _overrideLifetime(
      Entry(key: Span(_unsafeElements: key), value: Span(_unsafeElements: value)), copying: self)
  }

  /// Moves to the entry at `key`, and returns its value; `nil` where there is none.
  ///
  /// From an entry on the same page there is no way from the root.
  @_lifetime(copy self)
  public mutating func value(at key: Span<UInt8>) throws(LMDBError) -> Span<UInt8>? {
    // LMDB refuses empty keys, under which nothing lies.
    guard !key.isEmpty, let (_, value) = unsafe try step(raw, MDB_SET, from: key) else {
      return nil
    }
    return unsafe _overrideLifetime(Span(_unsafeElements: value), copying: self)
  }

  /// Moves to the last entry whose key is `key` or less.
  @_lifetime(copy self)
  public mutating func seek(atOrBefore key: Span<UInt8>) throws(LMDBError) -> Entry? {
    // LMDB refuses empty keys, before which nothing lies.
    guard !key.isEmpty else { return nil }
    guard let (key, value) = unsafe try step(raw, toOrBefore: key) else { return nil }
    return unsafe _overrideLifetime(
      Entry(key: Span(_unsafeElements: key), value: Span(_unsafeElements: value)), copying: self)
  }

  /// Calls `body` with the entries from the first whose key is `key` or greater, in order, until it
  /// returns false.
  ///
  /// Memory is asked for ahead of its use, where entries of like sizes were written in order.
  ///
  /// - Complexity: O(entries), a call of LMDB and one of `body` each.
  public mutating func forEach(
    atOrAfter key: Span<UInt8>, _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) -> Bool
  ) throws(LMDBError) {
    // LMDB refuses empty keys, before which nothing lies.
    let first = unsafe try key.isEmpty ? step(raw, MDB_FIRST) : step(raw, MDB_SET_RANGE, from: key)
    guard let (key, value) = unsafe first,
      unsafe body(Span(_unsafeElements: key), Span(_unsafeElements: value))
    else { return }
    let code = unsafe eachNext(raw) { key, value in
      // A page is filled from its end: each entry lies below the one before it.
      let size = key.count + value.count + 8
      if let start = key.baseAddress { unsafe prefetch(start - 4 * size) }
      return unsafe body(Span(_unsafeElements: key), Span(_unsafeElements: value))
    }
    if code == MDB_NOTFOUND { return }
    try check(code, "mdb_cursor_get")
  }

  @_lifetime(copy self)
  private mutating func move(_ operation: MDB_cursor_op) throws(LMDBError) -> Entry? {
    guard let (key, value) = unsafe try step(raw, operation) else { return nil }
    return unsafe _overrideLifetime(
      Entry(key: Span(_unsafeElements: key), value: Span(_unsafeElements: value)), copying: self)
  }
}

/// A key and its value in the map.
public struct Entry: ~Escapable {
  /// The key's bytes.
  public let key: Span<UInt8>
  /// The value's bytes.
  public let value: Span<UInt8>

  @_lifetime(copy key, copy value)
  init(key: Span<UInt8>, value: Span<UInt8>) {
    self.key = key
    self.value = value
  }
}
