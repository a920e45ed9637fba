import Dispatch
import Glibc
import Synchronization

/// Reads documents in sandboxed workers, several at a time.
///
/// A worker reads many documents and is replaced after a number of them, or after any fault. Waiting for a
/// worker happens on threads of its own, never on Swift's cooperative pool.
public final class ReaderPool: Sendable {
  private struct Job: Sendable {
    var request: [UInt8]
    var done: @Sendable (Result<Answer, ReaderError>) -> Void
  }

  private struct Answer: Sendable {
    var bytes: [UInt8]
    var fingerprint: Fingerprint
    var usage: Usage
  }

  private struct State {
    var waiting: [Job] = []
    var idle: [WorkerProcess] = []
    var running = 0
    var digests: [String: String] = [:]
    var saidUnfiltered = false
    var isShutDown = false
  }

  private let worker: String
  private let workers: Int
  private let limits: Limits
  private let technologies: OwnTechnologies
  private let state = Mutex(State())
  private let threads = DispatchQueue(label: "senko.readers", attributes: .concurrent)

  /// Prepares at most `workers` processes of the program `worker`; they start when there is work.
  ///
  /// - Parameter technologies: names that are kept whole besides those that are built in.
  public init(
    worker: String, workers: Int = 2, limits: Limits = Limits(),
    technologies: OwnTechnologies = OwnTechnologies()
  ) {
    self.worker = worker
    self.workers = max(1, workers)
    self.limits = limits
    self.technologies = technologies
  }

  deinit { shutdown() }

  /// Reads a document.
  ///
  /// - Returns: what was read, or why this document cannot be read.
  /// - Throws: `ReaderError` when no document could be read on this machine.
  public func read(_ bytes: [UInt8]) async throws(ReaderError) -> ReadingOutcome {
    try await measure(bytes).outcome
  }

  /// Reads a document, and says what that took.
  ///
  /// - Throws: `ReaderError` when no document could be read on this machine.
  public func measure(
    _ bytes: [UInt8]
  ) async throws(ReaderError) -> (outcome: ReadingOutcome, usage: Usage) {
    guard bytes.count <= limits.documentBytes else {
      return (.unreadable(reason: "too-large", nil), Usage())
    }
    let answer = try await ask(.read, bytes).get()
    do {
      return (try ReadingOutcome(decoding: answer.bytes), answer.usage)
    } catch {
      return (.unreadable(reason: "crashed", answer.fingerprint), answer.usage)
    }
  }

  /// Lays a document's boxes out in the order in which they are read, page by page.
  ///
  /// - Returns: an explanation for each page; none for a plain text or a document that cannot be read.
  /// - Throws: `ReaderError` when no document could be read on this machine.
  public func explain(_ bytes: [UInt8]) async throws(ReaderError) -> [PageExplanation] {
    guard bytes.count <= limits.documentBytes else { return [] }
    let answer = try await ask(.explain, bytes).get()
    return (try? PageExplanation.decode(answer.bytes)) ?? []
  }

  /// Ends all idle workers, and the others after the document they are reading.
  public func shutdown() {
    let (idle, waiting) = state.withLock { state in
      state.isShutDown = true
      defer { (state.idle, state.waiting) = ([], []) }
      return (state.idle, state.waiting)
    }
    for worker in idle { worker.end() }
    for job in waiting { job.done(.failure(.shutDown)) }
  }

  private func ask(_ kind: Request, _ bytes: [UInt8]) async -> Result<Answer, ReaderError> {
    await withCheckedContinuation { continuation in
      let job = Job(request: [kind.rawValue] + bytes) { continuation.resume(returning: $0) }
      let (refused, starts) = state.withLock { state in
        if state.isShutDown { return (true, false) }
        state.waiting.append(job)
        guard state.running < workers else { return (false, false) }
        state.running += 1
        return (false, true)
      }
      if refused { job.done(.failure(.shutDown)) }
      if starts { threads.async { [self] in drain() } }
    }
  }

  /// Serves what is waiting with one worker, and lays it by.
  private func drain() {
    var worker: WorkerProcess? = state.withLock { $0.idle.popLast() }
    while true {
      let job: Job? = state.withLock { state in
        if !state.waiting.isEmpty { return state.waiting.removeFirst() }
        state.running -= 1
        if let present = worker, !state.isShutDown {
          state.idle.append(present)
          worker = nil
        }
        return nil
      }
      guard let job else { break }
      serve(job, with: &worker)
    }
    worker?.end()
  }

  private func serve(_ job: Job, with worker: inout WorkerProcess?) {
    do throws(ReaderError) {
      var present = if let worker { worker } else { try start() }
      let fingerprint = present.fingerprint
      do throws(WorkerProcess.Fault) {
        let (answer, usage) = try present.ask(job.request, limits)
        worker = present
        if present.documentsLeft == 0 {
          present.end()
          worker = nil
        }
        job.done(.success(Answer(bytes: answer, fingerprint: fingerprint, usage: usage)))
      } catch {
        worker = nil
        let outcome = ReadingOutcome.unreadable(reason: error.failure.reason, fingerprint)
        job.done(
          .success(Answer(bytes: outcome.encoded, fingerprint: fingerprint, usage: error.usage)))
      }
    } catch {
      worker = nil
      job.done(.failure(error))
    }
  }

  private func start() throws(ReaderError) -> WorkerProcess {
    let started = try WorkerProcess(
      worker, limits, technologies, digests: state.withLock { $0.digests })
    let complains = state.withLock { state in
      state.digests = started.digests
      defer { state.saidUnfiltered = state.saidUnfiltered || !started.isSandboxed }
      return !started.isSandboxed && !state.saidUnfiltered
    }
    if complains {
      let warning =
        "senko: warning: this kernel refuses to filter system calls (seccomp): documents are read "
        + "under limits of time, memory and files only. Allow seccomp for senko-worker.\n"
      _ = unsafe warning.withCString { text in unsafe write(STDERR_FILENO, text, strlen(text)) }
    }
    return started
  }
}

/// What a worker can be asked for.
enum Request: UInt8 {
  case read
  case explain
}

extension WorkerProcess.Failure {
  /// The fault as a slug.
  var reason: String {
    switch self {
    case .timeout: return "timeout"
    case .answerTooLarge: return "too-large"
    case .ended(let status, let errors):
      let signal = status & 0x7F
      if signal == SIGPROF || signal == SIGXCPU { return "timeout" }
      for sign in ["emory", "bad_alloc", "allocate"] where errors.contains(sign) {
        return "out-of-memory"
      }
      return "crashed"
    }
  }
}
