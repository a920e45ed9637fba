import CLMDB
import Glibc
import Synchronization

/// An open LMDB environment: one memory map, one writer, many readers.
///
/// A folder may be open once in a process; opening it again throws `EBUSY`. Read transactions are not
/// bound to threads (`MDB_NOTLS`), write transactions begin and end within one closure.
@safe public final class Environment: Sendable {
  /// What survives a power cut.
  public enum Durability: Sendable {
    /// Every commit that returned.
    case full
    /// All but perhaps the last commit; for what can be derived again.
    case noMetaSync
  }

  // LMDB's environment handle is documented as free-threaded.
  nonisolated(unsafe) let raw: OpaquePointer
  private let identity: OpenEnvironments.FileIdentity
  private let tables = Mutex<[String: Table]>([:])

  /// Opens the environment in the folder `path`, making the folder if it is not read only.
  ///
  /// - Parameters:
  ///   - mapSize: bytes of address space; the file grows only as it is filled.
  ///   - maxTables: how many named tables may be opened.
  ///   - readOnly: writes nothing; where the folder may only be read, no reader is registered either, so
  ///     that nobody must write to it meanwhile.
  public init(
    path: String, mapSize: Int = 1 << 30, maxTables: Int = 16, maxReaders: Int = 510,
    durability: Durability = .full, readOnly: Bool = false
  ) throws(LMDBError) {
    if !readOnly, unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
      throw LMDBError(code: errno, operation: "mkdir")
    }
    guard let identity = OpenEnvironments.FileIdentity(path) else {
      throw LMDBError(code: errno, operation: "stat")
    }
    guard OpenEnvironments.insert(identity) else {
      throw LMDBError(code: EBUSY, operation: "mdb_env_open (open already in this process)")
    }
    self.identity = identity
    var env: OpaquePointer?
    do throws(LMDBError) {
      try DataFile.check(path)
      try unsafe check(mdb_env_create(&env), "mdb_env_create")
      guard let env = unsafe env else { throw LMDBError(code: ENOMEM, operation: "mdb_env_create") }
      unsafe raw = env
    } catch {
      OpenEnvironments.remove(identity)
      throw error
    }
    do throws(LMDBError) {
      try unsafe check(mdb_env_set_mapsize(raw, mapSize), "mdb_env_set_mapsize")
      try unsafe check(mdb_env_set_maxdbs(raw, UInt32(maxTables)), "mdb_env_set_maxdbs")
      try unsafe check(mdb_env_set_maxreaders(raw, UInt32(maxReaders)), "mdb_env_set_maxreaders")
      var flags = UInt32(MDB_NOTLS)
      if readOnly {
        flags |= UInt32(MDB_RDONLY)
        let lock = path + "/lock.mdb"
        let mayLock = unsafe access(path, W_OK) == 0 && (access(lock, W_OK) == 0 || errno == ENOENT)
        if !mayLock { flags |= UInt32(MDB_NOLOCK) }
      }
      if durability == .noMetaSync { flags |= UInt32(MDB_NOMETASYNC) }
      try unsafe check(mdb_env_open(raw, path, flags, 0o600), "mdb_env_open")
      try checkReaders()
    } catch {
      unsafe mdb_env_close(raw)
      OpenEnvironments.remove(identity)
      throw error
    }
  }

  deinit {
    unsafe mdb_env_close(raw)
    OpenEnvironments.remove(identity)
  }

  /// Frees the slots of readers whose process is gone, and returns how many there were.
  ///
  /// A stale reader keeps pages from being used again, so that the file grows.
  @discardableResult
  public func checkReaders() throws(LMDBError) -> Int {
    var dead: Int32 = 0
    try unsafe check(mdb_reader_check(raw, &dead), "mdb_reader_check")
    return Int(dead)
  }

  /// Copies a consistent snapshot into the existing, empty folder `path`.
  ///
  /// - Parameter compacting: leaves free pages out, and with them what was deleted.
  public func copy(to path: String, compacting: Bool) throws(LMDBError) {
    try unsafe check(
      mdb_env_copy2(raw, path, compacting ? UInt32(MDB_CP_COMPACT) : 0), "mdb_env_copy2")
  }

  /// The named table, opened once and kept for the environment's life.
  ///
  /// - Throws: `MDB_NOTFOUND` when there is none and `create` is false.
  public func table(_ name: String, create: Bool) throws(LMDBError) -> Table {
    if let table = tables.withLock({ $0[name] }) { return table }
    var table = Table(dbi: 0)
    var txn: OpaquePointer?
    try unsafe check(
      mdb_txn_begin(raw, nil, create ? 0 : UInt32(MDB_RDONLY), &txn), "mdb_txn_begin")
    do throws(LMDBError) {
      try unsafe check(
        mdb_dbi_open(txn, name, create ? UInt32(MDB_CREATE) : 0, &table.dbi), "mdb_dbi_open")
    } catch {
      unsafe mdb_txn_abort(txn)
      throw error
    }
    try unsafe check(mdb_txn_commit(txn), "mdb_txn_commit")
    tables.withLock { $0[name] = table }
    return table
  }
}

/// A named table of an environment.
public struct Table: Sendable, Hashable {
  var dbi: MDB_dbi
}
