/// What makes a second try of the same command recognisable, for ever.
public struct Idempotency: Sendable, Hashable {
  /// The client's key.
  public var key: String
  /// The command in one encoding, for telling a repetition from a conflict; kept only as a keyed hash.
  public var content: [UInt8]
  /// Whose key hashes the content, so that it can be compared no more after an erasure.
  public var subject: SubjectID?

  /// Describes a command.
  public init(key: String, content: [UInt8], subject: SubjectID?) {
    self.key = key
    self.content = content
    self.subject = subject
  }
}

/// Events to be appended together, or not at all, with what they name.
public struct Append: Sendable {
  /// Who was authenticated.
  public var actor: String
  /// How the command came in.
  public var via: String
  /// The events in order.
  public var events: [EventDraft] = []
  /// Streams that the decision relied on, each with its last position then; zero for one that must not
  /// exist yet.
  public var expecting: [String: Position] = [:]
  /// What makes a second try recognisable.
  public var idempotency: Idempotency?
  /// Subjects whose keys begin with this append.
  public var subjects: [Subject] = []
  /// Sealed values that the events name.
  public var sealed: [SealedValue] = []
  /// Sealed files that the events name.
  public var documents: [SealedDocument] = []
  /// Blobs in clear that the events name by SHA-256.
  public var blobs: [[UInt8]] = []

  /// An append without events.
  public init(actor: String, via: String) {
    self.actor = actor
    self.via = via
  }
}

/// What an append answers: it is on disk, in the tree, and under the signed checkpoint.
public struct Receipt: Sendable, Hashable {
  /// The position of the first event.
  public let first: Position
  /// The position of the last event.
  public let last: Position
  /// When the events were recorded.
  public let at: Timestamp
  /// A signed checkpoint that covers the events, as a C2SP signed note.
  public let checkpoint: String
  /// Whether an earlier append with the same key is answered, and nothing was appended now.
  public let repeated: Bool

  /// The positions of the events, in order.
  public var positions: [Position] {
    (first.rawValue...last.rawValue).map { Position(rawValue: $0) }
  }
}
