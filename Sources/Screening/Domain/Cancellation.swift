import Synchronization

/// Whether long work outside Swift's tasks is still wanted.
final class Cancellation: Sendable {
  private let cancelled = Atomic(false)

  /// Whether somebody asked the work to stop.
  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  /// Asks the work to stop soon.
  func cancel() { cancelled.store(true, ordering: .relaxed) }

  /// - Throws: `.cancelled` when the work is no longer wanted.
  func check() throws(ScreeningError) {
    if isCancelled {
      throw ScreeningError(.cancelled, "The work was stopped before its end; nothing was recorded.")
    }
  }
}

extension Office {
  /// As `offPool`, for long work, which gives way to requests: cancelling the task cancels it.
  ///
  /// The views follow the log before it begins, so that nobody waits for a slow thread to fold.
  func inBackground<Value: Sendable>(
    _ work: @escaping @Sendable (Cancellation) throws(ScreeningError) -> Value
  ) async throws(ScreeningError) -> Value {
    try await offPool { [self] () throws(ScreeningError) in _ = try catchUp() }
    let cancellation = Cancellation()
    let result: Result<Value, ScreeningError> = await withTaskCancellationHandler {
      await Background.run { Result { () throws(ScreeningError) in try work(cancellation) } }
    } onCancel: {
      cancellation.cancel()
    }
    return try result.get()
  }
}
