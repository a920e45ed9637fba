import Synchronization

/// The lock under which keys are changed and the folder is copied, while it is held: among this process's tasks, and
/// among processes.
struct ErasureLock: Sendable {
  let file: FileLock
  let turn: Turn

  /// Lets others have the lock.
  func release() {
    file.release()
    turn.leave()
  }
}

/// Lets one task in at a time, in the order in which they came; whoever waits takes no thread.
final class Turn: Sendable {
  private struct State {
    var taken = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  /// Waits for this task's turn, which `leave` ends.
  func enter() async {
    await withCheckedContinuation { continuation in
      let free = state.withLock { state in
        defer { state.taken = true }
        if state.taken { state.waiting.append(continuation) }
        return !state.taken
      }
      if free { continuation.resume() }
    }
  }

  /// How many wait for their turn.
  var waiting: Int { state.withLock(\.waiting.count) }

  /// Gives the turn to whoever has waited longest.
  func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
      state.taken = false
      return nil
    }
    next?.resume()
  }
}
