import EventStore

/// Whose time of keeping is over, and who of them is kept all the same.
struct RetentionSweep: Sendable {
  /// What the time of keeping is measured by.
  enum Measure: Sendable {
    /// The rules in force; of one opening alone where it is given.
    case rules(Opening?)
    /// So many days from the arrival on, for one opening.
    case days(Int, Opening)
    /// Arrival before a time, for one opening.
    case before(Timestamp, Opening)
  }

  /// When an opening's applications may go.
  private enum Limit {
    /// So many days after the selection.
    case kept(days: Int)
    /// When they arrived before then, decided or not.
    case arrived(before: Timestamp)
  }

  /// The rules that are applied; none where a time was given instead.
  let rules: [RetentionRule]
  private(set) var due: [ApplicantNumber] = []
  private(set) var held: [ApplicantNumber] = []
  private(set) var undecided: [ApplicantNumber] = []

  private let now: Timestamp
  private var limits: [Opening: Limit] = [:]
  /// The openings that somebody applied for.
  private var known: Set<Opening> = []

  /// Looks for those whose time is over at `now`, by the rules of `policy` or without them.
  init(_ measure: Measure, policy: PolicyRow, at now: Timestamp) {
    self.now = now
    switch measure {
    case .rules(let opening):
      rules = policy.retention.filter { opening == nil || $0.opening == opening }
      for rule in rules { limits[rule.opening] = rule.days.map { .kept(days: $0) } }
    case .days(let days, let opening):
      rules = []
      let limit = Timestamp(milliseconds: now.milliseconds - Int64(days) * 86_400_000)
      limits[opening] = .arrived(before: limit)
    case .before(let limit, let opening):
      rules = []
      limits[opening] = .arrived(before: limit)
    }
  }

  /// The openings that were to be looked at, and that nobody has applied for.
  var unknownOpenings: [Opening] { limits.keys.filter { !known.contains($0) }.sorted() }

  /// Puts an applicant where it belongs.
  mutating func take(_ row: ApplicantRow, in office: Office) throws(ScreeningError) {
    guard let limit = limits[row.opening] else { return }
    known.insert(row.opening)
    guard row.erased == nil else { return }
    switch limit {
    case .arrived(let limit):
      guard try office.arrival(of: row) < limit else { return }
    case .kept(let days):
      guard let until = try office.keptUntil(row, days: days) else {
        if try office.arrival(of: row).endOfDayInJapan(after: days) < now {
          undecided.append(row.number)
        }
        return
      }
      guard until < now else { return }
    }
    if row.hold == nil { due.append(row.number) } else { held.append(row.number) }
  }
}

extension RetentionSweep.Measure {
  /// What a run relies on besides the applicants' own streams.
  var streams: [String] {
    if case .rules = self { [PolicyAdopted.stream] } else { [] }
  }

  /// A run by this measure, as keys know it: the same at every try.
  var command: Command {
    switch self {
    case .rules(let opening): Command("retain", ["opening": opening.map { .string($0.slug) }])
    case .days(let days, let opening):
      Command("retain", ["days": JSONValue(days), "opening": .string(opening.slug)])
    case .before(let limit, let opening):
      Command(
        "retain", ["before": .string(limit.description), "opening": .string(opening.slug)])
    }
  }
}
