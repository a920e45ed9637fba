import Dispatch

/// Runs `work`, which waits for a process or a peer, outside Swift's cooperative pool, whose few threads may be
/// what it waits for.
public func waiting<Value: Sendable>(
  _ work: @escaping @Sendable () throws -> Value
) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global().async { continuation.resume(with: Result { try work() }) }
  }
}
