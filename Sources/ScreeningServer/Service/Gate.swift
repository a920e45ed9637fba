import Synchronization

/// Lets only so many through at once, and sends the others away to come back later, so that costly
/// requests cannot pile up.
final class Gate: Sendable {
  /// A place inside, given back when it is forgotten, however a request ends.
  final class Pass: Sendable {
    private let gate: Gate

    fileprivate init(_ gate: Gate) { self.gate = gate }

    deinit { gate.inside.withLock { $0 -= 1 } }
  }

  /// How many it lets in.
  let capacity: Int
  private let reason: String
  private let inside = Mutex(0)

  /// - Parameter reason: what is told to those sent away, as a whole sentence.
  init(_ capacity: Int, _ reason: String) {
    self.capacity = capacity
    self.reason = reason
  }

  /// How many are inside.
  var occupancy: Int { inside.withLock(\.self) }

  /// A place inside.
  ///
  /// - Throws: `Problem` with 503 and `Retry-After` when it is full.
  func enter() throws(Problem) -> Pass {
    let entered = inside.withLock { count in
      guard count < capacity else { return false }
      count += 1
      return true
    }
    guard entered else { throw .retry(.unavailable, reason, after: 2) }
    return Pass(self)
  }

  /// Does `work` inside.
  func run<Value>(_ work: () async throws -> Value) async throws -> Value {
    let pass = try enter()
    defer { withExtendedLifetime(pass) {} }
    return try await work()
  }
}
