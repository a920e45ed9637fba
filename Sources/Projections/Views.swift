public import EventStore
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
  let folding = Mutex(())
  let portion: Int

  /// Opens the views in `directory`, making it if need be.
  ///
  /// - Parameter portion: changes are written out when they take about so many bytes.
  /// - Throws: `ViewError.storage` when the folder cannot be used.
  public init(
    directory: String, log: EventLog, projections: [any Projection], portion: Int = 8 << 20
  ) throws(ViewError) {
    self.portion = portion
    self.log = log
    self.projections = projections
    self.directory = directory
    do throws(LMDBError) {
      let tables = projections.flatMap(\.tables)
      environment = try Environment(
        path: directory, mapSize: 64 << 30, maxTables: tables.count + 1, maxReaders: 510,
        durability: .noMetaSync)
      states = try environment.table("states", create: true)
      var handles: [ViewTable: Table] = [:]
      for table in tables { handles[table] = try environment.table(table.name, create: true) }
      self.handles = handles
    } catch {
      throw ViewError(error, operation: "opened", directory: directory)
    }
  }

  func read<Value>(
    _ body: (borrowing ReadTransaction) throws(LMDBError) -> Value
  ) throws(ViewError) -> Value {
    do { return try environment.read(body) } catch {
      throw .storage(operation: "read", reason: "\(error)")
    }
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
