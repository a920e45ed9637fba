import Dispatch

/// Runs `work`, which waits for the disk or for other processes, outside Swift's cooperative pool.
///
/// On Linux that pool has its threads from the global queue of the default quality of service, no more than there are
/// cores; the other global queues have others.
func offPool<Value: Sendable>(
  _ work: @escaping @Sendable () throws(EventLogError) -> Value
) async throws(EventLogError) -> Value {
  let result: Result<Value, EventLogError> = await withCheckedContinuation { continuation in
    DispatchQueue.global(qos: .userInitiated).async {
      continuation.resume(returning: Result { () throws(EventLogError) in try work() })
    }
  }
  return try result.get()
}
