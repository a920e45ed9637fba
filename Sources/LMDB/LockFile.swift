import CLMDB
import Glibc

/// LMDB's table of readers, which every process maps.
enum LockFile {
  /// Gives the lock file its blocks before LMDB maps it: to touch a page of a map that a full disk has no block
  /// for would end the process by a signal.
  ///
  /// - Throws: `ENOSPC` on a full disk.
  static func allocate(_ folder: String, readers: Int) throws(LMDBError) {
    let path = folder + "/lock.mdb"
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw LMDBError(code: errno, operation: "open lock.mdb") }
    defer { close(descriptor) }
    // A header and a slot of a cache line's length for each reader, in whole pages; LMDB takes a longer file as
    // it is.
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let size = (readers * 64 + 2 * 64 + page - 1) / page * page
    let code = posix_fallocate(descriptor, 0, off_t(size))
    // A file system without such a call has LMDB's own write to fall back on.
    guard code == 0 || code == EOPNOTSUPP || code == EINVAL else {
      throw LMDBError(code: code, operation: "posix_fallocate lock.mdb")
    }
  }
}
