import EventStore
import Projections

/// Everything that is held about one applicant, for the applicant.
public struct Disclosure: Sendable, Encodable {
  /// How long an application is kept, by the policy in force.
  public struct Keeping: Sendable, Encodable {
    /// Days from the end of the selection; `nil` for no limit.
    @Nullable public var days: Int?
    /// The last moment of the day in Japan on which they are over, RFC 3339; `nil` without a limit, and while nobody
    /// has decided.
    @Nullable public var until: String?
  }

  /// The application as it stands.
  public let applicant: ApplicantDetail
  /// Every event, with every decision and its reason, the oldest first.
  public let history: [DisclosedEvent]
  /// Every look at this applicant alone, the oldest first; looks at lists are recorded for all together.
  public let accesses: [DisclosedAccess]
  /// The groups that the applicant declared, which are shown nowhere else.
  public let attributes: [String: String]
  /// Models that learnt from the application.
  public let models: [UInt64]
  /// How long the application is kept.
  public let keeping: Keeping
  /// The event that records the disclosure.
  public let position: UInt64
}

/// An event of the applicant's, with the role of who brought it about.
public struct DisclosedEvent: Sendable, Encodable {
  /// The event.
  public let entry: HistoryEntry
  /// The role in which the person named acted then: of the user on whose behalf the operator spoke, else of the
  /// one who was authenticated.
  public let role: ActingRole

  /// Writes the event's members beside the role.
  public func encode(to encoder: any Encoder) throws {
    try entry.encode(to: encoder)
    var members = encoder.container(keyedBy: MemberName.self)
    try members.encode(role, forKey: "role")
  }
}

/// A look at an applicant's data: when, at what and in which role, not by whom.
public struct DisclosedAccess: Sendable, Encodable {
  /// The event's position.
  public let position: UInt64
  /// When it was recorded, RFC 3339.
  public let at: String
  /// What was looked at: `applicant`, `document`, `dossier`, `why`, `history` or `export`.
  public let scope: String
  /// In which role.
  public let role: ActingRole
}

extension Office {
  /// Tells an applicant everything that is held about them, and records that it was told.
  ///
  /// - Throws: `.notFound`, `.erased`.
  public func disclose(
    _ number: ApplicantNumber, by origin: Origin
  ) async throws(ScreeningError) -> Disclosure {
    let command = Command("disclose", about: number)
    let receipt = try await append(command, by: origin) { [self] (at) throws(ScreeningError) in
      _ = try livingRow(number)
      return try change(
        DisclosureMade(applicant: number, through: at), by: origin, at: at)
    }
    // The applicant is told everything, whatever people may not see yet.
    let detail = try await applicant(
      number, asOf: .position(receipt.last), veil: ScoreVeil(hidesUndecided: false), by: origin)
    return try await offPool { [self] () throws(ScreeningError) in
      let last = receipt.last
      let users = Dictionary(
        uniqueKeysWithValues: try userRows().map { ($0.number.stream, $0.number) })
      let learners = try learners(from: [number])
      try learners.requireWhole()
      return Disclosure(
        applicant: detail,
        history: try disclosedEvents(of: number, through: last, users: users),
        accesses: try accesses(to: number, through: last, users: users),
        attributes: try declared(by: number, asOf: last),
        models: learners.models[number, default: []].map(\.rawValue),
        keeping: try keeping(of: try applicantRow(number, asOf: last), at: last),
        position: receipt.first.rawValue)
    }
  }

  private func keeping(
    of row: ApplicantRow, at position: Position
  ) throws(ScreeningError) -> Disclosure.Keeping {
    let rule = try policyRow(asOf: position).retention.first { $0.opening == row.opening }
    guard let days = rule?.days else { return .init() }
    return .init(days: days, until: try keptUntil(row, days: days)?.description)
  }

  /// The applicant's history and their declarations of groups, oldest first.
  private func disclosedEvents(
    of number: ApplicantNumber, through last: Position, users: [String: UserNumber]
  ) throws(ScreeningError) -> [DisclosedEvent] {
    let addresses = try addresses()
    let positions =
      try historyPositions(of: number, through: last)
      + positions(in: RecordsProjection.attributes, of: number, through: last)
    return try positions.sorted().map { (position) throws(ScreeningError) in
      let event = try event(position)
      return DisclosedEvent(
        entry: try entry(for: event, addresses: addresses, opening: true),
        role: try role(of: event.onBehalfOf ?? event.actor, at: position, users: users))
    }
  }

  /// The looks at an applicant, oldest first.
  private func accesses(
    to number: ApplicantNumber, through last: Position, users: [String: UserNumber]
  ) throws(ScreeningError) -> [DisclosedAccess] {
    try positions(in: RecordsProjection.accesses, of: number, through: last).map {
      (position) throws(ScreeningError) in
      let event = try event(position)
      return DisclosedAccess(
        position: position.rawValue, at: event.at.description,
        scope: try PersonalAccessed(event).scope.rawValue,
        role: try role(of: event.onBehalfOf ?? event.actor, at: position, users: users))
    }
  }

  /// The positions that a table keyed by applicant and position has for an applicant, ascending.
  func positions(
    in table: ViewTable, of number: ApplicantNumber, through last: Position
  ) throws(ScreeningError) -> [Position] {
    var positions: [Position] = []
    try scan(table, prefix: number.rawValue.viewKey) { entry in
      let position = Position(rawValue: Projections.number(in: entry.key, at: 8))
      if position <= last { positions.append(position) }
      return position <= last
    }
    return positions
  }

  /// The role that an actor had when an event was recorded.
  private func role(
    of actor: String, at position: Position, users: [String: UserNumber]
  ) throws(ScreeningError) -> ActingRole {
    guard let user = users[actor] else {
      return actor == Origin.commandLine.actorName ? .operator : .system
    }
    let row = try recorded { () throws(ViewError) in
      try RecordsProjection.users.row(for: user.rawValue, asOf: position, in: views)
    }
    switch row?.role {
    case .admin: return .admin
    case .auditor: return .auditor
    case .reviewer, nil: return .reviewer
    }
  }
}
