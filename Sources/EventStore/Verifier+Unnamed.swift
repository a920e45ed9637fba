import Cryptography
import LMDB

extension Verifier {
  /// Checks the tables that events name rows of for rows that none does.
  ///
  /// One transaction writes an event and all that it names, and one takes away what an erasure destroys: no crash leaves
  /// such a row, and no append that was refused. Files in `documents` that no row lists are another matter: they are
  /// there before their event, until the next start where its append is cut off, or until an erasure has removed them.
  mutating func checkUnnamed() throws(EventLogError) {
    let counted: Unnamed
    let (tables, upper, size) = (tables, upperNodes, size)
    var names = named
    // Before the rows are read: a file's note is there before it, and until its row is.
    let files = try storedFiles()
    let intents = try FileIntent.named(in: folder)
    do {
      counted = try environment.read { (transaction) throws(EventLogError) in
        // What was appended since the events were checked names rows as well.
        try names.add(eventsAfter: size, transaction, tables)
        names.sort()
        return try stored { () throws(LMDBError) in
          try Unnamed(names, upper, size, transaction, tables)
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
      let what = "The table '\(table)' has \(count) rows that no event gives or names."
      if table == "keys", !successions.isEmpty {
        // Who was registered after the backup, and is lost with what followed it.
        report.notices.append("\(what) They came with a restore, and open nothing.")
      } else {
        report.report("\(what) \(cause)")
      }
    }
    for (table, count) in counted.forgotten where count > 0 {
      report.report(
        "The table '\(table)' has \(count) rows of people who were erased, which no erasure leaves: somebody has put "
          + "them back.")
    }
    for (height, index) in counted.wrongNodes {
      report.report("The tree's node at height \(height), index \(index) is not its events' hash.")
    }
    if counted.older != olderCommands {
      report.report(
        "The table 'idempotency' has \(counted.older) rows for \(olderCommands) events with keys.")
    }
    noteFiles(files, intents, counted)
  }

  /// The files in `documents`.
  private func storedFiles() throws(EventLogError) -> [Digest] {
    var files: [Digest] = []
    for name in try Files.names(in: folder.documents) where name.utf8.count == 2 {
      files += try Files.names(in: folder.documents + "/" + name).compactMap { Digest(hex: $0) }
    }
    return files
  }

  /// Notes which files wait to be removed, and which no row lists.
  ///
  /// - Parameters:
  ///   - files: those that were there before the rows were read.
  ///   - intents: those that appends had noted by then.
  private mutating func noteFiles(
    _ files: [Digest], _ intents: Set<Digest>, _ counted: Unnamed
  ) {
    let waiting = counted.unlinking.count { !counted.listed.containsSorted($0.prefix) }
    if waiting > 0 {
      report.notices.append(
        "Documents of people who were erased that wait to be removed: \(waiting). The next command removes them; their "
          + "keys are destroyed.")
    }
    let unlinking = counted.unlinking
    let returned = Set(
      erasedFiles.lazy.filter { [folder] in
        !unlinking.contains($0) && Files.exists(folder.document($0))
      })
    if !returned.isEmpty {
      report.report(
        "Files in 'documents' of people who were erased: \(returned.count). Somebody has put them back. Remove them."
      )
    }
    var (unlisted, noted) = (0, 0)
    // What was erased or refused since is gone.
    for file in files
    where !counted.listed.containsSorted(file.prefix) && !unlinking.contains(file)
      && !returned.contains(file) && Files.exists(folder.document(file))
    {
      if intents.contains(file) { noted += 1 } else { unlisted += 1 }
    }
    let living = unlinking.count { counted.listed.containsSorted($0.prefix) }
    if living > 0 {
      report.report(
        "Documents of people who were not erased that the table 'unlinking' names: \(living). Somebody has put them "
          + "there. They are not removed.")
    }
    if noted > 0 {
      report.notices.append(
        "Files in 'documents' of appends that are under way or were cut off: \(noted). The next start removes those whose "
          + "process is gone.")
    }
    if unlisted > 0 {
      report.notices.append(
        "Files in 'documents' that belong to no event: \(unlisted). Nothing opens them. They are not removed, since no append "
          + "has noted them: where the log was set back, events that name them may be lost.")
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
          for reference in data.references { added.add(reference) }
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
  /// How many rows of a table are of subjects who were erased.
  var forgotten: [(table: String, count: Int)] = []
  /// The files that an erasure has yet to remove.
  var unlinking: Set<Digest> = []
  /// The digests of the files that rows list, by their first eight bytes, in order.
  var listed: [UInt64] = []

  init(
    _ names: NamedRows, _ upper: [(height: Int, index: UInt64, hash: Digest)], _ size: UInt64,
    _ transaction: borrowing ReadTransaction, _ tables: LogTables
  ) throws(LMDBError) {
    let events = try transaction.count(tables.events)
    let nodes = stride(from: 4, to: 64, by: 4).reduce(0) { $0 + events >> $1 }
    rows.append(("nodes", try transaction.count(tables.nodes) - nodes))
    for (height, index, hash) in upper {
      let row = try transaction.value(at: StoredNodes.key(height, index), in: tables.nodes)
      if row != hash.bytes { wrongNodes.append((height, index)) }
    }
    let erased = try Self.subjects(in: tables.erased, transaction)
    let sealed = try Self.values(
      in: tables.sealed, namedBy: names.sealed, of: erased, transaction)
    let documents = try Self.values(
      in: tables.documents, namedBy: names.documents, of: erased, transaction)
    rows += [("sealed", sealed.unnamed), ("documents", documents.unnamed)]
    self.forgotten += [("sealed", sealed.forgotten), ("documents", documents.forgotten)]
    listed = documents.digests
    listed.sort()
    var (unnamed, forgotten) = (0, 0)
    try Self.forEach(tables.blobs, transaction) { key, _ in
      if key.count != 32 || !names.blobs.containsSorted(bigEndian(key, at: 0)) {
        unnamed += 1
      }
    }
    rows.append(("blobs", unnamed))
    (unnamed, forgotten) = (0, 0)
    try Self.forEach(tables.keys, transaction) { key, _ in
      let subject = key.count == 16 ? SubjectID(exactly: key) : nil
      if subject == .store { return }
      if !(subject.map { names.subjects.containsSorted($0.words.0) } ?? false) {
        unnamed += 1
      } else if let subject, erased.containsSorted(subject.words.0) {
        forgotten += 1
      }
    }
    rows.append(("keys", unnamed))
    self.forgotten.append(("keys", forgotten))
    rows.append(("command-index", try Self.strayEntries(transaction, tables)))
    var (unlinking, older) = (Set<Digest>(), 0)
    unnamed = 0
    try Self.forEach(tables.unlinking, transaction) { key, value in
      if key.count == 32 { unlinking.insert(Digest(exactly: key)) }
      if key.count != 32 || !value.isEmpty { unnamed += 1 }
    }
    rows.append(("unlinking", unnamed))
    // An older program may have appended meanwhile.
    try Self.forEach(tables.idempotency, transaction) { _, row in
      if row.count < 8 || bigEndian(row, at: 0) <= size { older += 1 }
    }
    self.unlinking = unlinking
    self.older = older
  }

  /// Calls `body` with the rows of a table; no more are read than it says it has.
  private static func forEach(
    _ table: Table, _ transaction: borrowing ReadTransaction,
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>) -> Void
  ) throws(LMDBError) {
    var left = try transaction.count(table)
    var cursor = try transaction.cursor(table)
    try cursor.forEach(atOrAfter: [UInt8]().span) { key, value in
      body(key, value)
      left -= 1
      return left > 0
    }
  }

  /// Looks up the rows of a table under subject ‖ digest: how many no event names, how many of the others are of
  /// `subjects`, and all digests, by eight bytes of each.
  private static func values(
    in table: Table, namedBy names: [UInt64], of subjects: [UInt64],
    _ transaction: borrowing ReadTransaction
  ) throws(LMDBError) -> (unnamed: Int, forgotten: Int, digests: [UInt64]) {
    var (unnamed, forgotten, digests) = (0, 0, [UInt64]())
    try forEach(table, transaction) { key, _ in
      let place = place(key)
      if let place { digests.append(place.digest) }
      if !(place.map { names.containsSorted($0.row) } ?? false) {
        unnamed += 1
      } else if let place, subjects.containsSorted(place.subject) {
        forgotten += 1
      }
    }
    return (unnamed, forgotten, digests)
  }

  /// The subjects that a table has rows of, by eight bytes of each, in order.
  private static func subjects(
    in table: Table, _ transaction: borrowing ReadTransaction
  ) throws(LMDBError) -> [UInt64] {
    var subjects: [UInt64] = []
    try forEach(table, transaction) { key, _ in
      if key.count == 16 { subjects.append(SubjectID(exactly: key).words.0) }
    }
    subjects.sort()
    return subjects
  }

  /// What `NamedRows` has of a row's key, subject ‖ digest.
  private static func place(
    _ key: Span<UInt8>
  ) -> (row: UInt64, subject: UInt64, digest: UInt64)? {
    guard key.count == 48 else { return nil }
    let digest = Digest(exactly: key.extracting(16..<48))
    let subject = SubjectID(exactly: key.extracting(0..<16))
    return (NamedRows.place(subject, digest), subject.words.0, digest.prefix)
  }

  /// How many entries of the sorted chunks lead to no command.
  ///
  /// Up to the mark each command has one, which was looked for; what is more belongs to none.
  private static func strayEntries(
    _ transaction: borrowing ReadTransaction, _ tables: LogTables
  ) throws(LMDBError) -> Int {
    guard let commands = tables.commands, let index = tables.commandIndex else { return 0 }
    let mark = try transaction.value(at: MetaKey.foldedCommands, in: tables.meta)
    let folded = mark.map { bigEndian($0.span) ?? .max } ?? 0
    var (old, later) = (0, [UInt64]())
    var left = try transaction.count(index)
    var cursor = try transaction.cursor(index)
    var damaged = 0
    try cursor.forEach(atOrAfter: [UInt8]().span) { key, chunk in
      if !CommandChunks.isWhole(key, chunk) { damaged += 1 }
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
    var strays = max(0, old - rows) + damaged
    for position in later
    where try transaction.bytes(at: bigEndian(position).span, in: commands) == nil { strays += 1 }
    return strays
  }
}
