import Cryptography
import LMDB

extension Restorer {
  /// Replaces the keys by the escrow's, and removes what belongs to those who have none.
  ///
  /// - Returns: who was erased since the backup, and what is wrong with the keys: sentences.
  /// - Throws: `.unrestored` where keys cannot be unwrapped, unless that was accepted.
  func restoreKeys(
    _ transaction: inout WriteTransaction, _ tables: LogTables
  ) throws(EventLogError) -> (erased: [SubjectID], damage: [String]) {
    let row = try stored { () throws(LMDBError) in
      try transaction.value(at: MetaKey.generation, in: tables.meta)
    }
    let generation = try Keyring.generation(row)
    guard generation <= escrow.wrapping.generation else {
      throw .invalid(
        "The escrow is of key generation \(escrow.wrapping.generation), the backup of "
          + "\(generation): an erasure was made without the escrow. Give the newest escrow.")
    }
    let unwrapping: Unwrapping
    do { unwrapping = try Unwrapping(by: escrow.wrapping) } catch {
      throw .storage(operation: "unwrap a key", reason: "\(error)")
    }
    let gone = gone(unwrapping)
    let size = try LogState.size(transaction.reading, tables)
    var erased: [SubjectID] = []
    for subject in gone {
      let row = try stored { () throws(LMDBError) in
        try transaction.value(at: subject.bytes, in: tables.erased)
      }
      // A row may name an event that is lost with the end of a log.
      let isTold = row.flatMap { bigEndian($0.span) }.map { $0 <= size } ?? false
      if !isTold { erased.append(subject) }
    }
    // Whose registration is lost with the events behind the backup has nothing left that their key would open. Of a
    // damaged backup nobody can tell who that is.
    let known = damage.isEmpty ? try Self.subjects(&transaction, tables) : nil
    try stored { () throws(LMDBError) in
      // Of the same generation, the backup may know people whom the escrow does not know yet.
      if generation < escrow.wrapping.generation { try transaction.clear(tables.keys) }
    }
    try putKeys(of: known, &transaction, tables, unwrapping)
    try forgetLies(&transaction, tables, unwrapping)
    try stored { () throws(LMDBError) in
      for subject in gone { try transaction.delete(subject.bytes.span, in: tables.keys) }
      // Which event has recorded it is known where that is not lost.
      for subject in erased {
        try transaction.put(bigEndian(0), at: subject.bytes, in: tables.erased)
      }
      try transaction.put(
        bigEndian(escrow.wrapping.generation), at: MetaKey.generation, in: tables.meta)
      // Beside those of whom the backup's own log had still to tell.
      let untold = try transaction.value(at: MetaKey.untold, in: tables.meta) ?? []
      let all = untold + erased.flatMap(\.bytes)
      if !all.isEmpty { try transaction.put(all, at: MetaKey.untold, in: tables.meta) }
    }
    for subject in erased { try Stage.deleteValues(of: subject, tables, &transaction) }
    let locked = try countLocked(&transaction, tables, unwrapping)
    guard locked > 0 else { return (erased, []) }
    let problem =
      "The keys of \(locked) subjects cannot be unwrapped with the escrow's wrapping key."
    guard despiteDamage else {
      throw .unrestored(
        "Nothing was restored: \(problem) The escrow is damaged, or of another log, or these keys were damaged in the log "
          + "when it was written. Give another copy of it, if there is one of now. Without these keys, what is sealed for "
          + "the subjects cannot be read.")
    }
    return (erased, [problem])
  }

  /// Whom the escrow lists as erased, but for those whose key it opens: every erasure brings another wrapping key, so that
  /// whoever has one under it was not erased.
  private func gone(_ unwrapping: borrowing Unwrapping) -> [SubjectID] {
    let listed = Self.split(escrow.erased, by: 16)
    let isListed = Set(listed)
    var living: Set<[UInt8]> = []
    for row in Self.split(escrow.keys, by: Rewrapping.rowSize) {
      let subject = Array(row[..<16])
      if isListed.contains(subject), unwrapping.opens(Array(row[16...]), of: subject) {
        living.insert(subject)
      }
    }
    return listed.filter { !living.contains($0) }.map { SubjectID(unchecked: $0) }
  }

  /// Removes the rows that say of people with a key that they were erased.
  private func forgetLies(
    _ transaction: inout WriteTransaction, _ tables: LogTables, _ unwrapping: borrowing Unwrapping
  ) throws(EventLogError) {
    do throws(LMDBError) {
      var listed: [[UInt8]] = []
      do {
        var cursor = try transaction.cursor(tables.erased)
        while let entry = try cursor.next() { listed.append([UInt8](copying: entry.key)) }
      }
      for subject in listed {
        let key = try transaction.value(at: subject, in: tables.keys)
        guard let key, unwrapping.opens(key, of: subject) else { continue }
        try transaction.delete(subject, in: tables.erased)
      }
    } catch {
      throw EventLogError(error)
    }
  }

  /// Whose keys there are.
  private static func subjects(
    _ transaction: inout WriteTransaction, _ tables: LogTables
  ) throws(EventLogError) -> Set<[UInt8]> {
    try stored { () throws(LMDBError) in
      var subjects: Set<[UInt8]> = []
      var cursor = try transaction.cursor(tables.keys)
      while let entry = try cursor.next() { subjects.insert(Array(copying: entry.key)) }
      return subjects
    }
  }

  /// Puts in the escrow's keys; one that opens nothing takes the place of none that may.
  ///
  /// - Parameter known: whose; `nil` for everybody's.
  private func putKeys(
    of known: Set<[UInt8]>?, _ transaction: inout WriteTransaction, _ tables: LogTables,
    _ unwrapping: borrowing Unwrapping
  ) throws(EventLogError) {
    do throws(LMDBError) {
      for row in Self.split(escrow.keys, by: Rewrapping.rowSize) {
        let (subject, wrapped) = (Array(row[..<16]), Array(row[16...]))
        guard known?.contains(subject) ?? true else { continue }
        let isFirst = try transaction.value(at: subject, in: tables.keys) == nil
        guard isFirst || unwrapping.opens(wrapped, of: subject) else { continue }
        try transaction.put(wrapped, at: subject, in: tables.keys)
      }
    } catch {
      throw EventLogError(error)
    }
  }

  /// How many of the subjects have a key that cannot be unwrapped; the store's own is to be there.
  private func countLocked(
    _ transaction: inout WriteTransaction, _ tables: LogTables, _ unwrapping: borrowing Unwrapping
  ) throws(EventLogError) -> Int {
    do throws(LMDBError) {
      var locked = try transaction.value(at: SubjectID.store.bytes, in: tables.keys) == nil ? 1 : 0
      var cursor = try transaction.cursor(tables.keys)
      while let entry = try cursor.next() {
        let (subject, wrapped) = ([UInt8](copying: entry.key), [UInt8](copying: entry.value))
        if !unwrapping.opens(wrapped, of: subject) { locked += 1 }
      }
      return locked
    } catch {
      throw EventLogError(error)
    }
  }

  private static func split(
    _ bytes: [UInt8], by count: Int
  ) -> [[UInt8]] {
    stride(from: 0, to: bytes.count, by: count).map { Array(bytes[$0..<($0 + count)]) }
  }
}

extension Unwrapping {
  /// Whether what is wrapped is the key of the subject with these bytes.
  func opens(_ wrapped: [UInt8], of subject: [UInt8]) -> Bool {
    guard let subject = SubjectID(subject) else { return false }
    return (try? unwrap(wrapped, of: subject)) != nil
  }
}
