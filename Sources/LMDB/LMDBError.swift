import CLMDB
import Glibc

/// A failure reported by LMDB, or by the operating system through it.
public struct LMDBError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The raw return code: positive is `errno`, negative is LMDB's own.
  public let code: Int32
  /// The C function that reported it.
  public let operation: String

  /// Describes a failure.
  public init(code: Int32, operation: String) {
    self.code = code
    self.operation = operation
  }

  /// An entry that is not what it can only be.
  ///
  /// - Parameter what: which one, and how it shows.
  public static func damaged(_ what: String) -> LMDBError {
    LMDBError(code: MDB_CORRUPTED, operation: what)
  }

  /// What failed, and what LMDB or the operating system says of it.
  public var description: String {
    unsafe "\(operation): \(String(cString: mdb_strerror(code))) (\(code))"
  }

  /// Others write over what is read here, whose reader could not be registered.
  static let overtaken = LMDBError(
    code: EAGAIN, operation: "read data.mdb (others write to it, and no reader could be registered)"
  )

  /// Others write over what is read, so that nothing can be said of it.
  public var isOvertaken: Bool { self == .overtaken }

  /// The map is full: the environment must be opened with a larger one.
  public var isMapFull: Bool { code == MDB_MAP_FULL }

  /// A failed write left the environment unusable until it is opened again.
  public var isPanic: Bool { code == MDB_PANIC }

  /// The file is none of LMDB's, or damaged where LMDB can tell.
  public var isDamaged: Bool {
    code == MDB_INVALID || code == MDB_CORRUPTED || code == MDB_PAGE_NOTFOUND
      || code == MDB_VERSION_MISMATCH || code == MDB_BAD_TXN || code == MDB_NOTFOUND
      // Of a page that is of another kind than its table, is deeper than any, or has no room for what it holds.
      || code == MDB_INCOMPATIBLE || code == MDB_CURSOR_FULL || code == MDB_PAGE_FULL
  }

  /// There is no such table.
  public var isNotFound: Bool { code == MDB_NOTFOUND }

  /// The key exists, or is not greater than the last one when appending.
  public var isKeyExists: Bool { code == MDB_KEYEXIST }
}

/// Throws unless `code` is success.
@inline(__always)
func check(_ code: Int32, _ operation: StaticString) throws(LMDBError) {
  guard code == MDB_SUCCESS else {
    throw LMDBError(code: code, operation: operation.description)
  }
}
