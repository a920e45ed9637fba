import Cryptography
import EventStore
import LinearSVM

/// What a screening said: the words with their contributions, and the model and the label beside it.
public struct Explanation: Sendable, Encodable {
  /// One word's part in the score.
  public struct Contribution: Sendable, Encodable {
    /// The word.
    public let term: String
    /// The bits of its part in hexadecimal.
    public let value: String
    /// Its part.
    public let valueDecimal: Double
  }

  /// The labels behind the model.
  public struct Training: Sendable, Encodable {
    /// Labels of each kind.
    public let labels: ModelSummary.Labels
    /// The last event that the training saw.
    public let through: UInt64
    /// SHA-256 of the manifest that lists every label and reading.
    public let manifest: String
    /// The bits of primal − dual of the solution.
    public let gap: String
    /// primal − dual of the solution.
    public let gapDecimal: Double
  }

  /// The applicant's number.
  public let applicant: UInt64
  /// The screening's position.
  public let screening: UInt64
  /// What it said is to be done next.
  public let outcome: Outcome
  /// Why there is no percentage.
  @Nullable public var reason: String?
  /// The model that was asked.
  @Nullable public var model: UInt64?
  /// Basis points from which the outcome is `review`.
  public let threshold: Int
  /// Basis points.
  @Nullable public var probability: Int?
  /// The 90 % interval in basis points.
  @Nullable public var interval: [Int]?
  /// The bits of the score: bias, then the values added one by one as listed.
  @Nullable public var score: String?
  /// The score.
  @Nullable public var scoreDecimal: Double?
  /// The bits of the bias.
  @Nullable public var bias: String?
  /// The bias.
  @Nullable public var biasDecimal: Double?
  /// Every word that the model knows, in the order of UTF-8 bytes.
  public let contributions: [Contribution]
  /// How many of the applicant's distinct nouns the model does not know.
  public let unknown: Int
  /// How many tokens were dropped as what must not decide.
  public let excluded: Int
  /// What the model learnt from.
  @Nullable public var training: Training?
  /// What a person decided, by the moment asked about.
  @Nullable public var label: Label?
  /// Who decided.
  @Nullable public var labelledBy: String?
  /// Whether that person was only named by the operator.
  public let labelClaimed: Bool
  /// Whether this score was in view when the label was given.
  public let scoreInView: Bool
  /// Why the person decided so.
  @Nullable public var labelReason: String?
}

extension Office {
  /// The position of the screening that somebody looks at; the look is recorded.
  ///
  /// - Parameters:
  ///   - screening: the screening asked about; `nil` for the one that held with `row`.
  ///   - moment: the moment asked about, at which `row` held.
  /// - Throws: `.notFound` when there was none by then, `.erased` after an erasure.
  func lookedAt(
    _ screening: Position?, of row: ApplicantRow, asOf moment: Position, by origin: Origin
  ) async throws(ScreeningError) -> Position {
    let number = row.number
    guard row.erased == nil else { throw .erased(number) }
    guard let asked = screening ?? row.screening?.position else {
      guard try newestRow(number)?.screening == nil else {
        throw .notFound(
          "Applicant \(number) was not screened by then. 'senko history \(number)' shows when.")
      }
      throw .notFound(
        "Applicant \(number) was never screened. 'senko screen \(number)' asks the model in force.")
    }
    guard asked <= moment else {
      throw .notFound("Event \(asked) was recorded after event \(moment), the moment asked about.")
    }
    try requireVisibleScore(of: number, by: origin)
    try await recordAccess(.why, of: number, by: origin)
    return asked
  }

  /// The screening at a position that somebody named.
  ///
  /// - Throws: `.invalid` when it is none, or another applicant's.
  func screening(
    at position: Position, of number: ApplicantNumber
  ) throws(ScreeningError) -> ApplicantScreened {
    let event = try recorded { () throws(EventLogError) in try log.event(at: position) }
    guard let event, event.type == ApplicantScreened.type else {
      throw .invalid("Event \(position) is no screening. 'senko history \(number)' lists them.")
    }
    let screened = try ApplicantScreened(event)
    guard screened.applicant == number else {
      throw .invalid("Event \(position) screens another applicant than \(number).")
    }
    return screened
  }

  /// The nouns that a screening gave its model.
  func scoredNouns(
    _ screened: ApplicantScreened, at position: Position, by trained: TrainedModel
  ) throws(ScreeningError) -> Nouns {
    try nouns(
      of: try applicantRow(screened.applicant, asOf: position), screened.readings,
      without: trained.lexicon)
  }

  /// What stands behind a screening.
  ///
  /// - Parameters:
  ///   - nouns: those that were scored; the explanation has no contributions without.
  ///   - opening: whether sealed values are opened; the explanation has no address and no reason without.
  func explain(
    _ screened: ApplicantScreened, at position: Position, _ row: ApplicantRow,
    by trained: TrainedModel?, _ nouns: Nouns?, opening: Bool = true
  ) throws(ScreeningError) -> Explanation {
    let score = screened.score == nil ? nil : nouns.flatMap { trained?.model.score($0.terms) }
    if let score, score.total.bitPattern != screened.score?.bitPattern {
      throw .damaged(
        "The recorded words do not give the score of event \(position). Run 'senko verify --retrain'."
      )
    }
    return Explanation(
      applicant: row.number.rawValue, screening: position.rawValue, outcome: screened.outcome,
      reason: screened.reason, model: screened.model?.rawValue, threshold: screened.threshold,
      probability: screened.probability, interval: screened.interval,
      score: screened.score.map { hexadecimal($0) }, scoreDecimal: screened.score,
      bias: score.map { hexadecimal($0.bias) }, biasDecimal: score?.bias,
      contributions: (score?.contributions ?? []).map {
        .init(
          term: String(decoding: $0.term, as: UTF8.self), value: hexadecimal($0.value),
          valueDecimal: $0.value)
      },
      unknown: screened.unknown, excluded: screened.excluded,
      training: trained.map { .init($0.event) },
      label: row.label?.label,
      labelledBy: try row.label.map { (label) throws(ScreeningError) in
        opening ? try addresses()[label.by] ?? label.by : label.by
      }, labelClaimed: row.label?.claimed ?? false,
      scoreInView: row.label?.shown == position,
      labelReason: opening ? try reason(of: row.label) : nil)
  }
}

extension Explanation.Training {
  init(_ event: ModelTrained) {
    self.init(
      labels: .init(ok: event.ok, ng: event.ng, blind: event.blind),
      through: event.through.rawValue, manifest: event.manifest.hex, gap: hexadecimal(event.gap),
      gapDecimal: event.gap)
  }
}
