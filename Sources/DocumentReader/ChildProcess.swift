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
  private let errors: Int32
  private let isOver = Atomic(false)

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

  /// What it wrote to its standard error, at most 64 KiB.
  func drainErrors() -> String {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe read(errors, $0.baseAddress, $0.count)
    }
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
  }
}
