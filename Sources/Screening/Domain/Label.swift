/// What a person decided about an applicant.
///
/// Nothing but a person's command makes one.
public enum Label: String, Sendable, Hashable, CaseIterable, Codable {
  /// To be invited.
  case ok
  /// Turned down.
  case ng
  /// Not decided yet.
  case hold
}

/// Why a label was given.
public enum LabelPurpose: String, Sendable, Hashable, CaseIterable, Codable {
  /// It decides the application.
  case decision
  /// It checks another reader's decision and decides nothing.
  case secondReading = "second-reading"
  /// It records a decision of the time before this log, as an import does.
  case history

  /// Whether a model may learn from labels of this purpose.
  var teaches: Bool { self != .secondReading }
}

/// Where an application stands, apart from its label.
public enum ApplicantState: String, Sendable, Hashable, CaseIterable, Codable {
  /// Under consideration, or decided.
  case active
  /// Taken back by the applicant (辞退).
  case withdrawn
  /// The same person's second application.
  case duplicate
  /// Erased on request: nothing but the number, the opening, times and outcomes remains.
  case erased
}

/// What a screening says is to be done next.
///
/// No case turns anyone down.
public enum Outcome: String, Sendable, Hashable, CaseIterable, Codable {
  /// The ordinary review by a person; the probability is at or over the threshold.
  case review
  /// A second look by a person; the probability is under the threshold.
  case secondLook = "second-look"
  /// 判定不能: the documents do not allow a score.
  case undecidable
  /// No model, or one without a percentage; goes to the ordinary review.
  case unscored
}

extension Set<Role> {
  /// Who decides about applicants.
  public static let deciding: Self = [.admin, .reviewer]
  /// Who decides about models, rules, and what is kept of whom.
  public static let ruling: Self = [.admin]
  /// Who audits.
  public static let auditing: Self = [.admin, .auditor]
}

/// What a user may do.
public enum Role: String, Sendable, Hashable, CaseIterable, Codable {
  /// Everything, users and erasure included.
  case admin
  /// Registering, reading and labelling.
  case reviewer
  /// Reading everything, excluded words included; changing nothing.
  case auditor
}
