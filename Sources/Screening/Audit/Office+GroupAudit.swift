import EventStore
import Projections

extension Office {
  /// Compares how declared groups fared, and records that it was done.
  ///
  /// There are no filters but the opening, and the figures move only when thirty more people have applied:
  /// until then every report counts what the first one on them counted, but for those erased since. So nobody
  /// is found by comparing two reports, nor by comparing the tables of one: outcomes of fewer than five people
  /// are withheld, and those from which they would follow.
  ///
  /// - Parameters:
  ///   - asOf: the moment that says how many had applied.
  ///   - progress: is told how many applicants' words were opened, and how many tables made.
  /// - Throws: `.notFound` when nobody applied, `.conflict` when fewer than thirty did or when the figures on
  ///   so many were fixed later, `.cancelled` when the task was.
  public func auditGroups(
    of opening: Opening, asOf: AsOf = .now, by origin: Origin,
    progress: (@Sendable (WorkProgress) -> Void)? = nil
  ) async throws(ScreeningError) -> GroupAudit {
    let command = Command(
      "audit-groups", ["asOf": asOf.json, "opening": .string(opening.slug)])
    let earlier = try await repetition(of: command, by: origin)
    var audit = try await inBackground(progress: progress) { [self] (work) throws(ScreeningError) in
      try groupAudit(of: opening, at: try moment(asOf, orOfReport: earlier), work)
    }
    audit.position = try await report(
      AuditReported(
        kind: .groups, opening: opening, through: Position(rawValue: audit.through),
        applicants: audit.applicants), as: command, by: origin
    ).rawValue
    return audit
  }

  private static let cut = 30

  private func groupAudit(
    of opening: Opening, at moment: Position, _ work: LongWork
  ) throws(ScreeningError) -> GroupAudit {
    let present = try applicants(for: opening, at: moment, work)
    guard !present.isEmpty else { throw .nobody(in: opening) }
    guard present.count >= Self.cut else {
      throw .conflict(
        "Only \(present.count) people have applied for '\(opening)'. Groups are compared from "
          + "\(Self.cut) people upward, so that nobody is found.")
    }
    let size = present.count / Self.cut * Self.cut
    let position = try firstReport(on: size, of: opening) ?? moment
    guard position <= moment else {
      throw .conflict(
        "The figures on \(size) people were fixed at event \(position) by the first report on them, so "
          + "that nobody is found by comparing two. Ask as of then, or later.")
    }
    let rows = position == moment ? present : try applicants(for: opening, at: position, work)
    var members: [GroupTables.Member] = []
    for row in rows.prefix(size) where row.erased == nil {
      try work.check()
      members.append(
        GroupTables.Member(row: row, attributes: try declared(by: row.number, asOf: position)))
    }
    let tables = GroupTables(members, words: try wordSets(of: members, at: position, work))
    return GroupAudit(
      opening: opening.slug, through: position.rawValue, applicants: size, median: tables.median,
      tables: try tables.tables(work), position: 0)
  }

  /// Who had applied at a position, by number; the erased keep their places, so that nobody moves into the
  /// figures when somebody leaves them.
  private func applicants(
    for opening: Opening, at position: Position, _ work: LongWork
  ) throws(ScreeningError) -> [ApplicantRow] {
    var rows: [ApplicantRow] = []
    try scanApplicants(asOf: position) { (row) throws(ScreeningError) in
      try work.check()
      if row.opening == opening { rows.append(row) }
      return true
    }
    return rows
  }

  /// What the first report on so many applicants counted; `nil` when there was none.
  private func firstReport(
    on applicants: Int, of opening: Opening
  ) throws(ScreeningError) -> Position? {
    let value = try recorded { () throws(ViewError) in
      try views.value(
        at: RecordsProjection.groupAuditKey(opening, applicants),
        in: RecordsProjection.groupAudits)
    }
    return value.map { Position(rawValue: Projections.number(in: $0, at: 0)) }
  }

  /// What an applicant had declared last; nothing when they had declared nothing.
  func declared(
    by number: ApplicantNumber, asOf position: Position
  ) throws(ScreeningError) -> [String: String] {
    let last = try recorded { () throws(ViewError) in
      try views.last(
        atOrBefore: viewKey(number.rawValue, position.rawValue), prefix: number.rawValue.viewKey,
        in: RecordsProjection.attributes)
    }
    guard let last else { return [:] }
    let event = try event(Position(rawValue: Projections.number(in: last.key, at: 8)))
    let sealed = try AttributesDeclared(event).attributes
    let bytes = try recorded { () throws(EventLogError) in
      try log.open(sealed, purpose: SealedPurpose.attributes.rawValue)
    }
    guard let object = (try? JSONValue(canonical: bytes.span))?.object else {
      throw .damaged("What event \(event.position) declares cannot be decoded. Run 'senko verify'.")
    }
    return Dictionary(
      uniqueKeysWithValues: object.compactMap { member in
        member.value.string.map { (member.name, $0) }
      })
  }

  /// The nouns of each member under the lexicon in force; none for those whose readings are several analyses'.
  private func wordSets(
    of members: [GroupTables.Member], at position: Position, _ work: LongWork
  ) throws(ScreeningError) -> [Set<[UInt8]>] {
    let table = try nouns(
      of: members.map { member in
        ReadApplicant(member.row, readings: member.row.newestReadings.map(\.position))
      }, without: try lexiconInForce(asOf: position), work)
    return members.indices.map { Set(table.nouns(at: $0).terms.map(\.term)) }
  }
}
