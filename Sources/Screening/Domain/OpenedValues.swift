import EventStore
import Synchronization

/// Sealed values that were opened lately, so that a list does not decrypt the same names at every page.
///
/// Holds at most `capacity` values and forgets them all when the wrapping key's generation changes,
/// which every erasure causes.
final class OpenedValues: Sendable {
  private struct State {
    var generation: UInt64 = 0
    var values: [SealedReference: [UInt8]] = [:]
  }

  private let capacity: Int
  private let state = Mutex(State())

  init(capacity: Int = 65_536) { self.capacity = capacity }

  func value(of reference: SealedReference, generation: UInt64) -> [UInt8]? {
    state.withLock { $0.generation == generation ? $0.values[reference] : nil }
  }

  func remember(_ value: [UInt8], of reference: SealedReference, generation: UInt64) {
    state.withLock { state in
      if state.generation != generation || state.values.count >= capacity {
        state.values.removeAll(keepingCapacity: true)
        state.generation = generation
      }
      state.values[reference] = value
    }
  }

  func removeAll() { state.withLock { $0.values.removeAll() } }
}

extension Office {
  /// The text that `reference` seals.
  ///
  /// - Throws: `ScreeningError.erased` after the person's erasure.
  ///
  /// - Parameter keeping: whether it is likely to be asked for again soon.
  func openText(
    _ reference: SealedReference, _ purpose: SealedPurpose, keeping: Bool = true
  ) throws(ScreeningError) -> String {
    let generation = try generation
    if let value = opened.value(of: reference, generation: generation) {
      return String(decoding: value, as: UTF8.self)
    }
    let value = try recorded { () throws(EventLogError) in
      try log.open(reference, purpose: purpose.rawValue)
    }
    if keeping { opened.remember(value, of: reference, generation: generation) }
    return String(decoding: value, as: UTF8.self)
  }
}

/// What a sealed value is for; bound into its ciphertext, so that a name cannot be passed off as a
/// reason.
enum SealedPurpose: String {
  case name, email, reason, password, raw, text, tokens, attributes
}

extension EventLog {
  /// Seals text for `subject`.
  func seal(_ text: String, for subject: Subject, _ purpose: SealedPurpose) -> SealedValue {
    seal(Array(text.utf8), for: subject, purpose: purpose.rawValue)
  }
}
