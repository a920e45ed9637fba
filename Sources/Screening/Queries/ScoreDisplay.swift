public import EventStore
import Projections

/// When people see the score of an applicant.
///
/// With `afterLabel` a person decides without having seen it, so that the label teaches what people think
/// and not what the last model thought, and audits can compare both. Auditors see every score.
public enum ScoreDisplay: String, Sendable, Hashable, CaseIterable, Codable {
  /// As soon as there is one.
  case always
  /// Only once somebody has labelled the applicant (blind first).
  case afterLabel = "after-label"
}

/// Whose scores are hidden from the one who asks.
struct ScoreVeil {
  let hidesUndecided: Bool

  /// `row` with a screening that says nothing but that there is one; 判定不能 is no score, and stays.
  func veiled(_ row: ApplicantRow) -> ApplicantRow {
    guard hides(row), let screening = row.screening, screening.outcome != .undecidable else {
      return row
    }
    var row = row
    row.placed = .unscored
    row.screening = .init(
      position: screening.position, outcome: .unscored, probability: nil, model: nil,
      reason: ScreeningResult.hiddenReason)
    return row
  }

  /// The facet of a row that is veiled.
  func veiled(_ facet: Facet) -> Facet {
    guard hidesScore(of: facet) else { return facet }
    var facet = facet
    facet.outcome = .unscored
    return facet
  }

  /// Whether applicants of this facet have a score that is hidden.
  func hidesScore(of facet: Facet) -> Bool {
    hidesUndecided && Self.isUndecided(facet.label) && facet.outcome != nil
      && facet.outcome != .undecidable
  }

  /// Whether nobody has decided about the applicant yet.
  func hides(_ row: ApplicantRow) -> Bool {
    hidesUndecided && Self.isUndecided(row.label?.label)
  }

  /// Putting somebody on hold decides nothing.
  private static func isUndecided(_ label: Label?) -> Bool { label == nil || label == .hold }
}

extension Office {
  /// What the policy in force now hides from the one who asks, whatever moment is asked about.
  ///
  /// - Parameter seen: the last event that is known to be there, where that is more than was answered for.
  func scoreVeil(
    for origin: Origin, seen: Position = .zero
  ) throws(ScreeningError) -> ScoreVeil {
    try catchUp(through: max(try present, seen))
    return try foldedScoreVeil(for: origin)
  }

  /// As `scoreVeil`, by the policy as it was folded last.
  func foldedScoreVeil(for origin: Origin) throws(ScreeningError) -> ScoreVeil {
    let common = try foldedScoreVeilOfReports()
    guard common.hidesUndecided else { return common }
    guard case .user(let number) = origin.actor else { return ScoreVeil(hidesUndecided: true) }
    return ScoreVeil(hidesUndecided: try row(of: number)?.role != .auditor)
  }

  /// Whether the one who asks is to see no score before a label, and so no raw event that holds one.
  ///
  /// - Parameter seen: the last event whose effect must be regarded.
  public func hidesScores(
    from origin: Origin, seen: Position = .zero
  ) throws(ScreeningError) -> Bool {
    try scoreVeil(for: origin, seen: seen).hidesUndecided
  }

  /// What the policy in force now hides in reports, which whoever asked may hand on.
  func scoreVeilOfReports() throws(ScreeningError) -> ScoreVeil {
    try catchUp()
    return try foldedScoreVeilOfReports()
  }

  private func foldedScoreVeilOfReports() throws(ScreeningError) -> ScoreVeil {
    let policy = try recorded { () throws(ViewError) in
      try RecordsProjection.policies.newest(for: 0, in: views) ?? .builtIn
    }
    return ScoreVeil(hidesUndecided: policy.scores == .afterLabel)
  }

  /// Refuses to explain a score that is not to be seen yet.
  func requireVisibleScore(of number: ApplicantNumber, by origin: Origin) throws(ScreeningError) {
    guard let row = try newestRow(number), try scoreVeil(for: origin).hides(row) else { return }
    throw .conflict(
      "Scores are shown after the label, by the policy in force. Label applicant \(number) first.")
  }
}
