import Synchronization

/// Whether the views have caught up with the log since the start.
final class Readiness: Sendable {
  private let caughtUp = Atomic(false)

  var isReady: Bool { caughtUp.load(ordering: .acquiring) }

  /// Catches up, unless that was done before; after a failure the next call tries again.
  func reach(_ catchUp: () async throws -> Void) async rethrows {
    guard !isReady else { return }
    try await catchUp()
    caughtUp.store(true, ordering: .releasing)
  }
}
