import Cryptography
import EventStore
import Projections

/// The exclusion lexicon in force.
struct LexiconRow: Hashable {
  /// The event that adopted it.
  var position: Position
  /// The blob that holds its text.
  var digest: Digest
}

extension LexiconRow: ViewRow {
  func encode(into encoder: inout RowEncoder) {
    encoder.encode(position)
    encoder.encode(digest)
  }

  init(from decoder: inout RowDecoder) throws(RowCodingError) {
    self.init(position: try decoder.position(), digest: try decoder.digest())
  }
}
