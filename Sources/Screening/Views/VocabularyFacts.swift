import Cryptography
import DocumentReader
import EventStore
import Projections

/// What a stretch of events says to the vocabulary; readings are opened and their words hashed before folding.
struct VocabularyFacts: Facts {
  /// A reading of a document.
  private struct Reading {
    var applicant: ApplicantNumber
    var document: Int
    var tokens: SealedReference
    var words: Result<Words?, any Error> = .success(nil)
  }

  /// What a document says.
  private struct Words {
    /// What documents of the same words have in common.
    var wording: [UInt8]
    var terms: [(hash: [UInt8], spelling: String)]
  }

  private enum Fact {
    case registered(ApplicantNumber, opening: String)
    /// The index of a reading.
    case read(Int)
  }

  let log: EventLog
  private var facts: [(position: Position, fact: Fact)] = []
  private var readings: [Reading] = []

  init(log: EventLog) { self.log = log }

  mutating func read(_ event: EventLine) throws {
    if event.type.isText("applicant.registered") {
      let (applicant, opening) = try registration(event)
      facts.append((event.position, .registered(applicant, opening: opening)))
    } else if event.type.isText("document.read") {
      facts.append((event.position, .read(readings.count)))
      readings.append(try reading(event))
    }
  }

  private func registration(_ event: EventLine) throws -> (ApplicantNumber, String) {
    var number: ApplicantNumber?
    var opening: String?
    event.forEachMember { member in
      if member.isNamed("applicant") {
        number = member.number()
      } else if member.isNamed("opening") {
        opening = member.string
      }
      return true
    }
    if let number, let opening { return (number, opening) }
    let registered = try ApplicantRegistered(try Event(event))
    return (registered.applicant, registered.opening.slug)
  }

  private func reading(_ event: EventLine) throws -> Reading {
    var number: ApplicantNumber?
    var document: Int?
    var tokens: SealedReference?
    event.forEachMember { member in
      if member.isNamed("applicant") {
        number = member.number()
      } else if member.isNamed("document") {
        document = member.count.map { Int($0) }
      } else if member.isNamed("tokens") {
        tokens = member.reference
      }
      return true
    }
    if let number, let document, let tokens {
      return Reading(applicant: number, document: document, tokens: tokens)
    }
    let read = try DocumentRead(try Event(event))
    return Reading(applicant: read.applicant, document: read.document, tokens: read.tokens)
  }

  mutating func prepare() throws {
    guard !readings.isEmpty else { return }
    let hash = KeyedSHA256(key: try log.generationKey(purpose: "vocabulary"))
    for index in readings.indices {
      readings[index].words = Result { try words(readings[index].tokens, by: hash) }
    }
  }

  /// The words of a reading, or `nil` where they count no longer.
  private func words(_ reference: SealedReference, by hash: KeyedSHA256) throws -> Words? {
    let sealed: [UInt8]
    do throws(EventLogError) {
      sealed = try log.open(reference, purpose: SealedPurpose.tokens.rawValue)
    } catch {
      switch error {
      // Erased people's words count no longer, and damaged ones not until they are repaired: 'verify' names
      // them, and one damaged value must not stop every query.
      case .erased, .damaged, .missing: return nil
      default: throw error
      }
    }
    let terms = Set(try TokenCoding.decode(sealed).lazy.filter(\.kept).map(\.term))
    return Words(
      wording: Array(hash.authenticate(sealed).bytes.prefix(16)),
      terms: terms.map { (VocabularyProjection.hash(of: $0, by: hash), $0) })
  }

  func fold(into writer: inout ViewWriter) throws {
    for (position, fact) in facts {
      writer.position = position
      switch fact {
      case .registered(let applicant, let opening):
        writer.put(
          [0] + Array(opening.utf8), at: applicant.rawValue.viewKey,
          in: VocabularyProjection.openings)
      case .read(let index):
        if let words = try readings[index].words.get() {
          try fold(words, of: readings[index], into: &writer)
        }
      }
    }
  }

  private func fold(
    _ words: Words, of reading: Reading, into writer: inout ViewWriter
  ) throws {
    let applicant = reading.applicant.rawValue
    writer.put(
      words.wording, at: viewKey(applicant, UInt64(reading.document)),
      in: VocabularyProjection.wordings)
    writer.put(
      writer.position.rawValue.viewKey, at: words.wording + applicant.viewKey,
      in: VocabularyProjection.senders)
    let entry = try writer.value(at: applicant.viewKey, in: VocabularyProjection.openings) ?? [0]
    let (isFirst, opening) = (entry.first == 0, entry.dropFirst())
    if isFirst {
      writer.put([1] + opening, at: applicant.viewKey, in: VocabularyProjection.openings)
    }
    for (hash, spelling) in words.terms {
      let occurrence = hash + applicant.viewKey
      // Of the words read first none has been counted yet.
      if !isFirst,
        try writer.value(at: occurrence, in: VocabularyProjection.occurrences) != nil
      {
        continue
      }
      writer.put(
        writer.position.rawValue.viewKey + opening, at: occurrence,
        in: VocabularyProjection.occurrences)
      let before =
        try writer.value(at: hash, in: VocabularyProjection.terms).map { number(in: $0, at: 0) }
        ?? 0
      let spelling =
        before + 1 >= VocabularyProjection.sharedFrom ? Array(spelling.utf8) : []
      writer.put((before + 1).viewKey + spelling, at: hash, in: VocabularyProjection.terms)
    }
  }
}
