import Dispatch
import Synchronization

/// What waits for the writer, and how the writer waits for more.
///
/// Callers who were answered together mostly come back together. The first of them would otherwise get a
/// transaction of its own, and all others wait for its disk writes. A lone caller is never waited for.
final class RequestQueue<Request: Sendable>: Sendable {
  private struct State {
    var requests: [Request] = []
    /// Whether the writer is at work, or has been called.
    var isAttended = false
    /// How many requests shared the last transaction: so many may be about to come again.
    var crowd = 0
    /// At how many the writer wants to be signalled.
    var awaited: Int?
  }

  private let state = Mutex(State())
  private let arrivals = DispatchSemaphore(value: 0)

  /// How many requests share a transaction at most.
  private let portion: Int

  init(portion: Int) { self.portion = portion }

  /// How many requests wait.
  var count: Int { state.withLock { $0.requests.count } }

  /// Adds a request, and says whether the writer must be called.
  func insert(_ request: Request) -> Bool {
    let (calls, completes) = state.withLock { state in
      state.requests.append(request)
      defer { state.isAttended = true }
      let completes = state.awaited.map { state.requests.count >= $0 } ?? false
      if completes { state.awaited = nil }
      return (!state.isAttended, completes)
    }
    if completes { arrivals.signal() }
    return calls
  }

  /// Takes the requests that have come, up to a portion.
  func take() -> [Request] { take(portion) }

  /// Takes the requests that have come, up to a portion beside `taken`; none once nobody is waited for.
  ///
  /// - Parameter start: when the transaction began.
  func gather(beside taken: Int, since start: ContinuousClock.Instant) -> [Request] {
    let missing = state.withLock { min($0.crowd, portion) } - taken
    wait(for: missing, since: start)
    return take(portion - taken)
  }

  /// Waits, after `count` requests have been answered, until half of those who asked are back.
  ///
  /// The wait leaves the processor to them; what they ask for is written while the others are on their way.
  ///
  /// - Returns: whether there are requests; if not, the next one calls the writer.
  func rest(after count: Int) -> Bool {
    state.withLock { $0.crowd = count }
    if count > 1 { wait(for: (count + 1) / 2, since: .now) }
    return state.withLock { state in
      state.isAttended = !state.requests.isEmpty
      return state.isAttended
    }
  }

  private func take(_ count: Int) -> [Request] {
    state.withLock { state in
      var taken: [Request] = []
      if state.requests.count <= count {
        taken.reserveCapacity(state.crowd)
        swap(&taken, &state.requests)
      } else {
        taken = Array(state.requests.prefix(count))
        state.requests.removeFirst(count)
      }
      return taken
    }
  }

  /// Waits for the signal that `wanted` requests have come, or until nobody comes for a while.
  private func wait(for wanted: Int, since start: ContinuousClock.Instant) {
    let waits = state.withLock { state in
      guard state.requests.count < wanted else { return false }
      state.awaited = wanted
      return true
    }
    guard waits else { return }
    var seen = 0
    while arrivals.wait(timeout: .now() + pause) != .success {
      let isOver = ContinuousClock.now - start > patience
      let (goesOn, isSignalled) = state.withLock { state in
        let isSignalled = state.awaited == nil
        let goesOn = !isSignalled && !isOver && state.requests.count > seen
        if !goesOn { state.awaited = nil }
        seen = state.requests.count
        return (goesOn, isSignalled)
      }
      if isSignalled { arrivals.wait() }
      if !goesOn { return }
    }
  }
}

/// How long nobody comes before those who shared the last transaction are waited for no more; far less than a
/// disk's write.
private let pause = DispatchTimeInterval.microseconds(30)
/// How long others are waited for at most.
private let patience = Duration.microseconds(500)
