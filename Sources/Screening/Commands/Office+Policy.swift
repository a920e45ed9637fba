import EventStore
import Projections

/// The policy in force.
public struct PolicySummary: Sendable, Encodable, Equatable {
  /// Basis points from which an applicant goes to the ordinary review.
  public let threshold: Int
  /// When people see scores.
  public let scores: ScoreDisplay
  /// The event that adopted it; zero for the one that is built in.
  public let position: UInt64
}

extension Office {
  /// The policy that was in force at `asOf`.
  public func policy(asOf: AsOf = .now) throws(ScreeningError) -> PolicySummary {
    let row = try policyRow(asOf: try resolve(asOf))
    return PolicySummary(
      threshold: row.threshold, scores: row.scores, position: row.position.rawValue)
  }

  /// Puts another policy in force; earlier screenings keep the threshold they were made with.
  ///
  /// - Parameters:
  ///   - threshold: basis points, 1 to 9,999; `nil` keeps the one in force.
  ///   - scores: when people see scores; `nil` leaves it as it is.
  public func adoptPolicy(
    threshold: Int? = nil, scores: ScoreDisplay? = nil, by origin: Origin
  ) async throws(ScreeningError) -> CommandResult {
    guard threshold != nil || scores != nil else {
      throw .invalid("The policy changes nothing. Give a threshold, or when scores are shown.")
    }
    guard (1...9_999).contains(threshold ?? 1) else {
      throw .invalid("The threshold lies outside 0.01 % to 99.99 %. Give one like 65.")
    }
    let command = Command(
      "adopt-policy",
      [
        "scores": scores.map { .string($0.rawValue) },
        "threshold": threshold.map { JSONValue($0) },
      ])
    let receipt = try await append(command, by: origin) { [self] (at) throws(ScreeningError) in
      let inForce = try policyRow(asOf: at)
      return try change(
        PolicyAdopted(
          threshold: threshold ?? inForce.threshold, scores: scores ?? inForce.scores),
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
