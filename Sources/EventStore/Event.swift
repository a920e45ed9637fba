import Cryptography

/// One event as it is stored: an envelope, and data that only the application understands.
///
/// Its bytes are one line of canonical JSON, at most 65,535 long: they are what is stored, hashed and
/// exported.
public struct Event: Sendable {
  /// The most bytes an event may have, so that tiles can hold it.
  public static let maximumSize = 65_535

  /// The event's place in the log.
  public let position: Position
  /// When it was recorded: never before the event ahead of it.
  public let at: Timestamp
  /// What the clock said.
  public let clock: Timestamp
  /// When it took place in the world, RFC 3339, if that is another time.
  public let happened: String?
  /// What it belongs to, such as `applicant:17`.
  public let stream: String
  /// What happened, `noun.verbed`.
  public let type: String
  /// The version of the type's data.
  public let version: Int
  /// Who was authenticated.
  public let actor: String
  /// Somebody whom the actor only named.
  public let onBehalfOf: String?
  /// How the command came in.
  public let via: String
  /// The event that led to this one.
  public let cause: Position?
  /// The keyed hash of the append's idempotency key.
  let key: Digest?
  /// The keyed hash of the command's content.
  let content: Digest?
  /// What the application recorded: an object.
  public let data: JSONValue
  /// The stored bytes.
  public let bytes: [UInt8]
}

/// An event about to be appended; the log adds position and times.
public struct EventDraft: Sendable {
  /// The event that led to another.
  public enum Cause: Sendable, Hashable {
    /// One that is stored.
    case position(Position)
    /// One of the same append, by its index.
    case draft(Int)
  }

  /// What the event belongs to.
  public var stream: String
  /// What happened.
  public var type: String
  /// The version of the type's data.
  public var version: Int
  /// What the application records: an object.
  public var data: JSONValue
  /// When it took place in the world, RFC 3339, if that is not now.
  public var happened: String?
  /// Somebody whom the actor only named.
  public var onBehalfOf: String?
  /// The event that led to this one.
  public var cause: Cause?

  /// Describes an event.
  public init(
    stream: String, type: String, version: Int = 1, data: JSONValue, happened: String? = nil,
    onBehalfOf: String? = nil, cause: Cause? = nil
  ) {
    self.stream = stream
    self.type = type
    self.version = version
    self.data = data
    self.happened = happened
    self.onBehalfOf = onBehalfOf
    self.cause = cause
  }
}
