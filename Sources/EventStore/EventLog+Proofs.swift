public import Cryptography
import LMDB

extension EventLog {
  /// Proves that the event at `position` lies under the newest signed checkpoint.
  ///
  /// - Throws: `.invalid` for a position that is not in the log.
  /// - Complexity: O(log n) reads.
  public func proof(of position: Position) throws(EventLogError) -> TransparencyProof {
    let head = try newestHead()
    guard position > .zero, position.rawValue <= head.size else {
      throw .invalid("There is no event \(position): the log has events 1 to \(head.size).")
    }
    let hashes = try tree { (subtree) throws(EventLogError) in
      try MerklePaths.inclusion(of: position.rawValue - 1, in: head.size, subtree)
    }
    return TransparencyProof(
      inclusion: InclusionProof(index: position.rawValue - 1, size: head.size, hashes: hashes),
      checkpoint: head.note)
  }

  /// The proof as above with the event in it, and the log's key: one file for whoever has neither.
  ///
  /// - Throws: as `proof(of:)`; `.damaged` for an event that cannot be read.
  public func receipt(of position: Position) throws(EventLogError) -> TransparencyProof {
    let proof = try proof(of: position)
    guard let event = try event(at: position) else { throw .damaged("Event \(position)") }
    return proof.carrying(event.bytes, key: signer.current.verifier)
  }

  /// Proves that the tree over `second` events has grown from that over `first`.
  ///
  /// - Throws: `.invalid` for sizes that are not in order or beyond the log's.
  public func consistency(
    from first: UInt64, to second: UInt64
  ) throws(EventLogError) -> ConsistencyProof {
    let size = try head.rawValue
    guard first <= second, second <= size else {
      throw .invalid(
        "The log has \(size) events; a consistency proof goes from a size to one not below it and not "
          + "beyond that.")
    }
    let hashes = try tree { (subtree) throws(EventLogError) in
      try MerklePaths.consistency(from: first, to: second, subtree)
    }
    return ConsistencyProof(first: first, second: second, hashes: hashes)
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
  /// - Parameters:
  ///   - level: 0 for leaves; each hash of a level spans a full tile of the level below.
  ///   - width: how many hashes, for a partial tile; 256 for a full one.
  public func tile(
    level: Int, index: UInt64, width: Int = 256
  ) throws(EventLogError) -> [UInt8]? {
    guard (0..<8).contains(level), (1...256).contains(width), index < 1 << 48 else { return nil }
    let size = try head.rawValue
    let shift = UInt64(8 * level)
    guard index * 256 + UInt64(width) <= size >> shift else { return nil }
    return try tree { (subtree) throws(EventLogError) in
      var bytes: [UInt8] = []
      bytes.reserveCapacity(width * 32)
      for offset in 0..<UInt64(width) {
        bytes += try subtree(8 * level, index * 256 + offset).bytes
      }
      return bytes
    }
  }

  /// The events of an entry bundle (C2SP tlog-tiles): each after its length in two bytes, or `nil` where
  /// there are fewer.
  public func entryBundle(
    index: UInt64, width: Int = 256
  ) throws(EventLogError) -> [UInt8]? {
    guard (1...256).contains(width), index < 1 << 48 else { return nil }
    let first = Position(rawValue: index * 256 + 1)
    var bytes: [UInt8] = []
    var count = 0
    try forEach(from: first, through: Position(rawValue: index * 256 + UInt64(width))) {
      _, event in
      bytes.append(UInt8(truncatingIfNeeded: event.count >> 8))
      bytes.append(UInt8(truncatingIfNeeded: event.count))
      bytes.append(contentsOf: [UInt8](copying: event))
      count += 1
      return true
    }
    return count == width ? bytes : nil
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
