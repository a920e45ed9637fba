import Cryptography
import Dispatch
import LMDB
import Synchronization

extension Verifier {
  /// Checks of every table that its rows stand in order, are as many as it says, and are found where they stand.
  ///
  /// Reading in order does not use the keys by which pages are found: so the first and the last row of each page
  /// are sought as well.
  mutating func checkTables() throws(EventLogError) {
    let named = tables.named
    let found = Mutex<[String: Result<String?, EventLogError>]>([:])
    DispatchQueue.concurrentPerform(iterations: named.count) { [environment] index in
      let (name, table) = named[index]
      let result = Result { () throws(EventLogError) in
        try stored { () throws(LMDBError) in
          try environment.read { (transaction) throws(LMDBError) in
            try Self.problem(with: table, transaction)
          }
        }
      }
      found.withLock { $0[name] = result }
    }
    let results = found.withLock { $0 }
    for (name, _) in named {
      if let problem = try results[name]?.get() { report.report("The table '\(name)' \(problem)") }
    }
  }

  private static func problem(
    with table: Table, _ transaction: borrowing ReadTransaction
  ) throws(LMDBError) -> String? {
    let count = try transaction.count(table)
    var cursor = try transaction.cursor(table)
    var rows = 0
    var page: UInt = 0
    var last: [UInt8] = []
    var edges: [[UInt8]] = []
    var isSorted = true
    // Damaged links can lead in a circle: no more rows are read than the table says it has, and one.
    try cursor.forEach(atOrAfter: [0].span) { key, value in
      rows += 1
      isSorted = isSorted && isLess(last.span, key)
      let own = unsafe key.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) >> 12 }
      if own != page, rows > 1 { edges.append(last) }
      last.removeAll(keepingCapacity: true)
      for index in key.indices { last.append(key[index]) }
      if own != page { edges.append(last) }
      page = own
      return rows <= count && isSorted
    }
    guard isSorted else { return "is out of order." }
    guard rows == count else { return "has \(rows) rows and says that it has \(count)." }
    if !last.isEmpty { edges.append(last) }
    for key in edges where try transaction.bytes(at: key.span, in: table) == nil {
      return "has a row that is not found by its key."
    }
    return nil
  }

  /// Checks the log's description of itself.
  mutating func checkDescription() throws(EventLogError) {
    let tables = tables
    let (rows, count) = try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        var rows: [[UInt8]: [UInt8]] = [:]
        var cursor = try transaction.cursor(tables.meta)
        var left = try transaction.count(tables.meta)
        while left > 0, let entry = try cursor.next() {
          left -= 1
          rows[Array(copying: entry.key)] = Array(copying: entry.value)
        }
        let count =
          try tables.commands.map { (table) throws(LMDBError) in try transaction.count(table) }
        return (rows, count ?? 0)
      }
    }
    func text(_ key: [UInt8]) -> String { String(decoding: rows[key] ?? [], as: UTF8.self) }
    func isNumber(_ key: [UInt8]) -> Bool { rows[key].map { $0.count == 8 } ?? true }
    let origin = VerifierKey(text(MetaKey.publicKey))?.name
    let former = text(MetaKey.formerKeys).split(separator: "\n", omittingEmptySubsequences: false)
    let hasFormer = rows[MetaKey.formerKeys] != nil
    // A line each, the last one with its end.
    let isWhole =
      !hasFormer
      || (former.last == "" && former.dropLast().allSatisfy { VerifierKey(String($0)) != nil })
    let isKept =
      rows[MetaKey.escrowKeeper].map { keeper in
        rows[MetaKey.escrow].map { EscrowKeeper.isWhole(keeper, escrow: $0) } ?? false
      } ?? true
    let isKnown = rows.keys.allSatisfy { MetaKey.all.contains($0) }
    let holdsCommands = rows[MetaKey.format] == Array(EventLog.indexedFormat.utf8)
    guard origin == text(MetaKey.origin), isWhole, isKept, isKnown, isNumber(MetaKey.generation),
      rows[MetaKey.generation] != nil, isNumber(MetaKey.foldedCommands),
      holdsCommands || count == 0, (tables.commands == nil) == (tables.commandIndex == nil)
    else { return report.report("The log's description of itself is damaged.") }
  }
}

private func isLess(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
  for index in 0..<min(a.count, b.count) where a[index] != b[index] { return a[index] < b[index] }
  return a.count < b.count
}
