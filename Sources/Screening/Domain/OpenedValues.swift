import EventStore
import Synchronization

/// Sealed values that were opened lately, so that a list does not decrypt the same names at every page.
///
/// Holds at most `capacity` bytes and forgets them all when the wrapping key's generation changes,
/// which every erasure causes.
final class OpenedValues: Sendable {
  private struct State {
    var generation: UInt64 = 0
    var values: [SealedReference: [UInt8]] = [:]
    /// The bytes that the values take.
    var size = 0

    mutating func forget() { (values, size) = ([:], 0) }

    /// Goes on to a generation, forgetting what was opened in former ones; false where it is a former one itself.
    mutating func enter(_ generation: UInt64) -> Bool {
      if generation > self.generation {
        forget()
        self.generation = generation
      }
      return generation == self.generation
    }
  }

  /// What a value takes beside its own bytes, about: its reference, and what holds both.
  private static let overhead = 256

  private let capacity: Int
  private let state = Mutex(State())

  init(capacity: Int = 16 << 20) { self.capacity = capacity }

  func value(of reference: SealedReference, generation: UInt64) -> [UInt8]? {
    state.withLock { $0.generation == generation ? $0.values[reference] : nil }
  }

  /// Keeps a value that was opened under the keys of a generation, unless there are newer ones: whoever was slow may
  /// have opened what was erased since.
  func remember(_ value: [UInt8], of reference: SealedReference, generation: UInt64) {
    let size = value.count + Self.overhead
    guard size <= capacity else { return }
    state.withLock { state in
      guard state.enter(generation), state.values[reference] == nil else { return }
      if state.size + size > capacity { state.forget() }
      state.values[reference] = value
      state.size += size
    }
  }

  /// Forgets all values, and takes none any more that were opened before `generation`.
  func removeAll(through generation: UInt64) {
    state.withLock { state in
      _ = state.enter(generation)
      state.forget()
    }
  }
}

extension Office {
  /// The text that `reference` seals.
  ///
  /// - Throws: `ScreeningError.erased` after the person's erasure.
  func openText(
    _ reference: SealedReference, _ purpose: SealedPurpose
  ) throws(ScreeningError) -> String {
    let generation = try generation
    if let value = opened.value(of: reference, generation: generation) {
      return String(decoding: value, as: UTF8.self)
    }
    let value = try recorded { () throws(EventLogError) in
      try log.open(reference, purpose: purpose.rawValue)
    }
    if purpose.isShownInLists { opened.remember(value, of: reference, generation: generation) }
    return String(decoding: value, as: UTF8.self)
  }
}

/// What a sealed value is for; bound into its ciphertext, so that a name cannot be passed off as a
/// reason.
enum SealedPurpose: String {
  case name, kana, email, address, reason, password, raw, text, tokens, attributes

  /// Whether many such values, all of them short, are likely to be asked for again soon.
  var isShownInLists: Bool {
    switch self {
    case .name, .kana, .email, .address, .reason, .password: true
    case .raw, .text, .tokens, .attributes: false
    }
  }
}

extension EventLog {
  /// Seals text for `subject`.
  func seal(_ text: String, for subject: Subject, _ purpose: SealedPurpose) -> SealedValue {
    seal(Array(text.utf8), for: subject, purpose: purpose.rawValue)
  }
}
