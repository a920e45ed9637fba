public import EventStore
import LMDB
import Synchronization

/// The projections of one log, each with the position it has been folded to.
///
/// Reading never folds; `catchUp` folds what the log has gained, from this or another process. Each
/// read is a short transaction of its own: rows carry their positions, so a query that asks as of one
/// position sees one state throughout. Deleting the folder costs only time.
public final class Views: Sendable {
  private let environment: Environment
  private let directory: String
  private let log: EventLog
  private let projections: [any Projection]
  private let handles: [ViewTable: Table]
  private let states: Table
  private let folding = Mutex(())

  /// Opens the views in `directory`, making it if need be.
  ///
  /// - Throws: `ViewError.storage` when the folder cannot be used.
  public init(
    directory: String, log: EventLog, projections: [any Projection]
  ) throws(ViewError) {
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

  /// Folds every event up to the log's head into every projection, and returns that head.
  ///
  /// - Complexity: O(events since the last call); nothing is written when there are none.
  @discardableResult
  public func catchUp() throws(ViewError) -> Position {
    let head: Position
    do { head = try log.head } catch { throw .log(error) }
    for projection in projections { try catchUp(projection, to: head) }
    return head
  }

  /// Forgets every row and folds the whole log anew.
  public func rebuild() throws(ViewError) -> Position {
    do throws(LMDBError) {
      try folding.withLock { _ throws(LMDBError) in
        try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
          for table in handles.values { try transaction.clear(table) }
          try transaction.clear(states)
        }
      }
    } catch {
      throw ViewError(error, operation: "cleared", directory: directory)
    }
    return try catchUp()
  }

  private func catchUp(_ projection: any Projection, to head: Position) throws(ViewError) {
    if try isCurrent(projection, at: head) { return }
    try folding.withLock { _ throws(ViewError) in
      while try !isCurrent(projection, at: head) { try foldPortion(of: projection, to: head) }
    }
  }

  private func isCurrent(_ projection: any Projection, at head: Position) throws(ViewError) -> Bool
  {
    guard let state = try state(of: projection) else { return head == .zero }
    guard state.fits(try expected(projection)) else { return false }
    if state.position <= head { return state.position == head }
    // Another process has folded further, unless the log was replaced by a shorter one.
    do { return state.position <= (try log.head) } catch { throw .log(error) }
  }

  /// Folds until the head or until the changes fill a portion, and writes them at once.
  private func foldPortion(of projection: any Projection, to head: Position) throws(ViewError) {
    let stored = try state(of: projection)
    var state = try expected(projection)
    var writer = ViewWriter(over: self)
    guard let stored, stored.fits(state), stored.position <= head else {
      // Another version, another epoch or another log: nothing stored is to be used.
      try clear(projection, expecting: stored)
      return
    }
    state.position = stored.position
    while state.position < head, writer.changedBytes < 64 << 20 {
      let events: [Event]
      do {
        events = try log.events(
          from: Position(rawValue: state.position.rawValue + 1), through: head, limit: 4096)
      } catch { throw .log(error) }
      for event in events {
        do { try projection.fold(event, into: &writer) } catch {
          throw .fold(
            projection: projection.name, position: event.position, reason: "\(error)")
        }
        state.position = event.position
      }
    }
    try write(writer, state: state, of: projection, expecting: stored)
  }

  private func expected(_ projection: any Projection) throws(ViewError) -> ViewState {
    do {
      return ViewState(
        version: projection.version, epoch: try projection.epoch(), origin: log.origin,
        position: .zero)
    } catch {
      throw .fold(projection: projection.name, position: .zero, reason: "\(error)")
    }
  }

  private func state(of projection: any Projection) throws(ViewError) -> ViewState? {
    let row = try read { (transaction) throws(LMDBError) in
      try transaction.value(at: Array(projection.name.utf8), in: states)
    }
    return row.flatMap { ViewState(bytes: $0) }
  }

  /// Writes what a fold changed, sorted, if nobody else has folded meanwhile.
  private func write(
    _ writer: ViewWriter, state: ViewState, of projection: any Projection,
    expecting stored: ViewState?
  ) throws(ViewError) {
    try write(projection, expecting: stored) { (transaction) throws(LMDBError) in
      for (table, changes) in writer.changes {
        guard let handle = handles[table] else { continue }
        for (key, value) in changes.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
          if let value {
            try transaction.put(value, at: key, in: handle)
          } else {
            try transaction.delete(key.span, in: handle)
          }
        }
      }
      try transaction.put(state.bytes, at: Array(projection.name.utf8), in: states)
    }
  }

  /// Empties a projection's tables, so that it is folded from the first event.
  private func clear(
    _ projection: any Projection, expecting stored: ViewState?
  ) throws(ViewError) {
    let empty = try expected(projection)
    try write(projection, expecting: stored) { (transaction) throws(LMDBError) in
      for table in projection.tables {
        if let handle = handles[table] { try transaction.clear(handle) }
      }
      try transaction.put(empty.bytes, at: Array(projection.name.utf8), in: states)
    }
  }

  /// Runs `body` in a write transaction, unless another process has moved the projection since `stored`
  /// was read: then its work stands and this one is dropped.
  private func write(
    _ projection: any Projection, expecting stored: ViewState?,
    _ body: (inout WriteTransaction) throws(LMDBError) -> Void
  ) throws(ViewError) {
    do throws(LMDBError) {
      try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
        let row = try transaction.value(at: Array(projection.name.utf8), in: states)
        guard row.flatMap({ ViewState(bytes: $0) }) == stored else { return }
        try body(&transaction)
      }
    } catch {
      throw ViewError(error, operation: "written", directory: directory)
    }
  }

  private func read<Value>(
    _ body: (borrowing ReadTransaction) throws(LMDBError) -> Value
  ) throws(ViewError) -> Value {
    do { return try environment.read(body) } catch {
      throw .storage(operation: "read", reason: "\(error)")
    }
  }

  /// Calls `body` with entries from `start` on, or backwards from it, until it returns false.
  func scan(
    _ table: ViewTable, from start: [UInt8], backwards: Bool, _ body: (ViewEntry) -> Bool
  ) throws(ViewError) {
    guard let handle = handles[table] else { return }
    try read { (transaction) throws(LMDBError) in
      var cursor = try transaction.cursor(handle)
      var entry =
        backwards
        ? (start.isEmpty ? try cursor.last() : try cursor.seek(atOrBefore: start.span))
        : try cursor.seek(atOrAfter: start.span)
      while let found = entry {
        let copy = ViewEntry(key: Array(copying: found.key), value: Array(copying: found.value))
        guard body(copy) else { return }
        entry = backwards ? try cursor.previous() : try cursor.next()
      }
    }
  }
}

extension Views: ViewReading {
  /// The value at `key`, or `nil`.
  public func value(at key: [UInt8], in table: ViewTable) throws(ViewError) -> [UInt8]? {
    guard let handle = handles[table] else { return nil }
    return try read { (transaction) throws(LMDBError) in
      try transaction.value(at: key, in: handle)
    }
  }
}
