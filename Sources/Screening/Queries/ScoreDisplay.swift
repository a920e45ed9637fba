import EventStore

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
  let hidesUnlabelled: Bool

  /// `row` without a screening that is not to be seen yet; one that says 判定不能 is no score.
  func veiled(_ row: ApplicantRow) -> ApplicantRow {
    guard hides(row) else { return row }
    var row = row
    row.screening = nil
    return row
  }

  func hides(_ row: ApplicantRow) -> Bool {
    hidesUnlabelled && row.label == nil && row.second == nil
      && row.screening?.outcome.isJudgement == true
  }
}

extension Outcome {
  /// Whether the outcome follows from a percentage.
  var isJudgement: Bool { self == .review || self == .secondLook }
}

extension Office {
  /// What the policy in force now hides from the one who asks, whatever moment is asked about.
  func scoreVeil(for origin: Origin) throws(ScreeningError) -> ScoreVeil {
    let head = try catchUp()
    guard try policyRow(asOf: head).scores == .afterLabel else {
      return ScoreVeil(hidesUnlabelled: false)
    }
    guard case .user(let number) = origin.actor else { return ScoreVeil(hidesUnlabelled: true) }
    return ScoreVeil(hidesUnlabelled: try row(of: number)?.role != .auditor)
  }

  /// Refuses to explain a score that is not to be seen yet.
  func requireVisibleScore(of number: ApplicantNumber, by origin: Origin) throws(ScreeningError) {
    guard let row = try newestRow(number), try scoreVeil(for: origin).hides(row) else { return }
    throw .conflict(
      "Scores are shown after the label, by the policy in force. Label applicant \(number) first.")
  }
}
