import Cryptography
import DocumentReader
import EventStore
import Projections

/// The fold of the recorded readings into the vocabulary: which nouns stand in how many applications, and
/// which documents say the same.
///
/// A spelling is kept only once three applicants share it; below that a term is known by a hash under
/// a key that the next erasure destroys. The epoch is the wrapping key's generation, so that every
/// erasure folds the vocabulary anew from what can still be opened.
struct VocabularyProjection: Projection {
  /// hash ‖ applicant → position of the reading ‖ the opening's slug.
  static let occurrences = ViewTable("vocabulary-occurrences")
  /// hash → number of applicants ‖ the spelling, once it is shared.
  static let terms = ViewTable("vocabulary-terms")

  /// applicant ‖ document → hash of the words read from it.
  static let wordings = ViewTable("vocabulary-wordings")
  /// hash of the words ‖ applicant → position of the reading: who sent the same document.
  static let senders = ViewTable("vocabulary-senders")
  /// applicant → the opening's slug.
  private static let openings = ViewTable("vocabulary-openings")

  /// How many applicants must share a term before its spelling is kept.
  static let sharedFrom: UInt64 = 3

  let log: EventLog
  let name = "vocabulary"
  let version = 2
  let tables = [occurrences, terms, openings, wordings, senders]

  func epoch() throws -> UInt64 { log.generation }

  func fold(_ event: Event, into writer: inout ViewWriter) throws {
    switch event.type {
    case ApplicantRegistered.type:
      let fields = EventFields(event.data, of: event.type, at: event.position)
      let applicant: ApplicantNumber = try fields.number("applicant")
      writer.put(
        Array(try fields.string("opening").utf8), at: applicant.rawValue.viewKey,
        in: Self.openings)
    case DocumentRead.type:
      try foldReading(event, into: &writer)
    default:
      break
    }
  }

  private func foldReading(_ event: Event, into writer: inout ViewWriter) throws {
    let read = try DocumentRead(event)
    let sealed: [UInt8]
    do throws(EventLogError) {
      sealed = try log.open(read.tokens, purpose: SealedPurpose.tokens.rawValue)
    } catch {
      switch error {
      // Erased people's words count no longer, and damaged ones not until they are repaired: 'verify' names
      // them, and one damaged value must not stop every query.
      case .erased, .damaged, .missing: return
      default: throw error
      }
    }
    let tokens = try TokenCoding.decode(sealed)
    let key = try log.generationKey(purpose: "vocabulary")
    let wording = Array(HMACSHA256.authenticate(sealed, key: key).bytes.prefix(16))
    writer.put(
      wording, at: viewKey(read.applicant.rawValue, UInt64(read.document)), in: Self.wordings)
    writer.put(
      event.position.rawValue.viewKey, at: wording + read.applicant.rawValue.viewKey,
      in: Self.senders)
    let opening =
      try writer.value(at: read.applicant.rawValue.viewKey, in: Self.openings) ?? []
    for term in Set(tokens.lazy.filter(\.kept).map(\.term)) {
      try add(
        term, of: read.applicant, in: opening, at: event.position, under: key, into: &writer)
    }
  }

  /// What a term is known by until three applicants share it.
  static func hash(of term: String, under key: SymmetricKey) -> [UInt8] {
    Array(HMACSHA256.authenticate(Array(term.utf8), key: key).bytes.prefix(16))
  }

  private func add(
    _ term: String, of applicant: ApplicantNumber, in opening: [UInt8], at position: Position,
    under key: SymmetricKey, into writer: inout ViewWriter
  ) throws {
    let hash = Self.hash(of: term, under: key)
    let occurrence = hash + applicant.rawValue.viewKey
    guard try writer.value(at: occurrence, in: Self.occurrences) == nil else { return }
    writer.put(position.rawValue.viewKey + opening, at: occurrence, in: Self.occurrences)
    let before = try writer.value(at: hash, in: Self.terms).map { number(in: $0, at: 0) } ?? 0
    let spelling = before + 1 >= Self.sharedFrom ? Array(term.utf8) : []
    writer.put((before + 1).viewKey + spelling, at: hash, in: Self.terms)
  }
}
