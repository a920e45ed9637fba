import Cryptography
import LMDB

extension Stage {
  /// Refuses to erase those who were erased before; whose key is lost or damaged has no less of a right to it.
  func check(
    _ erasing: Writer.Erasing, _ transaction: borrowing WriteTransaction
  ) throws(StageError) {
    for subject in erasing.subjects {
      let row: [UInt8]?
      do throws(LMDBError) {
        row = try transaction.value(at: subject.bytes, in: tables.erased)
      } catch {
        throw .failed(EventLogError(error))
      }
      guard row == nil else { throw .refused(.erased(subject)) }
    }
  }

  /// Deletes what belongs to the erased and wraps the survivors' keys under the next wrapping key.
  ///
  /// - Complexity: O(subjects).
  func erase(
    _ erasing: Writer.Erasing, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    let present = try keyring.key(in: transaction.reading)
    guard erasing.next.generation == present.generation + 1 else {
      throw .storage(operation: "erase", reason: "another erasure came first")
    }
    for subject in erasing.subjects {
      try Self.deleteValues(of: subject, tables, &transaction)
      try stored { () throws(LMDBError) in
        try transaction.delete(subject.bytes.span, in: tables.keys)
        try transaction.put(state.head.key, at: subject.bytes, in: tables.erased)
      }
    }
    try rewrap(from: present, to: erasing.next, &transaction)
    try stored { () throws(LMDBError) in
      try transaction.put(
        bigEndian(erasing.next.generation), at: MetaKey.generation, in: tables.meta)
      guard erasing.withoutEscrow else { return }
      for key in [MetaKey.escrow, MetaKey.escrowKeeper] {
        try transaction.delete(key, in: tables.meta)
      }
    }
  }

  /// Wraps all keys anew, in the order in which they lie.
  private func rewrap(
    from present: WrappingKey, to next: WrappingKey, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    let tables = tables
    let survivors = try stored { () throws(LMDBError) -> [UInt8]? in
      var rows: [UInt8] = []
      rows.reserveCapacity(Rewrapping.rowSize * (try transaction.count(tables.keys)))
      var areWhole = true
      var cursor = try transaction.cursor(tables.keys)
      try cursor.forEach(atOrAfter: [UInt8]().span) { key, wrapped in
        areWhole = key.count == 16 && wrapped.count == Rewrapping.wrappedSize
        rows.append(copying: key)
        rows.append(copying: wrapped)
        return areWhole
      }
      return areWhole ? rows : nil
    }
    guard let survivors else { throw .damaged("The wrapped key of a subject") }
    let pieces: [[UInt8]]
    do {
      pieces = try Rewrapping(present: present, next: next).rewrap(survivors, random: random)
    } catch {
      throw .damaged("The wrapped key of a subject")
    }
    try stored { () throws(LMDBError) in
      var writer = try transaction.writer(for: tables.keys)
      var row = 0
      for piece in pieces {
        for start in stride(from: 0, to: piece.count, by: Rewrapping.wrappedSize) {
          try writer.change(
            survivors.span.extracting(row..<(row + 16)),
            to: piece.span.extracting(start..<(start + Rewrapping.wrappedSize)))
          row += Rewrapping.rowSize
        }
      }
    }
  }

  /// Deletes a subject's sealed values, and notes which files are to be removed.
  static func deleteValues(
    of subject: SubjectID, _ tables: LogTables, _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    let sealed = try rows(of: subject, in: tables.sealed, transaction)
    let documents = try rows(of: subject, in: tables.documents, transaction)
    try stored { () throws(LMDBError) in
      for row in sealed { try transaction.delete(row.span, in: tables.sealed) }
      for row in documents {
        try transaction.delete(row.span, in: tables.documents)
        try transaction.put([], at: Array(row[16...]), in: tables.unlinking)
      }
    }
  }

  private static func rows(
    of subject: SubjectID, in table: Table, _ transaction: borrowing WriteTransaction
  ) throws(EventLogError) -> [[UInt8]] {
    try stored { () throws(LMDBError) in
      var rows: [[UInt8]] = []
      var cursor = try transaction.cursor(table)
      var entry = try cursor.seek(atOrAfter: subject.bytes.span)
      while let found = entry {
        let key = [UInt8](copying: found.key)
        guard key.starts(with: subject.bytes) else { break }
        rows.append(key)
        entry = try cursor.next()
      }
      return rows
    }
  }
}
