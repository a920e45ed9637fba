import EventStore
import Synchronization

/// The vocabulary as it was counted lately, so that the pages of a walk cost what they show.
///
/// Holds two countings, and forgets them all when the wrapping key's generation changes, which every erasure causes.
final class CountedVocabulary: Sendable {
  /// What was counted, and at which positions it is the same.
  struct Counting: Sendable {
    /// The wrapping key's generation.
    var generation: UInt64
    /// How many occurrences and moves to another opening were folded when it was begun.
    var folded: Int
    /// The position of the last of them that counts.
    var last: Position
    /// The position that it was counted at.
    var position: Position
    /// The position of the first of them that came too late; `nil` where none did.
    var next: Position?
    /// The most frequent first.
    var entries: [VocabularyEntry]

    /// Whether it is what would be counted at `position`, of now so many that are folded.
    func holds(at position: Position, _ generation: UInt64, folded: Int) -> Bool {
      guard generation == self.generation, position >= last else { return false }
      if let next { return position < next }
      return position <= self.position || folded == self.folded
    }
  }

  private let countings = Mutex<[Counting]>([])

  /// What holds at `position`, if it was counted lately.
  func counting(at position: Position, _ generation: UInt64, folded: Int) -> Counting? {
    countings.withLock { countings in
      countings.removeAll { $0.generation != generation }
      return countings.first { $0.holds(at: position, generation, folded: folded) }
    }
  }

  func remember(_ counting: Counting) {
    countings.withLock { $0 = [counting] + $0.prefix(1) }
  }

  func removeAll() { countings.withLock { $0.removeAll() } }
}
