public import Cryptography
import LMDB

extension EventLog {
  /// Proves that the event at `position` lies under the newest signed checkpoint.
  ///
  /// - Throws: `.invalid` for a position that is not in the log; `.damaged` where the event, or the tree over it, is not
  ///   what was signed, of which any proof would be wrong.
  /// - Complexity: O(log n) reads.
  public func proof(of position: Position) throws(EventLogError) -> TransparencyProof {
    try proven(position).proof
  }

  /// The proof as above with the event in it, and the log's key: one file for whoever has neither.
  ///
  /// - Throws: as `proof(of:)`.
  public func receipt(of position: Position) throws(EventLogError) -> TransparencyProof {
    let (event, proof) = try proven(position)
    return proof.carrying(event, key: signer.current.verifier)
  }

  private func proven(
    _ position: Position
  ) throws(EventLogError) -> (event: [UInt8], proof: TransparencyProof) {
    let (note, head) = try signedTree()
    guard position > .zero, position.rawValue <= head.size else {
      throw .invalid("There is no event \(position): the log has events 1 to \(head.size).")
    }
    guard let event = try bytes(at: position) else { throw .damaged("Event \(position)") }
    let inclusion = try tree { (subtree) throws(EventLogError) in
      try head.inclusion(of: event, at: position, subtree)
    }
    return (event, TransparencyProof(inclusion: inclusion, checkpoint: note))
  }

  /// Proves that the tree over `second` events has grown from that over `first`.
  ///
  /// - Throws: `.invalid` for sizes that are not in order or beyond the log's; `.damaged` where the tree is not what was
  ///   signed.
  public func consistency(
    from first: UInt64, to second: UInt64
  ) throws(EventLogError) -> ConsistencyProof {
    let head = try signedTree().head
    guard first <= second, second <= head.size else {
      throw .invalid(
        "The log has \(head.size) events; a consistency proof goes from a size to one not below it and not "
          + "beyond that.")
    }
    return try tree { (subtree) throws(EventLogError) in
      let older = try Frontier(size: first, subtree: subtree).root
      let newer = try Frontier(size: second, subtree: subtree).root
      let proof = ConsistencyProof(
        first: first, second: second,
        hashes: try MerklePaths.consistency(from: first, to: second, subtree))
      // From there on to what was signed, which decides whether both roots are right.
      let rest = ConsistencyProof(
        first: second, second: head.size,
        hashes: try MerklePaths.consistency(from: second, to: head.size, subtree))
      guard proof.verifies(older: older, newer: newer),
        rest.verifies(older: newer, newer: head.root)
      else { throw .damaged("The tree over \(second) events") }
      return proof
    }
  }

  /// The newest signed head, and what it says.
  private func signedTree() throws(EventLogError) -> (note: SignedNote, head: Checkpoint) {
    let head = try newestHead()
    guard let checkpoint = Checkpoint(text: head.note.text), checkpoint.size == head.size else {
      throw .damaged("The stored checkpoint over \(head.size) events")
    }
    return (head.note, checkpoint)
  }

  /// The stored bytes of an event, or `nil`.
  private func bytes(at position: Position) throws(EventLogError) -> [UInt8]? {
    try stored { () throws(LMDBError) in
      try environment.read { (transaction) throws(LMDBError) in
        try transaction.value(at: position.key, in: tables.events)
      }
    }
  }

  /// The root of the tree over the first `size` events.
  ///
  /// - Throws: `.invalid` when there are fewer.
  public func root(size: UInt64) throws(EventLogError) -> Digest {
    let head = try head.rawValue
    guard size <= head else { throw .invalid("The log has \(head) events only.") }
    return try tree { (subtree) throws(EventLogError) in
      try Frontier(size: size, subtree: subtree).root
    }
  }

  /// The hashes of a tile (C2SP tlog-tiles), or `nil` where there is none.
  ///
  /// Throws `.damaged` where they are not what the tree above them was made of.
  ///
  /// - Parameters:
  ///   - level: 0 for leaves; each hash of a level spans a full tile of the level below.
  ///   - width: how many hashes, for a partial tile; 256 for a full one.
  public func tile(
    level: Int, index: UInt64, width: Int = 256
  ) throws(EventLogError) -> [UInt8]? {
    guard (0..<8).contains(level), (1...256).contains(width), index < 1 << 48 else { return nil }
    let head = try signedTree().head
    let count = head.size >> UInt64(8 * level)
    guard index * 256 + UInt64(width) <= count else { return nil }
    return try tree { (subtree) throws(EventLogError) in
      var hashes: [Digest] = []
      // What shows that they are right lies above all that the tile has by now.
      for offset in 0..<min(256, count - index * 256) {
        hashes.append(try subtree(8 * level, index * 256 + offset))
      }
      guard try head.holds(hashes, ofTile: index, level: level, subtree) else {
        throw .damaged("Tile \(index) of level \(level), or the tree above it,")
      }
      var bytes: [UInt8] = []
      bytes.reserveCapacity(width * 32)
      for hash in hashes.prefix(width) { hash.write(to: &bytes) }
      return bytes
    }
  }

  /// The events of an entry bundle (C2SP tlog-tiles): each after its length in two bytes, or `nil` where
  /// there are fewer.
  ///
  /// Throws `.damaged` where one is not what the tree was grown from.
  public func entryBundle(
    index: UInt64, width: Int = 256
  ) throws(EventLogError) -> [UInt8]? {
    guard let leaves = try tile(level: 0, index: index, width: width) else { return nil }
    return try entryBundle(index: index, over: leaves)
  }

  /// The events whose leaves a tile has.
  func entryBundle(index: UInt64, over leaves: [UInt8]) throws(EventLogError) -> [UInt8] {
    let first = Position(rawValue: index * 256 + 1)
    let count = leaves.count / 32
    var bytes: [UInt8] = []
    var hasher = SHA256Hasher()
    var next = 0
    try forEach(from: first, through: Position(rawValue: index * 256 + UInt64(count))) {
      position, event in
      let leaf = leaves.span.extracting((32 * next)..<(32 * next + 32))
      guard position.rawValue == first.rawValue + UInt64(next),
        hasher.hash(prefix: 0, event) == Digest(exactly: leaf)
      else { return false }
      bytes.append(UInt8(truncatingIfNeeded: event.count >> 8))
      bytes.append(UInt8(truncatingIfNeeded: event.count))
      bytes.append(copying: event)
      next += 1
      return true
    }
    guard next == count else { throw .damaged("Event \(first.rawValue + UInt64(next))") }
    return bytes
  }

  /// Runs `body` over the stored tree, in one snapshot.
  func tree<Value>(
    _ body: (MerklePaths<EventLogError>.Subtree) throws(EventLogError) -> Value
  ) throws(EventLogError) -> Value {
    try tables.tree(in: environment, body)
  }
}

extension LogTables {
  /// Runs `body` over the stored tree, in one snapshot.
  func tree<Value>(
    in environment: Environment,
    _ body: (MerklePaths<EventLogError>.Subtree) throws(EventLogError) -> Value
  ) throws(EventLogError) -> Value {
    do {
      return try environment.read { (transaction) throws(EventLogError) in
        var nodes = NodeReader(self)
        return try body { (height, index) throws(EventLogError) in
          try nodes.subtree(height, index, in: transaction)
        }
      }
    } catch {
      throw EventLogError(error)
    }
  }
}
