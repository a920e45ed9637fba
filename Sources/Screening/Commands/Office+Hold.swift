import EventStore

extension Office {
  /// Places a legal hold on an applicant's data: until it is lifted, nobody erases it.
  ///
  /// - Parameter reason: a slug such as `lawsuit`.
  /// - Throws: `.notFound`, `.erased`, or `.conflict` when a hold stands already.
  public func placeHold(
    on number: ApplicantNumber, reason: String, by origin: Origin
  ) async throws(ScreeningError) -> CommandResult {
    guard isSlug(reason) else {
      throw .invalid("The reason code has other characters than a–z, 0–9 and '-'. Use 'lawsuit'.")
    }
    let command = Command("place-hold", about: number, ["reason": .string(reason)])
    let receipt = try await append(command, by: origin) { [self] (at) throws(ScreeningError) in
      if let hold = try livingRow(number).hold {
        throw .conflict(
          "The data of applicant \(number) is under a hold already ('\(hold.reason)', event \(hold.position)). To place "
            + "another in its stead, lift that one first with 'senko hold lift'.")
      }
      return try change(HoldPlaced(applicant: number, reason: reason), by: origin, at: at)
    }
    return CommandResult(receipt)
  }

  /// Lifts the legal hold on an applicant's data.
  ///
  /// - Throws: `.notFound`, `.erased`, or `.conflict` when there is none.
  public func liftHold(
    on number: ApplicantNumber, by origin: Origin
  ) async throws(ScreeningError) -> CommandResult {
    let command = Command("lift-hold", about: number)
    let receipt = try await append(command, by: origin) { [self] (at) throws(ScreeningError) in
      guard try livingRow(number).hold != nil else {
        throw .conflict("There is no hold on the data of applicant \(number).")
      }
      return try change(HoldLifted(applicant: number), by: origin, at: at)
    }
    return CommandResult(receipt)
  }
}

extension ScreeningError {
  /// What stands against an erasure.
  static func held(_ held: [(number: ApplicantNumber, hold: ApplicantRow.Hold)]) -> Self {
    let holds = held.map { "\($0.number) ('\($0.hold.reason)', event \($0.hold.position))" }
    return .conflict(
      "Under legal hold: \(holds.joined(separator: ", ")). Leave them out, or lift the hold with "
        + "'senko hold lift'.")
  }
}
