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
  /// Whether they were erased now.
  public let erased: Bool
  /// Models whose training manifest cannot be read, so that it is not known whether they had learnt from the erased.
  public let unreadManifests: [UInt64]
}

extension Office {
  /// Erases everybody whose time of keeping is over by the rules in force, or only says who they are.
  ///
  /// An opening's rule counts days from the end of an applicant's selection: from the last decision, or from when they
  /// withdrew or were found to be a duplicate. Those about whom nobody has decided are kept, and named; so are those
  /// under legal hold.
  ///
  /// - Parameters:
  ///   - opening: whose rule is applied; `nil` for all rules.
  ///   - rehearsing: says who they are, and erases nobody.
  /// - Throws: `.notFound` where no rule is in force.
  public func retain(
    opening: Opening? = nil, rehearsing: Bool, by origin: Origin
  ) async throws(ScreeningError) -> RetentionReport {
    try await retain(
      Command("retain", ["opening": opening.map { .string($0.slug) }]), rehearsing: rehearsing,
      by: origin
    ) { [self] (request) throws(ScreeningError) in
      // At a second try, the rules and the time of the first.
      let position =
        if let request { Position(rawValue: request.rawValue - 1) } else { try catchUp() }
      let rules = try policyRow(asOf: position).retention.filter {
        opening == nil || $0.opening == opening
      }
      guard !rules.isEmpty else {
        let example = opening?.slug ?? "engineer"
        throw .notFound(
          "No retention is adopted\(opening.map { " for '\($0)'" } ?? ""). Adopt one, as in 'senko policy adopt "
            + "--opening \(example) --retention 365', or give days with --older-than.")
      }
      let now = try request.map { (request) throws(ScreeningError) in try event(request).at }
      return RetentionSweep(rules, at: now ?? configuration.clock.now())
    }
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
    return try await retain(
      Command(
        "retain", ["before": .string(limit.description), "opening": .string(opening.slug)]),
      rehearsing: rehearsing, by: origin
    ) { (_) in RetentionSweep(opening, before: limit) }
  }

  /// - Parameter sweep: is given the request of the same command, where it was recorded before.
  private func retain(
    _ command: Command, rehearsing: Bool, by origin: Origin,
    _ sweep: @escaping @Sendable (_ request: Position?) throws(ScreeningError) -> RetentionSweep
  ) async throws(ScreeningError) -> RetentionReport {
    let earlier = rehearsing ? nil : try await repetition(of: command, by: origin)
    let (found, due) = try await offPool { [self] () throws(ScreeningError) in
      try catchUp()
      var found = try sweep(earlier?.first)
      guard let earlier else {
        try scan(RecordsProjection.applicants) { (row) throws(ScreeningError) in
          try found.take(row, in: self)
          return true
        }
        if let missing = found.unknownOpening { throw .nobody(in: missing) }
        return (found, found.due)
      }
      // Who was due then stands in the request; who was kept stands where it was made.
      try scanApplicants(asOf: Position(rawValue: earlier.first.rawValue - 1)) {
        (row) throws(ScreeningError) in
        try found.take(row, in: self)
        return true
      }
      let due = try earlier.positions.map { (position) throws(ScreeningError) in
        try ErasureRequested(try event(position)).applicant
      }
      return (found, due)
    }
    var unread: [UInt64] = []
    if !rehearsing, !due.isEmpty {
      unread = try await erase(due, reason: "retention", as: command, by: origin).unreadManifests
    }
    return RetentionReport(
      rules: found.rules, applicants: due.map(\.rawValue), held: found.held.map(\.rawValue),
      undecided: found.undecided.map(\.rawValue), erased: !rehearsing && !due.isEmpty,
      unreadManifests: unread)
  }
}
