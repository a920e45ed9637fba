import EventStore
import Projections

/// The policy in force.
public struct PolicySummary: Sendable, Encodable, Equatable {
  /// Basis points from which an applicant goes to the ordinary review.
  public let threshold: Int
  /// The event that adopted it; zero for the one that is built in.
  public let position: UInt64
}

extension Office {
  /// The policy that was in force at `asOf`.
  public func policy(asOf: AsOf = .now) throws(ScreeningError) -> PolicySummary {
    let row = try policyRow(asOf: try resolve(asOf))
    return PolicySummary(threshold: row.threshold, position: row.position.rawValue)
  }

  /// Puts another threshold in force; earlier screenings keep the one they were made with.
  ///
  /// - Parameter threshold: basis points, 1 to 9,999.
  public func adoptPolicy(
    threshold: Int, by origin: Origin
  ) async throws(ScreeningError) -> CommandResult {
    guard (1...9_999).contains(threshold) else {
      throw .invalid("The threshold lies outside 0.01 % to 99.99 %. Give one like 65.")
    }
    let receipt = try await append { [self] (at) throws(ScreeningError) in
      try change(PolicyAdopted(threshold: threshold), by: origin, at: at)
    }
    return CommandResult(receipt)
  }

  func policyRow(asOf position: Position) throws(ScreeningError) -> PolicyRow {
    try recorded { () throws(ViewError) in
      try RecordsProjection.policies.row(for: UInt64(0), asOf: position, in: views) ?? .builtIn
    }
  }
}
