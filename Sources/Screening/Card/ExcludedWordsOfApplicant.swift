public import EventStore
import LinearSVM

/// What the lexicon kept out of one screening, and what it would have done there.
public struct ExcludedWords: Sendable, Encodable {
  /// A term that was dropped.
  public struct Word: Sendable, Encodable {
    /// The term as normalised.
    public let term: String
    /// The matter or class, as a slug.
    public let category: String
    /// The term's part in the score of a shadow model trained without the exclusion; `nil` when too few of those
    /// who taught the model wrote it for any weight, or without a shadow model.
    @Nullable public var contribution: Double?
  }

  /// The applicant's number.
  public let applicant: UInt64
  /// The screening's position.
  public let screening: UInt64
  /// The model that was asked.
  public let model: UInt64
  /// The recorded score.
  @Nullable public var score: Double?
  /// The shadow model's score, whose scale is its own; `nil` when somebody who taught the model was erased, so that
  /// no shadow of it can be trained.
  @Nullable public var shadowScore: Double?
  /// Why there is no shadow score, as a slug: `erased`.
  @Nullable public var shadowReason: String?
  /// How often a word was dropped when the score was computed, the applicant's own name and address included.
  public let occurrences: Int
  /// The different terms that the lexicon dropped, the heaviest first.
  public let words: [Word]
  /// The share of the applicant's distinct nouns that the model does not know.
  public let unknownShare: Double
}

extension Office {
  /// Shows what the lexicon kept from a screening, for whoever audits it; the look is recorded.
  ///
  /// The weights are those of a shadow model that learns from the same labels with the same C and
  /// representation, but hears every noun. It is trained for this answer, kept nowhere, and screens nobody.
  ///
  /// - Parameters:
  ///   - screening: the screening's position; `nil` for the newest at `asOf`.
  ///   - progress: is told how many solves are done.
  /// - Throws: `.notFound` when there was no screening by a model, `.erased` when the applicant was erased.
  public func excludedWords(
    of number: ApplicantNumber, screening: Position? = nil, asOf: AsOf = .now, by origin: Origin,
    progress: (@Sendable (WorkProgress) -> Void)? = nil
  ) async throws(ScreeningError) -> ExcludedWords {
    let moment = try resolve(asOf)
    let row = try applicantRow(number, asOf: moment)
    let asked = try await lookedAt(screening, of: row, asOf: moment, by: origin)
    return try await inBackground(progress: progress) { [self] (work) throws(ScreeningError) in
      let screened = try self.screening(at: asked, of: number)
      guard let model = screened.model else {
        throw .notFound("The screening at event \(asked) asked no model.")
      }
      let trained = try trainedModel(model)
      let shadow = try shadow(of: trained, work)
      let nouns = try unfilteredNouns(
        of: try applicantRow(number, asOf: asked), screened.readings, less: trained.lexicon)
      return ExcludedWords(screened, at: asked, model, nouns, shadow)
    }
  }
}

extension ExcludedWords {
  fileprivate init(
    _ screened: ApplicantScreened, at position: Position, _ model: ModelNumber,
    _ nouns: UnfilteredNouns, _ shadow: ShadowModel?
  ) {
    let score = shadow?.model.score(nouns.terms)
    var parts: [String: Double] = [:]
    for (term, value) in score?.contributions ?? [] {
      parts[String(decoding: term, as: UTF8.self)] = value
    }
    let terms = screened.known + screened.unknown
    self.init(
      applicant: screened.applicant.rawValue, screening: position.rawValue, model: model.rawValue,
      score: screened.score, shadowScore: score?.total,
      shadowReason: shadow == nil ? "erased" : nil, occurrences: screened.excluded,
      words: nouns.dropped.map {
        Word(term: $0.term, category: $0.category, contribution: parts[$0.term])
      }.sorted {
        (-($0.contribution ?? 0).magnitude, $0.term, $0.category)
          < (-($1.contribution ?? 0).magnitude, $1.term, $1.category)
      },
      unknownShare: terms == 0 ? 0 : Double(screened.unknown) / Double(terms))
  }
}
