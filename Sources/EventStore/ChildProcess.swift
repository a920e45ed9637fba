import Glibc

/// A child process with pipes for its standard input and output.
struct ChildProcess: ~Copyable {
  /// How a child ended.
  struct Status {
    let raw: Int32
    /// The signal that ended it, if one did.
    var signal: Int32? { raw & 0x7F == 0 ? nil : raw & 0x7F }
  }

  private let pid: pid_t
  private let output: Int32

  /// Starts `program` and writes `input` to it; standard error stays this process's.
  init(_ program: String, _ arguments: [String], input: [UInt8]) throws(EventLogError) {
    var toChild: (Int32, Int32) = (0, 0)
    var fromChild: (Int32, Int32) = (0, 0)
    toChild = try Self.pipe()
    fromChild = try Self.pipe()
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, toChild.0, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, fromChild.1, 1)
    var argv = unsafe ([program] + arguments).map { unsafe strdup($0) }
    unsafe argv.append(nil)
    defer { unsafe argv.forEach { unsafe free($0) } }
    var pid: pid_t = 0
    let code = unsafe posix_spawn(&pid, program, &actions, nil, argv, environ)
    Glibc.close(toChild.0)
    Glibc.close(fromChild.1)
    guard code == 0 else {
      Glibc.close(toChild.1)
      Glibc.close(fromChild.0)
      throw .storage(
        operation: "start senko-worker", reason: unsafe String(cString: strerror(code)))
    }
    self.pid = pid
    output = fromChild.0
    // The input is smaller than a pipe's buffer, so that writing it cannot wait for the child.
    _ = unsafe input.withUnsafeBytes { unsafe Glibc.write(toChild.1, $0.baseAddress, $0.count) }
    Glibc.close(toChild.1)
  }

  private static func pipe() throws(EventLogError) -> (Int32, Int32) {
    var ends: [Int32] = [0, 0]
    guard unsafe Glibc.pipe(&ends) == 0 else {
      throw .storage(operation: "make a pipe", reason: unsafe String(cString: strerror(errno)))
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// Reads the child's output to its end, and waits for it.
  consuming func wait() throws(EventLogError) -> (output: [UInt8], status: Status) {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe read(output, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    Glibc.close(output)
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return (bytes, Status(raw: status))
  }
}
