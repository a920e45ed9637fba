import Synchronization

/// Whether the views have caught up with the log since the start.
final class Readiness: Sendable {
  private let caughtUp = Atomic(false)

  var isReady: Bool { caughtUp.load(ordering: .acquiring) }

  func declare() { caughtUp.store(true, ordering: .releasing) }
}
