import Dispatch

/// Runs `work`, which waits for the disk or for other processes, outside Swift's cooperative pool.
func offPool<Value: Sendable>(
  _ work: @escaping @Sendable () throws(EventLogError) -> Value
) async throws(EventLogError) -> Value {
  let result: Result<Value, EventLogError> = await withCheckedContinuation { continuation in
    DispatchQueue.global().async {
      continuation.resume(returning: Result { () throws(EventLogError) in try work() })
    }
  }
  return try result.get()
}
