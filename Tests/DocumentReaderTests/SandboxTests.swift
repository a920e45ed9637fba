import Dispatch
import Foundation
import TestSupport
import Testing

@testable import DocumentReader

/// What a document may still do should it take over the process that reads it: nothing that leaves a trace, and
/// nothing that is sent.
@Suite struct SandboxTests {
  private func started(
    _ program: String = product("senko-worker"), drawing: Bool = false
  ) throws -> WorkerProcess {
    try WorkerProcess(program, Limits(), OwnTechnologies(), drawing: drawing, digests: [:])
  }

  /// The limits that hold with the filter and without it.
  private func expectLimits(of worker: WorkerProcess) throws {
    let (limits, kernel) = (Limits(), try Confinement(of: worker.pid))
    #expect(kernel.gainsNoPrivileges)
    for name in ["file size", "processes", "core file size"] {
      #expect(kernel.limit(name) == 0, "\(name) is not limited")
    }
    let descriptors = try #require(kernel.limit("open files"))
    #expect(descriptors <= 32)
    // Besides what its start took.
    let seconds = UInt64(limits.documentsPerWorker * (limits.processorMilliseconds / 1000 + 1))
    let time = try #require(kernel.limit("cpu time"))
    #expect((seconds...seconds + 120).contains(time))
    let memory = UInt64(limits.memoryBytes)
    let space = try #require(kernel.limit("address space"))
    #expect((memory...memory + kernel.addressSpace).contains(space))
  }

  @Test(arguments: [false, true])
  func aReaderIsInItsSandboxBeforeItSeesADocument(drawing: Bool) throws {
    // One more that it may not have, above the thousand wherever so many are allowed.
    var high = fcntl(0, F_DUPFD, 1500)
    if high < 0 { high = fcntl(0, F_DUPFD, 500) }
    try #require(high >= 500)
    defer { close(high) }
    let worker = try started(drawing: drawing)
    defer { worker.end() }
    #expect(worker.isSandboxed)
    try expectLimits(of: worker)
    let kernel = try Confinement(of: worker.pid)
    #expect(kernel.isFiltered)
    #expect(kernel.descriptors.isSubset(of: ["0", "1", "2"]))
    // Nothing of what this process was told: tokens are often given so.
    #expect(
      kernel.environment == ["LC_ALL", "SWIFT_BACKTRACE", "GLIBC_TUNABLES", "OMP_THREAD_LIMIT"])
  }

  /// What only a process would do that is not its own master any more.
  enum Deed: String, Codable, CaseIterable {
    case write, change, create, remove, connect, start, signal, read

    func perform() {
      switch self {
      case .write: _ = unsafe open("/dev/null", O_WRONLY)
      case .change: _ = unsafe open("/dev/null", O_RDWR)
      case .create: _ = unsafe open("/nonexistent/file", O_RDONLY | O_CREAT, 0o600)
      case .remove: _ = unsafe unlink("/nonexistent/file")
      case .connect: _ = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      case .start:
        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe [nil]
        _ = unsafe execv("/bin/true", &arguments)
      case .signal:
        // The C library has it, and its module does not name it.
        typealias Send = @convention(c) (pid_t, pid_t, CInt) -> CInt
        guard let symbol = unsafe dlsym(nil, "tgkill") else { return }
        _ = unsafe unsafeBitCast(symbol, to: Send.self)(1, 1, 0)
      case .read: _ = unsafe open("/dev/null", O_RDONLY)
      }
    }
  }

  @Test(arguments: Deed.allCases.filter { $0 != .read })
  func whatIsNoReadingEndsAReader(deed: Deed) async {
    await #expect(processExitsWith: .signal(SIGSYS)) { [deed = deed as Deed] in
      guard Sandbox.enter(Limits()) else { _exit(2) }
      deed.perform()
      _exit(0)
    }
  }

  /// Whoever asks tells by the signal that a document broke its reader, and not that it was up to something.
  @Test func aReaderThatFindsItselfBrokenEndsByItsOwnSignal() async {
    await #expect(processExitsWith: .signal(SIGABRT)) {
      guard Sandbox.enter(Limits()) else { _exit(2) }
      abort()
    }
  }

  /// Poppler looks for the tables of an encoding when a document first asks for them.
  @Test func readingAFileEndsNoReader() async {
    await #expect(processExitsWith: .success) {
      guard Sandbox.enter(Limits()) else { _exit(2) }
      Deed.read.perform()
      _exit(0)
    }
  }

  /// A recogniser has all that it needs before it sees a picture.
  @Test func readingAFileEndsARecogniser() async {
    await #expect(processExitsWith: .signal(SIGSYS)) {
      guard Sandbox.enter(Limits(), opensFiles: false) else { _exit(2) }
      Deed.read.perform()
      _exit(0)
    }
  }

  /// The keys of a store lie in files that whoever started the worker may read.
  @Test(.enabled(if: ReadableFolders.areKept)) func onlyTablesAndFontsAreRead() async throws {
    try await withTemporaryDirectory { folder in
      let key = folder + "/wrapping-key"
      try Data("secret".utf8).write(to: URL(fileURLWithPath: key))
      await #expect(processExitsWith: .success) { [key = key as String] in
        let table = "/usr/share/poppler/cMap/Adobe-Japan1/90ms-RKSJ-H"
        guard unsafe open(key, O_RDONLY) >= 0, Sandbox.enter(Limits()) else { _exit(2) }
        guard unsafe open(key, O_RDONLY) < 0, errno == EACCES else { _exit(1) }
        _exit(unsafe open(table, O_RDONLY) >= 0 ? 0 : 3)
      }
    }
  }

  /// A library may have started threads before.
  @Test func threadsThatRanBeforeAreInTheSandboxAsWell() async {
    await #expect(processExitsWith: .success) {
      let (started, never) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
      for _ in 0..<3 {
        Thread.detachNewThread {
          started.signal()
          never.wait()
        }
      }
      for _ in 0..<3 { started.wait() }
      guard Sandbox.enter(Limits()), let kernel = try? Confinement(of: getpid()) else { _exit(2) }
      _exit(kernel.isFiltered && kernel.gainsNoPrivileges ? 0 : 1)
    }
  }

  @Test(.enabled(if: canMount)) func withoutTheFilterTheOtherLimitsHold() async throws {
    try await withTemporaryDirectory { folder in
      let worker = try started(withoutSeccomp(product("senko-worker"), in: folder))
      defer { worker.end() }
      #expect(!worker.isSandboxed)
      try expectLimits(of: worker)
    }
  }

  /// Once, however many processes there are: a warning for each would hide what else is said.
  @Test(.enabled(if: canMount)) func theFiltersAbsenceIsSaidOnce() async throws {
    try await withTemporaryDirectory { folder in
      let program = try withoutSeccomp(product("senko-worker"), in: folder)
      let result = await #expect(
        processExitsWith: .success, observing: [\.standardErrorContent]
      ) { [program = program as String] in
        var limits = Limits()
        limits.documentsPerWorker = 2
        let pool = ReaderPool(worker: program, workers: 2, limits: limits)
        defer { pool.shutdown() }
        try await withThrowingTaskGroup(of: ReadingOutcome.self) { group in
          for _ in 0..<6 { group.addTask { try await pool.read(Sentinel.bytes) } }
          for try await outcome in group {
            guard case .read = outcome else { throw CodingError(description: "unreadable") }
          }
        }
      }
      let said = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
      #expect(said.components(separatedBy: "this kernel refuses to filter").count == 2, "\(said)")
    }
  }
}
