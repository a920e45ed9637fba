import Dispatch

/// Runs work that may block — queries, signatures, files — outside Swift's cooperative pool, whose few
/// threads belong to work that never waits.
struct Blocking: Sendable {
  /// Of another quality of service than Swift's tasks, for which the default one's threads are.
  private let queue = DispatchQueue(
    label: "senko.http.blocking", qos: .userInitiated, attributes: .concurrent)

  /// The value of `work`, run on a thread of its own.
  func callAsFunction<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result(catching: work)) }
    }
  }
}
