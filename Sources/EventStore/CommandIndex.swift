import Cryptography
import LMDB
import Synchronization

/// Finds the append that had an idempotency key, however long ago.
///
/// A row for each lies in the order of positions, where appending is cheap. They are found by the beginning of
/// the keyed hash: the recent ones through memory, which is read from the rows at the first use and whenever
/// another process has appended; the others through sorted chunks. A generation of recent ones is taken into the
/// chunks a few at a time, while the next one gathers, so that no transaction has to carry it alone; how far
/// that has come is not stored, since to do it again changes nothing.
final class CommandIndex: Sendable {
  /// What a transaction has done to the chunks, to be remembered once it is committed.
  struct Fold: Sendable {
    /// The least prefix that is still to come; `nil` after the last one.
    var next: UInt64?
    /// The last position of the generation.
    var last: UInt64
  }

  private let tables: LogTables
  private let state = Mutex(CommandMemory())

  init(_ tables: LogTables) { self.tables = tables }

  /// How many recent commands make a generation, of `count` in all: the more chunks there are, the more
  /// commands they should take in at once, up to what 4 MiB hold and one more transaction does not overflow.
  private static func generation(of count: Int) -> Int { min(max(count, 4096), 11 << 14) }

  /// The positions of the commands that begin like `key`, as a write transaction sees them.
  func candidates(
    _ prefix: UInt64, _ transaction: inout WriteTransaction
  ) throws(LMDBError) -> [UInt64] {
    var found = state.withLock { $0.recent(prefix) }
    guard let table = tables.commandIndex else { return found }
    let key = bigEndianBytes(prefix)
    guard let chunk = try transaction.entry(atOrBefore: key.span, in: table) else { return found }
    CommandChunks.forEach(prefix, in: chunk.value) { found.append($0) }
    return found
  }

  /// The position of the first event of the append that had `key`, as a snapshot of now shows it.
  func position(
    of key: Digest, in environment: Environment
  ) throws(EventLogError) -> Position? {
    // The memory is asked no earlier than the snapshot begins, and forgets no generation meanwhile.
    try state.withLock { (state) throws(EventLogError) -> Position? in
      do throws(TransactionError<EventLogError>) {
        return try environment.read { (transaction) throws(EventLogError) -> Position? in
          try position(of: key, &state, transaction)
        }
      } catch {
        throw EventLogError(error)
      }
    }
  }

  private func position(
    of key: Digest, _ memory: inout CommandMemory, _ transaction: borrowing ReadTransaction
  ) throws(EventLogError) -> Position? {
    guard let rows = tables.commands, let table = tables.commandIndex else { return nil }
    let prefix = key.prefix
    let size = try LogState.size(transaction, tables)
    let found = try stored { () throws(LMDBError) in
      if size > memory.through {
        let folded = try transaction.value(at: MetaKey.foldedCommands, in: tables.meta)
        var cursor = try transaction.cursor(rows)
        try memory.catchUp(to: size, folded, &cursor)
      }
      var found = memory.recent(prefix)
      var cursor = try transaction.cursor(table)
      try CommandChunks.forEach(prefix, &cursor) { found.append($0) }
      return found
    }
    for position in found {
      let bytes = try stored { () throws(LMDBError) in
        try transaction.value(at: bigEndian(position), in: tables.events)
      }
      // What the memory knows may lie beyond the snapshot.
      guard let bytes else { continue }
      guard let event = try? Event(decoding: bytes.span) else {
        throw .damaged("Event \(position)")
      }
      if event.key == key { return event.position }
    }
    return nil
  }

  /// Takes in what other processes have appended.
  func catchUp(
    to size: UInt64, _ transaction: borrowing ReadTransaction
  ) throws(LMDBError) {
    guard let rows = tables.commands else { return }
    try state.withLock { (state) throws(LMDBError) in
      guard size > state.through else { return }
      let folded = try transaction.value(at: MetaKey.foldedCommands, in: tables.meta)
      var cursor = try transaction.cursor(rows)
      try state.catchUp(to: size, folded, &cursor)
    }
  }

  /// Takes a part of the old generation into the chunks that is as large as what `added` commands are of a
  /// generation, and somewhat more.
  func fold(
    adding added: Int, _ transaction: inout WriteTransaction
  ) throws(LMDBError) -> Fold? {
    guard added > 0, let table = tables.commandIndex else { return nil }
    let meta = tables.meta
    return try state.withLock { (state) throws(LMDBError) in
      guard let old = state.old else { return nil }
      let share = 1.25 * Double(added) / Double(old.count)
      let part = share < 1 ? UInt64(share * 0x1p64) : .max
      let (target, isLast) = state.next.addingReportingOverflow(part)
      var next = state.next
      while isLast || next <= target {
        let (key, entries, following) = try {
          () throws(LMDBError) -> (UInt64, [RecentCommands.Entry], UInt64?) in
          var cursor = try transaction.cursor(table)
          return try CommandChunks.chunk(of: next, &cursor)
        }()
        let present = Set(entries)
        let fresh = old.entries(from: key, below: following).filter { !present.contains($0) }
        if !fresh.isEmpty {
          try CommandChunks.write(
            (entries + fresh).sorted(), under: key, in: table, &transaction)
        }
        guard let following else {
          try transaction.put(
            bigEndian(max(old.last, state.folded)), at: MetaKey.foldedCommands, in: meta)
          return Fold(next: nil, last: old.last)
        }
        next = following
      }
      return Fold(next: next, last: old.last)
    }
  }

  /// Remembers what a transaction has committed, up to `size`.
  func take(_ added: [RecentCommands.Entry], _ fold: Fold?, upTo size: UInt64, of count: Int) {
    state.withLock { state in
      for entry in added where entry.position > state.through { state.young.insert(entry) }
      state.through = max(state.through, size)
      if let fold, state.old?.last == fold.last {
        if let next = fold.next {
          state.next = next
        } else {
          state.old = nil
          state.folded = max(state.folded, fold.last)
        }
      }
      if state.old == nil, state.young.count >= Self.generation(of: count) {
        state.old = state.young
        state.young = RecentCommands()
        state.next = 0
      }
    }
  }
}
