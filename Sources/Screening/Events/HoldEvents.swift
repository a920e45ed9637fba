import EventStore

/// A person's data must be kept, whatever is asked, until the hold is lifted.
struct HoldPlaced: DomainEvent {
  static let type = "hold.placed"
  var applicant: ApplicantNumber
  /// A code such as `lawsuit`, never text.
  var reason: String

  var stream: String { applicant.stream }
  var data: JSONValue {
    eventData([
      "applicant": JSONValue(applicant),
      "reason": .string(reason),
    ])
  }
}

extension HoldPlaced {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      applicant: try fields.number("applicant"), reason: try fields.string("reason"))
  }
}

/// A person's data may be erased again.
struct HoldLifted: DomainEvent {
  static let type = "hold.lifted"
  var applicant: ApplicantNumber

  var stream: String { applicant.stream }
  var data: JSONValue { eventData(["applicant": JSONValue(applicant)]) }
}

extension HoldLifted {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(applicant: try fields.number("applicant"))
  }
}

/// An erasure was asked for and not done.
struct ErasureRefused: DomainEvent {
  static let type = "erasure.refused"
  var applicant: ApplicantNumber
  /// What is answered.
  var request: Position
  /// The hold that stands against it.
  var hold: Position

  var stream: String { applicant.stream }
  var data: JSONValue {
    eventData([
      "applicant": JSONValue(applicant),
      "hold": JSONValue(hold),
      "request": JSONValue(request),
    ])
  }
}

extension ErasureRefused {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      applicant: try fields.number("applicant"), request: try fields.position("request"),
      hold: try fields.position("hold"))
  }
}
