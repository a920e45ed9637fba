import Glibc

/// What the pages of LMDB's file say of each other, read without LMDB, which takes them at their word.
///
/// A damaged page leads LMDB beyond its end, where it reads, and in a transaction writes, what is not the page's; and a
/// page that is wrongly among the free ones is written over. Here each page must be where it says it is, be in use
/// once and not be free, be filled by its nodes, and be as deep, and its table's pages as many, as the
/// table's record says.
///
/// Source: `MDB_page`, `MDB_node`, `MDB_db` and `MDB_meta` in mdb.c of LMDB 0.9.
struct PageWalk: ~Copyable {
  /// Why a walk ends before its end.
  enum Damage: Error {
    /// A page is not as LMDB leaves one.
    case page(UInt64, table: String)
    /// A table has other pages than its record says.
    case table(String)
    /// A page cannot be read: `errno`.
    case unreadable(Int32)
  }

  private let descriptor: Int32
  private let pageSize: Int
  private let last: UInt64
  private let transaction: UInt64
  private var page: [UInt8]
  /// A bit for each page.
  private(set) var used: [UInt64]
  private var free: [UInt64]
  /// A bit for each byte of a page: where its nodes begin.
  private var starts: [UInt64]
  /// The named tables' records, once the main one was walked.
  private var named: [Tree] = []

  /// - Parameter meta: the snapshot's, whose pages stay as they are meanwhile.
  init(_ descriptor: Int32, _ meta: DataFile.Meta) {
    self.descriptor = descriptor
    (pageSize, last) = (meta.pageSize, UInt64(meta.lastPage))
    transaction = meta.transaction
    page = [UInt8](repeating: 0, count: meta.pageSize)
    used = [UInt64](repeating: 0, count: meta.lastPage / 64 + 1)
    free = used
    starts = [UInt64](repeating: 0, count: meta.pageSize / 64)
  }

  /// Walks the list of free pages and the tables' records, and of the tables, level by level, `limit` pages.
  ///
  /// - Complexity: O(pages), of which each is read once.
  mutating func run(_ meta: DataFile.Meta, limit: Int) throws(Damage) {
    try runFree(meta)
    try walk([Tree("tables", meta.main, .main)], limit: .max)
    try walk(named, limit: limit)
  }

  /// Walks the list of free pages, on which each page must be that the file ends before.
  mutating func runFree(_ meta: DataFile.Meta) throws(Damage) {
    let tree = Tree("free pages", meta.free, .free)
    try walk([tree], limit: .max)
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .unreadable(errno) }
    let end = UInt64(status.st_size) / UInt64(pageSize)
    guard end <= last else { return }
    for number in end...last where !free.contains(number) { throw damage(number, tree) }
  }

  private mutating func walk(_ trees: [Tree], limit: Int) throws(Damage) {
    var trees = trees
    var left = limit
    var level: [(page: UInt64, tree: Int)] = []
    for (index, tree) in trees.enumerated() where tree.root != Tree.none {
      level.append((tree.root, index))
    }
    var height = 0
    while !level.isEmpty {
      height += 1
      var next: [(page: UInt64, tree: Int)] = []
      for (number, index) in level {
        guard left > 0 else { return }
        left -= 1
        try look(at: number, height, in: &trees[index]) { next.append(($0, index)) }
      }
      level = next
    }
    for tree in trees where !tree.isAccountedFor {
      throw .table(tree.name)
    }
  }

  /// Takes a page in, and calls `below` with the pages that it leads to.
  private mutating func look(
    at number: UInt64, _ height: Int, in tree: inout Tree, _ below: (UInt64) -> Void
  ) throws(Damage) {
    try take(number, 1, tree)
    try read(number, count: pageSize, tree)
    let (flags, lower, upper) = (word(10), word(12), word(14))
    let isLeaf = flags == 2
    guard long(0) == number, isLeaf || flags == 1, isLeaf == (height == tree.depth),
      lower >= 16, lower % 2 == 0, lower <= upper, upper <= pageSize
    else { throw damage(number, tree) }
    let nodes = (lower - 16) / 2
    guard nodes >= (isLeaf ? 1 : 2) else { throw damage(number, tree) }
    if isLeaf { tree.leaves += 1 } else { tree.branches += 1 }
    for index in starts.indices { starts[index] = 0 }
    var filled = 0
    // Where the nodes are read whose values lie on pages of their own, this page is read over.
    var elsewhere: [(page: UInt64, size: Int)] = []
    var records: [Tree] = []
    for index in 0..<nodes {
      let start = word(16 + 2 * index)
      guard start >= upper, start + 8 <= pageSize, start % 2 == 0, !starts.contains(UInt64(start))
      else { throw damage(number, tree) }
      starts.insert(UInt64(start))
      let (low, high, kind, keySize) = (
        word(start), word(start + 2), word(start + 4), word(start + 6)
      )
      let size = low | high << 16
      let value = start + 8 + keySize
      let length = isLeaf ? (kind == 1 ? 8 : size) : 0
      filled += (8 + keySize + length + 1) & ~1
      guard value + length <= pageSize else { throw damage(number, tree) }
      if !isLeaf {
        below(UInt64(size) | UInt64(kind) << 32)
        continue
      }
      tree.entries += 1
      switch (kind, tree.kind) {
      case (0, .table): break
      case (1, .table): elsewhere.append((long(value), size))
      case (2, .main) where size == 48:
        let name = String(decoding: page[(start + 8)..<value], as: UTF8.self)
        records.append(Tree(name, (0..<6).map { long(value + 8 * $0) }, .table))
      case (0, .free) where keySize == 8 && long(start + 8) <= transaction:
        try takeFree((0..<(size / 8)).map { long(value + 8 * $0) }, number, tree)
      case (1, .free) where keySize == 8 && long(start + 8) <= transaction:
        elsewhere.append((long(value), size))
      default: throw damage(number, tree)
      }
    }
    guard filled == pageSize - upper else { throw damage(number, tree) }
    named += records
    for (first, size) in elsewhere { try look(at: first, holding: size, in: &tree) }
  }

  /// Takes in the pages that one long value lies on.
  private mutating func look(
    at number: UInt64, holding size: Int, in tree: inout Tree
  ) throws(Damage) {
    guard number <= last else { throw damage(number, tree) }
    try read(number, count: 16, tree)
    let count = word(12) | word(14) << 16
    guard long(0) == number, word(10) == 4, count >= (16 + size + pageSize - 1) / pageSize else {
      throw damage(number, tree)
    }
    try take(number, UInt64(count), tree)
    tree.overflows += UInt64(count)
    guard tree.kind == .free else { return }
    var list = [UInt64](repeating: 0, count: size / 8)
    let (descriptor, offset) = (descriptor, off_t(number) * off_t(pageSize) + 16)
    let found = unsafe list.withUnsafeMutableBytes { bytes in
      unsafe pread(descriptor, bytes.baseAddress, bytes.count, offset)
    }
    guard found >= 0 else { throw .unreadable(errno) }
    guard found == list.count * 8 else { throw damage(number, tree) }
    try takeFree(list.map { UInt64(littleEndian: $0) }, number, tree)
  }

  /// Takes in a list of free pages, the last ones first, behind their number.
  private mutating func takeFree(
    _ list: [UInt64], _ number: UInt64, _ tree: Tree
  ) throws(Damage) {
    guard let count = list.first, count < list.count else { throw damage(number, tree) }
    var before = last + 1
    for page in list[1...].prefix(Int(count)) {
      guard page >= 2, page < before, !free.contains(page) else { throw damage(number, tree) }
      free.insert(page)
      before = page
    }
  }

  /// Notes that pages are in use, which none is twice, and none that is free.
  private mutating func take(_ first: UInt64, _ count: UInt64, _ tree: Tree) throws(Damage) {
    guard first >= 2, first <= last, count <= last - first + 1 else { throw damage(first, tree) }
    for number in first..<(first + count) {
      guard !used.contains(number), !free.contains(number) else { throw damage(number, tree) }
      used.insert(number)
    }
  }

  private func damage(_ number: UInt64, _ tree: Tree) -> Damage { .page(number, table: tree.name) }

  private mutating func read(_ number: UInt64, count: Int, _ tree: Tree) throws(Damage) {
    let (descriptor, offset) = (descriptor, off_t(number) * off_t(pageSize))
    let found = unsafe page.withUnsafeMutableBytes {
      unsafe pread(descriptor, $0.baseAddress, count, offset)
    }
    guard found >= 0 else { throw .unreadable(errno) }
    guard found == count else { throw damage(number, tree) }
  }

  private func word(_ offset: Int) -> Int {
    unsafe page.withUnsafeBytes {
      Int(UInt16(littleEndian: unsafe $0.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
    }
  }

  private func long(_ offset: Int) -> UInt64 {
    unsafe page.withUnsafeBytes {
      UInt64(littleEndian: unsafe $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
  }
}

extension PageWalk {
  /// A table's record, and what of it was found.
  fileprivate struct Tree {
    enum Kind { case free, main, table }

    let name: String
    let kind: Kind
    let depth: Int
    let root: UInt64
    private let expected: [UInt64]
    var (branches, leaves, overflows, entries): (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// The root of a table without rows.
    static let none = UInt64.max

    /// - Parameter words: the six of an `MDB_db`.
    init(_ name: String, _ words: [UInt64], _ kind: Kind) {
      self.name = name
      self.kind = kind
      depth = Int(words[0] >> 48)
      expected = Array(words[1..<5])
      root = words[5]
    }

    var isAccountedFor: Bool { [branches, leaves, overflows, entries] == expected }
  }
}

extension [UInt64] {
  func contains(_ bit: UInt64) -> Bool {
    self[Int(bit / 64)] & 1 << (bit % 64) != 0
  }

  fileprivate mutating func insert(_ bit: UInt64) { self[Int(bit / 64)] |= 1 << (bit % 64) }
}
