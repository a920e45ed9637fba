import Cryptography
import LMDB

extension Verifier {
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
    let isOfErased = try isOfErased(rows[MetaKey.untold] ?? [])
    let isKnown = rows.keys.allSatisfy { MetaKey.all.contains($0) }
    let holdsCommands = text(MetaKey.format) != EventLog.formats[0]
    guard origin == text(MetaKey.origin), isWhole, isKept, isOfErased, isKnown,
      isNumber(MetaKey.generation),
      rows[MetaKey.generation] != nil, isNumber(MetaKey.foldedCommands),
      holdsCommands || count == 0,
      rows[MetaKey.head] == nil && !hasNewerRows || text(MetaKey.format) == EventLog.format,
      (tables.commands == nil) == (tables.commandIndex == nil)
    else { return report.report("The log's description of itself is damaged.") }
  }

  /// Whether a row names people who were erased, and no others.
  private func isOfErased(_ row: [UInt8]) throws(EventLogError) -> Bool {
    let tables = tables
    return try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        for start in stride(from: 0, to: row.count, by: 16) {
          let id = Array(row[start..<min(start + 16, row.count)])
          if try transaction.value(at: id, in: tables.erased) == nil { return false }
        }
        return true
      }
    }
  }
}
