import Cryptography
import EventStore

/// Whether people read and decided, or a score did.
public struct ReadingAudit: Sendable, Encodable {
  /// One side of the threshold.
  ///
  /// Everybody is in one of six classes: OK, NG, on hold, undecided, withdrawn, duplicate.
  public struct Side: Sendable, Encodable {
    /// Applicants whom the screening before their decision placed there, whatever became of them but erasure: of the
    /// undecided the last one, of whoever was decided about before any screening the first.
    public var applicants = 0
    /// Of them, those whom a person has opened since.
    public var opened = 0
    /// Labelled OK.
    public var ok = 0
    /// Labelled NG.
    public var ng = 0
    /// Put on hold, and waiting.
    public var hold = 0
    /// Not decided yet, and waiting.
    public var undecided = 0
    /// Withdrew before anybody had decided.
    public var withdrawn = 0
    /// Found to be a duplicate before anybody had decided.
    public var duplicate = 0
    /// Labelled NG before anybody had opened the application.
    public var ngUnopened = 0
    /// Labels of a person whom only the operator named.
    public var claimed = 0
    /// Labels given with no score in view.
    public var blind = 0
    /// How far decisions and second readings of two authenticated people agree.
    ///
    /// A sample of one size of each side is read again, so that pairs of both sides together would be of no population.
    public var agreement = Agreement()
    /// A random sample for a second reader.
    public var sample: [UInt64] = []
  }

  /// The opening.
  public let opening: String
  /// The last event that counts.
  public let through: UInt64
  /// At or above the threshold.
  public var review = Side()
  /// Under it.
  public var secondLook = Side()
  /// Without a percentage: unscored, 判定不能, or not to be seen before the label.
  public var withoutScore = Side()
  /// Erased, and so on no side.
  public var erased = 0
  /// What the samples were drawn with: SHA-256 of the event at `through`.
  ///
  /// An applicant's place in the draw is SHA-256 of these bytes and the number in eight big-endian bytes; the
  /// smallest are taken.
  public let seed: String
  /// The event that records the audit.
  public internal(set) var position: UInt64
}

extension Office {
  /// Audits an opening for silent rejection, and records that it was done.
  ///
  /// Tells who was under the threshold, who of them was read by a person, whose labels are only claimed, and
  /// how far two readers agree.
  ///
  /// - Parameters:
  ///   - asOf: the moment whose state is audited.
  ///   - sample: how many of each side are drawn for a second reader.
  ///   - progress: is told how many applicants were looked at.
  /// - Throws: `.notFound` when nobody applied for the opening; `.cancelled` when the task was.
  public func auditReading(
    of opening: Opening, asOf: AsOf = .now, sample: Int = 10, by origin: Origin,
    progress: (@Sendable (WorkProgress) -> Void)? = nil
  ) async throws(ScreeningError) -> ReadingAudit {
    let command = Command(
      "audit-reading",
      ["asOf": asOf.json, "opening": .string(opening.slug), "sample": JSONValue(sample)])
    let earlier = try await repetition(of: command, by: origin)
    var audit = try await inBackground(progress: progress) { [self] (work) throws(ScreeningError) in
      try readingAudit(
        of: opening, sample: max(sample, 0), at: try moment(asOf, orOfReport: earlier), work)
    }
    audit.position = try await report(
      AuditReported(
        kind: .reading, opening: opening, through: Position(rawValue: audit.through),
        applicants: audit.review.applicants + audit.secondLook.applicants
          + audit.withoutScore.applicants), as: command, by: origin
    ).rawValue
    return audit
  }

  /// The last event that an audit counts: at a second try, the one that the first counted last.
  func moment(
    _ asOf: AsOf, orOfReport earlier: Receipt?
  ) throws(ScreeningError) -> Position {
    guard let earlier else { return try resolve(asOf) }
    return try AuditReported(try event(earlier.first)).through
  }

  /// Records that an audit was made, and returns where.
  func report(
    _ audit: AuditReported, as command: Command, by origin: Origin
  ) async throws(ScreeningError) -> Position {
    // An audit changes nothing and rests on a moment of its own: nothing that came later stands against it.
    try await append(command, by: origin) { (_) throws(ScreeningError) in
      origin.append([audit.draft(onBehalfOf: origin.onBehalfOf)])
    }.first
  }

  private func readingAudit(
    of opening: Opening, sample: Int, at position: Position, _ work: LongWork
  ) throws(ScreeningError) -> ReadingAudit {
    guard position != .zero else { throw .nobody(in: opening) }
    let seed = SHA256.hash(try event(position).bytes)
    var audit = ReadingAudit(
      opening: opening.slug, through: position.rawValue, seed: seed.hex, position: 0)
    let veil = try scoreVeilOfReports()
    var numbers: [Outcome: [UInt64]] = [:]
    let registered = Int(try applicantCount(at: position))
    try scanApplicants(asOf: position) { (row) throws(ScreeningError) in
      try work.check()
      work.report(.applicants, Int(row.number.rawValue), of: registered)
      guard row.opening == opening else { return true }
      guard row.erased == nil else {
        audit.erased += 1
        return true
      }
      // On which side somebody stands is not told before the label, where the policy says so.
      let row = veil.veiled(row)
      switch row.placed {
      case .review: audit.review.count(row)
      case .secondLook: audit.secondLook.count(row)
      default: audit.withoutScore.count(row)
      }
      numbers[row.placed ?? .unscored, default: []].append(row.number.rawValue)
      return true
    }
    let living =
      audit.review.applicants + audit.secondLook.applicants + audit.withoutScore.applicants
    guard living + audit.erased > 0 else { throw .nobody(in: opening) }
    func draw(_ outcome: Outcome) -> [UInt64] {
      numbers[outcome, default: []]
        .map { (number: $0, place: SHA256.hash(seed.bytes + number(bytesOf: $0))) }
        .sorted { $0.place < $1.place }.prefix(sample).map(\.number).sorted()
    }
    audit.review.sample = draw(.review)
    audit.secondLook.sample = draw(.secondLook)
    return audit
  }

  private func number(bytesOf number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
  }
}

extension ReadingAudit.Side {
  fileprivate mutating func count(_ row: ApplicantRow) {
    applicants += 1
    if !row.isUnread { opened += 1 }
    switch (row.label?.label, row.state) {
    case (.ok, _): ok += 1
    case (.ng, _):
      ng += 1
      // Opening it afterwards mends nothing.
      if let label = row.label, row.firstOpened.map({ $0 > label.position }) ?? true {
        ngUnopened += 1
      }
    case (_, .withdrawn): withdrawn += 1
    case (_, .duplicate): duplicate += 1
    case (.hold, _): hold += 1
    case (nil, _): undecided += 1
    }
    if row.label?.claimed == true { claimed += 1 }
    if row.label?.blind == true { blind += 1 }
    // Two readers are two people, and people who were there.
    if let first = row.label, let second = row.second, first.by != second.by, !first.claimed,
      !second.claimed
    {
      agreement.add(first.label, second.label)
    }
  }
}

extension ScreeningError {
  /// Nobody is there to audit.
  static func nobody(in opening: Opening) -> Self {
    .notFound("Nobody has applied for '\(opening)'. 'senko applicants' shows the openings.")
  }
}
