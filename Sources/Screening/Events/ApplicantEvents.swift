import EventStore

/// An application arrived; `happened` says when, if not at the time of the event.
struct ApplicantRegistered: DomainEvent {
  static let type = "applicant.registered"
  var applicant: ApplicantNumber
  /// The person, whose key opens all that is sealed here.
  var subject: SubjectID
  var opening: Opening
  var name: SealedReference
  var kana: SealedReference?
  var email: SealedReference?
  var address: SealedReference?

  var stream: String { applicant.stream }
  var data: JSONValue {
    eventData([
      "address": address?.json,
      "applicant": JSONValue(applicant),
      "email": email?.json,
      "kana": kana?.json,
      "name": name.json,
      "opening": .string(opening.slug),
      "subject": .string(subject.hex),
    ])
  }
}

extension ApplicantRegistered {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      applicant: try fields.number("applicant"),
      subject: try fields.subject("subject"),
      opening: try fields.opening("opening"),
      name: try fields.sealed("name"),
      kana: try fields.optional("kana") { SealedReference($0) },
      email: try fields.optional("email") { SealedReference($0) },
      address: try fields.optional("address") { SealedReference($0) })
  }
}

/// Personal data or the opening is corrected; what is absent stays as it was.
struct ApplicantCorrected: DomainEvent {
  static let type = "applicant.corrected"
  var applicant: ApplicantNumber
  var name: SealedReference?
  var kana: SealedReference?
  var email: SealedReference?
  var address: SealedReference?
  var opening: Opening?

  var stream: String { applicant.stream }
  var data: JSONValue {
    eventData([
      "address": address?.json,
      "applicant": JSONValue(applicant),
      "email": email?.json,
      "kana": kana?.json,
      "name": name?.json,
      "opening": opening.map { .string($0.slug) },
    ])
  }
}

extension ApplicantCorrected {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      applicant: try fields.number("applicant"),
      name: try fields.optional("name") { SealedReference($0) },
      kana: try fields.optional("kana") { SealedReference($0) },
      email: try fields.optional("email") { SealedReference($0) },
      address: try fields.optional("address") { SealedReference($0) },
      opening: try fields.optional("opening") { value in value.string.flatMap { try? Opening($0) } }
    )
  }
}

/// The application was withdrawn, found to be a duplicate, or taken up again.
struct ApplicantStateChanged: DomainEvent {
  static let type = "applicant.state-changed"
  var applicant: ApplicantNumber
  var state: ApplicantState

  var stream: String { applicant.stream }
  var data: JSONValue {
    eventData([
      "applicant": JSONValue(applicant),
      "state": .string(state.rawValue),
    ])
  }
}

extension ApplicantStateChanged {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      applicant: try fields.number("applicant"),
      state: try fields.choice("state"))
  }
}

/// A person decided.
struct ApplicantLabelled: DomainEvent {
  static let type = "applicant.labelled"
  var applicant: ApplicantNumber
  var label: Label
  var purpose: LabelPurpose
  /// The screening that was in view, or zero.
  var screening: Position
  var reason: SealedReference?

  var stream: String { applicant.stream }
  var data: JSONValue {
    eventData([
      "applicant": JSONValue(applicant),
      "label": .string(label.rawValue),
      "purpose": .string(purpose.rawValue),
      "reason": reason?.json,
      "screening": JSONValue(screening),
    ])
  }
}

extension ApplicantLabelled {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      applicant: try fields.number("applicant"),
      label: try fields.choice("label"),
      purpose: try fields.choice("purpose"),
      screening: try fields.position("screening"),
      reason: try fields.optional("reason") { SealedReference($0) })
  }
}

/// A person opened the application to read it.
struct ApplicantOpened: DomainEvent {
  static let type = "applicant.opened"
  var applicant: ApplicantNumber

  var stream: String { applicant.stream }
  var data: JSONValue {
    eventData([
      "applicant": JSONValue(applicant)
    ])
  }
}

extension ApplicantOpened {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      applicant: try fields.number("applicant"))
  }
}
