import Glibc

/// A child process whose standard input and output are one socket.
///
/// Its process group is its own: what a terminal sends to the foreground, as Ctrl-C does, reaches the parent alone. A
/// child that goes on reading its input learns from the end of it that the parent has gone.
package struct ChildProcess: ~Copyable {
  /// How a child ended.
  package enum Ending: Sendable, Equatable {
    /// By itself.
    case code(Int32)
    /// By a signal.
    case signal(Int32)
    /// Killed, for it has sent a line longer than any that was asked for.
    case overlong

    /// Whether it ended by itself and with code 0.
    package var isSuccess: Bool { self == .code(0) }

    /// - Parameter status: as wait(2) tells it.
    init(status: Int32) {
      self = status & 0x7F == 0 ? .code(status >> 8 & 0xFF) : .signal(status & 0x7F)
    }
  }

  private let pid: pid_t
  private let socket: Int32

  /// Starts `program` and sends `input` to it; standard error stays this process's.
  ///
  /// - Throws: `.program` where it cannot be run.
  package init(
    _ program: String, _ arguments: [String], input: [UInt8]
  ) throws(EventLogError) {
    var ends: [Int32] = [-1, -1]
    // No other process inherits an end, not even one that another thread starts at this moment.
    let stream = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, stream, 0, &ends) == 0 else {
      throw .storage(operation: "make a socket", reason: unsafe String(cString: strerror(errno)))
    }
    var pid: pid_t = 0
    let code = Self.spawn(program, arguments, on: ends[1], &pid)
    Glibc.close(ends[1])
    guard code == 0 else {
      Glibc.close(ends[0])
      throw .program(path: program, reason: unsafe String(cString: strerror(code)))
    }
    self.pid = pid
    socket = ends[0]
    send(input)
  }

  private static func spawn(
    _ program: String, _ arguments: [String], on socket: Int32, _ pid: inout pid_t
  ) -> Int32 {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for target: Int32 in [0, 1] {
      unsafe posix_spawn_file_actions_adddup2(&actions, socket, target)
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // What this thread blocks, the child would block for ever.
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    let flags = Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK)
    unsafe posix_spawnattr_setflags(&attributes, flags)
    let argv = unsafe ([program] + arguments).map { unsafe strdup($0) }
    defer { unsafe argv.forEach { unsafe free($0) } }
    return unsafe posix_spawn(&pid, program, &actions, &attributes, argv + [nil], environ)
  }

  /// Sends bytes to the child; to one that has died there is nothing to send.
  private func send(_ input: [UInt8]) {
    var rest = input[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Gives `body` one line of the child's output after the other, and waits for the child; one that is no longer
  /// wanted is killed within a tenth of a second, and so is one that sends a line of more than `limit` bytes.
  package consuming func wait(
    isCancelled: () -> Bool = { false }, atMost limit: Int = 256 << 20, _ body: ([UInt8]) -> Void
  ) -> Ending {
    var line: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      if isCancelled() || line.count > limit {
        // Its number is free only after the wait.
        kill(pid, SIGKILL)
        break
      }
      var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&entry, 1, 100) > 0 else { continue }
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe read(socket, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      for byte in buffer[..<count] {
        if byte == 0x0A {
          body(line)
          line.removeAll(keepingCapacity: true)
        } else {
          line.append(byte)
        }
      }
    }
    Glibc.close(socket)
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return line.count > limit ? .overlong : Ending(status: status)
  }
}
