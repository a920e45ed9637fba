import Glibc

/// A running worker, as its parent sees it: a process and a socket that is its standard input and output.
struct WorkerProcess: Sendable {
  private let child: ChildProcess
  /// What the worker reads with.
  let fingerprint: Fingerprint
  /// Digests that the next worker need not compute again.
  let digests: [String: String]
  /// Whether the kernel took the worker's filter of system calls.
  let isSandboxed: Bool
  /// How many documents it may still read.
  private(set) var documentsLeft: Int
  /// Whether it has a core only while nothing else wants one.
  private var givesWay = false

  /// The number of its process.
  var pid: pid_t { child.pid }

  /// Why a worker gave no answer.
  enum Failure: Error {
    case timeout
    /// It had ended before it took the request, so that this says nothing of the document.
    case notTaken
    case ended(status: Int32, errors: String)
    case answerTooLarge
  }

  /// Why a worker gave no answer, and what it had used until its end.
  struct Fault: Error {
    var failure: Failure
    var usage: Usage
  }

  /// How long a worker may take until it is ready, on a machine where much else goes on.
  private static let secondsToStart = 120

  /// Starts a worker that reads documents, and waits until it is ready.
  ///
  /// - Parameter drawing: whether it is to draw pages as well.
  init(
    _ program: String, _ limits: Limits, _ technologies: OwnTechnologies, drawing: Bool = false,
    digests: [String: String]
  ) throws(ReaderError) {
    var greeting = ByteWriter()
    limits.write(to: &greeting)
    greeting.write(drawing ? 1 : 0)
    greeting.write(digests)
    technologies.write(to: &greeting)
    try self.init(program, "read", greeting, limits)
  }

  /// Starts a worker that recognises characters in pictures, and waits until it is ready.
  init(
    recogniser program: String, _ limits: Limits, digests: [String: String]
  ) throws(ReaderError) {
    var greeting = ByteWriter()
    limits.write(to: &greeting)
    greeting.write(digests)
    try self.init(program, "recognise", greeting, limits)
  }

  private init(
    _ program: String, _ mode: String, _ greeting: ByteWriter, _ limits: Limits
  ) throws(ReaderError) {
    let child = try Self.spawn(program, mode)
    self.child = child
    let hello: [UInt8]
    do throws(Failure) {
      let deadline = Deadline(milliseconds: Self.secondsToStart * 1_000)
      try Self.send([Frame.header(greeting.bytes.count), greeting.bytes], to: child, by: deadline)
      hello = try Self.receive(from: child, atMost: 1 << 20, by: deadline)
    } catch {
      let complaint = child.lastWords()
      let status = child.end()?.status ?? 0
      switch error {
      case .timeout:
        throw ReaderError.notStarted(program, "it was not ready within \(Self.secondsToStart) s")
      case .notTaken, .ended, .answerTooLarge:
        let reason = "it ended before it was ready, with status \(status)"
        throw ReaderError.notStarted(
          program, complaint.isEmpty ? reason : reason + " and the words: " + complaint.prefix(500))
      }
    }
    var reader = ByteReader(hello)
    do {
      guard try reader.number() == 1 else {
        throw ReaderError.unusable(try reader.text())
      }
      isSandboxed = try reader.number() == 1
      fingerprint = Fingerprint(details: try reader.details())
      self.digests = try reader.details()
    } catch let error as ReaderError {
      child.end()
      throw error
    } catch {
      child.end()
      throw ReaderError.notStarted(program, "it speaks another version's language")
    }
    documentsLeft = limits.documentsPerWorker
  }

  /// Sends a request and what it is about, and waits for its answer, at most as long as `limits` allow.
  mutating func ask(
    _ request: [UInt8], about document: [UInt8], _ limits: Limits
  ) throws(Fault) -> (answer: [UInt8], usage: Usage) {
    documentsLeft -= 1
    let begun = ContinuousClock.now
    // Its own limit comes first.
    let deadline = Deadline(
      milliseconds: limits.wallMilliseconds, moreWhileReady: givesWay ? pid : nil,
      processorMilliseconds: limits.processorMilliseconds + 1_000)
    do throws(Failure) {
      guard !child.hasEnded else { throw .notTaken }
      let head = Frame.header(request.count) + request + Frame.header(document.count)
      try Self.send([head, document], to: child, by: deadline)
      var reader = ByteReader(try Self.receive(from: child, atMost: 64, by: deadline))
      guard var usage = try? Usage(reading: &reader) else { throw .ended(status: 0, errors: "") }
      let answer = try Self.receive(from: child, atMost: limits.answerBytes, by: deadline)
      usage.wallMicroseconds = begun.microseconds
      return (answer, usage)
    } catch {
      let complaint = child.lastWords()
      var (status, usage) = child.end() ?? (0, Usage())
      usage.wallMicroseconds = begun.microseconds
      if case .ended = error {
        throw Fault(failure: .ended(status: status, errors: complaint), usage: usage)
      }
      throw Fault(failure: error, usage: usage)
    }
  }

  /// The policy SCHED_IDLE of sched(7), for which Glibc has no name here.
  private static let idle: Int32 = 5

  /// Lets the worker have a core only while nothing else wants one; waiting for one is then no reason to end it.
  mutating func giveWay() {
    // Where the system refuses, it goes on as it is.
    var none = sched_param()
    givesWay = unsafe sched_setscheduler(pid, Self.idle, &none) == 0
  }

  /// Ends the worker, whatever it is doing.
  func end() { child.end() }
}

extension WorkerProcess {
  /// Nothing of this process's environment goes to the worker.
  ///
  /// Poppler allocates and frees small blocks by the ten thousand: the C library keeps so many of each size at hand
  /// that it need not put them together and cut them again. Tesseract has one thread: more would need a system call
  /// that the sandbox refuses, and could add up otherwise.
  private static let environment = [
    "LC_ALL=C.UTF-8", "SWIFT_BACKTRACE=enable=no",
    "GLIBC_TUNABLES=glibc.malloc.tcache_count=2000", "OMP_THREAD_LIMIT=1",
  ]

  private static func spawn(
    _ program: String, _ mode: String
  ) throws(ReaderError) -> ChildProcess {
    var ends: [Int32] = [-1, -1]
    var errors: [Int32] = [-1, -1]
    let stream = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, stream, 0, &ends) == 0 else {
      throw .notStarted(program, reason(errno))
    }
    // Writing errors that nobody reads must not hold the worker up: what does not fit is lost.
    let unwaited = stream | Int32(SOCK_NONBLOCK.rawValue)
    guard unsafe socketpair(AF_UNIX, unwaited, 0, &errors) == 0 else {
      ends.forEach { close($0) }
      throw .notStarted(program, reason(errno))
    }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for target: Int32 in [0, 1] {
      unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], target)
    }
    unsafe posix_spawn_file_actions_adddup2(&actions, errors[1], 2)
    let strings = unsafe [program, mode].map { (text: String) in unsafe strdup(text) }
    let settings = unsafe environment.map {
      (text: String) in unsafe strdup(text)
    }
    defer { unsafe (strings + settings).forEach { unsafe free($0) } }
    var pid: pid_t = 0
    let code = unsafe posix_spawn(
      &pid, program, &actions, nil, strings + [nil], settings + [nil])
    close(ends[1])
    close(errors[1])
    guard code == 0 else {
      close(ends[0])
      close(errors[0])
      throw .notStarted(program, reason(code))
    }
    return ChildProcess(pid: pid, socket: ends[0], errors: errors[0])
  }

  private static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }

  private static func send(
    _ parts: [[UInt8]], to child: ChildProcess, by deadline: Deadline
  ) throws(Failure) {
    for part in parts {
      var rest = part[...]
      while !rest.isEmpty {
        try wait(child, Int16(POLLOUT), by: deadline)
        let count = unsafe rest.withUnsafeBytes {
          unsafe Glibc.send(
            child.socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
        if count < 0, errno == EINTR || errno == EAGAIN { continue }
        guard count > 0 else { throw .notTaken }
        rest = rest.dropFirst(count)
      }
    }
  }

  private static func receive(
    from child: ChildProcess, atMost limit: Int, by deadline: Deadline
  ) throws(Failure) -> [UInt8] {
    let count = Frame.length(try receive(4, from: child, by: deadline))
    guard count <= limit else { throw .answerTooLarge }
    return try receive(count, from: child, by: deadline)
  }

  private static func receive(
    _ count: Int, from child: ChildProcess, by deadline: Deadline
  ) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    var buffer = [UInt8](repeating: 0, count: min(count, 1 << 16))
    while bytes.count < count {
      try wait(child, Int16(POLLIN), by: deadline)
      let wanted = min(buffer.count, count - bytes.count)
      let got = unsafe recv(child.socket, &buffer, wanted, Int32(MSG_DONTWAIT))
      if got < 0, errno == EINTR || errno == EAGAIN { continue }
      guard got > 0 else { throw .ended(status: 0, errors: "") }
      bytes += buffer[..<got]
    }
    return bytes
  }

  /// Waits for the socket, and meanwhile takes in what the process has to say.
  private static func wait(
    _ child: ChildProcess, _ events: Int16, by deadline: Deadline
  ) throws(Failure) {
    var entries = [
      pollfd(fd: child.socket, events: events, revents: 0),
      pollfd(fd: child.errors, events: Int16(POLLIN), revents: 0),
    ]
    while true {
      let left = deadline.millisecondsLeft
      // What is there already was there in time, however late this thread looks.
      let count = unsafe poll(&entries, 2, Int32(left))
      if count > 0, entries[1].revents != 0, !child.hear() { entries[1].fd = -1 }
      if count > 0, entries[0].revents != 0 { return }
      guard left > 0 else { throw .timeout }
    }
  }
}

extension ContinuousClock.Instant {
  /// How many microseconds have passed since.
  fileprivate var microseconds: Int {
    let passed = duration(to: .now).components
    return Int(passed.seconds) * 1_000_000 + Int(passed.attoseconds / 1_000_000_000_000)
  }
}
