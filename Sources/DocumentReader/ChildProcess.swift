import Glibc
import Synchronization

/// A process that was started, with its parent's ends of two sockets: one is its standard input and output, the other
/// its standard error.
///
/// It ends once, whoever asks for it and however often: numbers of processes and descriptors are given anew as soon as
/// they are free, and may by then be those of a client or a database.
final class ChildProcess: Sendable {
  let pid: pid_t
  let socket: Int32
  /// Where its standard error is read.
  let errors: Int32
  private let isOver = Atomic(false)
  private let said = Mutex<[UInt8]>([])

  init(pid: pid_t, socket: Int32, errors: Int32) {
    (self.pid, self.socket, self.errors) = (pid, socket, errors)
  }

  deinit { end() }

  /// Whether it has been ended, so that its numbers are no longer its own.
  var hasEnded: Bool { isOver.load(ordering: .acquiring) }

  /// Ends it, whatever it is doing.
  ///
  /// - Returns: its status, and what it had used until then; `nil` where it had been ended before.
  @discardableResult
  func end() -> (status: Int32, usage: Usage)? {
    guard !isOver.exchange(true, ordering: .acquiringAndReleasing) else { return nil }
    // After the process itself has ended, the signal reaches nobody: its number is free only after the wait.
    kill(pid, SIGKILL)
    close(socket)
    close(errors)
    var status: Int32 = 0
    var usage = rusage()
    while unsafe wait4(pid, &status, 0, &usage) < 0, errno == EINTR {}
    return (status, Usage(usage))
  }

  /// Takes in some of what it wrote to its standard error, of which the end is kept: what a flood of messages leaves no
  /// room for is lost, and it would be the reason why the process ends.
  ///
  /// - Returns: whether there may be more.
  @discardableResult
  func hear() -> Bool {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe read(errors, $0.baseAddress, $0.count)
    }
    guard count > 0 else { return count < 0 && errno == EAGAIN }
    said.withLock { $0 = Array(($0 + bytes[..<count]).suffix(Self.mostKept)) }
    return true
  }

  private static let mostKept = 4096

  /// The end of what it wrote to its standard error.
  func lastWords() -> String {
    var entry = pollfd(fd: errors, events: Int16(POLLIN), revents: 0)
    // It may write faster than this reads, as long as it is there.
    for _ in 0..<16 {
      guard unsafe poll(&entry, 1, 0) > 0, hear() else { break }
    }
    return String(decoding: said.withLock { $0 }, as: UTF8.self)
  }
}
