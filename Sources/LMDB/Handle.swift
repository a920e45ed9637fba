import CLMDB
import Glibc
import Synchronization

/// How an environment is opened, and opened again.
struct Settings: Sendable {
  let path: String
  let mapSize: Int
  let maxTables: Int
  let maxReaders: Int
  let flags: UInt32
  /// What is said to do where the file is damaged.
  let remedy: String
  /// What is written where the file is damaged.
  let lossMark: LossMark?

  /// Opens LMDB's environment.
  @unsafe func open() throws(LMDBError) -> OpaquePointer {
    try DataFile.check(path, isReadOnly: flags & UInt32(MDB_RDONLY) != 0)
    var created: OpaquePointer?
    try unsafe check(mdb_env_create(&created), "mdb_env_create")
    guard let raw = unsafe created else {
      throw LMDBError(code: ENOMEM, operation: "mdb_env_create")
    }
    do throws(LMDBError) {
      try unsafe check(mdb_env_set_mapsize(raw, mapSize), "mdb_env_set_mapsize")
      try unsafe check(mdb_env_set_maxdbs(raw, UInt32(maxTables)), "mdb_env_set_maxdbs")
      try unsafe check(mdb_env_set_maxreaders(raw, UInt32(maxReaders)), "mdb_env_set_maxreaders")
      if flags & UInt32(MDB_NOLOCK) == 0 { try LockFile.allocate(path, readers: maxReaders) }
      try unsafe check(mdb_env_open(raw, path, flags, 0o600), "mdb_env_open")
      unsafe DamagedMaps.insert(raw, self)
      return unsafe raw
    } catch {
      unsafe mdb_env_close(raw)
      throw error
    }
  }
}

/// LMDB's environment, and how many use it: it is closed and opened again only when nobody does.
@safe final class Handle: Sendable {
  @safe private struct State {
    /// `nil` after opening again has failed.
    var raw: OpaquePointer?
    var users = 0
  }

  private let state: Mutex<State>

  @unsafe init(_ raw: sending OpaquePointer) {
    state = Mutex(unsafe State(raw: raw))
  }

  /// Runs `body` with the environment.
  @unsafe func use<Result>(
    _ body: (OpaquePointer) -> Result
  ) throws(LMDBError) -> Result {
    let raw = unsafe try enter()
    defer { leave() }
    return unsafe body(raw)
  }

  /// Begins a transaction, whose end `leave` tells.
  @unsafe func begin(_ flags: UInt32) throws(LMDBError) -> OpaquePointer {
    let raw = unsafe try enter()
    do throws(LMDBError) { return unsafe try LMDB.begin(raw, flags) } catch {
      leave()
      throw error
    }
  }

  @unsafe private func enter() throws(LMDBError) -> OpaquePointer {
    let address: Int? = state.withLock { state in
      guard let raw = unsafe state.raw else { return nil }
      state.users += 1
      return Int(bitPattern: raw)
    }
    guard let raw = unsafe OpaquePointer(bitPattern: address ?? 0) else {
      // As if LMDB had said so: opening again is what helps.
      throw LMDBError(code: MDB_PANIC, operation: "mdb_txn_begin")
    }
    return unsafe raw
  }

  func leave() { state.withLock { $0.users -= 1 } }

  /// Closes the environment and puts in its place what `open` gives.
  ///
  /// - Throws: `EBUSY` while somebody uses it.
  @unsafe func replace(
    _ open: () throws(LMDBError) -> OpaquePointer
  ) throws(LMDBError) {
    try state.withLock { (state) throws(LMDBError) in
      guard state.users == 0 else { throw LMDBError(code: EBUSY, operation: "mdb_env_close") }
      // LMDB's locks would break if the environment were open twice in one process.
      if let raw = unsafe state.raw { unsafe DamagedMaps.close(raw) }
      unsafe state.raw = nil
      unsafe state.raw = try open()
    }
  }

  func close() {
    state.withLock { state in
      if let raw = unsafe state.raw { unsafe DamagedMaps.close(raw) }
      unsafe state.raw = nil
    }
  }
}
