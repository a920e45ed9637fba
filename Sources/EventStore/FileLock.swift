import Glibc

/// A lock between processes, held on a file until it is released or the process ends (`flock`).
final class FileLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock.
  ///
  /// - Throws: `.locked` when another process holds it and `waiting` is false.
  init(_ path: String, exclusive: Bool, waiting: Bool) throws(EventLogError) {
    descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .storage(
        operation: "open a lock file", reason: unsafe String(cString: strerror(errno)))
    }
    let mode = (exclusive ? LOCK_EX : LOCK_SH) | (waiting ? 0 : LOCK_NB)
    while flock(descriptor, mode) != 0 {
      if errno == EINTR { continue }
      let code = errno
      Glibc.close(descriptor)
      guard code == EWOULDBLOCK else {
        throw .storage(operation: "lock a file", reason: unsafe String(cString: strerror(code)))
      }
      throw .locked(directory: path)
    }
  }

  deinit { Glibc.close(descriptor) }

  /// Lets others have the lock.
  func release() { _ = flock(descriptor, LOCK_UN) }
}
