import Foundation
import TestSupport
import Testing

@testable import DocumentReader

/// What a parent takes from a process that strangers' documents may have taken over.
@Suite struct WorkerProcessTests {
  private func started(
    _ limits: Limits, _ program: String = product("senko-worker")
  ) throws -> WorkerProcess {
    try WorkerProcess(program, limits, OwnTechnologies(), digests: [:])
  }

  /// Why there was no answer; `nil` when there was one.
  private func failure(
    of worker: inout WorkerProcess, _ limits: Limits
  ) -> WorkerProcess.Failure? {
    do throws(WorkerProcess.Fault) {
      _ = try worker.ask(Request(kind: .read).encoded, about: Sentinel.bytes, limits)
      return nil
    } catch {
      return error.failure
    }
  }

  /// It uses no time of the processor, so that its own limit never ends it.
  @Test func aWorkerThatStandsStillIsEnded() throws {
    var limits = Limits()
    limits.wallMilliseconds = 100
    var worker = try started(limits)
    kill(worker.pid, SIGSTOP)
    guard case .timeout = failure(of: &worker, limits) else {
      worker.end()
      Issue.record("It was not waited for in vain.")
      return
    }
    #expect(kill(worker.pid, 0) != 0, "it is still there")
  }

  /// What a worker says that is ready, in a sandbox, with nothing to tell of its libraries.
  private static var greeting: [UInt8] {
    var hello = ByteWriter()
    hello.write(UInt64(1))
    hello.write(UInt64(1))
    hello.write([String: String]())
    hello.write([String: String]())
    return Frame.header(hello.bytes.count) + hello.bytes
  }

  /// Two gigabytes that were only announced must cost their parent nothing.
  @Test func anAnswerBeyondTheLimitIsNotWaitedFor() async throws {
    try await withTemporaryDirectory { folder in
      let said = Self.greeting + Frame.header(Int(Int32.max))
      try Data(said).write(to: URL(fileURLWithPath: folder + "/said"))
      let program = folder + "/liar"
      try writeProgram(
        "#!/bin/sh\n/bin/cat \(folder)/said\nexec /bin/cat >/dev/null\n", to: program)
      let limits = Limits()
      var worker = try started(limits, program)
      guard case .answerTooLarge = failure(of: &worker, limits) else {
        Issue.record("It was waited for.")
        return
      }
    }
  }

  /// Who is told of a crash where memory was too little looks for a fault that there is not.
  @Test func aFloodOfMessagesKeepsOutNoLastWord() async throws {
    try await withTemporaryDirectory { folder in
      try Data(Self.greeting).write(to: URL(fileURLWithPath: folder + "/said"))
      let program = folder + "/chatterer"
      // What there is no room for is lost to whoever writes it.
      let flood = "/usr/bin/head -c 2000000 /dev/zero >&2 2>/dev/null"
      try writeProgram(
        """
        #!/bin/sh
        /bin/cat \(folder)/said
        \(flood)
        \(flood)
        /bin/sleep 0.3
        echo "terminate called after throwing an instance of 'std::bad_alloc'" >&2
        exit 1
        """, to: program)
      let limits = Limits()
      var worker = try started(limits, program)
      let failure = try #require(failure(of: &worker, limits))
      #expect(failure.reason == "out-of-memory")
    }
  }

  /// The numbers of what was closed are given anew at once, in a server to its clients.
  @Test func whatHasEndedIsEndedOnce() async {
    await #expect(processExitsWith: .success) {
      var limits = Limits()
      limits.wallMilliseconds = 100
      var worker = try WorkerProcess(
        product("senko-worker"), limits, OwnTechnologies(), digests: [:])
      kill(worker.pid, SIGSTOP)
      let first = try? worker.ask(
        Request(kind: .read).encoded, about: Sentinel.bytes, limits)
      let others = (0..<16).map { _ in unsafe open("/dev/null", O_RDONLY) }
      let second = try? worker.ask(
        Request(kind: .read).encoded, about: Sentinel.bytes, limits)
      worker.end()
      let areOpen = others.allSatisfy { fcntl($0, F_GETFD) >= 0 }
      _exit(first == nil && second == nil && areOpen ? 0 : 1)
    }
  }

  /// What a document did to the memory of its worker must not stay there for ever.
  @Test func aWorkerEndsAfterItsShare() throws {
    var limits = Limits()
    limits.documentsPerWorker = 2
    var worker = try started(limits)
    for left in [1, 0] {
      let failure = failure(of: &worker, limits)
      #expect(failure == nil)
      #expect(worker.documentsLeft == left)
    }
    switch failure(of: &worker, limits) {
    // It may have ended before the document is handed to it, or meanwhile.
    case .notTaken, .ended(status: 0, _): break
    default:
      worker.end()
      Issue.record("It reads a third document.")
    }
  }
}
