public import EventStore

extension Office {
  /// Records what a person decided about an applicant.
  ///
  /// - Parameters:
  ///   - reason: free text, sealed for the applicant.
  ///   - shown: the screening that was in view, zero for none; `nil` for the applicant's newest, or for none
  ///     where the policy hides it.
  /// - Throws: `.notFound`, `.erased`, or `.invalid` when `shown` is no screening of the applicant, or when the label
  ///   is one of the past.
  public func label(
    _ number: ApplicantNumber, _ label: Label, purpose: LabelPurpose = .decision,
    reason: String? = nil, shown: Position? = nil, by origin: Origin
  ) async throws(ScreeningError) -> CommandResult {
    guard purpose != .history else {
      throw .invalid("Labels of the past come by an import: 'senko import'.")
    }
    if let reason, reason.utf8.count > 20_000 {
      throw .invalid("The reason is longer than 20,000 bytes. Shorten it.")
    }
    // Which score was in view is a part of the command where it says so.
    let view = shown.map { "shown \($0) " } ?? ""
    let command = Command(
      .label,
      content: Array(
        "\(view)\(number) \(label.rawValue) \(purpose.rawValue) \(reason ?? "")".utf8),
      about: number)
    let receipt = try await append(command, by: origin) { [self] (at) throws(ScreeningError) in
      let row = try livingRow(number)
      // A score from before the policy hid it may have been seen.
      let hidden = try scoreVeil(for: origin).hides(row) ? try policyRow(asOf: at).position : nil
      let visible = row.screening.flatMap {
        $0.position > hidden ?? .init(rawValue: .max) ? nil : $0
      }
      let screening = shown ?? visible?.position ?? .zero
      if screening != .zero { _ = try self.screening(at: screening, of: number) }
      let subject = try recorded { () throws(EventLogError) in try log.subject(row.subject) }
      let sealed = reason.map { log.seal($0, for: subject, .reason) }
      var append = try change(
        ApplicantLabelled(
          applicant: number, label: label, purpose: purpose, screening: screening,
          reason: sealed?.reference), by: origin, at: at)
      append.sealed = sealed.map { [$0] } ?? []
      return append
    }
    return CommandResult(receipt)
  }

  /// Records that an application was withdrawn, is a duplicate, or is active again.
  public func setState(
    _ number: ApplicantNumber, _ state: ApplicantState, by origin: Origin
  ) async throws(ScreeningError) -> CommandResult {
    guard state != .erased else {
      throw .invalid("Erasure is a command of its own: 'senko erase \(number)'.")
    }
    let command = Command("state", about: number, ["state": .string(state.rawValue)])
    let receipt = try await append(command, by: origin) { [self] (at) throws(ScreeningError) in
      _ = try livingRow(number)
      return try change(
        ApplicantStateChanged(applicant: number, state: state), by: origin, at: at)
    }
    return CommandResult(receipt)
  }

  /// Records that a person opened the application to read it.
  public func openApplicant(
    _ number: ApplicantNumber, by origin: Origin
  ) async throws(ScreeningError) -> CommandResult {
    let command = Command("open", about: number)
    let receipt = try await append(command, by: origin) { [self] (at) throws(ScreeningError) in
      _ = try livingRow(number)
      return try change(ApplicantOpened(applicant: number), by: origin, at: at)
    }
    return CommandResult(receipt)
  }
}
