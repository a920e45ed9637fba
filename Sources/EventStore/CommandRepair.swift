import Cryptography
import LMDB

/// Puts back what is remembered of commands, from copies where a row is damaged, and makes their index anew.
struct CommandRepair {
  private let log: LogCopy
  private let sources: [LogCopy]
  private var entries: [RecentCommands.Entry] = []
  /// The last position whose row could not be put back; the chunks must lead to it all the same.
  private var unindexed: UInt64 = 0
  private(set) var mended: [Position] = []
  private(set) var unrepaired: [String] = []

  init(_ log: LogCopy, _ sources: [LogCopy]) {
    self.log = log
    self.sources = sources
  }

  /// Sees to it that the log remembers the append with this key, whose first event is at `position`.
  mutating func mend(
    _ key: Digest, at position: Position, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    let tables = log.tables
    let (row, older) = try stored { () throws(LMDBError) in
      (
        try tables.commands.flatMap { (rows) throws(LMDBError) in
          try transaction.value(at: position.key, in: rows)
        }, try transaction.value(at: key.bytes, in: tables.idempotency)
      )
    }
    if Self.row(row, key, position) != nil {
      entries.append(.init(prefix: key.prefix, position: position.rawValue))
      return
    }
    if try isWhole(older, key, position, &transaction) { return }
    for source in sources {
      if let rows = source.tables.commands, let own = tables.commands,
        let row = try source.value(at: position.key, in: rows),
        Self.row(row, key, position) != nil
      {
        try stored { () throws(LMDBError) in
          try transaction.put(row, at: position.key, in: own)
        }
        entries.append(.init(prefix: key.prefix, position: position.rawValue))
        mended.append(position)
        return
      }
      if let row = try source.value(at: key.bytes, in: source.tables.idempotency),
        try isWhole(row, key, position, &transaction)
      {
        try stored { () throws(LMDBError) in
          try transaction.put(row, at: key.bytes, in: tables.idempotency)
        }
        mended.append(position)
        return
      }
    }
    // The event still tells the key: its repetition is refused as damaged, never taken for new.
    entries.append(.init(prefix: key.prefix, position: position.rawValue))
    unindexed = position.rawValue
    unrepaired.append(
      "What was remembered of the command at event \(position) is in no backup given.")
  }

  private static func row(_ bytes: [UInt8]?, _ key: Digest, _ position: Position) -> CommandRow? {
    let row = bytes.flatMap { CommandRow($0.span, at: position) }
    return row?.prefix == key.prefix ? row : nil
  }

  /// Whether an older version's row is one of this append, as far as the events tell.
  private func isWhole(
    _ bytes: [UInt8]?, _ key: Digest, _ position: Position,
    _ transaction: inout WriteTransaction
  ) throws(EventLogError) -> Bool {
    guard let bytes, bytes.starts(with: position.key),
      let command = CommandRow(older: bytes, key: key)
    else { return false }
    let tables = log.tables
    return try stored { () throws(LMDBError) in
      var events = try transaction.cursor(tables.events)
      guard try command.spansAppend(from: position, &events) else { return false }
      let subject = command.subject.bytes
      if command.subject == .store { return true }
      if try transaction.value(at: subject, in: tables.keys) != nil { return true }
      return try transaction.value(at: subject, in: tables.erased) != nil
    }
  }

  /// Makes the sorted chunks anew, where they lack a command that they should hold.
  ///
  /// - Parameter size: how many events there are; rows of others, which damage has made, go.
  mutating func finish(
    _ size: UInt64, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    guard let table = log.tables.commandIndex else { return }
    let (entries, unindexed, meta) = (entries, unindexed, log.tables.meta)
    try removeStrays(beyond: size, &transaction)
    try stored { () throws(LMDBError) in
      let folded = try transaction.value(at: MetaKey.foldedCommands, in: meta)
      let mark = folded.map { bigEndian($0.span) ?? .max } ?? 0
      var isWhole = mark >= unindexed && mark <= entries.last?.position ?? 0
      var chunks = try transaction.cursor(table)
      try chunks.forEach(atOrAfter: [UInt8]().span) { key, value in
        isWhole = isWhole && CommandChunks.isWhole(key, value)
        return isWhole
      }
      for entry in entries where isWhole && entry.position <= mark {
        var found = false
        var cursor = try transaction.cursor(table)
        try CommandChunks.forEach(entry.prefix, &cursor) {
          if $0 == entry.position { found = true }
        }
        isWhole = found
      }
      guard !isWhole else { return }
      try transaction.clear(table)
      try CommandChunks.write(entries.sorted(), under: 0, in: table, &transaction)
      try transaction.put(
        bigEndian(entries.last?.position ?? 0), at: MetaKey.foldedCommands, in: meta)
    }
  }

  private func removeStrays(
    beyond size: UInt64, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    guard let rows = log.tables.commands else { return }
    try stored { () throws(LMDBError) in
      var strays: [[UInt8]] = []
      var cursor = try transaction.cursor(rows)
      while let entry = try cursor.next() {
        if bigEndian(entry.key) ?? .max > size {
          strays.append(Array(copying: entry.key))
        }
      }
      for key in strays { try transaction.delete(key, in: rows) }
    }
  }
}
