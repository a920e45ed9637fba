import CLMDB

extension Environment {
  /// Runs `body` in a read transaction over one snapshot; the snapshot ends with it.
  public func read<Result: ~Copyable, Failure: Error>(
    _ body: (borrowing ReadTransaction) throws(Failure) -> Result
  ) throws(TransactionError<Failure>) -> Result {
    let raw: OpaquePointer
    do throws(LMDBError) { unsafe raw = try begin(UInt32(MDB_RDONLY)) } catch {
      throw .store(error)
    }
    defer { unsafe end(raw) }
    let transaction = unsafe ReadTransaction(raw, of: self)
    do throws(Failure) { return try body(transaction) } catch { throw .body(error) }
  }

  /// Runs `body` in the one write transaction, and commits unless it throws.
  ///
  /// Waits for other writers, in this and other processes; not to be called on the cooperative pool.
  public func write<Result: ~Copyable, Failure: Error>(
    _ body: (inout WriteTransaction) throws(Failure) -> Result
  ) throws(TransactionError<Failure>) -> Result {
    let raw: OpaquePointer
    do throws(LMDBError) { unsafe raw = try beginWriting() } catch { throw .store(error) }
    defer { handle.leave() }
    var transaction = unsafe WriteTransaction(raw)
    let result: Result
    do throws(Failure) { result = try body(&transaction) } catch { throw .body(error) }
    do throws(LMDBError) { try transaction.commit() } catch { throw .store(error) }
    return result
  }

  /// As `read`, for bodies that fail only as LMDB does.
  public func read<Result: ~Copyable>(
    _ body: (borrowing ReadTransaction) throws(LMDBError) -> Result
  ) throws(LMDBError) -> Result {
    let raw = unsafe try begin(UInt32(MDB_RDONLY))
    defer { unsafe end(raw) }
    let transaction = unsafe ReadTransaction(raw, of: self)
    return try body(transaction)
  }

  /// Ends a read transaction.
  @unsafe private func end(_ raw: OpaquePointer) {
    unsafe mdb_txn_abort(raw)
    handle.leave()
  }

  /// As `write`, for bodies that fail only as LMDB does.
  public func write<Result: ~Copyable>(
    _ body: (inout WriteTransaction) throws(LMDBError) -> Result
  ) throws(LMDBError) -> Result {
    let raw = unsafe try beginWriting()
    defer { handle.leave() }
    var transaction = unsafe WriteTransaction(raw)
    let result = try body(&transaction)
    try transaction.commit()
    return result
  }
}

/// A transaction's failure: LMDB's, or the body's own.
public enum TransactionError<Body: Error>: Error {
  /// LMDB could not begin or commit.
  case store(LMDBError)
  /// The body threw; nothing was committed.
  case body(Body)
}

/// What is read of the environment: a snapshot, or what the write transaction sees of it and of its own changes.
@safe public struct ReadTransaction: ~Copyable, ~Escapable {
  let raw: OpaquePointer

  @_lifetime(borrow environment)
  @unsafe init(_ raw: OpaquePointer, of environment: borrowing Environment) {
    unsafe self.raw = raw
  }

  @_lifetime(borrow transaction)
  fileprivate init(of transaction: borrowing WriteTransaction) {
    unsafe raw = transaction.raw
  }

  /// The bytes at `key`, valid while the transaction is; `nil` when there are none.
  @_lifetime(borrow self)
  public func bytes(at key: Span<UInt8>, in table: Table) throws(LMDBError) -> Span<UInt8>? {
    guard let found = unsafe try get(raw, key, table) else { return nil }
    return unsafe _overrideLifetime(Span(_unsafeElements: found), borrowing: self)
  }

  /// A cursor over `table`, which cannot outlive the transaction.
  @_lifetime(borrow self)
  public func cursor(_ table: Table) throws(LMDBError) -> Cursor {
    let raw = unsafe try openCursor(self.raw, table)
    return unsafe _overrideLifetime(Cursor(raw), borrowing: self)
  }

  /// How many entries `table` holds.
  public func count(_ table: Table) throws(LMDBError) -> Int { try unsafe entries(raw, table) }
}

/// The one write transaction.
@safe public struct WriteTransaction: ~Copyable {
  let raw: OpaquePointer
  /// Cursors of a few tables that were appended to or searched, which LMDB closes with the transaction: the
  /// next entry goes where the last one went, without a search from the root.
  private var kept: InlineArray<6, OpaquePointer?>
  /// Whose these are.
  private var keptTables = InlineArray<6, Table?>(repeating: nil)

  @unsafe init(_ raw: OpaquePointer) {
    unsafe self.raw = raw
    unsafe kept = InlineArray(repeating: nil)
  }

  deinit { unsafe mdb_txn_abort(raw) }

  consuming func commit() throws(LMDBError) {
    let raw = unsafe self.raw
    discard self
    try unsafe check(mdb_txn_commit(raw), "mdb_txn_commit")
  }

  /// What the transaction sees now; nothing may be written while it is in use.
  public var reading: ReadTransaction {
    @_lifetime(borrow self)
    get { ReadTransaction(of: self) }
  }

  /// The bytes at `key`; LMDB may move them at the next write, so the span borrows the transaction.
  @_lifetime(borrow self)
  public func bytes(at key: Span<UInt8>, in table: Table) throws(LMDBError) -> Span<UInt8>? {
    guard let found = unsafe try get(raw, key, table) else { return nil }
    return unsafe _overrideLifetime(Span(_unsafeElements: found), borrowing: self)
  }

  /// A cursor over `table`; nothing may be written while it is in use.
  @_lifetime(borrow self)
  public func cursor(_ table: Table) throws(LMDBError) -> Cursor {
    let raw = unsafe try openCursor(self.raw, table)
    return unsafe _overrideLifetime(Cursor(raw), borrowing: self)
  }

  /// How many entries `table` holds.
  public func count(_ table: Table) throws(LMDBError) -> Int { try unsafe entries(raw, table) }

  /// Sets the value at `key`.
  public mutating func put(
    _ value: Span<UInt8>, at key: Span<UInt8>, in table: Table
  ) throws(LMDBError) {
    leavePlace(in: table)
    try check(unsafe LMDB.put(raw, key, value, table, 0), "mdb_put")
  }

  /// Adds an entry whose key is greater than all others in `table`.
  ///
  /// - Throws: `isKeyExists` when it is not.
  /// - Complexity: O(log n) for the first entry, O(1) for those after it.
  public mutating func append(
    _ value: Span<UInt8>, at key: Span<UInt8>, in table: Table
  ) throws(LMDBError) {
    let end = unsafe try keptCursor(table)
    try check(unsafe LMDB.put(end, key, value, UInt32(MDB_APPEND)), "mdb_cursor_put")
  }

  /// The last entry of `table` whose key is `key` or less.
  ///
  /// - Complexity: O(log n), without what it takes to open a cursor but for the first time.
  @_lifetime(&self)
  public mutating func entry(
    atOrBefore key: Span<UInt8>, in table: Table
  ) throws(LMDBError) -> Entry? {
    let cursor = unsafe try keptCursor(table)
    guard let (key, value) = unsafe try step(cursor, toOrBefore: key) else { return nil }
    return unsafe _overrideLifetime(
      Entry(key: Span(_unsafeElements: key), value: Span(_unsafeElements: value)),
      mutating: &self)
  }

  @unsafe private mutating func keptCursor(_ table: Table) throws(LMDBError) -> OpaquePointer {
    var place = 0
    for index in keptTables.indices {
      if keptTables[index] == table, let cursor = unsafe kept[index] { return unsafe cursor }
      if keptTables[index] == nil { place = index }
    }
    let cursor = unsafe try openCursor(raw, table)
    leavePlace(index: place)
    unsafe kept[place] = cursor
    keptTables[place] = table
    return unsafe cursor
  }

  /// Forgets the place in a table that is about to be changed elsewhere.
  mutating func leavePlace(in table: Table) {
    for index in keptTables.indices where keptTables[index] == table { leavePlace(index: index) }
  }

  private mutating func leavePlace(index: Int) {
    if let cursor = unsafe kept[index] { unsafe mdb_cursor_close(cursor) }
    unsafe kept[index] = nil
    keptTables[index] = nil
  }

  /// Removes the entry at `key`, and says whether there was one.
  @discardableResult
  public mutating func delete(_ key: Span<UInt8>, in table: Table) throws(LMDBError) -> Bool {
    leavePlace(in: table)
    let code = unsafe key.withUnsafeBufferPointer { key in
      var key = unsafe mdbValue(key)
      return unsafe mdb_del(raw, table.dbi, &key, nil)
    }
    if code == MDB_NOTFOUND { return false }
    try check(code, "mdb_del")
    return true
  }

  /// Removes every entry of `table`.
  public mutating func clear(_ table: Table) throws(LMDBError) {
    leavePlace(in: table)
    try unsafe check(mdb_drop(raw, table.dbi, 0), "mdb_drop")
  }
}
