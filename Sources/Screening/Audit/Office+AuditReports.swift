import EventStore
import Projections

/// That an audit was made; its figures follow from the log up to `through`.
public struct AuditReport: Sendable, Encodable {
  /// The position of the report's event.
  public let position: UInt64
  /// When it was made, RFC 3339.
  public let at: String
  /// Who made it: an address where there is one.
  public let by: String
  /// `reading` or `groups`.
  public let kind: String
  /// The opening.
  public let opening: String
  /// The last event that counted.
  public let through: UInt64
  /// How many applicants the figures are about.
  public let applicants: Int
}

extension Office {
  /// The audits that were made up to a moment, oldest first.
  public func auditReports(asOf: AsOf = .now) throws(ScreeningError) -> [AuditReport] {
    let position = try resolve(asOf)
    let addresses = try addresses()
    var reports: [AuditReport] = []
    try scan(RecordsProjection.audits) { (entry) throws(ScreeningError) in
      let place = Position(rawValue: number(in: entry.key, at: 0))
      guard place <= position else { return false }
      let event = try event(place)
      let report = try AuditReported(event)
      let by = event.onBehalfOf ?? event.actor
      reports.append(
        AuditReport(
          position: place.rawValue, at: event.at.description, by: addresses[by] ?? by,
          kind: report.kind.rawValue, opening: report.opening.slug,
          through: report.through.rawValue, applicants: report.applicants))
      return true
    }
    return reports
  }
}
