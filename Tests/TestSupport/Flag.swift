import Synchronization

/// Tells tasks that run beside each other that something is over.
public final class Flag: Sendable {
  private let value = Atomic(false)

  /// Makes a flag that is not raised.
  public init() {}

  /// Whether it was raised.
  public var isRaised: Bool { value.load(ordering: .acquiring) }

  /// Raises it for good.
  public func raise() { value.store(true, ordering: .releasing) }
}
