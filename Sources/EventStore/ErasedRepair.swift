import LMDB

/// Puts the table of the erased right by the events that say whom an erasure was of, and takes out of `unlinking` what
/// living people's documents are.
struct ErasedRepair {
  private let tables: LogTables
  private(set) var unrepaired: [String] = []
  private var expected: [SubjectID: Position] = [:]

  init(_ tables: LogTables) { self.tables = tables }

  /// Mends the rows of those whom events say to be erased, before anybody's key is missed.
  mutating func run(_ transaction: inout WriteTransaction) throws(EventLogError) {
    let tables = tables
    let (expected, isRestored) = try Self.erasures(&transaction, tables)
    self.expected = expected
    try stored { () throws(LMDBError) in
      var wrong: [[UInt8]] = []
      var cursor = try transaction.cursor(tables.erased)
      while let entry = try cursor.next() {
        if entry.key.count != 16 { wrong.append([UInt8](copying: entry.key)) }
      }
      for key in wrong { try transaction.delete(key, in: tables.erased) }
      for (subject, position) in expected {
        let key = subject.bytes
        // A key that is there is another matter, which the check tells of.
        guard try transaction.value(at: key, in: tables.keys) == nil else { continue }
        let row = try transaction.value(at: key, in: tables.erased)
        // After a restore, events also tell of erasures that were done before it, whose rows hold 0.
        let right = isRestored ? bigEndian(0) : position.key
        if row != position.key, row != right {
          try transaction.put(right, at: key, in: tables.erased)
        }
      }
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
        "The table 'erased' tells of \(left) people whom no event says to be erased. Where they were not, 'senko restore' "
          + "makes a new folder from a backup and the escrow, in which they are there.")
    }
  }

  /// Whom events say that an erasure was of, and the last event of each that says so; and whether the log continues
  /// another one.
  private static func erasures(
    _ transaction: inout WriteTransaction, _ tables: LogTables
  ) throws(EventLogError) -> ([SubjectID: Position], isRestored: Bool) {
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
    // The events of one append follow each other and have one time; a time alone may come again.
    var lasts: [SubjectID: Position] = [:]
    var (last, following) = (Position.zero, NamedErasure?.none)
    for erasure in found.reversed() {
      let goesOn = following?.position == erasure.position.next && following?.clock == erasure.clock
      if !goesOn { last = erasure.position }
      lasts[erasure.subject] = last
      following = erasure
    }
    return (lasts, isRestored)
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
