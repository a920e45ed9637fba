public import EventStore
import Projections

/// What a run of retention found, and did.
public struct RetentionReport: Sendable, Encodable {
  /// Applicants who applied before the limit, by number.
  public let applicants: [UInt64]
  /// Whether they were erased now.
  public let erased: Bool
}

extension Office {
  /// Erases those of an opening who applied before `limit`, or only says who they are.
  ///
  /// - Parameters:
  ///   - rehearsing: says who they are, and erases nobody.
  public func retain(
    opening: Opening, since limit: Timestamp, rehearsing: Bool, by origin: Origin
  ) async throws(ScreeningError) -> RetentionReport {
    let due = try await offPool { [self] () throws(ScreeningError) -> [ApplicantNumber] in
      try catchUp()
      var due: [ApplicantNumber] = []
      try scan(RecordsProjection.applicants) { (row) throws(ScreeningError) in
        guard row.opening == opening, row.erased == nil else { return true }
        let recorded = try event(row.registered).at
        if Timestamp(parsing: row.received) ?? recorded < limit { due.append(row.number) }
        return true
      }
      return due
    }
    if !rehearsing, !due.isEmpty {
      _ = try await erase(due, reason: "retention", by: origin)
    }
    return RetentionReport(
      applicants: due.map(\.rawValue), erased: !rehearsing && !due.isEmpty)
  }
}
