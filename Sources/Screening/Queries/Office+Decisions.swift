import EventStore

/// What one person decided about an applicant, or thought on a second reading.
public struct LabelRecord: Sendable, Encodable {
  /// The event's position.
  public let position: UInt64
  /// The label.
  public let label: Label
  /// Whether it decides, checks another reader, or records an earlier decision.
  public let purpose: LabelPurpose
  /// When it was given, RFC 3339.
  public let given: String
  /// Who gave it: an address where there is one.
  public let by: String
  /// Whether the operator only named them.
  public let claimed: Bool
  /// The position of the screening that was in view; `nil` for a label given blind.
  @Nullable public var screening: UInt64?
  /// Why.
  @Nullable public var reason: String?
}

/// A screening with when it was made and under which rules.
public struct ScreeningRecord: Sendable, Encodable {
  /// When it was recorded, RFC 3339.
  public let at: String
  /// The threshold in basis points.
  public let threshold: Int
  /// The event that adopted the policy; zero for the built-in one.
  public let policy: UInt64
  /// What it said.
  public let result: ScreeningResult

  /// Writes the result's members beside the others.
  public func encode(to encoder: any Encoder) throws {
    try result.encode(to: encoder)
    var members = encoder.container(keyedBy: MemberName.self)
    try members.encode(at, forKey: "at")
    try members.encode(threshold, forKey: "threshold")
    try members.encode(policy, forKey: "policy")
  }
}

extension Office {
  /// Every label that people gave an applicant, oldest first; the look is recorded.
  ///
  /// - Throws: `.notFound` when there was no such applicant then.
  public func labels(
    of number: ApplicantNumber, asOf: AsOf = .now, by origin: Origin
  ) async throws(ScreeningError) -> [LabelRecord] {
    let events = try await events(ApplicantLabelled.self, of: number, asOf: asOf, by: origin)
    return try await offPool { [self] () throws(ScreeningError) in
      let addresses = try addresses()
      return try events.map { (event) throws(ScreeningError) in
        let labelled = try ApplicantLabelled(event)
        let by = event.onBehalfOf ?? event.actor
        return LabelRecord(
          position: event.position.rawValue, label: labelled.label, purpose: labelled.purpose,
          given: event.happened ?? event.at.description, by: addresses[by] ?? by,
          claimed: event.onBehalfOf != nil,
          screening: labelled.screening == .zero ? nil : labelled.screening.rawValue,
          reason: try labelled.reason.flatMap { (sealed) throws(ScreeningError) in
            try openTextUnlessErased(sealed, .reason)
          })
      }
    }
  }

  /// Every screening of an applicant, oldest first; the look is recorded.
  ///
  /// - Throws: `.notFound` when there was no such applicant then.
  public func screenings(
    of number: ApplicantNumber, asOf: AsOf = .now, by origin: Origin
  ) async throws(ScreeningError) -> [ScreeningRecord] {
    let events = try await events(ApplicantScreened.self, of: number, asOf: asOf, by: origin)
    return try await offPool { [self] () throws(ScreeningError) in
      let hides = try scoreVeil(for: origin).hides(
        try applicantRow(number, asOf: try catchUp()))
      return try events.map { (event) throws(ScreeningError) in
        let screened = try ApplicantScreened(event)
        let result = ScreeningResult(screened, at: event.position)
        return ScreeningRecord(
          at: event.at.description, threshold: screened.threshold,
          policy: screened.policy.rawValue, result: hides ? result.veiled : result)
      }
    }
  }

  /// The events of one type in an applicant's history.
  private func events<Kind: DomainEvent>(
    _: Kind.Type, of number: ApplicantNumber, asOf: AsOf, by origin: Origin
  ) async throws(ScreeningError) -> [Event] {
    let position = try resolve(asOf)
    _ = try applicantRow(number, asOf: position)
    try await recordAccess(.history, of: number, by: origin)
    return try await offPool { [self] () throws(ScreeningError) in
      try historyPositions(of: number, through: position)
        .map { (position) throws(ScreeningError) in try event(position) }
        .filter { $0.type == Kind.type }
    }
  }
}
