import CLMDB
import Glibc

/// The data file itself, looked at before it is mapped.
enum DataFile {
  /// What failed where something else lies in the file's place.
  static let noFile = "open data.mdb (it is no file of bytes: move away what lies there)"

  /// Refuses a file that lacks pages which its newest meta page tells of and which are not free: reading its map would
  /// end the process by a signal.
  ///
  /// - Parameter isReadOnly: whether nobody is to begin an empty file, which holds nothing to be read.
  static func check(_ folder: String, isReadOnly: Bool) throws(LMDBError) {
    // A pipe would be waited for.
    let descriptor = unsafe open(folder + "/data.mdb", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return }
      throw LMDBError(code: errno, operation: "open data.mdb")
    }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw LMDBError(code: errno, operation: "stat data.mdb")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw LMDBError(code: MDB_INVALID, operation: noFile)
    }
    // LMDB writes the first pages of a new file in one call, which a crash may cut short.
    guard status.st_size > 0 else {
      guard isReadOnly else { return }
      throw LMDBError(code: MDB_INVALID, operation: "open data.mdb (it is empty)")
    }
    guard let first = meta(descriptor, at: 0), first.pageSize >= 512, first.pageSize <= 65_536,
      let second = meta(descriptor, at: first.pageSize)
    else { throw LMDBError(code: MDB_INVALID, operation: "read data.mdb") }
    let newest = first.transaction >= second.transaction ? first : second
    // Another process may have made the file longer before it wrote the meta page that was read here.
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw LMDBError(code: errno, operation: "stat data.mdb")
    }
    let isShort = newest.lastPage >= Int(status.st_size) / first.pageSize
    guard newest.isPossible(size: Int(status.st_size)), newest.pageSize == first.pageSize else {
      throw LMDBError(code: MDB_CORRUPTED, operation: "read data.mdb (it is cut short)")
    }
    guard isShort else { return }
    var walk = PageWalk(descriptor, newest)
    do throws(PageWalk.Damage) { try walk.runFree(newest) } catch {
      if case .unreadable(let code) = error {
        throw LMDBError(code: code, operation: "read data.mdb")
      }
      // Another process may have written over what was read, but not before it wrote a meta page.
      guard let first = meta(descriptor, at: 0), first.pageSize == newest.pageSize,
        let second = meta(descriptor, at: first.pageSize),
        max(first.transaction, second.transaction) == newest.transaction
      else { return }
      throw LMDBError(code: MDB_CORRUPTED, operation: "read data.mdb (it is cut short)")
    }
  }

  /// The largest file that may still be taken for a beginning: the tables' first pages.
  private static let largestBeginning = 1 << 18

  /// Whether the file is short and lacks one of its meta pages, which are written first but not synced alone.
  static func isCutAtItsBeginning(_ folder: String) -> Bool {
    let descriptor = unsafe open(folder + "/data.mdb", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_size <= largestBeginning else {
      return false
    }
    guard let first = meta(descriptor, at: 0), first.pageSize >= 512, first.pageSize <= 65_536
    else {
      return true
    }
    return meta(descriptor, at: first.pageSize) == nil
  }

  /// The number of the last transaction; `nil` where there is no file with two meta pages.
  static func lastTransaction(in folder: String) -> Int? {
    let descriptor = unsafe open(folder + "/data.mdb", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard let first = meta(descriptor, at: 0), let second = meta(descriptor, at: first.pageSize)
    else { return nil }
    return Int(truncatingIfNeeded: max(first.transaction, second.transaction))
  }

  struct Meta {
    let pageSize: Int
    let lastPage: Int
    let transaction: UInt64
    /// The records of the list of free pages and of the table of tables, an `MDB_db` each.
    let (free, main): ([UInt64], [UInt64])

    /// More pages than any map has room for; a file that has so many may have more.
    private static let tooMany = 1 << 28

    /// Whether a file of `size` bytes may have these pages: all of them, or all but some of its last ones.
    ///
    /// LMDB never writes a page that a transaction has taken and given back before it was committed: such pages are
    /// free, and where they are the last ones, the file ends before them.
    func isPossible(size: Int) -> Bool {
      (512...65_536).contains(pageSize) && lastPage >= 1
        && (lastPage < Self.tooMany || lastPage < size / pageSize)
    }
  }

  /// The meta page of a snapshot, as long as it is one of the two newest; `nil` as well where the file cannot have the
  /// pages that it tells of.
  ///
  /// - Parameter inTurn: whether the two are of transactions one after the other, as where each is brought to the disk
  ///   before the next one: else one that was never the newest may look so, and the last transaction be lost.
  static func meta(_ descriptor: Int32, of transaction: UInt64, inTurn: Bool) -> Meta? {
    var status = stat()
    guard let first = meta(descriptor, at: 0), let second = meta(descriptor, at: first.pageSize),
      unsafe fstat(descriptor, &status) == 0
    else { return nil }
    let (found, other) = first.transaction == transaction ? (first, second) : (second, first)
    let (older, newer) = (
      min(found.transaction, other.transaction), max(found.transaction, other.transaction)
    )
    // Of a new file both are of none.
    guard !inTurn || newer - older == 1 || newer == 0 else { return nil }
    guard found.transaction == transaction, found.pageSize == other.pageSize,
      found.isPossible(size: Int(status.st_size))
    else { return nil }
    return found
  }

  /// Reads a meta page: a header of 16 bytes and LMDB's `MDB_meta`, in the machine's byte order.
  static func meta(_ descriptor: Int32, at offset: Int) -> Meta? {
    var words = [UInt64](repeating: 0, count: 19)
    let count = unsafe words.withUnsafeMutableBytes { buffer in
      unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
    }
    guard count == 152, words[2] & 0xFFFF_FFFF == 0xBEEF_C0DE else { return nil }
    return Meta(
      pageSize: Int(words[5] & 0xFFFF_FFFF), lastPage: Int(truncatingIfNeeded: words[17]),
      transaction: words[18], free: Array(words[5...10]), main: Array(words[11...16]))
  }
}
