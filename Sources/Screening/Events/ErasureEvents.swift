import EventStore

/// A person asked to be erased.
struct ErasureRequested: DomainEvent {
  static let type = "erasure.requested"
  var applicant: ApplicantNumber
  /// A code, never text.
  var reason: String

  var stream: String { applicant.stream }
  var data: JSONValue {
    eventData([
      "applicant": JSONValue(applicant),
      "reason": .string(reason),
    ])
  }
}

extension ErasureRequested {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      applicant: try fields.number("applicant"),
      reason: try fields.string("reason"))
  }
}

/// A person's key and sealed values were destroyed with this event.
struct ApplicantErased: DomainEvent {
  static let type = "applicant.erased"
  var applicant: ApplicantNumber
  var subject: SubjectID
  /// A code, never text.
  var reason: String
  var request: Position
  /// Models that had learnt from the person.
  var models: [ModelNumber]
  /// Models whose training manifest could not be read, so that it is not known whether they had.
  var unreadManifests: [ModelNumber] = []

  var stream: String { applicant.stream }
  var data: JSONValue {
    eventData([
      "applicant": JSONValue(applicant),
      "models": .array(models.map { JSONValue($0) }),
      "reason": .string(reason),
      "request": JSONValue(request),
      "subject": .string(subject.hex),
      "unreadManifests": unreadManifests.isEmpty
        ? nil : .array(unreadManifests.map { JSONValue($0) }),
    ])
  }
}

extension ApplicantErased {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      applicant: try fields.number("applicant"),
      subject: try fields.subject("subject"),
      reason: try fields.string("reason"),
      request: try fields.position("request"),
      models: try fields.require("models") { value in
        value.array.map { $0.compactMap { $0.number() } }
      },
      unreadManifests: try fields.optional("unreadManifests") { value in
        value.array.map { $0.compactMap { $0.number() } }
      } ?? [])
  }
}

/// Somebody looked at personal data.
struct PersonalAccessed: DomainEvent {
  /// What was looked at.
  enum Scope: String, Sendable {
    case applicant, document, dossier, list, why, history, export
  }

  static let type = "personal.accessed"
  /// Whose data; `nil` for a list.
  var applicant: ApplicantNumber?
  var scope: Scope

  var stream: String { "access" }
  var data: JSONValue {
    eventData([
      "applicant": applicant.map { JSONValue($0) }, "scope": .string(scope.rawValue),
    ])
  }
}

extension PersonalAccessed {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      applicant: try fields.optional("applicant") { $0.number() }, scope: try fields.choice("scope")
    )
  }
}
