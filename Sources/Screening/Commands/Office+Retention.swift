public import EventStore
import Projections

/// What a run of retention found, and did.
public struct RetentionReport: Sendable, Encodable {
  /// Applicants who applied before the limit, by number.
  public let applicants: [UInt64]
  /// Others who did, and are kept because of a legal hold.
  public let held: [UInt64]
  /// Whether they were erased now.
  public let erased: Bool
  /// Models whose training manifest cannot be read, so that it is not known whether they had learnt from the erased.
  public let unreadManifests: [UInt64]
}

extension Office {
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
    let command = Command(
      "retain",
      ["before": .string(limit.description), "opening": .string(opening.slug)])
    let earlier = rehearsing ? nil : try await repetition(of: command, by: origin)
    let (due, held) = try await offPool { [self] () throws(ScreeningError) in
      try catchUp()
      guard let earlier else {
        var found = Found()
        try scan(RecordsProjection.applicants) { (row) throws(ScreeningError) in
          try found.take(row, of: opening, since: limit, in: self)
          return true
        }
        guard found.isKnown else {
          throw .notFound(
            "Nobody has applied for '\(opening)'. 'senko openings' lists the openings there are.")
        }
        return (found.due, found.held)
      }
      // Who was due then stands in the request; who was held stands where it was made.
      var found = Found()
      try scanApplicants(asOf: Position(rawValue: earlier.first.rawValue - 1)) {
        (row) throws(ScreeningError) in
        try found.take(row, of: opening, since: limit, in: self)
        return true
      }
      let due = try earlier.positions.map { (position) throws(ScreeningError) in
        try ErasureRequested(try event(position)).applicant
      }
      return (due, found.held)
    }
    var unread: [UInt64] = []
    if !rehearsing, !due.isEmpty {
      unread = try await erase(due, reason: "retention", as: command, by: origin).unreadManifests
    }
    return RetentionReport(
      applicants: due.map(\.rawValue), held: held.map(\.rawValue),
      erased: !rehearsing && !due.isEmpty, unreadManifests: unread)
  }

  /// Those whose time of keeping is over.
  private struct Found {
    var due: [ApplicantNumber] = []
    var held: [ApplicantNumber] = []
    /// Whether anybody applied for the opening at all.
    var isKnown = false

    mutating func take(
      _ row: ApplicantRow, of opening: Opening, since limit: Timestamp, in office: Office
    ) throws(ScreeningError) {
      guard row.opening == opening else { return }
      isKnown = true
      guard row.erased == nil else { return }
      let recorded = try office.event(row.registered).at
      guard row.received.time ?? recorded < limit else { return }
      if row.hold == nil { due.append(row.number) } else { held.append(row.number) }
    }
  }
}
