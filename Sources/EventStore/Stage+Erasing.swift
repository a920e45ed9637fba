import Cryptography
import LMDB

extension Stage {
  /// Refuses to erase those who were erased before; whose key is lost or damaged has no less of a right to it, and who
  /// has a key was not erased, whatever a row says.
  func check(
    _ erasing: Writer.Erasing, _ transaction: borrowing WriteTransaction
  ) throws(StageError) {
    for subject in erasing.subjects {
      let row: [UInt8]?
      do throws(LMDBError) {
        let key = try transaction.value(at: subject.bytes, in: tables.keys)
        row = key == nil ? try transaction.value(at: subject.bytes, in: tables.erased) : nil
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
    try rewrap(Rewrapping(present: present, next: erasing.next), or: erasing.kept, &transaction)
    try stored { () throws(LMDBError) in
      try transaction.put(
        bigEndian(erasing.next.generation), at: MetaKey.generation, in: tables.meta)
      guard erasing.withoutEscrow else { return }
      for key in [MetaKey.escrow, MetaKey.escrowKeeper] {
        try transaction.delete(key, in: tables.meta)
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
