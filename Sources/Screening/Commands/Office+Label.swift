public import EventStore

extension Office {
  /// Records what a person decided about an applicant.
  ///
  /// - Parameters:
  ///   - reason: free text, sealed for the applicant.
  ///   - shown: the screening that was in view, zero for none; `nil` for the applicant's newest, or, where the
  ///     policy hides it, for the one that the person has looked at all the same.
  /// - Throws: `.notFound`, `.erased`, `.invalid` when `shown` is no screening of the applicant, or when the label
  ///   is one of the past, or `.conflict` when the log shows that the person looked at a later one than `shown`.
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
      let screening = try screeningInView(of: row, claimed: shown, at: at, by: origin)
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

  /// The screening that was in view at a label, zero for none.
  private func screeningInView(
    of row: ApplicantRow, claimed: Position?, at: Position, by origin: Origin
  ) throws(ScreeningError) -> Position {
    let seen = try screeningSeen(of: row, by: origin, through: at)
    guard let claimed else {
      var visible = row.screening?.position ?? .zero
      // A score from before the policy hid it may have been seen.
      if try scoreVeil(for: origin).hides(row), visible > (try positionThatHidScores(asOf: at)) {
        visible = .zero
      }
      return max(visible, seen?.screening ?? .zero)
    }
    if claimed != .zero { _ = try screening(at: claimed, of: row.number) }
    if let seen, claimed < seen.screening {
      throw .conflict(
        "The log shows that this person looked at screening \(seen.screening) (event \(seen.look)), so that it "
          + "was in view. Name it, or leave out which one was.")
    }
    return claimed
  }

  /// The event that began to hide scores, by the policy in force at `position` and those before it without a break.
  private func positionThatHidScores(asOf position: Position) throws(ScreeningError) -> Position {
    var first = try policyRow(asOf: position)
    while first.position > .zero {
      let before = try policyRow(asOf: Position(rawValue: first.position.rawValue - 1))
      guard before.scores == .afterLabel else { break }
      first = before
    }
    return first.position
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
