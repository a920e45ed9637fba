import EventStore

/// Everything that is held about one applicant, for the applicant.
public struct Disclosure: Sendable, Encodable {
  /// The application as it stands.
  public let applicant: ApplicantDetail
  /// Every event, with every decision and its reason, the oldest first.
  public let history: [HistoryEntry]
  /// The groups that the applicant declared, which are shown nowhere else.
  public let attributes: [String: String]
  /// Models that learnt from the application.
  public let models: [UInt64]
  /// The event that records the disclosure.
  public let position: UInt64
}

extension Office {
  /// Tells an applicant everything that is held about them, and records that it was told.
  ///
  /// - Throws: `.notFound`, `.erased`.
  public func disclose(
    _ number: ApplicantNumber, by origin: Origin
  ) async throws(ScreeningError) -> Disclosure {
    let command = Command("disclose", about: number)
    let receipt = try await append(command, by: origin) { [self] (at) throws(ScreeningError) in
      _ = try livingRow(number)
      return try change(
        DisclosureMade(applicant: number, through: at), by: origin, at: at)
    }
    // The applicant is told everything, whatever people may not see yet.
    let detail = try await applicant(
      number, asOf: .position(receipt.last), veil: ScoreVeil(hidesUndecided: false), by: origin)
    let (history, models, attributes) = try await offPool { [self] () throws(ScreeningError) in
      (
        try historyEntries(of: number, through: receipt.last),
        try modelsByApplicant([number])[number, default: []],
        try declared(by: number, asOf: receipt.last)
      )
    }
    return Disclosure(
      applicant: detail, history: history, attributes: attributes,
      models: models.map(\.rawValue).sorted(),
      position: receipt.first.rawValue)
  }
}
