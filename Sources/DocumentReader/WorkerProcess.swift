import Glibc

/// A running worker, as its parent holds it: nothing that it sends is believed.
final class WorkerProcess {
  private let pid: pid_t
  private let input: Int32
  private let output: Int32
  /// How many documents it has read.
  private(set) var documents = 0

  /// How an exchange failed.
  enum Failure: Error {
    /// It took longer than it may.
    case timeout
    /// It ended, by a signal or by itself.
    case ended(signal: Int32?)
    /// It sent something that is no outcome.
    case nonsense
  }

  /// Starts `program`.
  init(_ program: String) throws(ReaderError) {
    var toChild: [Int32] = [0, 0]
    var fromChild: [Int32] = [0, 0]
    guard unsafe pipe(&toChild) == 0, unsafe pipe(&fromChild) == 0 else {
      throw .cannotStart(program: program, reason: unsafe String(cString: strerror(errno)))
    }
    for end in toChild + fromChild { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
    let arguments = unsafe [strdup(program), strdup("read"), nil]
    defer { unsafe arguments.forEach { unsafe free($0) } }
    var pid: pid_t = 0
    // An empty environment: nothing of the parent's, secrets least of all, is the worker's to read.
    let environment = unsafe [strdup("LC_ALL=C.UTF-8"), nil]
    defer { unsafe environment.forEach { unsafe free($0) } }
    let code = unsafe posix_spawn(&pid, program, &actions, nil, arguments, environment)
    close(toChild[0])
    close(fromChild[1])
    guard code == 0 else {
      close(toChild[1])
      close(fromChild[0])
      throw .cannotStart(program: program, reason: unsafe String(cString: strerror(code)))
    }
    self.pid = pid
    input = toChild[1]
    output = fromChild[0]
    // Writing must not wait for ever on a worker that does not read.
    _ = fcntl(input, F_SETFL, O_NONBLOCK)
    _ = fcntl(output, F_SETFL, O_NONBLOCK)
  }

  deinit {
    close(input)
    close(output)
    kill(pid, SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
  }

  /// Has a document read, within `seconds` of wall-clock time.
  func read(_ document: [UInt8], within seconds: Int) throws(Failure) -> ReadingOutcome {
    documents += 1
    let deadline = now() + seconds * 1000
    let count = UInt32(document.count)
    let header = (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * UInt32($0))) }
    try send(header + document, by: deadline)
    let length = try receive(4, by: deadline).reduce(0) { $0 << 8 | Int($1) }
    guard length <= Worker.mostOutput else { throw .nonsense }
    let bytes = try receive(length, by: deadline)
    do { return try ReadingOutcome(decoding: bytes) } catch { throw .nonsense }
  }

  private func send(_ bytes: [UInt8], by deadline: Int) throws(Failure) {
    var done = 0
    while done < bytes.count {
      try wait(for: input, POLLOUT, by: deadline)
      let sent = unsafe bytes.withUnsafeBytes { buffer in
        unsafe write(input, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
      }
      if sent < 0, errno == EINTR || errno == EAGAIN { continue }
      guard sent > 0 else { throw ended() }
      done += sent
    }
  }

  private func receive(_ count: Int, by deadline: Int) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      try wait(for: output, POLLIN, by: deadline)
      let got = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(output, buffer.baseAddress.map { unsafe $0 + done }, count - done)
      }
      if got < 0, errno == EINTR || errno == EAGAIN { continue }
      guard got > 0 else { throw ended() }
      done += got
    }
    return bytes
  }

  private func wait(for descriptor: Int32, _ event: Int32, by deadline: Int) throws(Failure) {
    while true {
      let left = deadline - now()
      guard left > 0 else { throw .timeout }
      var request = pollfd(fd: descriptor, events: Int16(event), revents: 0)
      let ready = unsafe poll(&request, 1, Int32(left))
      if ready > 0 { return }
      if ready == 0 { throw .timeout }
      guard errno == EINTR else { throw ended() }
    }
  }

  private func ended() -> Failure {
    var status: Int32 = 0
    // It has closed its pipes; it ends now, or is ended.
    kill(pid, SIGKILL)
    guard unsafe waitpid(pid, &status, WNOHANG) == pid else { return .ended(signal: nil) }
    return .ended(signal: status & 0x7F == 0 ? nil : status & 0x7F)
  }

  private func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }
}
