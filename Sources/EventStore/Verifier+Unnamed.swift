import Cryptography
import LMDB

extension Verifier {
  /// Checks the tables that events name rows of for rows that none does.
  ///
  /// One transaction writes an event and all that it names, and one takes away what an erasure destroys: no crash leaves
  /// such a row, and no append that was refused. Files in `documents` that no row lists are another matter: they are
  /// there before their event, and stay where its append fails, or until an erasure has removed them.
  mutating func checkUnnamed() throws(EventLogError) {
    let counted: Unnamed
    let (tables, upper) = (tables, upperNodes)
    var names = named
    let size = frontier.size
    do {
      counted = try environment.read { (transaction) throws(EventLogError) in
        // What was appended since the events were checked names rows as well.
        try names.add(eventsAfter: size, transaction, tables)
        names.sort()
        return try stored { () throws(LMDBError) in
          try Unnamed(names, upper, transaction, tables)
        }
      }
    } catch {
      throw EventLogError(error)
    }
    // Damage hides what events name.
    let cause =
      report.problems.isEmpty
      ? "Nothing that is done here leaves such: look into who can write to the log's file. A backup of before is "
        + "without them."
      : "An event that named them may be among what is damaged."
    for (table, count) in counted.rows where count > 0 {
      report.report(
        "The table '\(table)' has \(count) rows that no event gives or names. \(cause)")
    }
    for (height, index) in counted.wrongNodes {
      report.report("The tree's node at height \(height), index \(index) is not its events' hash.")
    }
    if counted.older != olderCommands {
      report.report(
        "The table 'idempotency' has \(counted.older) rows for \(olderCommands) events with keys.")
    }
    try noteFiles(counted)
  }

  /// Notes which files wait to be removed, and which no row lists.
  private mutating func noteFiles(_ counted: Unnamed) throws(EventLogError) {
    let waiting = counted.waiting
    if waiting > 0 {
      report.notices.append(
        "\(waiting) documents of people who were erased wait to be removed, which the next command does; their keys "
          + "are destroyed.")
    }
    var unlisted = 0
    for name in try Files.names(in: folder.documents) where name.utf8.count == 2 {
      let files = try Files.names(in: folder.documents + "/" + name).compactMap { Digest(hex: $0) }
      unlisted += files.count { !counted.listed.containsSorted($0.prefix) }
    }
    let others = unlisted - min(waiting, unlisted)
    if others > 0 {
      report.notices.append(
        "\(others) files in 'documents' belong to no event: an append left them that was cut off, or is under way. "
          + "Nothing opens them.")
    }
  }
}

extension NamedRows {
  /// Adds what events after the first `size` name, as a snapshot shows them.
  fileprivate mutating func add(
    eventsAfter size: UInt64, _ transaction: borrowing ReadTransaction, _ tables: LogTables
  ) throws(EventLogError) {
    var added = NamedRows()
    try stored { () throws(LMDBError) in
      var left = try transaction.count(tables.events)
      var cursor = try transaction.cursor(tables.events)
      try cursor.forEach(atOrAfter: bigEndian(size + 1).span) { _, bytes in
        if let line = try? EventLine(bytes), line.mayReference,
          let data = try? JSONValue(canonical: line.data)
        {
          added.add(everythingIn: data)
        }
        left -= 1
        return left > 0
      }
    }
    add(added)
  }
}

/// What of the tables no event accounts for, in one snapshot.
private struct Unnamed {
  /// How many rows of a table.
  var rows: [(table: String, count: Int)] = []
  /// Which nodes above the chunks are not the hashes of what they span.
  var wrongNodes: [(height: Int, index: UInt64)] = []
  /// How many commands the table of format 0 has.
  var older = 0
  /// How many files an erasure has yet to remove.
  var waiting = 0
  /// The digests of the files that rows list, by their first eight bytes, in order.
  var listed: [UInt64] = []

  init(
    _ names: NamedRows, _ upper: [(height: Int, index: UInt64, hash: Digest)],
    _ transaction: borrowing ReadTransaction, _ tables: LogTables
  ) throws(LMDBError) {
    let events = try transaction.count(tables.events)
    let nodes = stride(from: 4, to: 64, by: 4).reduce(0) { $0 + events >> $1 }
    rows.append(("nodes", try transaction.count(tables.nodes) - nodes))
    for (height, index, hash) in upper {
      let row = try transaction.value(at: StoredNodes.key(height, index), in: tables.nodes)
      if row != hash.bytes { wrongNodes.append((height, index)) }
    }
    rows.append(
      (
        "sealed",
        try Self.count(tables.sealed, transaction) { key in
          !(Self.place(key).map { names.sealed.containsSorted($0.row) } ?? false)
        }
      ))
    var listed: [UInt64] = []
    rows.append(
      (
        "documents",
        try Self.count(tables.documents, transaction) { key in
          guard let place = Self.place(key) else { return true }
          listed.append(place.digest)
          return !names.documents.containsSorted(place.row)
        }
      ))
    listed.sort()
    self.listed = listed
    rows.append(
      (
        "blobs",
        try Self.count(tables.blobs, transaction) { key in
          key.count != 32 || !names.blobs.containsSorted(bigEndian(key.extracting(0..<8)))
        }
      ))
    rows.append(
      (
        "keys",
        try Self.count(tables.keys, transaction) { key in
          guard key.count == 16 else { return true }
          let subject = SubjectID(exactly: key)
          return subject != .store && !names.subjects.containsSorted(subject.words.0)
        }
      ))
    rows.append(("command-index", try Self.strayEntries(transaction, tables)))
    waiting = try transaction.count(tables.unlinking)
    older = try transaction.count(tables.idempotency)
  }

  /// How many rows of a table are as `isCounted` says; no more are read than the table says it has.
  private static func count(
    _ table: Table, _ transaction: borrowing ReadTransaction, where isCounted: (Span<UInt8>) -> Bool
  ) throws(LMDBError) -> Int {
    var found = 0
    var left = try transaction.count(table)
    var cursor = try transaction.cursor(table)
    try cursor.forEach(atOrAfter: [UInt8]().span) { key, _ in
      if isCounted(key) { found += 1 }
      left -= 1
      return left > 0
    }
    return found
  }

  /// What `NamedRows` has of a row's key, subject ‖ digest.
  private static func place(_ key: Span<UInt8>) -> (row: UInt64, digest: UInt64)? {
    guard key.count == 48 else { return nil }
    let digest = Digest(exactly: key.extracting(16..<48))
    return (NamedRows.place(SubjectID(exactly: key.extracting(0..<16)), digest), digest.prefix)
  }

  /// How many entries of the sorted chunks lead to no command.
  ///
  /// Up to the mark each command has one, which was looked for; what is more belongs to none.
  private static func strayEntries(
    _ transaction: borrowing ReadTransaction, _ tables: LogTables
  ) throws(LMDBError) -> Int {
    guard let commands = tables.commands, let index = tables.commandIndex else { return 0 }
    let mark = try transaction.value(at: MetaKey.foldedCommands, in: tables.meta)
    let folded = mark.map { $0.count == 8 ? bigEndian($0.span) : .max } ?? 0
    var (old, later) = (0, [UInt64]())
    var left = try transaction.count(index)
    var cursor = try transaction.cursor(index)
    try cursor.forEach(atOrAfter: [UInt8]().span) { _, chunk in
      for entry in CommandChunks.entries(of: chunk) {
        if entry.position <= folded { old += 1 } else { later.append(entry.position) }
      }
      left -= 1
      return left > 0
    }
    var rows = try transaction.count(commands)
    if folded < .max {
      var after = 0
      var cursor = try transaction.cursor(commands)
      try cursor.forEach(atOrAfter: bigEndian(folded + 1).span) { _, _ in
        after += 1
        return after < rows
      }
      rows -= after
    }
    var strays = max(0, old - rows)
    for position in later
    where try transaction.bytes(at: bigEndian(position).span, in: commands) == nil { strays += 1 }
    return strays
  }
}
