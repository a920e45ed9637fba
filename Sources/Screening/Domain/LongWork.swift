import Synchronization

/// Work outside Swift's tasks that takes long: whether it is still wanted, and who is told how far it has come.
final class LongWork: Sendable {
  private let cancelled = Atomic(false)
  private let last = Mutex<ContinuousClock.Instant?>(nil)
  private let progress: (@Sendable (WorkProgress) -> Void)?

  init(progress: (@Sendable (WorkProgress) -> Void)? = nil) { self.progress = progress }

  /// Whether somebody asked the work to stop.
  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  /// Asks the work to stop soon.
  func cancel() { cancelled.store(true, ordering: .relaxed) }

  /// - Throws: `.cancelled` when the work is no longer wanted.
  func check() throws(ScreeningError) {
    if isCancelled {
      throw ScreeningError(
        .cancelled, "The work was stopped before its end. What it had recorded until then stays.")
    }
  }

  /// Tells how much of a part is done: at most ten times a second, and when all of it is.
  ///
  /// Of one part a call is made after the other.
  func report(_ part: WorkProgress.Part, _ done: Int, of total: Int) {
    guard let progress, total > 0 else { return }
    let now = ContinuousClock.now
    let isDue = last.withLock { last in
      if let time = last, done < total, now - time < .milliseconds(100) { return false }
      last = now
      return true
    }
    if isDue { progress(WorkProgress(part: part, done: done, total: total)) }
  }
}

extension Office {
  /// As `offPool`, for long work, which gives way to requests: cancelling the task cancels it.
  ///
  /// The views follow the log before it begins, so that nobody waits for a slow thread to fold.
  func inBackground<Value: Sendable>(
    progress: (@Sendable (WorkProgress) -> Void)? = nil,
    _ body: @escaping @Sendable (LongWork) throws(ScreeningError) -> Value
  ) async throws(ScreeningError) -> Value {
    try await offPool { [self] () throws(ScreeningError) in _ = try catchUp() }
    return try await LongWork.run(progress: progress, body)
  }
}

extension LongWork {
  /// The value of `body`, run on a thread that gives way to requests; cancelling the task cancels it.
  static func run<Value: Sendable>(
    progress: (@Sendable (WorkProgress) -> Void)? = nil,
    _ body: @escaping @Sendable (LongWork) throws(ScreeningError) -> Value
  ) async throws(ScreeningError) -> Value {
    let work = LongWork(progress: progress)
    let result: Result<Value, ScreeningError> = await withTaskCancellationHandler {
      await Background.run { Result { () throws(ScreeningError) in try body(work) } }
    } onCancel: {
      work.cancel()
    }
    return try result.get()
  }
}
