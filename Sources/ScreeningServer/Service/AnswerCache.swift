import EventStore
import HTTPTypes
import Screening
import Synchronization

/// Answers that hold for as long as nothing new is told.
///
/// Since no state changes without an event, an answer computed when the office's present was some position is
/// the answer for as long as it is. Pages hold names, so all of them are dropped when a person
/// is erased, by whichever process. Whoever asks for what is being computed already waits for it.
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

    /// The bytes that it takes with its key and what holds both, about; `nil` for an answer that is not in memory.
    func size(under key: Key) -> Int? {
      guard case .bytes(let bytes) = answer.body else { return nil }
      return bytes.count + key.target.utf8.count + 512
    }
  }

  /// An answer that somebody computes.
  private struct Pending: Hashable {
    let key: Key
    let head: Position
  }

  private struct Computation {
    /// The keys' generation when it began: what was seen under older ones is not kept.
    let generation: UInt64
    /// Who waits for it.
    var waiting: [CheckedContinuation<Answer?, Never>] = []
  }

  private struct State {
    var entries: [Key: Entry] = [:]
    /// What is being computed.
    var computing: [Pending: Computation] = [:]
    var size = 0
    var generation: UInt64 = 0

    func remembered(_ pending: Pending) -> Answer? {
      entries[pending.key].flatMap { $0.head == pending.head ? $0.answer : nil }
    }
  }

  private let capacity: Int
  private let state = Mutex(State())

  /// - Parameter capacity: bytes of bodies that are kept at most.
  init(capacity: Int) { self.capacity = capacity }

  /// The answer to `key` as it was computed when the present was `head`, or as somebody else computes it now.
  ///
  /// - Returns: `nil` for whoever is to compute it, and to call `settle` whatever comes of it.
  func answer(_ key: Key, at head: Position) async -> Answer? {
    let pending = Pending(key: key, head: head)
    let isFirst = state.withLock { state in
      if state.remembered(pending) != nil || state.computing[pending] != nil { return false }
      state.computing[pending] = Computation(generation: state.generation)
      return true
    }
    return isFirst ? nil : await settled(pending)
  }

  /// What is remembered, or comes of a computation that goes on; `nil` when it fails.
  private func settled(_ pending: Pending) async -> Answer? {
    await withCheckedContinuation { continuation in
      let (waits, answer) = state.withLock { state in
        let answer = state.remembered(pending)
        let waits = answer == nil && state.computing[pending] != nil
        if waits { state.computing[pending]?.waiting.append(continuation) }
        return (waits, answer)
      }
      if !waits { continuation.resume(returning: answer) }
    }
  }

  /// Gives those who wait the answer, and keeps it where it may be given again; `nil` lets them compute it.
  func settle(_ answer: Answer?, for key: Key, at head: Position) {
    let answer = answer.flatMap { $0.status == .ok ? $0 : nil }
    let waiting = state.withLock { state in
      guard let computation = state.computing.removeValue(forKey: Pending(key: key, head: head))
      else {
        return [CheckedContinuation<Answer?, Never>]()
      }
      if let answer, computation.generation == state.generation {
        keep(answer, for: key, at: head, in: &state)
      }
      return computation.waiting
    }
    for continuation in waiting { continuation.resume(returning: answer) }
  }

  /// Keeps an answer that was computed after the present had been seen to be `head`.
  private func keep(_ answer: Answer, for key: Key, at head: Position, in state: inout State) {
    let entry = Entry(answer: answer, head: head)
    guard let size = entry.size(under: key), size < capacity / 8 else { return }
    if state.size + size > capacity {
      state.entries = [:]
      state.size = 0
    }
    state.size -= state.entries[key]?.size(under: key) ?? 0
    state.entries[key] = entry
    state.size += size
  }

  /// Forgets everything if the keys are of another generation than at the last call.
  func observe(generation: UInt64) {
    state.withLock { state in
      guard state.generation != generation else { return }
      state.entries = [:]
      state.size = 0
      state.generation = generation
    }
  }
}
