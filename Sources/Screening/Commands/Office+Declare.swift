import EventStore

extension Office {
  /// Records which groups an applicant, of their own will, declared to belong to.
  ///
  /// The values are sealed, shown on no page of the applicant and used by no model; only `auditGroups` counts
  /// them. A later declaration takes the place of an earlier one.
  ///
  /// - Parameter attributes: slugs by name, such as `["sex": "female"]`.
  /// - Throws: `.invalid` for what is no slug, `.notFound`, `.erased`.
  public func declare(
    _ number: ApplicantNumber, _ attributes: [String: String], by origin: Origin
  ) async throws(ScreeningError) -> CommandResult {
    guard !attributes.isEmpty, attributes.count <= 8,
      attributes.allSatisfy({ isSlug($0.key) && isSlug($0.value) })
    else {
      throw .invalid(
        "Attributes are one to eight names with values, of a–z, 0–9 and '-', such as sex=female.")
    }
    let value = JSONValue.object(JSONObject(attributes.mapValues { .string($0) }))
    let command = Command("declare", about: number, ["attributes": value])
    let receipt = try await append(command, by: origin) { [self] (at) throws(ScreeningError) in
      let row = try livingRow(number)
      let subject = try recorded { () throws(EventLogError) in try log.subject(row.subject) }
      let sealed = log.seal(
        value.encoded(), for: subject, purpose: SealedPurpose.attributes.rawValue)
      var append = try change(
        AttributesDeclared(applicant: number, attributes: sealed.reference), by: origin, at: at)
      append.sealed = [sealed]
      return append
    }
    return CommandResult(receipt)
  }
}
