import EventStore

/// What is to be put right of an application; what is `nil` stays.
public struct Correction: Sendable, Hashable {
  /// The name.
  public var name: String?
  /// The name in kana.
  public var kana: String?
  /// The mail address.
  public var email: String?
  /// The postal address.
  public var address: String?
  /// The opening applied for.
  public var opening: Opening?

  /// Describes a correction.
  public init(
    name: String? = nil, kana: String? = nil, email: String? = nil, address: String? = nil,
    opening: Opening? = nil
  ) {
    self.name = name
    self.kana = kana
    self.email = email
    self.address = address
    self.opening = opening
  }
}

extension Office {
  /// Puts an applicant's data right, and asks the model again where the correction may change its answer.
  ///
  /// What was recorded before stays in the history, sealed under the person's key as the new values are.
  ///
  /// - Throws: `.invalid` when nothing is corrected, `.notFound`, `.erased`.
  public func correct(
    _ number: ApplicantNumber, _ correction: Correction, by origin: Origin
  ) async throws(ScreeningError) -> CommandResult {
    guard correction != Correction() else {
      throw .invalid("Nothing is to be corrected. Give a name, an address or the opening.")
    }
    if let name = correction.name { try Self.check(name: name) }
    try Self.check(kana: correction.kana, email: correction.email, address: correction.address)
    let command = Command(
      "correct", about: number,
      [
        "address": correction.address.map { .string($0) },
        "email": correction.email.map { .string($0) },
        "kana": correction.kana.map { .string($0) },
        "name": correction.name.map { .string($0) },
        "opening": correction.opening.map { .string($0.slug) },
      ])
    let receipt = try await append(command, by: origin) { [self] (at) throws(ScreeningError) in
      let row = try livingRow(number)
      let subject = try recorded { () throws(EventLogError) in try log.subject(row.subject) }
      let name = correction.name.map { log.seal($0, for: subject, .name) }
      let kana = correction.kana.map { log.seal($0, for: subject, .kana) }
      let email = correction.email.map { log.seal($0, for: subject, .email) }
      let address = correction.address.map { log.seal($0, for: subject, .address) }
      var append = try change(
        ApplicantCorrected(
          applicant: number, name: name?.reference, kana: kana?.reference,
          email: email?.reference, address: address?.reference, opening: correction.opening),
        by: origin, at: at)
      append.sealed = [name, kana, email, address].compactMap(\.self)
      return append
    }
    _ = try await screenIfPossible(number, by: origin)
    return CommandResult(receipt)
  }
}
