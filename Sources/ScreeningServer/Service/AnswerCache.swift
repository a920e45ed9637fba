import EventStore
import HTTPTypes
import Screening
import Synchronization

/// Answers that hold for as long as nothing is appended to the log.
///
/// Since no state changes without an event, an answer computed when the log ended at some position is
/// the answer for as long as it ends there. Pages hold names, so all of them are dropped when a person
/// is erased, by whichever process.
final class AnswerCache: Sendable {
  /// What was asked, by whom, within which hour: the first look at a list in an hour is an event, which
  /// a remembered answer would not make.
  struct Key: Hashable, Sendable {
    let target: String
    let user: UserNumber
    let hour: Int
  }

  private struct Entry {
    let answer: Answer
    let head: Position
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    var size = 0
    var generation: UInt64 = 0
  }

  private let capacity: Int
  private let state = Mutex(State())

  /// - Parameter capacity: bytes of bodies that are kept at most.
  init(capacity: Int) { self.capacity = capacity }

  /// The answer to `key`, if it was computed when the log ended at `head`.
  func answer(_ key: Key, at head: Position) -> Answer? {
    state.withLock { state in
      guard let entry = state.entries[key], entry.head == head else { return nil }
      return entry.answer
    }
  }

  /// Keeps an answer that was computed after the log had been seen to end at `head`.
  func keep(_ answer: Answer, for key: Key, at head: Position) {
    guard answer.status == .ok, case .bytes(let bytes) = answer.body, bytes.count < capacity / 8
    else { return }
    state.withLock { state in
      if state.size + bytes.count > capacity {
        state.entries = [:]
        state.size = 0
      }
      if let old = state.entries[key], case .bytes(let bytes) = old.answer.body {
        state.size -= bytes.count
      }
      state.entries[key] = Entry(answer: answer, head: head)
      state.size += bytes.count
    }
  }

  /// Forgets everything if the keys are of another generation than at the last call.
  func observe(generation: UInt64) {
    state.withLock { state in
      guard state.generation != generation else { return }
      state = State(generation: generation)
    }
  }
}
