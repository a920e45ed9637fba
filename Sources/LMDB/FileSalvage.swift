import CLMDB
import Glibc

/// What can be read of a file of LMDB's whose pages do not hang together any more, without LMDB, which would be led
/// astray.
///
/// A snapshot is a page with the records of its tables. Either of the first two pages names one, the later of them the
/// last; where these cannot be relied on, all pages are looked through for such records, of which the newest are taken. That
/// snapshot is there even if no page names it any more: LMDB writes over none of the pages of its last two.
public struct FileSalvage: ~Copyable {
  private let file: PageFile
  private let snapshot: Snapshot
  /// How many transactions were committed after the snapshot, of which nothing leads to what they wrote; `nil` where that
  /// cannot be told.
  public let behind: Int?
  /// Whether the first pages told which snapshot it is; else one of as many rows may have followed it.
  public let isNamed: Bool
  /// The pages of tables that were found complete.
  private var settled: [Bool]

  /// Opens the file in the folder `path` and looks for the newest snapshot.
  ///
  /// - Parameter growing: tables that only ever get more rows, by which the newest is told, the first one first.
  /// - Throws: where there is no file that can be opened.
  /// - Complexity: O(1), or O(pages) where the first two pages do not tell.
  public init(path: String, growing: [String]) throws(LMDBError) {
    let descriptor = unsafe open(path + "/data.mdb", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw LMDBError(code: errno, operation: "open data.mdb") }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw LMDBError(code: MDB_INVALID, operation: DataFile.noFile)
    }
    let size = Self.pageSize(descriptor)
    file = PageFile(
      descriptor: descriptor, pageSize: size, count: UInt64(status.st_size) / UInt64(size))
    settled = [Bool](repeating: false, count: Int(file.count))
    (snapshot, behind, isNamed) = Self.snapshot(of: file, growing)
  }

  deinit { close(file.descriptor) }

  /// How many rows the snapshot says that a table has.
  public func count(of table: String) -> UInt64 { snapshot.records[table]?[4] ?? 0 }

  /// Calls `body` with the rows of a table that its tree leads to, in order as far as that is whole.
  ///
  /// - Returns: whether these are all that the table had.
  public mutating func rows<Failure: Error>(
    of table: String, _ body: (_ key: [UInt8], _ value: [UInt8]) throws(Failure) -> Void
  ) throws(Failure) -> Bool {
    guard let record = snapshot.records[table] else { return snapshot.isWhole }
    var walk = TreeWalk(file, record)
    try walk.run(body)
    guard walk.isWhole else { return false }
    for number in walk.reached { settled[Int(number)] = true }
    return true
  }

  /// Calls `body` with the rows of all leaves that belong to no table which `rows` found whole.
  ///
  /// They may be of any table and any time, also of a transaction that was never committed: whoever asks has to know
  /// what is a row.
  ///
  /// - Complexity: O(pages).
  public func strayRows<Failure: Error>(
    _ body: (_ key: [UInt8], _ value: [UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    for number in settled.indices.dropFirst(2) where !settled[number] {
      guard let page = file.page(UInt64(number)), page.isLeaf else { continue }
      for node in page.nodes {
        guard let value = file.value(of: node, in: page) else { continue }
        try body(Array(page.bytes[node.key]), value.bytes)
      }
    }
  }
}

extension FileSalvage {
  /// The records of all tables, as one page has them.
  fileprivate struct Snapshot {
    let records: [String: [UInt64]]
    /// How many rows the tables have that only get more.
    let counts: [UInt64]
    /// Whether the page is as LMDB leaves one.
    let isWhole: Bool
  }

  private static func pageSize(_ descriptor: Int32) -> Int {
    guard let first = DataFile.meta(descriptor, at: 0), isPageSize(first.pageSize) else {
      // LMDB takes the machine's.
      return Int(sysconf(Int32(_SC_PAGESIZE)))
    }
    return first.pageSize
  }

  private static func isPageSize(_ size: Int) -> Bool {
    size >= 512 && size <= 65_536 && size & (size - 1) == 0
  }

  private static func snapshot(of file: PageFile, _ growing: [String]) -> (
    Snapshot, behind: Int?, isNamed: Bool
  ) {
    let metas = [0, file.pageSize].compactMap { DataFile.meta(file.descriptor, at: $0) }
      .filter { $0.pageSize == file.pageSize }.sorted { $0.transaction > $1.transaction }
    // Of two that are not of transactions one after the other, one lies.
    let isPair = metas.count == 2 && metas[0].transaction - metas[1].transaction <= 1
    if isPair, let last = Snapshot(metas[0].main[5], file, growing) { return (last, 0, true) }
    let older = (isPair ? metas.last : metas.first).flatMap {
      Snapshot($0.main[5], file, growing)
    }
    let found = (2..<max(2, file.count)).compactMap { number in
      file.page(number).flatMap { $0.isSound ? Snapshot($0, growing) : nil }
    }
    // Of several that have as many rows, that which a page names.
    guard let newest = ([older].compactMap(\.self) + found).max(by: { $0.isOlder(than: $1) }) else {
      return (Snapshot(), nil, false)
    }
    guard let older else { return (newest, !isPair && newest.isComplete(file) ? 0 : nil, false) }
    if older.isOlder(than: newest) { return (newest, 0, false) }
    // Nothing but the page that names a snapshot is damaged: it was written in vain, or named one with as many rows.
    return (older, isPair ? 1 : older.isComplete(file) ? 0 : nil, false)
  }
}

extension FileSalvage.Snapshot {
  /// None at all.
  fileprivate init() { (records, counts, isWhole) = ([:], [], false) }

  /// Reads what a page says; `nil` where it has not the records of all `growing` tables.
  fileprivate init?(_ number: UInt64, _ file: PageFile, _ growing: [String]) {
    guard let page = file.page(number) else { return nil }
    self.init(page, growing)
  }

  fileprivate init?(_ page: SalvagedPage, _ growing: [String]) {
    records = page.records
    counts = growing.compactMap { [records] in records[$0]?[4] }
    guard counts.count == growing.count else { return nil }
    isWhole = page.isSound
  }

  fileprivate func isOlder(than other: Self) -> Bool {
    counts.lexicographicallyPrecedes(other.counts)
  }

  /// Whether all pages of all tables are there.
  fileprivate func isComplete(_ file: PageFile) -> Bool {
    isWhole
      && records.values.allSatisfy { record in
        var walk = TreeWalk(file, record)
        walk.run { _, _ in }
        return walk.isWhole
      }
  }
}

/// A way through a table's tree that goes around what is damaged.
private struct TreeWalk {
  private let file: PageFile
  private let record: [UInt64]
  private(set) var reached: Set<UInt64> = []
  private var isUnhurt = true
  private var found: [UInt64] = [0, 0, 0, 0]
  private var last: ArraySlice<UInt8> = []

  /// No tree of LMDB's is deeper.
  private static let deepest = 32
  /// The root of a table without rows.
  private static let none = UInt64.max

  /// - Parameter record: the table's, the words of an `MDB_db`.
  init(_ file: PageFile, _ record: [UInt64]) {
    self.file = file
    self.record = record
  }

  /// Whether nothing was damaged, and all was found that the record tells of.
  var isWhole: Bool { isUnhurt && found == Array(record[1..<5]) }

  mutating func run<Failure: Error>(
    _ body: (_ key: [UInt8], _ value: [UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    if record[5] != Self.none { try visit(record[5], 1, body) }
  }

  private mutating func visit<Failure: Error>(
    _ number: UInt64, _ height: Int,
    _ body: (_ key: [UInt8], _ value: [UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    guard height <= Self.deepest, let page = file.page(number), page.isSound,
      reached.insert(number).inserted
    else {
      isUnhurt = false
      return
    }
    if page.isLeaf != (height == record[0] >> 48) { isUnhurt = false }
    guard page.isLeaf else {
      found[0] += 1
      for node in page.nodes { try visit(node.page, height + 1, body) }
      return
    }
    found[1] += 1
    for node in page.nodes {
      found[3] += 1
      let key = page.bytes[node.key]
      if !last.lexicographicallyPrecedes(key) { isUnhurt = false }
      last = key
      guard let value = file.value(of: node, in: page) else {
        isUnhurt = false
        continue
      }
      if node.kind == 1 {
        let first = page.bytes.long(node.key.upperBound)
        for number in first..<(first + value.pages) where !reached.insert(number).inserted {
          isUnhurt = false
        }
        found[2] += value.pages
      }
      try body(Array(key), value.bytes)
    }
  }
}

extension PageFile {
  /// The value of a leaf's row, and on how many pages of its own it lies; `nil` where it is not there, or a table's record.
  fileprivate func value(
    of node: SalvagedPage.Node, in page: SalvagedPage
  ) -> (bytes: [UInt8], pages: UInt64)? {
    let start = node.key.upperBound
    switch node.kind {
    case 0: return (Array(page.bytes[start..<(start + node.size)]), 0)
    case 1: return value(at: page.bytes.long(start), size: node.size)
    default: return nil
    }
  }
}
