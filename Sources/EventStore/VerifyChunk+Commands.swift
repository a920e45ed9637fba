import Cryptography
import LMDB

extension VerifyChunk {
  /// Checks that the append with this key would be found again: by its row and, if it is an old one, by the
  /// sorted chunks; or in the table of older versions.
  mutating func check(
    _ key: Digest, at position: Position, _ transaction: borrowing ReadTransaction,
    _ tables: LogTables
  ) throws(EventLogError) {
    let (row, isFound) = try stored { () throws(LMDBError) in
      guard let rows = tables.commands,
        let row = try transaction.value(at: position.key, in: rows)
      else {
        let row = try transaction.value(at: key.bytes, in: tables.idempotency)
        guard let row, row.starts(with: position.key),
          let command = CommandRow(older: row, key: key)
        else { return (nil as [UInt8]?, false) }
        var events = try transaction.cursor(tables.events)
        guard try command.spansAppend(from: position, &events) else { return (nil, false) }
        let subject = command.subject.bytes
        if command.subject == .store { return (nil, true) }
        if try transaction.value(at: subject, in: tables.keys) != nil { return (nil, true) }
        return (nil, try transaction.value(at: subject, in: tables.erased) != nil)
      }
      return (row, try isIndexed(key.prefix, at: position, transaction, tables))
    }
    guard isFound else {
      return report("The key of event \(position) is not in the index of keys.", at: position)
    }
    guard let row else {
      olderCommands += 1
      return
    }
    commands += 1
    let command = CommandRow(row.span, at: position)
    if command?.prefix != key.prefix || command.map({ $0.last < position }) ?? true {
      report("What is remembered of the command at event \(position) is changed.", at: position)
    }
  }

  private func isIndexed(
    _ prefix: UInt64, at position: Position, _ transaction: borrowing ReadTransaction,
    _ tables: LogTables
  ) throws(LMDBError) -> Bool {
    guard position.rawValue <= folded, let table = tables.commandIndex else { return true }
    var cursor = try transaction.cursor(table)
    var found = false
    try CommandChunks.forEach(prefix, &cursor) { if $0 == position.rawValue { found = true } }
    return found
  }
}
