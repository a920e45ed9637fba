import Cryptography
import LMDB

/// The keys of the stored hashes of complete subtrees: leaves, and every fourth height above them.
enum StoredNodes {
  /// Whether hashes of this height are stored.
  static func stores(_ height: Int) -> Bool { height % 4 == 0 }

  /// The key of a stored node above the leaves.
  static func key(_ height: Int, _ index: UInt64) -> [UInt8] {
    [UInt8(height)] + bigEndian(index)
  }
}

/// Reads hashes of complete subtrees, sixteen stored neighbours at a time.
///
/// A proof's siblings lie side by side, so that one block gives four of them.
struct NodeReader {
  private struct Block: Hashable {
    let height: Int
    let index: UInt64
  }

  private let tables: LogTables
  private var blocks: [Block: [Digest]] = [:]

  init(_ tables: LogTables) { self.tables = tables }

  /// The hash of a complete subtree.
  mutating func subtree(
    _ height: Int, _ index: UInt64, in transaction: borrowing ReadTransaction
  ) throws(EventLogError) -> Digest {
    let (block, range) = Self.place(height, index)
    if blocks[block] == nil {
      let tables = tables
      blocks[block] = try stored { () throws(LMDBError) in
        block.height == 0
          ? try Self.leaves(from: block.index * 16, transaction, tables)
          : try Self.nodes(
            from: StoredNodes.key(block.height, block.index * 16), transaction, tables)
      }
    }
    return try hash(blocks[block, default: []], range, height, index)
  }

  /// The block of sixteen stored hashes beneath a subtree, and which of them it spans.
  private static func place(_ height: Int, _ index: UInt64) -> (Block, Range<Int>) {
    let base = height - height % 4
    let first = index << UInt64(height - base)
    let offset = Int(first % 16)
    return (Block(height: base, index: first / 16), offset..<(offset + (1 << (height - base))))
  }

  private static func nodes(
    from start: [UInt8], _ transaction: borrowing ReadTransaction, _ tables: LogTables
  ) throws(LMDBError) -> [Digest] {
    var digests: [Digest] = []
    digests.reserveCapacity(16)
    var expected = bigEndian(start.span, at: 1)
    var cursor = try transaction.cursor(tables.nodes)
    try cursor.forEach(atOrAfter: start.span) { key, value in
      guard value.count == 32, key.count == 9, key[0] == start[0], bigEndian(key, at: 1) == expected
      else { return false }
      digests.append(Digest(exactly: value))
      expected += 1
      return digests.count < 16
    }
    return digests
  }

  private static func leaves(
    from index: UInt64, _ transaction: borrowing ReadTransaction, _ tables: LogTables
  ) throws(LMDBError) -> [Digest] {
    var digests: [Digest] = []
    digests.reserveCapacity(16)
    var events = try transaction.cursor(tables.events)
    var entry = try events.seek(atOrAfter: bigEndianBytes(index + 1).span)
    while let found = entry, bigEndian(found.key) == index + UInt64(digests.count) + 1 {
      var leaf = found.leaf
      if found.isOlder {
        leaf = try transaction.leaf(at: index + UInt64(digests.count), in: tables)
      }
      guard let leaf else { break }
      digests.append(leaf)
      guard digests.count < 16 else { break }
      entry = try events.next()
    }
    return digests
  }

  private func hash(
    _ block: [Digest], _ range: Range<Int>, _ height: Int, _ index: UInt64
  ) throws(EventLogError) -> Digest {
    guard range.upperBound <= block.count else {
      throw .damaged("A node of the tree, height \(height), index \(index)")
    }
    return MerkleHash.root(block[range])
  }
}
