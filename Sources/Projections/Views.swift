public import EventStore
import Glibc
import LMDB
import Synchronization

/// The projections of one log, each with the position it has been folded to.
///
/// Reading never folds; `catchUp` folds what the log has gained, from this or another process. Each
/// read is a short transaction of its own: rows carry their positions, so a query that asks as of one
/// position sees one state throughout. Deleting the folder costs only time.
public final class Views: Sendable {
  let environment: Environment
  let directory: String
  let log: EventLog
  let projections: [any Projection]
  let handles: [ViewTable: Table]
  let states: Table
  /// Held by whoever folds into projections that are not patient.
  let folding = Mutex(())
  /// Held by whoever folds into patient projections; taken before the other by whoever needs both.
  let foldingPatient = Mutex(())
  let portion: Int
  /// Whether a patient fold is to end where it is.
  let isEnding = Atomic(false)
  /// `nil` where every write is brought to the disk.
  let mark: UnsyncedMark?
  /// What was wrong with the views that lay in the folder, a sentence; `nil` where nothing was.
  ///
  /// They were removed, for the log has all that they had.
  public let damage: String?
  private let writes = Mutex((all: 0, synced: 0, head: Position.zero))

  /// Opens the views in `directory`, making it if need be; what lies there damaged is folded anew.
  ///
  /// - Parameter portion: changes are written out when they take about so many bytes.
  /// - Throws: `ViewError.storage` when the folder cannot be used, `ViewError.damaged` where what lies there is damaged and
  ///   another process has it open.
  public convenience init(
    directory: String, log: EventLog, projections: [any Projection], portion: Int = 8 << 20
  ) throws(ViewError) {
    try self.init(
      directory: directory, log: log, projections: projections, portion: portion,
      boot: UnsyncedMark.currentBoot)
  }

  /// Opens the views under the machine's `boot`.
  init(
    directory: String, log: EventLog, projections: [any Projection], portion: Int, boot: String?
  ) throws(ViewError) {
    self.portion = portion
    self.log = log
    self.projections = projections
    self.directory = directory
    guard unsafe mkdir(directory, 0o700) == 0 || errno == EEXIST else {
      throw ViewError(
        LMDBError(code: errno, operation: "mkdir"), operation: "opened", directory: directory)
    }
    let mark = try boot.map { (boot) throws(ViewError) in
      try UnsyncedMark(directory: directory, boot: boot)
    }
    self.mark = mark
    let tables = projections.flatMap(\.tables)
    let (environment, damage) = try Self.environment(directory, maxTables: tables.count + 1, mark)
    (self.environment, self.damage) = (environment, damage)
    func open(_ name: String) throws(ViewError) -> Table {
      do throws(LMDBError) {
        do throws(LMDBError) { return try environment.table(name, create: false) } catch {
          guard error.isNotFound else { throw error }
        }
      } catch {
        throw Self.failure(error, operation: "opened", directory, mark)
      }
      try mark?.set()
      do throws(LMDBError) { return try environment.table(name, create: true) } catch {
        throw Self.failure(error, operation: "opened", directory, mark)
      }
    }
    states = try open("states")
    var handles: [ViewTable: Table] = [:]
    for table in tables { handles[table] = try open(table.name) }
    self.handles = handles
  }

  /// Opens the environment, a new one in the place of one that is damaged; says what was wrong with that.
  private static func environment(
    _ directory: String, maxTables: Int, _ mark: UnsyncedMark?
  ) throws(ViewError) -> (Environment, damage: String?) {
    func open() throws(LMDBError) -> Environment {
      try Environment(
        path: directory, mapSize: 64 << 30, maxTables: maxTables, maxReaders: 510,
        durability: mark == nil ? .noMetaSync : .noSync,
        remedy: mark == nil
          ? "Remove the folder '\(directory)': the next command folds it anew from the log."
          : "The next command that has it open alone folds it anew from the log.",
        lossMark: mark?.loss)
    }
    do throws(LMDBError) { return (try open(), nil) } catch {
      let damage = "\(error)"
      guard error.isDamaged, let mark else {
        throw ViewError(error, operation: "opened", directory: directory)
      }
      _ = try mark.removeDamaged()
      // Where others have it open, one of them may have removed it first.
      do throws(LMDBError) {
        return (
          try open(),
          "What lay in '\(directory)' was damaged (\(damage)), and was removed: it is folded anew from the log, which has "
            + "all of it."
        )
      } catch {
        throw failure(error, operation: "opened", directory, mark)
      }
    }
  }

  /// What a failure of LMDB means; what is damaged is marked, so that it is removed when it is next opened.
  private static func failure(
    _ error: LMDBError, operation: String, _ directory: String, _ mark: UnsyncedMark?
  ) -> ViewError {
    guard error.isDamaged, let mark else {
      return ViewError(error, operation: operation, directory: directory)
    }
    mark.spoil()
    return .damaged(directory: directory, reason: "\(error)")
  }

  private func failure(_ error: LMDBError, operation: String) -> ViewError {
    Self.failure(error, operation: operation, directory, mark)
  }

  /// Folds what nobody waits for, and brings to the disk what was folded, unless something was recorded, by whichever
  /// process, or written by this one since the last call; so the next boot of the machine goes on from there even if this one ends in a power cut.
  ///
  /// To be called now and then, and at the end with `isLast`, which ends a patient fold where it is.
  public func settle(isLast: Bool = false) throws(ViewError) {
    if isLast { isEnding.store(true, ordering: .relaxed) }
    if !isLast {
      let head: Position
      do { head = try log.head } catch { throw .log(error) }
      let isQuiet = writes.withLock { writes in
        defer { (writes.synced, writes.head) = (writes.all, head) }
        return writes.synced == writes.all && writes.head == head
      }
      guard isQuiet else { return }
      try catchUp()
    }
    guard let mark else { return }
    // Most of the wait is over before anybody who folds is held up.
    do throws(ViewError) { try sync() } catch {
      mark.spoil()
      throw error
    }
    try whileNothingFolds { () throws(ViewError) in
      try mark.clear { () throws(ViewError) in try sync() }
    }
  }

  /// Waits until everything that was written is on the disk.
  func sync() throws(ViewError) {
    do throws(LMDBError) { try environment.sync() } catch {
      throw failure(error, operation: "written")
    }
  }

  /// Runs `body` in a write transaction.
  func write<Value>(
    _ body: (inout WriteTransaction) throws(LMDBError) -> Value
  ) throws(ViewError) -> Value {
    try mark?.set()
    writes.withLock { $0.all += 1 }
    do { return try environment.write(body) } catch { throw failure(error, operation: "written") }
  }

  func read<Value>(
    _ body: (borrowing ReadTransaction) throws(LMDBError) -> Value
  ) throws(ViewError) -> Value {
    do { return try environment.read(body) } catch { throw failure(error, operation: "read") }
  }

  /// Calls `body` with entries from `start` on, or backwards from it, until it returns false.
  func scan(
    _ table: ViewTable, from start: [UInt8], backwards: Bool,
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) -> Bool
  ) throws(ViewError) {
    guard let handle = handles[table] else { return }
    try read { (transaction) throws(LMDBError) in
      var cursor = try transaction.cursor(handle)
      guard backwards else { return try cursor.forEach(atOrAfter: start.span, body) }
      var entry = start.isEmpty ? try cursor.last() : try cursor.seek(atOrBefore: start.span)
      while let found = entry, body(found.key, found.value) { entry = try cursor.previous() }
    }
  }

  /// The value at `key`, or `nil`.
  public func value(at key: [UInt8], in table: ViewTable) throws(ViewError) -> [UInt8]? {
    guard let handle = handles[table] else { return nil }
    return try read { (transaction) throws(LMDBError) in
      try transaction.value(at: key, in: handle)
    }
  }

  /// The greatest key, or `nil` in an empty table.
  @usableFromInline
  func lastKey(in table: ViewTable) throws(ViewError) -> [UInt8]? {
    guard let handle = handles[table] else { return nil }
    return try read { (transaction) throws(LMDBError) in
      var cursor = try transaction.cursor(handle)
      guard let entry = try cursor.last() else { return nil }
      return Array(copying: entry.key)
    }
  }
}
