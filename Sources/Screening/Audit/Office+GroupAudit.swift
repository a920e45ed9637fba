import Cryptography
import EventStore
import Projections

extension Office {
  /// Compares how declared groups fared, and records what was told.
  ///
  /// There are no filters but the opening. A report is about those with a decision and a percentage whom no earlier
  /// one counted, thirty at least; until there are so many, the last report is told again as it was recorded. If
  /// nothing of them may be told (`KnownClasses`), the next report counts them too, once thirty more have come.
  ///
  /// - Parameters:
  ///   - asOf: the moment whose decisions and percentages count. Of a moment before the last report, the report of
  ///     then is told again.
  ///   - progress: is told how many applicants were looked at, or had their words opened, and how many tables made.
  /// - Throws: `.notFound` when nobody applied; `.conflict` when fewer than thirty are to be counted and nothing was
  ///   told before, when the moment lies before the first report, or when another report came in between.
  public func auditGroups(
    of opening: Opening, asOf: AsOf = .now, by origin: Origin,
    progress: (@Sendable (WorkProgress) -> Void)? = nil
  ) async throws(ScreeningError) -> GroupAudit {
    let command = Command(
      "audit-groups", ["asOf": asOf.json, "opening": .string(opening.slug)])
    if let earlier = try await repetition(of: command, by: origin) {
      return try await offPool { [self] () throws(ScreeningError) in
        try recordedAudit(at: earlier.first)
      }
    }
    let report = try await inBackground(progress: progress) {
      [self] (work) throws(ScreeningError) in
      try work.check()
      return try groupReport(of: opening, at: try resolve(asOf), work)
    }
    let receipt = try await append(command, by: origin) { [self] (at) throws(ScreeningError) in
      // Nobody may be counted by two reports that were made at once.
      guard try groupReports(of: opening).last?.position == report.last else {
        throw .conflict(
          "Another report on '\(opening)' was recorded meanwhile. Ask again, and it is taken into account."
        )
      }
      var append = try change(report.event, by: origin, at: at)
      append.blobs = [report.figures]
      return append
    }
    var audit = GroupAudit(try decode(report.figures), of: report.event)
    audit.position = receipt.first.rawValue
    return audit
  }

  /// What was told by the report that an event recorded.
  private func recordedAudit(at position: Position) throws(ScreeningError) -> GroupAudit {
    let event = try AuditReported(try event(position))
    guard let figures = event.figures else { throw .withoutFigures(position) }
    var audit = GroupAudit(try decode(try blob(figures)), of: event)
    audit.position = position.rawValue
    return audit
  }

  /// A report that is to be recorded.
  private struct GroupReport {
    var event: AuditReported
    /// What it tells, encoded.
    var figures: [UInt8]
    /// The last report that it takes into account.
    var last: Position?
  }

  private static let cut = 30

  private func groupReport(
    of opening: Opening, at moment: Position, _ work: LongWork
  ) throws(ScreeningError) -> GroupReport {
    let reports = try groupReports(of: opening)
    let told = reports.filter { $0.record?.tables.isEmpty != true }
    let latest = reports.map(\.event.through).max() ?? .zero
    guard moment >= latest else {
      return try again(reports.filter { $0.event.through <= moment }, of: opening, all: reports)
    }
    let people = try peopleToCompare(
      of: opening, at: moment, countedBy: told.map(\.event), work)
    // Whether something may be told is looked at anew only when thirty have come, else the one who came would follow.
    let lastTold = told.map(\.event.through).max() ?? .zero
    let tried = reports.filter { $0.event.through > lastTold }.map(\.event.applicants).max() ?? 0
    guard people.toCount.count >= tried + Self.cut else {
      guard reports.isEmpty else { return try again(reports, of: opening, all: reports) }
      throw .conflict(
        "Only \(people.toCount.count) people who applied for '\(opening)' have both a decision and a percentage. "
          + "Groups are compared from \(Self.cut) such people upward, so that nobody is found.")
    }
    var members: [GroupTables.Member] = []
    for row in people.toCount {
      try work.check()
      members.append(
        GroupTables.Member(
          isOK: row.label?.label == .ok, isPlaced: row.registeredScreening?.outcome == .review,
          probability: row.registeredScreening?.probability ?? 0,
          attributes: try declared(by: row.number, asOf: moment)))
    }
    let groups = GroupTables(members)
    let readings = try judgedReadings(of: people.toCount)
    let record = GroupRecord(
      applicants: members.count, waiting: people.waiting,
      wordless: readings.count(where: \.isEmpty), median: groups.median,
      tables: try groups.tables(work) { () throws(ScreeningError) in
        try wordSets(of: people.toCount, readings, at: moment, work)
      })
    let figures = record.json.encoded()
    return GroupReport(
      event: AuditReported(
        kind: .groups, opening: opening, through: moment, applicants: members.count,
        figures: SHA256.hash(figures)), figures: figures, last: reports.last?.position)
  }

  /// Tells the last of some reports again.
  private func again(
    _ reports: [RecordedReport], of opening: Opening, all: [RecordedReport]
  ) throws(ScreeningError) -> GroupReport {
    let last = reports.max { $0.event.through < $1.event.through }
    guard let last else {
      throw .conflict(
        "The first report on '\(opening)' counted up to event \(all.map(\.event.through).min() ?? .zero); none is made "
          + "of an earlier moment, so that nobody is found by comparing two. Ask as of then, or later."
      )
    }
    guard let record = last.record else { throw .withoutFigures(last.position) }
    return GroupReport(
      event: last.event, figures: record.json.encoded(), last: all.last?.position)
  }

  /// A report as it was recorded.
  private struct RecordedReport {
    var position: Position
    var event: AuditReported
    /// What it told; `nil` of early reports.
    var record: GroupRecord?
  }

  /// The reports on an opening, oldest first.
  private func groupReports(of opening: Opening) throws(ScreeningError) -> [RecordedReport] {
    var reports: [RecordedReport] = []
    let prefix = opening.slug.viewKey
    try scan(RecordsProjection.groupAudits, prefix: prefix) { (entry) throws(ScreeningError) in
      let position = Position(
        rawValue: Projections.number(in: entry.key, at: prefix.count))
      let event = try AuditReported(try event(position))
      let record = try event.figures.map { (digest) throws(ScreeningError) in
        try decode(try blob(digest))
      }
      reports.append(RecordedReport(position: position, event: event, record: record))
      return true
    }
    return reports
  }

  private func decode(_ figures: [UInt8]) throws(ScreeningError) -> GroupRecord {
    guard let json = try? JSONValue(canonical: figures.span), let record = GroupRecord(json)
    else { throw .damaged("The figures of an audit cannot be decoded. Run 'senko verify'.") }
    return record
  }
}

extension ScreeningError {
  /// An early report, which was not recorded with what it told.
  fileprivate static func withoutFigures(_ position: Position) -> Self {
    .conflict(
      "The report of event \(position) was recorded without its figures, and they are not computed again, so that "
        + "nobody is found by comparing. Ask again when thirty more people have a decision and a percentage."
    )
  }
}
