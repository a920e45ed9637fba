public import Cryptography

/// The paths of RFC 9162 §2.1.3 and §2.1.4, made from hashes of complete subtrees.
struct MerklePaths<Failure: Error> {
  /// Gives the hash of a complete subtree.
  typealias Subtree = (_ height: Int, _ index: UInt64) throws(Failure) -> Digest

  /// The hashes beside the way from leaf `index` up to the root over `size` leaves.
  ///
  /// - Complexity: O(log size) hashes.
  static func inclusion(
    of index: UInt64, in size: UInt64, _ subtree: Subtree
  ) throws(Failure) -> [Digest] {
    precondition(index < size)
    return try path(to: index, 0, size, subtree)
  }

  /// The hashes from which both the root over `first` leaves and that over `second` follow.
  static func consistency(
    from first: UInt64, to second: UInt64, _ subtree: Subtree
  ) throws(Failure) -> [Digest] {
    precondition(first <= second)
    guard first > 0, first < second else { return [] }
    return try subproof(first, 0, second, whole: true, subtree)
  }

  private static func path(
    to index: UInt64, _ start: UInt64, _ end: UInt64, _ subtree: Subtree
  ) throws(Failure) -> [Digest] {
    guard end - start > 1 else { return [] }
    let middle = start + split(end - start)
    return index < middle
      ? try path(to: index, start, middle, subtree) + [root(middle, end, subtree)]
      : try path(to: index, middle, end, subtree) + [root(start, middle, subtree)]
  }

  private static func subproof(
    _ first: UInt64, _ start: UInt64, _ end: UInt64, whole: Bool, _ subtree: Subtree
  ) throws(Failure) -> [Digest] {
    if start + first == end { return whole ? [] : [try root(start, end, subtree)] }
    let half = split(end - start)
    return first <= half
      ? try subproof(first, start, start + half, whole: whole, subtree)
        + [root(start + half, end, subtree)]
      : try subproof(first - half, start + half, end, whole: false, subtree)
        + [root(start, start + half, subtree)]
  }

  /// The root over the leaves from `start` to before `end`.
  static func root(
    _ start: UInt64, _ end: UInt64, _ subtree: Subtree
  ) throws(Failure) -> Digest {
    let count = end - start
    if count & (count - 1) == 0 {
      let height = count.trailingZeroBitCount
      return try subtree(height, start >> UInt64(height))
    }
    let middle = start + split(count)
    return MerkleHash.node(try root(start, middle, subtree), try root(middle, end, subtree))
  }

  /// The greatest power of two below `count`.
  private static func split(_ count: UInt64) -> UInt64 {
    1 << UInt64(63 - (count - 1).leadingZeroBitCount)
  }
}

/// Shows that an event is under a root (RFC 9162 §2.1.3).
public struct InclusionProof: Sendable, Hashable {
  /// The event's index: its position less one.
  public let index: UInt64
  /// How many events the tree has.
  public let size: UInt64
  /// The hashes beside the way from the leaf to the root.
  public let hashes: [Digest]

  /// Describes a proof.
  public init(index: UInt64, size: UInt64, hashes: [Digest]) {
    self.index = index
    self.size = size
    self.hashes = hashes
  }

  /// Whether the stored bytes of an event are under `root`, as RFC 9162 §2.1.3.2 checks it.
  public func verifies(_ event: [UInt8], root: Digest) -> Bool {
    guard index < size else { return false }
    var (node, last) = (index, size - 1)
    var hash = MerkleHash.leaf(event.span)
    for sibling in hashes {
      guard last > 0 else { return false }
      if node & 1 == 1 || node == last {
        hash = MerkleHash.node(sibling, hash)
        while node & 1 == 0, node != 0 {
          node >>= 1
          last >>= 1
        }
      } else {
        hash = MerkleHash.node(hash, sibling)
      }
      node >>= 1
      last >>= 1
    }
    return last == 0 && hash == root
  }
}

/// Shows that one tree has grown from another (RFC 9162 §2.1.4).
public struct ConsistencyProof: Sendable, Hashable {
  /// How many events the older tree has.
  public let first: UInt64
  /// How many events the newer tree has.
  public let second: UInt64
  /// The hashes from which both roots follow.
  public let hashes: [Digest]

  /// Describes a proof.
  public init(first: UInt64, second: UInt64, hashes: [Digest]) {
    self.first = first
    self.second = second
    self.hashes = hashes
  }

  /// Whether the log of `newer` has grown from `older`: the proof is for these sizes, and for these roots.
  public func verifies(older: Checkpoint, newer: Checkpoint) -> Bool {
    older.origin == newer.origin && first == older.size && second == newer.size
      && verifies(older: older.root, newer: newer.root)
  }

  /// Whether the tree of `newer` has grown from that of `older`, as RFC 9162 §2.1.4.2 checks it.
  ///
  /// It shows nothing of the sizes that somebody claims: they are the proof's own.
  func verifies(older: Digest, newer: Digest) -> Bool {
    guard first <= second else { return false }
    if first == second { return hashes.isEmpty && older == newer }
    if first == 0 { return hashes.isEmpty && older == MerkleHash.empty }
    var path = hashes[...]
    if first & (first - 1) == 0 { path = ([older] + hashes)[...] }
    guard var old = path.popFirst() else { return false }
    var new = old
    var (node, last) = (first - 1, second - 1)
    while node & 1 == 1 {
      node >>= 1
      last >>= 1
    }
    for hash in path {
      guard last > 0 else { return false }
      if node & 1 == 1 || node == last {
        old = MerkleHash.node(hash, old)
        new = MerkleHash.node(hash, new)
        while node & 1 == 0, node != 0 {
          node >>= 1
          last >>= 1
        }
      } else {
        new = MerkleHash.node(new, hash)
      }
      node >>= 1
      last >>= 1
    }
    return last == 0 && old == older && new == newer
  }
}
