import EventStore

/// Whose time of keeping is over, and who of them is kept all the same.
struct RetentionSweep: Sendable {
  /// The rules that are applied; none where a time was given instead.
  let rules: [RetentionRule]
  private(set) var due: [ApplicantNumber] = []
  private(set) var held: [ApplicantNumber] = []
  private(set) var undecided: [ApplicantNumber] = []

  /// Before when an opening's selections must have ended, or its applications arrived.
  private let limits: [Opening: Timestamp]
  /// The openings that somebody applied for.
  private var known: Set<Opening> = []

  /// Looks for those whose selection ended longer ago than their opening's rule says.
  init(_ rules: [RetentionRule], at now: Timestamp) {
    self.rules = rules
    var limits: [Opening: Timestamp] = [:]
    for rule in rules {
      limits[rule.opening] = rule.days.map {
        Timestamp(milliseconds: now.milliseconds - RetentionRule.milliseconds($0))
      }
    }
    self.limits = limits
  }

  /// Looks for those who applied for an opening before a time, decided or not.
  init(_ opening: Opening, before limit: Timestamp) {
    rules = []
    limits = [opening: limit]
  }

  /// An opening that was given by itself, and that nobody has applied for.
  var unknownOpening: Opening? {
    rules.isEmpty ? limits.keys.first { !known.contains($0) } : nil
  }

  /// Puts an applicant where it belongs.
  mutating func take(_ row: ApplicantRow, in office: Office) throws(ScreeningError) {
    guard let limit = limits[row.opening] else { return }
    known.insert(row.opening)
    guard row.erased == nil, try office.arrival(of: row) < limit else { return }
    if !rules.isEmpty {
      guard let end = try office.endOfSelection(of: row) else {
        return undecided.append(row.number)
      }
      guard end < limit else { return }
    }
    if row.hold == nil { due.append(row.number) } else { held.append(row.number) }
  }
}

extension Office {
  /// When an application arrived, as it was told, or else when it was recorded.
  fileprivate func arrival(of row: ApplicantRow) throws(ScreeningError) -> Timestamp {
    if let told = row.received.time { return told }
    return try event(row.registered).at
  }

  /// When an applicant's selection ended: with the last decision, or when they left it; `nil` while they wait.
  func endOfSelection(of row: ApplicantRow) throws(ScreeningError) -> Timestamp? {
    let left = try row.left.map { (position) throws(ScreeningError) in try event(position).at }
    guard let label = row.label, label.label != .hold else { return left }
    let decided = try moment(of: label)
    return left.map { max($0, decided) } ?? decided
  }
}
