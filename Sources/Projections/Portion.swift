import LMDB

/// What a portion of events has changed: settled and written while the next portion is folded, which reads
/// through it.
public struct Portion: Sendable {
  var changes: [ViewTable: KeyedChanges] = [:]
  private var added: [ViewTable: PackedChanges] = [:]
  /// By the table of newest rows and that of past ones.
  var rows: [(now: ViewTable, then: ViewTable, rows: any WrittenRows)] = []

  /// Adds a key without a value, appended by `key`, to a table that no fold reads.
  public mutating func add(in table: ViewTable, _ key: (inout [UInt8]) -> Void) {
    added[table, default: PackedChanges()].append(key: key) { _ in }
  }

  /// Removes a key, appended by `key`, from a table that no fold reads.
  public mutating func remove(in table: ViewTable, _ key: (inout [UInt8]) -> Void) {
    added[table, default: PackedChanges()].remove(key: key)
  }

  /// The rows of a table that were met; `nil` where there were none.
  @usableFromInline
  func rows(of table: ViewTable) -> (any WrittenRows)? {
    rows.first { $0.now == table }?.rows
  }

  /// Writes everything, each table in the order of its keys.
  func write(
    into transaction: inout WriteTransaction, _ handles: [ViewTable: Table]
  ) throws(LMDBError) {
    for (table, changes) in added { try write(changes, to: handles[table], in: &transaction) }
    for (table, changes) in changes {
      try write(changes.packed, to: handles[table], in: &transaction)
    }
    for (now, then, rows) in rows {
      try write(rows.now, to: handles[now], in: &transaction)
      try write(rows.then, to: handles[then], in: &transaction)
    }
  }

  private func write(
    _ changes: PackedChanges, to table: Table?, in transaction: inout WriteTransaction
  ) throws(LMDBError) {
    guard let table else {
      preconditionFailure("A projection writes to a table that it does not list in 'tables'.")
    }
    var writer = try transaction.writer(for: table)
    try changes.forEachInOrder { (key, value) throws(LMDBError) in
      try writer.change(key, to: value)
    }
  }
}
