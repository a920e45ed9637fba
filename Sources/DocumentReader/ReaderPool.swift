import Dispatch
import Glibc
import Synchronization

/// Reads documents in sandboxed workers, several at a time.
///
/// A worker reads many documents and is replaced after a number of them, or after any fault. Waiting for a
/// worker happens on threads of its own, never on Swift's cooperative pool.
public final class ReaderPool: Sendable {
  fileprivate struct Job: Sendable {
    var request: Request
    var document: [UInt8]
    var done: @Sendable (Result<Answer, ReaderError>) -> Void
  }

  struct Answer: Sendable {
    var bytes: [UInt8]
    var fingerprint: Fingerprint
    var usage: Usage
    /// What recognised characters of it.
    var recogniser: [String: String]?
    /// Why pages that are pictures were not recognised.
    var fault: String?
  }

  struct State {
    fileprivate var waiting: [Job] = []
    var idle: [WorkerProcess] = []
    fileprivate var running = 0
    fileprivate var digests: [String: String] = [:]
    var recogniserDigests: [String: String] = [:]
    var recogniser: [String: String]?
    fileprivate var saidUnfiltered = false
    fileprivate var isShutDown = false
  }

  let worker: String
  private let workers: Int
  let limits: Limits
  private let technologies: OwnTechnologies
  private let recognisesScans: Bool
  let givesWay: Bool
  let state = Mutex(State())
  private let threads = DispatchQueue(
    label: "senko.readers", qos: .utility, attributes: .concurrent)

  /// Prepares at most `workers` processes of the program `worker`; they start when there is work.
  ///
  /// - Parameters:
  ///   - technologies: names that are kept whole besides those that are built in.
  ///   - recognisesScans: whether the characters of pages that are pictures are recognised by tesseract, which
  ///     takes a second or more for each; such a reading says so.
  ///   - givesWay: whether workers have a core only while nothing else on the machine wants one, as is right where
  ///     nobody waits for a single document. Waiting for a core is then no reason to end them.
  public init(
    worker: String, workers: Int = 2, limits: Limits = Limits(),
    technologies: OwnTechnologies = OwnTechnologies(), recognisesScans: Bool = false,
    givesWay: Bool = false
  ) {
    self.worker = worker
    self.workers = max(1, workers)
    self.limits = limits
    self.technologies = technologies
    self.recognisesScans = recognisesScans
    self.givesWay = givesWay
  }

  deinit { shutdown() }

  /// Reads a document.
  ///
  /// - Parameter isNamedPDF: as of `measure`.
  /// - Returns: what was read, or why this document cannot be read.
  /// - Throws: `ReaderError` when no document could be read on this machine.
  public func read(
    _ bytes: [UInt8], isNamedPDF: Bool = false
  ) async throws(ReaderError) -> ReadingOutcome {
    try await measure(bytes, isNamedPDF: isNamedPDF).outcome
  }

  /// Reads a document, and says what that took.
  ///
  /// - Parameters:
  ///   - password: what opens a PDF that is encrypted; it goes to the worker and nowhere else.
  ///   - isNamedPDF: whether whoever sent it calls it a PDF; a text in its place is then a damaged one.
  /// - Throws: `ReaderError` when no document could be read on this machine.
  public func measure(
    _ bytes: [UInt8], password: String = "", isNamedPDF: Bool = false
  ) async throws(ReaderError) -> (outcome: ReadingOutcome, usage: Usage) {
    guard bytes.count <= limits.documentBytes else {
      return (.unreadable(reason: "too-large", nil), Usage())
    }
    let answer = try await ask(Request(kind: .read, password: password), bytes).get()
    // A reading that names another program than was started is none of it.
    guard var outcome = try? ReadingOutcome(decoding: answer.bytes),
      outcome.fingerprint.map({ $0 == answer.fingerprint }) ?? true
    else { return (.unreadable(reason: "crashed", answer.fingerprint), answer.usage) }
    if isNamedPDF, case .read = outcome, !Self.isPDF(bytes) {
      outcome = .unreadable(reason: Unreadable.damaged.rawValue, answer.fingerprint)
    }
    outcome.note(answer.recogniser, fault: answer.fault)
    return (outcome, answer.usage)
  }

  /// What recognises the characters of pages that are pictures, by name, once something was read; `nil` where nothing
  /// does.
  public var recogniser: [String: String]? { state.withLock { $0.recogniser } }

  /// Lays a document's boxes out in the order in which they are read, page by page.
  ///
  /// - Parameter password: as of `measure`.
  /// - Returns: an explanation for each page; none for a plain text or a document that cannot be read.
  /// - Throws: `ReaderError` when no document could be read on this machine.
  public func explain(
    _ bytes: [UInt8], password: String = ""
  ) async throws(ReaderError) -> [PageExplanation] {
    guard bytes.count <= limits.documentBytes else { return [] }
    let answer = try await ask(Request(kind: .explain, password: password), bytes).get()
    return (try? PageExplanation.decode(answer.bytes)) ?? []
  }

  /// Whether a file is a PDF: one begins within its first 1,024 bytes (ISO 32000-1, annex H).
  public static func isPDF(_ bytes: [UInt8]) -> Bool {
    let head = bytes.prefix(1024 + 5)
    return head.indices.contains { head[$0...].starts(with: "%PDF-".utf8) }
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

  private func ask(_ request: Request, _ bytes: [UInt8]) async -> Result<Answer, ReaderError> {
    await withCheckedContinuation { continuation in
      let job = Job(request: request, document: bytes) { continuation.resume(returning: $0) }
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
      var answer = try ask(job.request, job.document, with: &worker)
      if recognisesScans, mayHoldScans(job.request, job.document, answer.bytes) {
        try recogniseScans(job.request, &answer) {
          (request) throws(ReaderError) in
          try ask(request, job.document, with: &worker)
        }
      }
      job.done(.success(answer))
    } catch {
      job.done(.failure(error))
    }
  }

  /// Asks `worker`, or another one when it has ended; a fault with the document is an answer.
  private func ask(
    _ request: Request, _ document: [UInt8], with worker: inout WorkerProcess?
  ) throws(ReaderError) -> Answer {
    let laidBy = worker
    var present = if let laidBy { laidBy } else { try start() }
    worker = nil
    let fingerprint = present.fingerprint
    do throws(WorkerProcess.Fault) {
      let (bytes, usage) = try present.ask(request.encoded, about: document, limits)
      if present.documentsLeft == 0 { present.end() } else { worker = present }
      return Answer(bytes: bytes, fingerprint: fingerprint, usage: usage)
    } catch {
      if case .notTaken = error.failure, laidBy != nil {
        return try ask(request, document, with: &worker)
      }
      let outcome = ReadingOutcome.unreadable(reason: error.failure.reason, fingerprint)
      return Answer(
        bytes: outcome.encoded, fingerprint: fingerprint, usage: error.usage,
        fault: error.failure.reason)
    }
  }

  private func start() throws(ReaderError) -> WorkerProcess {
    // Whoever asks for recognition hears at once when it cannot be had.
    if recognisesScans, state.withLock({ $0.recogniserDigests.isEmpty }) {
      try startRecogniser().end()
    }
    var started = try WorkerProcess(
      worker, limits, technologies, drawing: recognisesScans,
      digests: state.withLock { $0.digests })
    if givesWay { started.giveWay() }
    state.withLock { $0.digests = started.digests }
    complainUnlessSandboxed(started)
    return started
  }

  /// Says once when a worker is not in its sandbox.
  func complainUnlessSandboxed(_ started: WorkerProcess) {
    let complains = state.withLock { state in
      defer { state.saidUnfiltered = state.saidUnfiltered || !started.isSandboxed }
      return !started.isSandboxed && !state.saidUnfiltered
    }
    if complains {
      let warning =
        "senko: warning: this kernel refuses to filter system calls (seccomp): documents are read "
        + "under limits of time, memory and files only. Allow seccomp for senko-worker.\n"
      _ = unsafe warning.withCString { text in unsafe write(STDERR_FILENO, text, strlen(text)) }
    }
  }
}

extension WorkerProcess.Failure {
  /// The fault as a slug.
  var reason: String {
    switch self {
    case .timeout: return "timeout"
    case .answerTooLarge: return "too-large"
    case .notTaken: return "crashed"
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
