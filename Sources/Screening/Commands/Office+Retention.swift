public import EventStore
import Projections

/// What a run of retention found, and did.
public struct RetentionReport: Sendable, Encodable {
  /// The rules that were applied; none where a time was given instead.
  public let rules: [RetentionRule]
  /// Applicants whose time of keeping is over, by number.
  public let applicants: [UInt64]
  /// Others whose time is over, and who are kept because of a legal hold.
  public let held: [UInt64]
  /// Others who applied longer ago than their rule says, and are kept since nobody has decided about them yet.
  public let undecided: [UInt64]
  /// Others whom the run had asked to erase, and who are kept by what was recorded before that was done: a legal
  /// hold, a decision or another rule.
  public let kept: [UInt64]
  /// Openings with a rule that nobody has applied for: their names may be spelt in another way.
  public let unknownOpenings: [String]
  /// Whether they were erased now.
  public let erased: Bool
  /// Models whose training manifest cannot be read, so that it is not known whether they had learnt from the erased.
  public let unreadManifests: [UInt64]
}

extension Office {
  /// Erases everybody whose time of keeping is over by the rules in force, or only says who they are.
  ///
  /// An opening's rule counts days from the end of an applicant's selection, to the end of a day in Japan: from the
  /// last decision, or from when they withdrew, were found to be a duplicate, came back or came to another opening.
  /// Those about whom nobody has decided are kept, and named; so are those under legal hold.
  ///
  /// A second try of a run that was answered is answered as then; one that broke off before anybody was erased erases
  /// whom it had named and who are still due.
  ///
  /// - Parameters:
  ///   - opening: whose rule is applied; `nil` for all rules.
  ///   - rehearsing: says who they are, and erases nobody.
  /// - Throws: `.notFound` where no rule is in force.
  public func retain(
    opening: Opening? = nil, rehearsing: Bool, by origin: Origin
  ) async throws(ScreeningError) -> RetentionReport {
    try await retain(by: .rules(opening), rehearsing: rehearsing, by: origin)
  }

  /// Erases those of an opening who applied before `limit`, or only says who they are; those under legal hold
  /// are left.
  ///
  /// - Parameters:
  ///   - limit: a time that has passed.
  ///   - rehearsing: says who they are, and erases nobody.
  /// - Throws: `.conflict` for a limit that lies ahead, `.notFound` for an opening that nobody applied for.
  public func retain(
    opening: Opening, since limit: Timestamp, rehearsing: Bool, by origin: Origin
  ) async throws(ScreeningError) -> RetentionReport {
    guard limit <= configuration.clock.now() else {
      throw .conflict(
        "The time up to which applications are to go lies ahead. Give one that has passed.")
    }
    return try await retain(by: .before(limit, opening), rehearsing: rehearsing, by: origin)
  }

  /// As above, for those who applied longer ago than so many days.
  ///
  /// - Throws: `.invalid` for no number of days, `.notFound` for an opening that nobody applied for.
  public func retain(
    opening: Opening, olderThan days: Int, rehearsing: Bool, by origin: Origin
  ) async throws(ScreeningError) -> RetentionReport {
    guard RetentionRule.lengths.contains(days) else {
      throw .invalid(
        "The age lies outside 1 to \(RetentionRule.lengths.upperBound) days. Give one like 365.")
    }
    return try await retain(by: .days(days, opening), rehearsing: rehearsing, by: origin)
  }

  private func retain(
    by measure: RetentionSweep.Measure, rehearsing: Bool, by origin: Origin
  ) async throws(ScreeningError) -> RetentionReport {
    let command = measure.command
    let earlier = rehearsing ? nil : try await repetition(of: command, by: origin)
    let found = try await offPool { [self] () throws(ScreeningError) in
      try sweep(by: measure, before: earlier?.first)
    }
    guard !rehearsing, earlier != nil || !found.due.isEmpty else {
      return RetentionReport(found, applicants: found.due)
    }
    let request = try await requestErasure(reason: "retention", as: command, by: origin) {
      [self] (at) throws(ScreeningError) in
      let still = try sweep(by: measure, over: found.due, at: at).due
      guard !still.isEmpty else {
        throw .conflict(
          "Something was recorded meanwhile, by which nobody's time of keeping is over. Run it again."
        )
      }
      return (still, measure.streams)
    }
    let receipt = try await answer(request, by: measure, by: origin)
    return try await offPool { [self] () throws(ScreeningError) in
      RetentionReport(found, requested: try requested(by: request), receipt: receipt)
    }
  }

  /// Erases those whom a request names and who are still due, unless it was answered before.
  ///
  /// - Returns: `nil` where nobody of them is due any more.
  private func answer(
    _ request: Receipt, by measure: RetentionSweep.Measure, by origin: Origin
  ) async throws(ScreeningError) -> ErasureReceipt? {
    while true {
      let earlier = try await offPool { [self] () throws(ScreeningError) in
        try answer(to: request)
      }
      if let earlier { return earlier }
      let erasure = try await offPool { [self] () throws(ScreeningError) -> DecidedErasure? in
        let at = try catchUp()
        let due = try sweep(by: measure, over: try requested(by: request), at: at).due
        guard !due.isEmpty else { return nil }
        return try self.erasure(
          of: due, request: request, relyingOn: measure.streams, at: at, by: origin)
      }
      guard let erasure else { return nil }
      // What was recorded meanwhile may keep somebody: then it is decided again.
      if let receipt = try await carryOut(erasure) { return receipt }
    }
  }

  /// Whom a request for erasure names.
  private func requested(by request: Receipt) throws(ScreeningError) -> [ApplicantNumber] {
    try request.positions.map { (position) throws(ScreeningError) in
      try ErasureRequested(try event(position)).applicant
    }
  }

  /// Looks through all applicants: as they stand, or as they stood when a request was recorded.
  private func sweep(
    by measure: RetentionSweep.Measure, before request: Position?
  ) throws(ScreeningError) -> RetentionSweep {
    let head = try catchUp()
    let position = request.map { Position(rawValue: $0.rawValue - 1) } ?? head
    let then = try request.map { (request) throws(ScreeningError) in try event(request).at }
    var sweep = RetentionSweep(
      measure, policy: try policyRow(asOf: position), at: then ?? configuration.clock.now())
    func take(_ row: ApplicantRow) throws(ScreeningError) -> Bool {
      try sweep.take(row, in: self)
      return true
    }
    if case .rules(let opening) = measure, sweep.rules.isEmpty {
      let example = opening?.slug ?? "engineer"
      throw .notFound(
        "No retention is adopted\(opening.map { " for '\($0)'" } ?? ""). Adopt one, as in 'senko policy adopt "
          + "--opening \(example) --retention 365', or give days with --older-than.")
    }
    if request == nil {
      try scan(RecordsProjection.applicants, take)
    } else {
      try scanApplicants(asOf: position, take)
    }
    if sweep.rules.isEmpty, let missing = sweep.unknownOpenings.first { throw .nobody(in: missing) }
    return sweep
  }

  /// Looks at some applicants as they stand, by the policy in force.
  private func sweep(
    by measure: RetentionSweep.Measure, over numbers: [ApplicantNumber], at position: Position
  ) throws(ScreeningError) -> RetentionSweep {
    var sweep = RetentionSweep(
      measure, policy: try policyRow(asOf: position), at: configuration.clock.now())
    for number in numbers {
      if let row = try newestRow(number) { try sweep.take(row, in: self) }
    }
    return sweep
  }
}

extension RetentionReport {
  /// What a run found, where nobody was asked to be erased.
  fileprivate init(_ found: RetentionSweep, applicants: [ApplicantNumber]) {
    self.init(
      rules: found.rules, applicants: applicants.map(\.rawValue),
      held: found.held.map(\.rawValue), undecided: found.undecided.map(\.rawValue), kept: [],
      unknownOpenings: found.unknownOpenings.map(\.slug), erased: false, unreadManifests: [])
  }

  /// What a run found, and what came of its request.
  fileprivate init(
    _ found: RetentionSweep, requested: [ApplicantNumber], receipt: ErasureReceipt?
  ) {
    let erased = receipt?.applicants ?? []
    self.init(
      rules: found.rules, applicants: erased, held: found.held.map(\.rawValue),
      undecided: found.undecided.map(\.rawValue),
      kept: requested.map(\.rawValue).filter { !erased.contains($0) },
      unknownOpenings: found.unknownOpenings.map(\.slug), erased: receipt != nil,
      unreadManifests: receipt?.unreadManifests ?? [])
  }
}
