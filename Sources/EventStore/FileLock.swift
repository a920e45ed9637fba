import Glibc

/// A lock between processes, held on a file until it is released or the process ends (`flock`).
final class FileLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock.
  ///
  /// - Throws: `.locked` when another process holds it and `waiting` is false.
  convenience init(_ path: String, exclusive: Bool, waiting: Bool) throws(EventLogError) {
    try self.init(
      unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600), path,
      in: path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ".", exclusive: exclusive,
      waiting: waiting)
  }

  /// Takes the lock of a folder alone, which may not be a link to another.
  ///
  /// - Throws: `.locked` when another process holds it, or has put another folder in its place.
  convenience init(folder path: String) throws(EventLogError) {
    try self.init(
      unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), path, in: path,
      exclusive: true, waiting: false)
    var (held, present) = (stat(), stat())
    guard unsafe fstat(descriptor, &held) == 0, unsafe lstat(path, &present) == 0,
      held.st_ino == present.st_ino, held.st_dev == present.st_dev
    else { throw .locked(directory: path) }
  }

  /// Takes the lock of an open file, which is closed with it, without waiting; `nil` where it cannot be had.
  init?(atOnce descriptor: Int32) {
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
    self.descriptor = descriptor
  }

  private init(
    _ opened: Int32, _ path: String, in directory: String, exclusive: Bool, waiting: Bool
  ) throws(EventLogError) {
    guard opened >= 0 else { throw Files.failure("open the file \(Files.name(path))") }
    let mode = (exclusive ? LOCK_EX : LOCK_SH) | (waiting ? 0 : LOCK_NB)
    // A program that this process starts holds for a moment what was just let go of here.
    var tries = 40
    while flock(opened, mode) != 0 {
      if errno == EINTR { continue }
      let code = errno
      if code == EWOULDBLOCK, tries > 0 {
        tries -= 1
        usleep(5_000)
        continue
      }
      Glibc.close(opened)
      guard code == EWOULDBLOCK else {
        throw .storage(operation: "lock a file", reason: unsafe String(cString: strerror(code)))
      }
      throw .locked(directory: directory)
    }
    descriptor = opened
  }

  deinit { Glibc.close(descriptor) }

  /// Lets others have the lock.
  func release() { _ = flock(descriptor, LOCK_UN) }
}
