import EventStore
import Glibc
import Synchronization

/// Long work on threads of its own that give way to those that answer requests.
enum Background {
  /// How far the threads step back (nice(2)); where no other thread wants a core, they have it all.
  private static let niceness: Int32 = 10

  /// The value of `work`, run on one such thread.
  static func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      if let thread = start({ continuation.resume(returning: work()) }) { pthread_detach(thread) }
    }
  }

  /// How many cores there are.
  static var cores: Int { max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1) }

  /// Calls `body` with every index under `count`, on as many such threads as there are cores, and returns
  /// once all calls have.
  static func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    let next = Atomic(0)
    withoutActuallyEscaping(body) { body in
      let threads = (0..<min(count, cores)).map { _ in
        start {
          while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            body(index)
          }
        }
      }
      for thread in threads.compactMap(\.self) { pthread_join(thread, nil) }
    }
  }

  /// The values of `first` and, beside it, of `second`.
  static func both<First: Sendable, Second: Sendable>(
    _ first: @Sendable () -> First, _ second: @Sendable () -> Second
  ) -> (First, Second) {
    let values = Mutex<(first: First?, second: Second?)>((nil, nil))
    forEach(2) { index in
      if index == 0 {
        let value = first()
        values.withLock { $0.first = value }
      } else {
        let value = second()
        values.withLock { $0.second = value }
      }
    }
    let (one, other) = values.withLock { $0 }
    return (one ?? first(), other ?? second())
  }

  /// Begins a thread that does `work` and ends; `nil` where there was none to spare and the work is done.
  private static func start(_ work: @escaping @Sendable () -> Void) -> pthread_t? {
    let thread = startThread {
      // Linux counts niceness by thread; where it is refused, the work goes on as it is.
      let process = Int32(PRIO_PROCESS.rawValue)
      _ = setpriority(process, 0, max(niceness, getpriority(process, 0)))
      work()
    }
    if thread == nil { work() }
    return thread
  }
}
