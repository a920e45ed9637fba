import Cryptography
import EventStore

/// Checkpoints are from now on signed by another key; the one over this event carries both signatures.
struct KeyRotated: DomainEvent {
  static let type = "key.rotated"
  /// SHA-256 of the new public key's text.
  var key: Digest

  var stream: String { "log" }
  var data: JSONValue { eventData(["key": .string(key.hex)]) }
}

extension KeyRotated {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      key: try fields.digest("key"))
  }
}

/// The log was restored from a backup and goes on under a new name, since the former one may have signed more.
struct LogRestored: DomainEvent {
  static let type = "log.restored"
  /// The former log's name, without the part that all logs share.
  var origin: String
  /// How many events the last known checkpoint covered: those after the backup's, up to it, are lost; where it is
  /// the backup's own head, none are known to be.
  var knownSize: Int
  /// The root that it had.
  var knownRoot: Digest
  /// How many events the backup held.
  var size: Int

  var stream: String { "log" }
  var data: JSONValue {
    eventData([
      "knownRoot": .string(knownRoot.hex), "knownSize": JSONValue(knownSize),
      "origin": .string(origin), "size": JSONValue(size),
    ])
  }
}

extension LogRestored {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      origin: try fields.string("origin"), knownSize: try fields.integer("knownSize"),
      knownRoot: try fields.digest("knownRoot"), size: try fields.integer("size"))
  }
}
