import CLMDB
import Glibc
import Synchronization

/// An open LMDB environment: one memory map, one writer, many readers.
///
/// A folder may be open once in a process; opening it again waits a second for the other to end, and throws `EBUSY`.
/// Read transactions are not bound to threads (`MDB_NOTLS`), write transactions begin and end within one closure.
@safe public final class Environment: Sendable {
  /// What survives a power cut.
  public enum Durability: Sendable {
    /// Every commit that returned.
    case full
    /// All but perhaps the last commit; for what can be derived again.
    case noMetaSync
    /// Every commit while the machine runs; after a power cut any page may be missing. For what can be derived again
    /// by whoever knows that there was one.
    case noSync
  }

  let handle: Handle
  private let settings: Settings
  var path: String { settings.path }
  /// Whether each transaction is on the disk before the next one begins.
  var isOrdered: Bool { settings.flags & UInt32(MDB_NOSYNC | MDB_NOMETASYNC) == 0 }
  /// Whether others may write over what a snapshot shows.
  var isUnguarded: Bool { settings.flags & UInt32(MDB_NOLOCK) != 0 }
  private let identity: OpenEnvironments.FileIdentity
  /// Which file it was opened on.
  private let file: OpenEnvironments.FileIdentity
  private let tables = Mutex<[String: Table]>([:])
  private let writes = Atomic(0)
  /// How many write transactions begin between two looks for readers that are gone: one costs microseconds.
  private static let writesBetweenChecks = 16

  /// Opens the environment in the folder `path`, making the folder if it is not read only.
  ///
  /// - Parameters:
  ///   - mapSize: bytes of address space; the file grows only as it is filled.
  ///   - maxTables: how many named tables may be opened.
  ///   - readOnly: writes nothing; where the folder may only be read, no reader is registered either, so
  ///     that nobody must write to it meanwhile.
  ///   - remedy: a sentence on what to do where the file is damaged, for `DamagedMaps`.
  ///   - lossMark: what is written where the file is damaged, for `DamagedMaps`.
  /// - Throws: what is `isDamaged` where nothing must be written, as `damage(limit:)` tells.
  public init(
    path: String, mapSize: Int = 1 << 30, maxTables: Int = 16, maxReaders: Int = 510,
    durability: Durability = .full, readOnly: Bool = false, remedy: String = "",
    lossMark: LossMark? = nil
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
    var flags = UInt32(MDB_NOTLS)
    if readOnly {
      flags |= UInt32(MDB_RDONLY)
      if !Self.registersReaders(in: path) { flags |= UInt32(MDB_NOLOCK) }
    }
    switch durability {
    case .full: break
    case .noMetaSync: flags |= UInt32(MDB_NOMETASYNC)
    case .noSync: flags |= UInt32(MDB_NOSYNC)
    }
    settings = Settings(
      path: path, mapSize: mapSize, maxTables: maxTables, maxReaders: maxReaders, flags: flags,
      remedy: remedy, lossMark: lossMark)
    do throws(LMDBError) {
      handle = unsafe Handle(try settings.open())
      guard let file = OpenEnvironments.FileIdentity(path + "/data.mdb") else {
        let code = errno
        handle.close()
        throw LMDBError(code: code, operation: "stat data.mdb")
      }
      self.file = file
    } catch {
      OpenEnvironments.remove(identity)
      throw error
    }
    // A reader that is gone keeps its slot until somebody looks; the environment works meanwhile.
    _ = try? checkReaders()
    if !readOnly, let damage = try damage(limit: Self.pagesLookedAt) { throw .damaged(damage) }
  }

  deinit {
    handle.close()
    OpenEnvironments.remove(identity)
  }

  /// Closes the environment and opens it again, as LMDB demands after a failed write of its meta page; tables
  /// stay as they are.
  ///
  /// A transaction that finds the environment so does it by itself.
  ///
  /// - Throws: `EBUSY` while a transaction of this process is open; then nothing is changed.
  public func reopen() throws(LMDBError) {
    let names = tables.withLock { $0.sorted { $0.value.dbi < $1.value.dbi } }
    let settings = settings
    try unsafe handle.replace { () throws(LMDBError) in
      let raw = unsafe try settings.open()
      do throws(LMDBError) {
        let transaction = unsafe try LMDB.begin(raw, UInt32(MDB_RDONLY))
        for (name, table) in names {
          var dbi: MDB_dbi = 0
          let code = unsafe mdb_dbi_open(transaction, name, 0, &dbi)
          guard code == MDB_SUCCESS, dbi == table.dbi else {
            unsafe mdb_txn_abort(transaction)
            throw LMDBError(
              code: code == MDB_SUCCESS ? MDB_INCOMPATIBLE : code, operation: "mdb_dbi_open")
          }
        }
        try unsafe check(mdb_txn_commit(transaction), "mdb_txn_commit")
        return unsafe raw
      } catch {
        unsafe DamagedMaps.close(raw)
        throw error
      }
    }
  }

  /// Begins a transaction; the handle is in use until `handle.leave`.
  @unsafe func begin(_ flags: UInt32) throws(LMDBError) -> OpaquePointer {
    do throws(LMDBError) { return unsafe try handle.begin(flags) } catch {
      guard error.isPanic else { throw error }
      do throws(LMDBError) { try reopen() } catch {
        // Another thread's transaction is still open; whoever comes after it reopens.
        throw error.code == EBUSY
          ? LMDBError(code: MDB_PANIC, operation: "mdb_txn_begin") : error
      }
      return unsafe try handle.begin(flags)
    }
  }

  /// Begins the write transaction; the handle is in use until `handle.leave`.
  ///
  /// Every so many times the slots of readers are freed whose process is gone, so that the file does not grow for
  /// them: LMDB by itself looks for them only when it runs out of slots.
  @unsafe func beginWriting() throws(LMDBError) -> OpaquePointer {
    let count = writes.wrappingAdd(1, ordering: .relaxed).newValue
    if count.isMultiple(of: Self.writesBetweenChecks) { _ = try? checkReaders() }
    return unsafe try begin(0)
  }

  /// Whether the file that was opened still lies where it was opened: one that was moved, removed or replaced is
  /// written and read on by whoever has it open.
  ///
  /// - Complexity: one system call.
  public var isInPlace: Bool {
    OpenEnvironments.FileIdentity(settings.path + "/data.mdb") == file
  }

  /// Waits until everything that was committed is on the disk.
  public func sync() throws(LMDBError) {
    let code = unsafe try handle.use { raw in unsafe mdb_env_sync(raw, 1) }
    try check(code, "mdb_env_sync")
  }

  /// Frees the slots of readers whose process is gone, and returns how many there were.
  ///
  /// A stale reader keeps pages from being used again, so that the file grows.
  @discardableResult
  public func checkReaders() throws(LMDBError) -> Int {
    var dead: Int32 = 0
    let code = unsafe try handle.use { raw in unsafe mdb_reader_check(raw, &dead) }
    try check(code, "mdb_reader_check")
    return Int(dead)
  }

  /// Copies a consistent snapshot into the existing, empty folder `path`.
  ///
  /// - Parameter compacting: leaves free pages out, and with them what was deleted.
  public func copy(to path: String, compacting: Bool) throws(LMDBError) {
    let flags = compacting ? UInt32(MDB_CP_COMPACT) : 0
    let code = unsafe try handle.use { raw in unsafe mdb_env_copy2(raw, path, flags) }
    try check(code, "mdb_env_copy2")
  }

  /// The named table, opened once and kept for the environment's life.
  ///
  /// - Throws: `MDB_NOTFOUND` when there is none and `create` is false.
  public func table(_ name: String, create: Bool) throws(LMDBError) -> Table {
    if let table = tables.withLock({ $0[name] }) { return table }
    var table = Table(dbi: 0)
    let txn = unsafe try begin(create ? 0 : UInt32(MDB_RDONLY))
    defer { handle.leave() }
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
