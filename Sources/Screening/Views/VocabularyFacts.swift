import Cryptography
import DocumentReader
import EventStore
import Projections

/// What a stretch of events says to the vocabulary; readings are opened and their words hashed before folding.
struct VocabularyFacts: Facts {
  /// A reading of a document, and the words that it counts.
  private struct Reading {
    var source: ReadTokens
    var terms: Result<[Term], any Error> = .success([])
  }

  private struct Term {
    var hash: [UInt8]
    var spelling: String
  }

  private enum Fact {
    case registered(ApplicantNumber, opening: String)
    case moved(ApplicantNumber, opening: String)
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
    } else if event.type.isText("applicant.corrected") {
      let corrected = try ApplicantCorrected(try Event(event))
      guard let opening = corrected.opening else { return }
      facts.append((event.position, .moved(corrected.applicant, opening: opening.slug)))
    } else if event.type.isText("document.read") {
      facts.append((event.position, .read(readings.count)))
      readings.append(Reading(source: try ReadTokens(event)))
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

  mutating func prepare() throws {
    guard !readings.isEmpty else { return }
    let hash = KeyedSHA256(key: try log.generationKey(purpose: "vocabulary"))
    for index in readings.indices {
      readings[index].terms = Result { try terms(of: readings[index].source, by: hash) }
    }
  }

  /// The words of a reading; none where they count no longer.
  private func terms(of source: ReadTokens, by hash: KeyedSHA256) throws -> [Term] {
    guard let tokens = try source.open(log) else { return [] }
    return Set(try TokenCoding.decode(tokens).lazy.filter(\.kept).map(\.term)).map {
      Term(hash: VocabularyProjection.hash(of: $0, by: hash), spelling: $0)
    }
  }

  func fold(into writer: inout ViewWriter) throws {
    for (position, fact) in facts {
      writer.position = position
      switch fact {
      case .registered(let applicant, let opening):
        writer.put(
          [0] + Array(opening.utf8), at: applicant.rawValue.viewKey,
          in: VocabularyProjection.openings)
      case .moved(let applicant, let opening):
        writer.put(
          Array(opening.utf8), at: viewKey(applicant.rawValue, position.rawValue),
          in: VocabularyProjection.moves)
      case .read(let index):
        try fold(
          readings[index].terms.get(), of: readings[index].source.applicant, into: &writer)
      }
    }
  }

  private func fold(
    _ terms: [Term], of applicant: ApplicantNumber, into writer: inout ViewWriter
  ) throws {
    guard !terms.isEmpty else { return }
    let key = applicant.rawValue.viewKey
    let entry = try writer.value(at: key, in: VocabularyProjection.openings) ?? [0]
    let (isFirst, opening) = (entry.first == 0, entry.dropFirst())
    if isFirst {
      writer.put([1] + opening, at: key, in: VocabularyProjection.openings)
    }
    for term in terms {
      let occurrence = term.hash + key
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
        try writer.value(at: term.hash, in: VocabularyProjection.terms).map {
          number(in: $0, at: 0)
        }
        ?? 0
      let spelling =
        before + 1 >= VocabularyProjection.sharedFrom ? Array(term.spelling.utf8) : []
      writer.put((before + 1).viewKey + spelling, at: term.hash, in: VocabularyProjection.terms)
    }
  }
}
