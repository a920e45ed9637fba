import Cryptography
import EventStore
import Projections

/// The exclusion lexicon in force.
struct LexiconRow: ViewRow, Hashable {
  /// The event that adopted it.
  var position: Position
  /// The blob that holds its text.
  var digest: Digest

  var json: JSONValue {
    eventData(["digest": .string(digest.hex), "position": JSONValue(position)])
  }
}

extension LexiconRow {
  init?(json: JSONValue) {
    guard let position = json["position"]?.position,
      let digest = json["digest"]?.string.flatMap({ Digest(hex: $0) })
    else { return nil }
    self.init(position: position, digest: digest)
  }
}
