import Cryptography
import LMDB

extension Stage {
  /// Wraps all keys anew, in the order in which they lie.
  ///
  /// Nobody's erasure waits for another's key: a damaged one is taken from the escrow, or else left as it is, for `verify`
  /// to find.
  ///
  /// - Parameter kept: subject ‖ wrapped key, side by side: what the escrow holds.
  /// - Throws: `.damaged` for the log's own secret, without which nothing could be recorded any more.
  func rewrap(
    _ rewrapping: Rewrapping, or kept: [UInt8], _ transaction: inout WriteTransaction
  ) throws(EventLogError) {
    var (rows, damaged) = try wrappedKeys(transaction)
    damaged.formUnion(try put(rows, rewrapping, &transaction))
    guard !damaged.isEmpty else { return }
    for start in stride(from: 0, to: kept.count, by: Rewrapping.rowSize) {
      let subject = SubjectID(exactly: kept.span.extracting(start..<(start + 16)))
      guard damaged.contains(subject) else { continue }
      let row = Array(kept[start..<(start + Rewrapping.rowSize)])
      if try put(row, rewrapping, &transaction).isEmpty { damaged.remove(subject) }
    }
    guard !damaged.contains(.store) else { throw .damaged("The log's own secret") }
  }

  /// The rows of all keys side by side, and whose are none by their size.
  private func wrappedKeys(
    _ transaction: borrowing WriteTransaction
  ) throws(EventLogError) -> (rows: [UInt8], damaged: Set<SubjectID>) {
    let keys = tables.keys
    return try stored { () throws(LMDBError) in
      var (rows, damaged) = ([UInt8](), Set<SubjectID>())
      rows.reserveCapacity(Rewrapping.rowSize * (try transaction.count(keys)))
      var cursor = try transaction.cursor(keys)
      try cursor.forEach(atOrAfter: [UInt8]().span) { key, wrapped in
        guard key.count == 16 else { return true }
        if wrapped.count == Rewrapping.wrappedSize {
          rows.append(copying: key)
          rows.append(copying: wrapped)
        } else {
          damaged.insert(SubjectID(exactly: key))
        }
        return true
      }
      return (rows, damaged)
    }
  }

  /// Wraps the keys of rows anew and puts them in, but for those that cannot be unwrapped.
  ///
  /// - Returns: whose these are.
  private func put(
    _ rows: [UInt8], _ rewrapping: Rewrapping, _ transaction: inout WriteTransaction
  ) throws(EventLogError) -> [SubjectID] {
    let pieces: [Rewrapping.Rewrapped]
    do { pieces = try rewrapping.rewrap(rows, random: random) } catch {
      throw .storage(operation: "wrap a key", reason: error.description)
    }
    let keys = tables.keys
    try stored { () throws(LMDBError) in
      var writer = try transaction.writer(for: keys)
      for rows in pieces.map(\.rows) {
        for start in stride(from: 0, to: rows.count, by: Rewrapping.rowSize) {
          try writer.change(
            rows.span.extracting(start..<(start + 16)),
            to: rows.span.extracting((start + 16)..<(start + Rewrapping.rowSize)))
        }
      }
    }
    return pieces.flatMap(\.damaged)
  }
}
