import Dispatch

/// Runs `work`, which waits for a process or a peer, outside Swift's cooperative pool, whose few threads may be
/// what it waits for: on Linux they are those of the global queue of the default quality of service.
public func waiting<Value: Sendable>(
  _ work: @escaping @Sendable () throws -> Value
) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global(qos: .background).async {
      continuation.resume(with: Result { try work() })
    }
  }
}
