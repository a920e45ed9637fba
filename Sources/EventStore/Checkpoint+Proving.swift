import Cryptography

/// What is stored of the tree is held to the signed root before anything of it is handed out: it may have been damaged
/// since.
extension Checkpoint {
  /// Proves that the stored bytes of an event lie under this checkpoint.
  ///
  /// - Throws: `.damaged` where they do not, or the stored tree is another one.
  func inclusion(
    of event: [UInt8], at position: Position, _ subtree: MerklePaths<EventLogError>.Subtree
  ) throws(EventLogError) -> InclusionProof {
    let index = position.rawValue - 1
    let proof = InclusionProof(
      index: index, size: size, hashes: try MerklePaths.inclusion(of: index, in: size, subtree))
    guard proof.verifies(event, root: root) else {
      throw .damaged("Event \(position), or the tree over it,")
    }
    return proof
  }

  /// Whether all hashes that a tile has by now are those of the tree: a full tile has its root in the tree above it, and
  /// the root over all events is made of those at the right edge.
  func holds(
    _ hashes: [Digest], ofTile index: UInt64, level: Int,
    _ subtree: MerklePaths<EventLogError>.Subtree
  ) throws(EventLogError) -> Bool {
    if hashes.count == 256 {
      return MerkleHash.root(hashes[...]) == (try subtree(8 * level + 8, index))
    }
    let frontier = try Frontier(size: size) { (height, place) throws(EventLogError) in
      guard height / 8 == level else { return try subtree(height, place) }
      let width = 1 << (height - 8 * level)
      let first = Int(place) * width - Int(index) * 256
      return MerkleHash.root(hashes[first..<(first + width)])
    }
    return frontier.root == root
  }
}
