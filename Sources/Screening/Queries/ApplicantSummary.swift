public import EventStore

/// One line of a list of applicants.
public struct ApplicantSummary: Sendable, Encodable {
  /// The applicant's number.
  public let applicant: UInt64
  /// The name; `nil` after an erasure.
  @Nullable public var name: String?
  /// The opening's slug.
  public let opening: String
  /// When the application arrived, RFC 3339.
  public let received: String
  /// Where the application stands.
  public let state: ApplicantState
  /// What a person decided.
  @Nullable public var label: Label?
  /// The address of who decided.
  @Nullable public var labelledBy: String?
  /// What the last screening said is to be done next.
  @Nullable public var outcome: Outcome?
  /// Basis points.
  @Nullable public var probability: Int?
  /// The model that was asked.
  @Nullable public var model: UInt64?
  /// What a reader should know before they decide.
  public let flags: [ApplicantFlag]
}

/// What a reader should know of an applicant before they decide.
public enum ApplicantFlag: String, Sendable, Hashable, CaseIterable, Codable {
  /// 判定不能: the documents do not allow a score.
  case undecidable
  /// A document could not be read.
  case unreadableDocument = "unreadable-document"
  /// Somebody else sent a document of the same words (同一文書).
  case sameDocument = "same-document"
  /// The percentage lies within five points of the threshold.
  case nearThreshold = "near-threshold"
  /// Another model is in force than the one that was asked.
  case staleScore = "stale-score"
}

/// Which applicants a list shows; `nil` lets everything through.
public struct ApplicantFilter: Sendable, Hashable {
  /// Only applicants of this opening.
  public var opening: Opening?
  /// Only applicants in this state.
  public var state: ApplicantState?
  /// Only applicants with this label.
  public var label: Label?
  /// Only applicants without a label, when true; only those with one, when false.
  public var unlabelled: Bool?
  /// Only applicants with this outcome.
  public var outcome: Outcome?

  /// Only applicants whose last screening no person has followed up by opening them, when true.
  public var unread: Bool?

  /// Only applicants who wait in this queue.
  public var queue: Queue?

  /// Only applicants with a percentage in this range of basis points.
  public var probability: ClosedRange<Int>?
  /// Only applications that arrived at or after this time.
  public var receivedFrom: Timestamp?
  /// Only applications that arrived before this time.
  public var receivedBefore: Timestamp?
  /// Only applicants whose documents have this noun, as normalised.
  public var word: String?
  /// Only applicants whose name has this part, whatever its spaces.
  public var name: String?
  /// Only applicants with this flag.
  public var flag: ApplicantFlag?

  /// A filter that lets everything through until it is narrowed.
  public init(
    opening: Opening? = nil, state: ApplicantState? = nil, label: Label? = nil,
    unlabelled: Bool? = nil, outcome: Outcome? = nil, unread: Bool? = nil
  ) {
    self.opening = opening
    self.state = state
    self.label = label
    self.unlabelled = unlabelled
    self.outcome = outcome
    self.unread = unread
  }

  func lets(through row: ApplicantRow) -> Bool {
    (opening == nil || row.opening == opening) && (state == nil || row.state == state)
      && (label == nil || row.label?.label == label)
      && (unlabelled == nil || (row.label == nil) == unlabelled)
      && (outcome == nil || row.screening?.outcome == outcome)
      && (unread == nil || row.isUnread == unread)
      && (queue == nil || Facet(row).queue == queue)
      && (probability == nil
        || row.screening?.probability.map { probability?.contains($0) == true } ?? false)
      && arrived(row)
  }

  private func arrived(_ row: ApplicantRow) -> Bool {
    guard receivedFrom != nil || receivedBefore != nil else { return true }
    guard let received = row.received.time else { return false }
    return receivedFrom.map { $0 <= received } ?? true
      && receivedBefore.map { received < $0 } ?? true
  }
}
