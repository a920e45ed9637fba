import Dispatch
import Glibc
import Synchronization

/// Why no document at all can be read; a bad document is an answer, not an error.
public enum ReaderError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The worker cannot be started.
  case cannotStart(program: String, reason: String)
  /// The worker has no dictionary.
  case noDictionary

  /// A sentence with the remedy.
  public var description: String {
    switch self {
    case .cannotStart(let program, let reason):
      "The reader '\(program)' cannot be started: \(reason). Install senko-worker beside senko, or name it "
        + "with SENKO_WORKER."
    case .noDictionary:
      "MeCab's dictionary is not at \(Analyser.dictionary). Install the package mecab-ipadic-utf8."
    }
  }
}

/// Workers that read documents, several at once, each in its sandbox; they are replaced after a fault,
/// and after a number of documents.
public final class ReaderPool: Sendable {
  private let program: String
  private let queues: [ReaderQueue]
  private let next = Mutex(0)

  /// A pool of `workers` workers, started when they are needed.
  ///
  /// - Parameter worker: the path of `senko-worker`.
  public init(worker: String, workers: Int = 2) {
    program = worker
    queues = (0..<max(workers, 1)).map { _ in ReaderQueue(worker) }
    // A worker that dies while it is written to must not end this process.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Reads a document, at most some seconds long; waits for a worker without holding a thread of Swift's.
  public func read(_ bytes: [UInt8]) async throws(ReaderError) -> ReadingOutcome {
    guard bytes.count <= Worker.mostInput else { return .unreadable(reason: "too-large", nil) }
    let queue = queues[
      next.withLock { next in
        next = (next + 1) % queues.count
        return next
      }]
    let result: Result<ReadingOutcome, ReaderError> = await withCheckedContinuation {
      continuation in
      queue.read(bytes) { continuation.resume(returning: $0) }
    }
    return try result.get()
  }

  /// Ends the workers.
  public func shutdown() { for queue in queues { queue.shutdown() } }
}

/// One worker and the documents that wait for it.
private final class ReaderQueue: Sendable {
  private static let documentsPerWorker = 500
  private static let seconds = 10

  private let program: String
  private let queue = DispatchQueue(label: "senko.reader")
  private let worker = Mutex<WorkerProcess?>(nil)

  init(_ program: String) { self.program = program }

  func read(
    _ bytes: [UInt8], answer: @escaping @Sendable (Result<ReadingOutcome, ReaderError>) -> Void
  ) {
    queue.async { answer(self.read(bytes)) }
  }

  func shutdown() { queue.sync { worker.withLock { $0 = nil } } }

  private func read(_ bytes: [UInt8]) -> Result<ReadingOutcome, ReaderError> {
    worker.withLock { worker in
      do throws(ReaderError) {
        let process: WorkerProcess
        if let running = worker { process = running } else { process = try WorkerProcess(program) }
        worker = process
        let outcome = Self.outcome(of: bytes, by: process)
        if outcome.fault || process.documents >= Self.documentsPerWorker { worker = nil }
        if case .unreadable("no-dictionary", _) = outcome.reading { throw .noDictionary }
        return .success(outcome.reading)
      } catch {
        return .failure(error)
      }
    }
  }

  private static func outcome(
    of bytes: [UInt8], by process: WorkerProcess
  ) -> (reading: ReadingOutcome, fault: Bool) {
    do throws(WorkerProcess.Failure) {
      return (try process.read(bytes, within: seconds), false)
    } catch {
      switch error {
      case .timeout: return (.unreadable(reason: "timeout", nil), true)
      case .ended(let signal):
        return (.unreadable(reason: signal == SIGXCPU ? "timeout" : "crashed", nil), true)
      case .nonsense: return (.unreadable(reason: "crashed", nil), true)
      }
    }
  }
}
