import Cryptography

/// The hashes of RFC 6962 §2.1 and RFC 9162 §2.1: leaves and nodes begin with different bytes, so that
/// one cannot be taken for the other.
enum MerkleHash {
  /// The root of the tree without leaves.
  static let empty = SHA256.hash([UInt8]())

  static func leaf(_ bytes: Span<UInt8>) -> Digest {
    var hasher = SHA256Hasher()
    return hasher.hash(prefix: 0, bytes)
  }

  static func node(_ left: Digest, _ right: Digest) -> Digest {
    var hasher = SHA256Hasher()
    return hasher.hash(prefix: 1, left, right)
  }

  /// The root of a complete subtree, over neighbours of one height: as many as a power of two.
  static func root(_ hashes: ArraySlice<Digest>) -> Digest {
    var (hashes, hasher) = (hashes, SHA256Hasher())
    while hashes.count > 1 {
      var above: ArraySlice<Digest> = []
      above.reserveCapacity(hashes.count / 2)
      for index in stride(from: hashes.startIndex, to: hashes.endIndex, by: 2) {
        above.append(hasher.hash(prefix: 1, hashes[index], hashes[index + 1]))
      }
      hashes = above
    }
    return hashes[hashes.startIndex]
  }
}

/// The right edge of a tree: the roots of its complete subtrees, from which its root and every later
/// tree follow.
struct Frontier: Sendable {
  /// How many leaves there are.
  private(set) var size: UInt64 = 0
  /// The root of the complete subtree of each height, where the size has that bit.
  private var peaks: [Digest?] = []

  /// The frontier of the tree without leaves.
  init() {}

  /// The frontier of a tree of `size` leaves, of which `subtree` knows the complete subtrees.
  init<E: Error>(
    size: UInt64, subtree: (_ height: Int, _ index: UInt64) throws(E) -> Digest
  ) throws(E) {
    self.size = size
    for height in 0..<64 where size >> UInt64(height) != 0 {
      let present = size >> UInt64(height) & 1 == 1
      peaks.append(
        present ? try subtree(height, (size >> UInt64(height)) - 1) : nil)
    }
  }

  /// Adds a leaf, and tells of every subtree that it completes, itself first.
  mutating func append<E: Error>(
    _ leaf: Digest, _ hasher: inout SHA256Hasher,
    completed: (_ height: Int, _ index: UInt64, Digest) throws(E) -> Void
  ) throws(E) {
    var hash = leaf
    var height = 0
    var index = size
    try completed(0, index, hash)
    while height < peaks.count, let left = peaks[height] {
      hash = hasher.hash(prefix: 1, left, hash)
      peaks[height] = nil
      height += 1
      index >>= 1
      try completed(height, index, hash)
    }
    if height == peaks.count { peaks.append(hash) } else { peaks[height] = hash }
    size += 1
  }

  /// Adds a complete subtree whose height divides the size, and tells of every subtree above it that it completes.
  mutating func append(
    subtree: Digest, height: Int, _ hasher: inout SHA256Hasher,
    completed: (_ height: Int, _ index: UInt64, Digest) -> Void = { _, _, _ in }
  ) {
    precondition(size % (1 << UInt64(height)) == 0)
    var hash = subtree
    var level = height
    while peaks.count < level { peaks.append(nil) }
    while level < peaks.count, let left = peaks[level] {
      hash = hasher.hash(prefix: 1, left, hash)
      peaks[level] = nil
      level += 1
      completed(level, size >> UInt64(level), hash)
    }
    if level == peaks.count { peaks.append(hash) } else { peaks[level] = hash }
    size += 1 << UInt64(height)
  }

  /// Adds all leaves of a tree that grew from a size which its own size, rounded up to a power of two,
  /// divides.
  ///
  /// Tells of every subtree that is completed by more than the other tree alone.
  mutating func append(
    _ other: Frontier, _ hasher: inout SHA256Hasher,
    completed: (_ height: Int, _ index: UInt64, Digest) -> Void = { _, _, _ in }
  ) {
    for height in other.peaks.indices.reversed() {
      guard let peak = other.peaks[height] else { continue }
      append(subtree: peak, height: height, &hasher, completed: completed)
    }
  }

  /// The root over all leaves.
  var root: Digest {
    var hasher = SHA256Hasher()
    var root: Digest?
    for peak in peaks {
      guard let peak else { continue }
      root = root.map { hasher.hash(prefix: 1, peak, $0) } ?? peak
    }
    return root ?? MerkleHash.empty
  }
}
