import EventStore

/// What a screening says of one applicant.
public struct ScreeningResult: Sendable, Encodable {
  /// The applicant's number.
  public let applicant: UInt64
  /// What is to be done next.
  public let outcome: Outcome
  /// Why there is no percentage, as a slug.
  @Nullable public var reason: String?
  /// Basis points.
  @Nullable public var probability: Int?
  /// The 90 % interval in basis points, rounded outward.
  @Nullable public var interval: [Int]?
  /// The bits of the score in hexadecimal.
  @Nullable public var score: String?
  /// The score.
  @Nullable public var scoreDecimal: Double?
  /// The model that was asked.
  @Nullable public var model: UInt64?
  /// The position of the screening's event.
  public let position: UInt64
}

extension ScreeningResult {
  init(_ screened: ApplicantScreened, at position: Position) {
    self.init(
      applicant: screened.applicant.rawValue, outcome: screened.outcome, reason: screened.reason,
      probability: screened.probability, interval: screened.interval,
      score: screened.score.map { hexadecimal($0) }, scoreDecimal: screened.score,
      model: screened.model?.rawValue, position: position.rawValue)
  }

  /// What the one who asked is told where the policy shows scores after the label only.
  var veiled: ScreeningResult {
    guard outcome != .undecidable else { return self }
    return ScreeningResult(
      applicant: applicant, outcome: .unscored, reason: Self.hiddenReason, position: position)
  }

  /// The reason that stands for a score that is not to be seen yet.
  static let hiddenReason = "shown-after-label"
}
