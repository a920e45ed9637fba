import Glibc

/// What the pages of LMDB's file say of each other, read without LMDB, which takes them at their word.
///
/// A damaged page leads LMDB beyond its end, where it reads, and in a transaction writes, what is not the page's; and a
/// page that is wrongly among the free ones is written over. Here each page must be where it says it is, be in use
/// once and not be free, be filled by its nodes, and be as deep, and its table's pages and rows as many, as the
/// table's record says; and every key must be where LMDB would seek it.
///
/// Source: `MDB_page`, `MDB_node`, `MDB_db`, `MDB_meta` and `mdb_node_search` in mdb.c of LMDB 0.9.
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

  /// How many pages are read at once where they follow each other.
  private static let ahead = 16

  private let descriptor: Int32
  private let pageSize: Int
  private let last: UInt64
  private let transaction: UInt64
  /// Pages that follow each other, which one call reads.
  private var window: [UInt8]
  /// The pages that the window holds.
  private var held: Range<UInt64> = 0..<0
  /// Where in the window the page begins that is looked at.
  private var page = 0
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
    window = [UInt8](repeating: 0, count: Self.ahead * meta.pageSize)
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
    var level = Level()
    for (index, tree) in trees.enumerated() where tree.root != Tree.none {
      level.append(tree.root, of: index, leastKey: [])
    }
    var height = 0
    while !level.pages.isEmpty {
      height += 1
      var next = Level()
      for index in trees.indices { trees[index].lastKey.removeAll(keepingCapacity: true) }
      for (place, (number, index, leastKey)) in level.pages.enumerated() {
        guard left > 0 else { return }
        left -= 1
        try take(number, 1, trees[index])
        if !held.contains(number) {
          let run = zip(level.pages[place...].prefix(min(Self.ahead, left + 1)), number...)
            .prefix { $0.number == $1 }
          try read(number, count: run.count, trees[index])
        }
        page = Int(number - held.lowerBound) * pageSize
        let least = level.keys[leastKey]
        try look(at: number, height, from: least, in: &trees[index]) {
          next.append($0, of: index, leastKey: $1)
        }
      }
      level = next
    }
    for tree in trees where !tree.isAccountedFor {
      throw .table(tree.name)
    }
  }

  /// Looks at the page that was read, and calls `below` with the pages that it leads to and the keys that lead there.
  ///
  /// - Parameter leastKey: the one that led here; none on the way to a tree's first rows.
  private mutating func look(
    at number: UInt64, _ height: Int, from leastKey: ArraySlice<UInt8>, in tree: inout Tree,
    _ below: (UInt64, ArraySlice<UInt8>) -> Void
  ) throws(Damage) {
    // What is sought from this page on must not lie ahead of it.
    guard leastKey.isEmpty ? tree.lastKey.isEmpty : tree.isAscending(tree.lastKey[...], leastKey)
    else { throw damage(number, tree) }
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
    var last = 0..<0
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
      let key = (page + start + 8)..<(page + value)
      // The first key of a branch stands for none.
      let isSought = isLeaf || index > 0
      if isSought {
        let before = last.isEmpty ? leastKey : window[last]
        let mayBeEqual = isLeaf && last.isEmpty
        guard tree.isKey(size: keySize),
          tree.isAscending(before, window[key], orEqual: mayBeEqual)
        else { throw damage(number, tree) }
        last = key
      }
      if !isLeaf {
        below(
          UInt64(size) | UInt64(kind) << 32, isSought ? window[key] : leastKey)
        continue
      }
      tree.entries += 1
      switch (kind, tree.kind) {
      case (0, .table): break
      case (1, .table): try look(at: long(value), holding: size, in: &tree)
      case (2, .main) where size == 48:
        let name = String(decoding: window[key], as: UTF8.self)
        named.append(Tree(name, (0..<6).map { long(value + 8 * $0) }, .table))
      case (0, .free) where long(start + 8) <= transaction:
        try takeFree((0..<(size / 8)).map { long(value + 8 * $0) }, number, tree)
      case (1, .free) where long(start + 8) <= transaction:
        try look(at: long(value), holding: size, in: &tree)
      default: throw damage(number, tree)
      }
    }
    guard filled == pageSize - upper else { throw damage(number, tree) }
    tree.lastKey.replaceSubrange(tree.lastKey.indices, with: window[last])
  }

  /// Takes in the pages that one long value lies on.
  private mutating func look(
    at number: UInt64, holding size: Int, in tree: inout Tree
  ) throws(Damage) {
    guard number <= last else { throw damage(number, tree) }
    let header = try read(at: number, skipping: 0, count: 2, tree)
    let (flags, count) = (header[1] >> 16 & 0xffff, header[1] >> 32)
    guard header[0] == number, flags == 4,
      count >= UInt64((16 + size + pageSize - 1) / pageSize)
    else { throw damage(number, tree) }
    try take(number, count, tree)
    tree.overflows += count
    guard tree.kind == .free else { return }
    try takeFree(read(at: number, skipping: 16, count: size / 8, tree), number, tree)
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

  /// Fills the window with `count` pages, or with as many as the file has.
  private mutating func read(_ number: UInt64, count: Int, _ tree: Tree) throws(Damage) {
    held = 0..<0
    let (descriptor, size, offset) = (
      descriptor, count * pageSize, off_t(number) * off_t(pageSize)
    )
    let found = unsafe window.withUnsafeMutableBytes {
      unsafe pread(descriptor, $0.baseAddress, size, offset)
    }
    guard found >= 0 else { throw .unreadable(errno) }
    guard found >= pageSize else { throw damage(number, tree) }
    held = number..<(number + UInt64(found / pageSize))
  }

  /// The words of eight bytes that stand on a page that is not in the window.
  private func read(
    at number: UInt64, skipping bytes: Int, count: Int, _ tree: Tree
  ) throws(Damage) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: count)
    let (descriptor, offset) = (descriptor, off_t(number) * off_t(pageSize) + off_t(bytes))
    let found = unsafe words.withUnsafeMutableBytes { words in
      unsafe pread(descriptor, words.baseAddress, words.count, offset)
    }
    guard found >= 0 else { throw .unreadable(errno) }
    guard found == 8 * count else { throw damage(number, tree) }
    return words.map { UInt64(littleEndian: $0) }
  }

  private func word(_ offset: Int) -> Int {
    unsafe window.withUnsafeBytes {
      Int(
        UInt16(
          littleEndian: unsafe $0.loadUnaligned(fromByteOffset: page + offset, as: UInt16.self)))
    }
  }

  private func long(_ offset: Int) -> UInt64 {
    unsafe window.withUnsafeBytes {
      UInt64(littleEndian: unsafe $0.loadUnaligned(fromByteOffset: page + offset, as: UInt64.self))
    }
  }
}

extension [UInt64] {
  func contains(_ bit: UInt64) -> Bool {
    self[Int(bit / 64)] & 1 << (bit % 64) != 0
  }

  mutating func insert(_ bit: UInt64) { self[Int(bit / 64)] |= 1 << (bit % 64) }
}
