import EventStore
import Projections

/// The policy in force.
public struct PolicySummary: Sendable, Encodable, Equatable {
  /// Basis points from which an applicant goes to the ordinary review.
  public let threshold: Int
  /// When people see scores.
  public let scores: ScoreDisplay
  /// How long applications are kept after the selection, by opening; those not named are kept without limit.
  public let retention: [RetentionRule]
  /// The event that adopted it; zero for the one that is built in.
  public let position: UInt64

  /// Which thresholds can be asked for, in basis points: what is under 1 % is a percentage, or a share, by mistake, and
  /// would send everybody to the ordinary review.
  public static let thresholds = 100...9_999
}

extension Office {
  /// The policy that was in force at `asOf`.
  public func policy(asOf: AsOf = .now) throws(ScreeningError) -> PolicySummary {
    let row = try policyRow(asOf: try resolve(asOf))
    return PolicySummary(
      threshold: row.threshold, scores: row.scores, retention: row.retention,
      position: row.position.rawValue)
  }

  /// Puts another policy in force; earlier screenings keep the threshold they were made with.
  ///
  /// - Parameters:
  ///   - threshold: basis points, of `PolicySummary.thresholds`; `nil` keeps the one in force.
  ///   - scores: when people see scores; `nil` leaves it as it is.
  ///   - retention: how long the applications for one opening are kept; without days, for ever.
  /// - Throws: `.invalid` for values out of their ranges, or where nothing is given; `.conflict` where an opening
  ///   without a rule is to lose it.
  public func adoptPolicy(
    threshold: Int? = nil, scores: ScoreDisplay? = nil, retention: RetentionRule? = nil,
    by origin: Origin
  ) async throws(ScreeningError) -> CommandResult {
    guard threshold != nil || scores != nil || retention != nil else {
      throw .invalid(
        "The policy changes nothing. Give a threshold, when scores are shown, or how long an opening's applications "
          + "are kept.")
    }
    guard RetentionRule.lengths.contains(retention?.days ?? 1) else {
      throw .invalid(
        "The retention lies outside 1 to \(RetentionRule.lengths.upperBound) days. Give one like 365."
      )
    }
    guard threshold.map(PolicySummary.thresholds.contains) ?? true else {
      throw .invalid(
        "The threshold lies outside 1 % to 99.99 %. Give one like 65 %, which over HTTP is 6500, in basis points."
      )
    }
    let command = Command(
      "adopt-policy",
      [
        "retention": retention?.json,
        "scores": scores.map { .string($0.rawValue) },
        "threshold": threshold.map { JSONValue($0) },
      ])
    let receipt = try await append(command, by: origin) { [self] (at) throws(ScreeningError) in
      let inForce = try policyRow(asOf: at)
      if let retention, retention.days == nil,
        !inForce.retention.contains(where: { $0.opening == retention.opening })
      {
        throw .conflict("No retention is in force for '\(retention.opening)', so none can end.")
      }
      return try change(
        PolicyAdopted(
          threshold: threshold ?? inForce.threshold, scores: scores ?? inForce.scores,
          retention: retention),
        by: origin, at: at)
    }
    return CommandResult(receipt)
  }

  func policyRow(asOf position: Position) throws(ScreeningError) -> PolicyRow {
    try recorded { () throws(ViewError) in
      try RecordsProjection.policies.row(for: UInt64(0), asOf: position, in: views) ?? .builtIn
    }
  }
}
