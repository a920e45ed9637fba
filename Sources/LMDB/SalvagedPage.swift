import Glibc

/// A page of a table's tree, as it lies in a file that is damaged.
///
/// Source: `MDB_page` and `MDB_node` in mdb.c of LMDB 0.9.
struct SalvagedPage {
  /// A row of a leaf, or what a branch says of a page below it.
  struct Node {
    /// Where the key lies, which what belongs to it follows.
    let key: Range<Int>
    /// Of a leaf's row 1 where the value lies on pages of its own, 2 where it is a table's record.
    let kind: Int
    /// How long a leaf's value is.
    let size: Int
    /// The page that a branch's node leads to.
    var page: UInt64 { UInt64(size) | UInt64(kind) << 32 }
  }

  let bytes: [UInt8]
  let isLeaf: Bool
  let nodes: [Node]
  /// Whether the page is as LMDB leaves one.
  ///
  /// Of one that is not, those nodes are given that lie within it.
  let isSound: Bool

  /// Reads a page; `nil` of one that is none of a tree's: the first of a long value, or a meta page.
  init?(_ bytes: [UInt8], number: UInt64) {
    let (flags, lower, upper) = (bytes.word(10), bytes.word(12), bytes.word(14))
    guard flags != 4, flags != 8 else { return nil }
    self.bytes = bytes
    isLeaf = flags != 1
    let declared = (lower - 16) / 2
    var nodes: [Node] = []
    var starts: Set<Int> = []
    var filled = 0
    for index in 0..<max(0, min(declared, bytes.count / 2)) {
      let start = bytes.word(16 + 2 * index)
      guard start >= upper, start % 2 == 0, starts.insert(start).inserted,
        let node = Self.node(at: start, bytes, isLeaf: isLeaf)
      else { break }
      nodes.append(node)
      let length = isLeaf ? (node.kind == 1 ? 8 : node.size) : 0
      filled += (8 + node.key.count + length + 1) & ~1
    }
    isSound =
      bytes.long(0) == number && (flags == 1 || flags == 2) && lower >= 16 && lower % 2 == 0
      && lower <= upper && upper <= bytes.count && nodes.count == declared
      && declared >= (isLeaf ? 1 : 2) && filled == bytes.count - upper
    self.nodes = isSound ? nodes : Self.nodes(bytes, isLeaf: isLeaf)
  }

  /// Whatever lies where the page says that nodes begin, which none of them begins ahead of the last such place.
  private static func nodes(_ bytes: [UInt8], isLeaf: Bool) -> [Node] {
    var nodes: [Node] = []
    var (place, first) = (16, bytes.count)
    while place + 2 <= first {
      let start = bytes.word(place)
      place += 2
      guard start >= place, let node = node(at: start, bytes, isLeaf: isLeaf) else { continue }
      first = min(first, start)
      nodes.append(node)
    }
    return nodes
  }

  private static func node(at start: Int, _ bytes: [UInt8], isLeaf: Bool) -> Node? {
    guard start + 8 <= bytes.count else { return nil }
    let key = (start + 8)..<(start + 8 + bytes.word(start + 6))
    let node = Node(
      key: key, kind: bytes.word(start + 4), size: bytes.word(start) | bytes.word(start + 2) << 16)
    guard isLeaf else { return key.upperBound <= bytes.count ? node : nil }
    let length = node.kind == 1 ? 8 : node.size
    guard node.kind <= 2, key.upperBound + length <= bytes.count else { return nil }
    return node
  }

  /// The tables' records among the rows, by name: six words each.
  var records: [String: [UInt64]] {
    var records: [String: [UInt64]] = [:]
    for node in nodes where isLeaf && node.kind == 2 && node.size == 48 {
      let name = String(decoding: bytes[node.key], as: UTF8.self)
      records[name] = (0..<6).map { bytes.long(node.key.upperBound + 8 * $0) }
    }
    return records
  }
}

extension [UInt8] {
  func word(_ offset: Int) -> Int { Int(self[offset]) | Int(self[offset + 1]) << 8 }

  func long(_ offset: Int) -> UInt64 {
    unsafe withUnsafeBytes {
      UInt64(littleEndian: unsafe $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
  }
}

/// The pages of a file, read one by one: one that the disk does not give is as if it were damaged.
struct PageFile {
  let descriptor: Int32
  let pageSize: Int
  /// How many there are.
  let count: UInt64

  /// A page of a tree; `nil` where there is none of this number.
  func page(_ number: UInt64) -> SalvagedPage? {
    guard number >= 2, number < count, let bytes = bytes(number, pageSize) else { return nil }
    return SalvagedPage(bytes, number: number)
  }

  /// A value that lies on pages of its own, and how many these are; `nil` where it is not there.
  func value(at first: UInt64, size: Int) -> (bytes: [UInt8], pages: UInt64)? {
    guard first >= 2, first < count, let header = bytes(first, 16) else { return nil }
    let pages = UInt64(header.word(12) | header.word(14) << 16)
    guard header.long(0) == first, header.word(10) == 4, pages <= count - first,
      pages >= UInt64((16 + size + pageSize - 1) / pageSize),
      let bytes = bytes(first, 16 + size)
    else { return nil }
    return (Array(bytes[16...]), pages)
  }

  private func bytes(_ number: UInt64, _ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let read = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe pread(
          descriptor, buffer.baseAddress.map { unsafe $0 + done }, count - done,
          off_t(number) * off_t(pageSize) + off_t(done))
      }
      if read < 0, errno == EINTR { continue }
      guard read > 0 else { return nil }
      done += read
    }
    return bytes
  }
}
