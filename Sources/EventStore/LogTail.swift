import Cryptography
import LMDB

/// The newest part of a log, read again after a write whose outcome nobody knows.
enum LogTail {
  /// Refuses a log whose last events are not what its tree was grown from, or whose tree is not the one over
  /// which `answered` was given out.
  ///
  /// - Complexity: O(events since the last multiple of 256 below `answered`).
  /// - Throws: `.damaged`, `.storage`.
  static func check(
    _ environment: Environment, _ tables: LogTables, answered: SignedHead?
  ) throws(EventLogError) {
    do {
      try environment.read { (transaction) throws(EventLogError) in
        try check(transaction, tables, answered)
      }
    } catch {
      throw EventLogError(error)
    }
  }

  private static func check(
    _ transaction: borrowing ReadTransaction, _ tables: LogTables, _ answered: SignedHead?
  ) throws(EventLogError) {
    let size = try LogState.size(transaction, tables)
    let known = answered?.size ?? size
    guard known <= size else { throw .damaged("The end of the log") }
    var hasher = SHA256Hasher()
    let start = known / 256 * 256
    var frontier = try LogState.frontier(of: start, transaction, tables)
    for index in start...size {
      if index == known, let answered, frontier.root != answered.root {
        throw .damaged("The tree over \(known) events")
      }
      if index == size { break }
      let position = Position(rawValue: index + 1)
      let (bytes, leaf) = try stored { () throws(LMDBError) in
        (
          try transaction.value(at: position.key, in: tables.events),
          try transaction.leaf(at: index, in: tables)
        )
      }
      guard let bytes, let leaf, MerkleHash.leaf(bytes.span) == leaf else {
        throw .damaged("Event \(position)")
      }
      frontier.append(MerkleHash.leaf(bytes.span), &hasher) { _, _, _ in }
    }
    let stored = try LogState.frontier(of: size, transaction, tables)
    guard stored.root == frontier.root else { throw .damaged("The tree over \(size) events") }
  }
}

extension SignedHead {
  /// The root that the note speaks of.
  var root: Digest? { Checkpoint(text: note.text)?.root }
}
