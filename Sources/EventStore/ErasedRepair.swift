import LMDB

/// Puts the table of the erased right by the events that say whom an erasure was of, and takes out of `unlinking` what
/// living people's documents are.
struct ErasedRepair {
  private let tables: LogTables
  private(set) var unrepaired: [String] = []
  /// Whom events say that an erasure was of, and what their rows are to hold.
  private var expected: [SubjectID: UInt64] = [:]

  init(_ tables: LogTables) { self.tables = tables }

  /// Mends the rows of those whom events say to be erased, before anybody's key is missed.
  mutating func run(_ transaction: inout WriteTransaction) throws(EventLogError) {
    let tables = tables
    let (erasures, isRestored) = try Self.erasures(&transaction, tables)
    expected = try stored { () throws(LMDBError) in
      var rows: [(key: [UInt8], value: [UInt8])] = []
      do {
        var cursor = try transaction.cursor(tables.erased)
        while let entry = try cursor.next() {
          rows.append(([UInt8](copying: entry.key), [UInt8](copying: entry.value)))
        }
      }
      for (key, _) in rows where key.count != 16 { try transaction.delete(key, in: tables.erased) }
      let generation = try transaction.value(at: MetaKey.generation, in: tables.meta)
        .flatMap { bigEndian($0.span) }
      let expected = NamedErasure.ends(of: erasures, rows, generation: generation ?? .max)
      for (subject, position) in expected {
        let key = subject.bytes
        // A key that is there is another matter, which the check tells of.
        guard try transaction.value(at: key, in: tables.keys) == nil else { continue }
        let row = try transaction.value(at: key, in: tables.erased)
        // After a restore, events also tell of erasures that were done before it, whose rows hold 0.
        let right = bigEndian(isRestored ? 0 : position)
        if row != bigEndian(position), row != right {
          try transaction.put(right, at: key, in: tables.erased)
        }
      }
      return expected
    }
    try keepDocuments(&transaction)
  }

  /// Tells of rows that no event accounts for, where no key has shown that they are lies.
  mutating func finish(_ transaction: inout WriteTransaction) throws(EventLogError) {
    let (tables, expected) = (tables, expected)
    guard !expected.isEmpty else { return }
    let left = try stored { () throws(LMDBError) in
      var left = 0
      var cursor = try transaction.cursor(tables.erased)
      while let entry = try cursor.next() {
        let subject = SubjectID([UInt8](copying: entry.key))
        if subject.map({ expected[$0] == nil }) ?? true, bigEndian(entry.value) != 0 { left += 1 }
      }
      return left
    }
    if left > 0 {
      unrepaired.append(
        "The table 'erased' tells of \(left) people whom no event says to be erased. Where they were not, a restore makes "
          + "a new folder from a backup and the escrow, in which they are there.")
    }
  }

  /// The events that say whom an erasure was of, and whether the log continues another one.
  private static func erasures(
    _ transaction: inout WriteTransaction, _ tables: LogTables
  ) throws(EventLogError) -> ([NamedErasure], isRestored: Bool) {
    var isRestored = false
    let found = try stored { () throws(LMDBError) in
      var found: [NamedErasure] = []
      var cursor = try transaction.cursor(tables.events)
      try cursor.forEach(atOrAfter: [UInt8]().span) { _, bytes in
        guard let line = try? EventLine(bytes) else { return true }
        if let erasure = NamedErasure(line) { found.append(erasure) }
        if Array(copying: line.type) == Array(Succession.type.utf8),
          let event = try? line.event(), Succession(event) != nil
        {
          isRestored = true
        }
        return true
      }
      return found
    }
    return (found, isRestored)
  }

  /// Takes files out of `unlinking` that a row lists.
  private func keepDocuments(_ transaction: inout WriteTransaction) throws(EventLogError) {
    let tables = tables
    try stored { () throws(LMDBError) in
      guard try transaction.count(tables.unlinking) > 0 else { return }
      var listed: [[UInt8]] = []
      var cursor = try transaction.cursor(tables.documents)
      try cursor.forEach(atOrAfter: [UInt8]().span) { key, _ in
        if key.count == 48 { listed.append([UInt8](copying: key.extracting(16..<48))) }
        return true
      }
      for file in listed { try transaction.delete(file, in: tables.unlinking) }
    }
  }
}
