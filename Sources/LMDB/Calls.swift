import CLMDB
import Glibc

// Every call that takes or gives an `MDB_val` stands here, in functions of its own: a local `MDB_val`
// whose fields go straight into a span would be boxed on the heap at every step.

/// Begins a transaction.
@unsafe func begin(_ environment: OpaquePointer, _ flags: UInt32) throws(LMDBError) -> OpaquePointer
{
  var transaction: OpaquePointer?
  try unsafe check(mdb_txn_begin(environment, nil, flags, &transaction), "mdb_txn_begin")
  guard let transaction = unsafe transaction else {
    throw LMDBError(code: ENOMEM, operation: "mdb_txn_begin")
  }
  return unsafe transaction
}

/// Opens a cursor.
@unsafe func openCursor(
  _ transaction: OpaquePointer, _ table: Table
) throws(LMDBError) -> OpaquePointer {
  var cursor: OpaquePointer?
  try unsafe check(mdb_cursor_open(transaction, table.dbi, &cursor), "mdb_cursor_open")
  guard let cursor = unsafe cursor else {
    throw LMDBError(code: ENOMEM, operation: "mdb_cursor_open")
  }
  return unsafe cursor
}

/// LMDB's view of a buffer; LMDB does not write through it.
@unsafe @inline(__always)
func mdbValue(_ buffer: UnsafeBufferPointer<UInt8>) -> MDB_val {
  unsafe MDB_val(
    mv_size: buffer.count, mv_data: UnsafeMutableRawPointer(mutating: buffer.baseAddress))
}

/// The buffer that LMDB points at.
@unsafe @inline(__always)
func buffer(_ value: MDB_val) -> UnsafeBufferPointer<UInt8> {
  unsafe UnsafeBufferPointer(
    start: value.mv_data?.assumingMemoryBound(to: UInt8.self), count: value.mv_size)
}

/// Looks `key` up.
@unsafe func get(
  _ transaction: OpaquePointer, _ key: Span<UInt8>, _ table: Table
) throws(LMDBError) -> UnsafeBufferPointer<UInt8>? {
  // LMDB refuses empty keys, under which nothing lies.
  guard !key.isEmpty else { return nil }
  var found = unsafe MDB_val()
  let code = unsafe key.withUnsafeBufferPointer { key in
    var key = unsafe mdbValue(key)
    return unsafe mdb_get(transaction, table.dbi, &key, &found)
  }
  if code == MDB_NOTFOUND { return nil }
  try check(code, "mdb_get")
  return unsafe buffer(found)
}

/// Writes an entry.
@unsafe func put(
  _ transaction: OpaquePointer, _ key: Span<UInt8>, _ bytes: Span<UInt8>, _ table: Table,
  _ flags: UInt32
) -> Int32 {
  unsafe key.withUnsafeBufferPointer { key in
    unsafe bytes.withUnsafeBufferPointer { bytes in
      var key = unsafe mdbValue(key)
      var bytes = unsafe mdbValue(bytes)
      return unsafe mdb_put(transaction, table.dbi, &key, &bytes, flags)
    }
  }
}

/// Writes an entry where a cursor finds its place.
@unsafe func put(
  _ cursor: OpaquePointer, _ key: Span<UInt8>, _ bytes: Span<UInt8>, _ flags: UInt32
) -> Int32 {
  unsafe key.withUnsafeBufferPointer { key in
    unsafe bytes.withUnsafeBufferPointer { bytes in
      var key = unsafe mdbValue(key)
      var bytes = unsafe mdbValue(bytes)
      return unsafe mdb_cursor_put(cursor, &key, &bytes, flags)
    }
  }
}

/// Moves a cursor to the entry at `key`.
@unsafe func find(_ cursor: OpaquePointer, _ key: Span<UInt8>) -> Int32 {
  unsafe key.withUnsafeBufferPointer { key in
    var key = unsafe mdbValue(key)
    var found = unsafe MDB_val()
    return unsafe mdb_cursor_get(cursor, &key, &found, MDB_SET)
  }
}

/// How many entries a table holds.
@unsafe func entries(_ transaction: OpaquePointer, _ table: Table) throws(LMDBError) -> Int {
  var stat = MDB_stat()
  try unsafe check(mdb_stat(transaction, table.dbi, &stat), "mdb_stat")
  return Int(stat.ms_entries)
}

/// Moves a cursor, and returns where it then stands.
@inline(__always)
@unsafe func step(
  _ cursor: OpaquePointer, _ operation: MDB_cursor_op
) throws(LMDBError) -> (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>)? {
  var key = unsafe MDB_val()
  var value = unsafe MDB_val()
  let code = unsafe mdb_cursor_get(cursor, &key, &value, operation)
  if code == MDB_NOTFOUND { return nil }
  try check(code, "mdb_cursor_get")
  return unsafe (buffer(key), buffer(value))
}

/// Moves a cursor on, and calls `body` with where it then stands, until that returns false or LMDB something other
/// than 0.
///
/// Nothing is allocated on the way, nor the result of a step passed through an optional.
@inline(__always)
@unsafe func eachNext(
  _ cursor: OpaquePointer,
  _ body: (_ key: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) -> Bool
) -> Int32 {
  unsafe withUnsafeTemporaryAllocation(of: MDB_val.self, capacity: 2) { entry in
    guard let key = entry.baseAddress else { return ENOMEM }
    let value = unsafe key + 1
    while true {
      let code = unsafe mdb_cursor_get(cursor, key, value, MDB_NEXT)
      guard code == 0, unsafe body(buffer(key.pointee), buffer(value.pointee)) else { return code }
    }
  }
}

/// Moves a cursor by an operation that starts from a key.
@unsafe func step(
  _ cursor: OpaquePointer, _ operation: MDB_cursor_op, from start: Span<UInt8>
) throws(LMDBError) -> (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>)? {
  var key = unsafe MDB_val()
  var found = unsafe MDB_val()
  let code = unsafe start.withUnsafeBufferPointer { start in
    unsafe key = mdbValue(start)
    return unsafe mdb_cursor_get(cursor, &key, &found, operation)
  }
  if code == MDB_NOTFOUND { return nil }
  try check(code, "mdb_cursor_get")
  return unsafe (buffer(key), buffer(found))
}

/// Moves a cursor to the last entry whose key is `key` or less.
@unsafe func step(
  _ cursor: OpaquePointer, toOrBefore key: Span<UInt8>
) throws(LMDBError) -> (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>)? {
  guard let (found, value) = unsafe try step(cursor, MDB_SET_RANGE, from: key) else {
    return unsafe try step(cursor, MDB_LAST)
  }
  let isEqual = unsafe key.withUnsafeBufferPointer { unsafe found.elementsEqual($0) }
  return unsafe try isEqual ? (found, value) : step(cursor, MDB_PREV)
}
