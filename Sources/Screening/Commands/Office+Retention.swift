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
}

extension Office {
  /// Erases those of an opening who applied before `limit`, or only says who they are; those under legal hold
  /// are left.
  ///
  /// - Parameters:
  ///   - limit: a time that has passed.
  ///   - rehearsing: says who they are, and erases nobody.
  /// - Throws: `.conflict` for a limit that lies ahead.
  public func retain(
    opening: Opening, since limit: Timestamp, rehearsing: Bool, by origin: Origin
  ) async throws(ScreeningError) -> RetentionReport {
    guard limit <= configuration.clock.now() else {
      throw .conflict(
        "The time up to which applications are to go lies ahead. Give one that has passed.")
    }
    let (due, held) = try await offPool { [self] () throws(ScreeningError) in
      try catchUp()
      var due: [ApplicantNumber] = []
      var held: [ApplicantNumber] = []
      try scan(RecordsProjection.applicants) { (row) throws(ScreeningError) in
        guard row.opening == opening, row.erased == nil else { return true }
        let recorded = try event(row.registered).at
        if row.received.time ?? recorded < limit {
          if row.hold == nil { due.append(row.number) } else { held.append(row.number) }
        }
        return true
      }
      return (due, held)
    }
    if !rehearsing, !due.isEmpty {
      _ = try await erase(due, reason: "retention", by: origin)
    }
    return RetentionReport(
      applicants: due.map(\.rawValue), held: held.map(\.rawValue),
      erased: !rehearsing && !due.isEmpty)
  }
}
