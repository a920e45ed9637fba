import Cryptography
import EventStore
import Projections

/// The fold of the recorded readings into the vocabulary: which nouns stand in how many applications.
///
/// A spelling is kept only once three applicants share it; below that a term is known by a hash under
/// a key that the next erasure destroys. The epoch is the wrapping key's generation, so that every
/// erasure empties the vocabulary, which is folded anew from what can still be opened.
struct VocabularyProjection: Projection {
  /// hash ‖ applicant → position of the reading ‖ the slug of the opening applied for first.
  static let occurrences = ViewTable("vocabulary-occurrences")
  /// hash → number of applicants ‖ the spelling, once it is shared.
  static let terms = ViewTable("vocabulary-terms")
  /// applicant → whether any words were counted ‖ the slug of the opening that they applied for first.
  static let openings = ViewTable("vocabulary-openings")
  /// applicant ‖ position of the correction → the slug of the opening that it named.
  static let moves = ViewTable("vocabulary-moves")

  /// How many applicants must share a term before its spelling is kept.
  static let sharedFrom: UInt64 = 3

  let log: EventLog
  let name = "vocabulary"
  let version = 5
  let tables = [occurrences, terms, openings, moves]
  // A document has a hundred words, each with rows of its own.
  let isPatient = true

  func epoch() throws -> UInt64 { try log.generation }

  func facts() -> any Facts { VocabularyFacts(log: log) }

  /// What a term is known by until three applicants share it.
  static func hash(of term: String, by hash: KeyedSHA256) -> [UInt8] {
    Array(hash.authenticate(Array(term.utf8)).bytes.prefix(16))
  }
}
