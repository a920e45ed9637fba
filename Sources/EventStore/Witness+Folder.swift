import Cryptography
import LMDB

extension Witness {
  /// Cosigns the newest signed checkpoint in a log's folder, which is only read: a copy of it, or a mount that cannot
  /// be written, will do, and no key is needed.
  ///
  /// - Returns: the note with the cosignature added; the one of before, where that is over all that is signed there
  ///   and the folder holds the events: whoever has the log open signs a head before its note is stored.
  /// - Throws: as `cosign(_:by:bridges:restored:proof:)`; `.absent`, `.damaged`, or `.invalid` where nothing is signed.
  public func cosign(logIn directory: String) throws(EventLogError) -> String {
    let copy = try LogCopy(directory)
    return try copy.steadily { () throws(EventLogError) in try cosign(copy) }
  }

  private func cosign(_ copy: LogCopy) throws(EventLogError) -> String {
    let (newest, key, bridges) = try copy.snapshot { (transaction) throws(EventLogError) in
      let row = try stored { () throws(LMDBError) in
        try transaction.value(at: MetaKey.publicKey, in: copy.tables.meta)
      }
      return (
        try copy.newestNote(in: transaction), VerifierKey.listed(in: row ?? []).last,
        try copy.tables.bridges(in: transaction)
      )
    }
    guard let (note, checkpoint) = newest else {
      throw .invalid(
        "No signed checkpoint lies in '\(copy.folder.path)' yet: the first is there after the second append, or when "
          + "whoever has the log open has closed it. Try again then.")
    }
    guard let key else { throw .damaged("The log's description of itself") }
    let before = try self.newest()
    let seen = before.flatMap { Checkpoint(note: $0) }
    if let before, let seen, seen.origin == checkpoint.origin, seen.size > checkpoint.size,
      try copy.root(size: seen.size) == seen.root
    {
      return before
    }
    let isRenamed = seen.map { $0.origin != checkpoint.origin } ?? false
    return try cosign(
      note.encoded, by: key, bridges: bridges,
      restored: isRenamed ? try copy.successions(under: checkpoint.size) : []
    ) { (first, second) throws(EventLogError) in
      let hashes = try copy.tables.tree(in: copy.environment) {
        (subtree) throws(EventLogError) in
        try MerklePaths.consistency(from: first, to: second, subtree)
      }
      return ConsistencyProof(first: first, second: second, hashes: hashes)
    }
  }
}

extension LogCopy {
  /// The root of the tree over the first events; `nil` where there are fewer.
  fileprivate func root(size: UInt64) throws(EventLogError) -> Digest? {
    try snapshot { (transaction) throws(EventLogError) in
      guard size <= (try LogState.size(transaction, tables)) else { return nil }
      return try LogState.frontier(of: size, transaction, tables).root
    }
  }

  /// The events that record restorations, each with its proof under the checkpoint over `size` events.
  ///
  /// - Complexity: O(size).
  fileprivate func successions(
    under size: UInt64
  ) throws(EventLogError) -> [(event: [UInt8], proof: InclusionProof)] {
    let type = Array(Succession.type.utf8)
    var found: [(index: UInt64, event: [UInt8])] = []
    var next: UInt64 = 1
    // No snapshot is held for long.
    while next <= size {
      let first = next
      next = min(first + 10_000, size + 1)
      let last = next
      try stored { () throws(LMDBError) in
        try environment.read { (transaction) throws(LMDBError) in
          var cursor = try transaction.cursor(tables.events)
          try cursor.forEach(atOrAfter: bigEndian(first).span) { key, value in
            guard let position = bigEndian(key), position < last else { return false }
            if let line = try? EventLine(value), Array(copying: line.type) == type {
              found.append((position - 1, Array(copying: value)))
            }
            return true
          }
        }
      }
    }
    var proven: [(event: [UInt8], proof: InclusionProof)] = []
    for (index, event) in found {
      let hashes = try tables.tree(in: environment) { (subtree) throws(EventLogError) in
        try MerklePaths.inclusion(of: index, in: size, subtree)
      }
      proven.append((event, InclusionProof(index: index, size: size, hashes: hashes)))
    }
    return proven
  }
}
