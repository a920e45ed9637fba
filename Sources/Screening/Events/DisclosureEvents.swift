import EventStore

/// The applicant was told what is held about them.
struct DisclosureMade: DomainEvent {
  static let type = "disclosure.made"
  var applicant: ApplicantNumber
  /// The last event that was told of.
  var through: Position

  var stream: String { applicant.stream }
  var data: JSONValue {
    eventData([
      "applicant": JSONValue(applicant),
      "through": JSONValue(through),
    ])
  }
}

extension DisclosureMade {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      applicant: try fields.number("applicant"), through: try fields.position("through"))
  }
}
