import Dispatch
import Synchronization

/// Work that another thread does meanwhile.
final class Errand<Value: Sendable>: Sendable {
  private let isDone = DispatchSemaphore(value: 0)
  private let result = Mutex<Result<Value, ViewError>?>(nil)

  /// Begins `work` on a thread of its own.
  init(_ work: @escaping @Sendable () throws(ViewError) -> Value) {
    // A serial queue is given a thread at once, however many wait in the shared pool.
    DispatchQueue(label: "senko.views").async { [self] in
      let outcome = Result { () throws(ViewError) in try work() }
      result.withLock { $0 = outcome }
      isDone.signal()
    }
  }

  /// What came of it, once it is done.
  func wait() throws(ViewError) -> Value? {
    isDone.wait()
    isDone.signal()
    return try result.withLock { $0 }?.get()
  }
}
