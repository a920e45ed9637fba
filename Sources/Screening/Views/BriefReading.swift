import EventStore

// Events of the kinds that come by the million are read from their bytes, member by member, and only what
// rows hold. Whatever is spelled unusually, or lacks a member, is read whole, which says what is wrong.

extension ApplicantRow {
  /// Reads a registration; `nil` where it is to be read whole.
  init?(brief event: EventLine) {
    var number: ApplicantNumber?
    var subject: SubjectID?
    var opening: Opening?
    var name: SealedReference?
    var email: SealedReference?
    var members = JSONMembers(event.data)
    while members.next() {
      if members.isNamed("applicant") {
        number = members.number()
      } else if members.isNamed("email") {
        email = members.reference
        guard email != nil else { return nil }
      } else if members.isNamed("name") {
        name = members.reference
      } else if members.isNamed("opening") {
        opening = members.string.flatMap { try? Opening($0) }
      } else if members.isNamed("subject") {
        subject = members.subject
      }
    }
    guard let number, let subject, let opening, let name else { return nil }
    self.init(
      number: number, subject: subject, opening: opening, received: event.moment,
      registered: event.position, state: .active, name: name, email: email)
  }
}

extension ApplicantChange {
  /// Reads the applicant and what changes; `nil` where the event is to be read whole.
  static func brief(_ event: EventLine) -> (ApplicantNumber, ApplicantChange)? {
    let type = event.type
    if type.isText("applicant.screened") { return screened(event) }
    if type.isText("applicant.opened") { return applicant(of: event).map { ($0, .opened) } }
    if type.isText("applicant.labelled") { return labelled(event) }
    if type.isText("document.added") || type.isText("document.read") { return document(event) }
    return nil
  }

  private static func applicant(of event: EventLine) -> ApplicantNumber? {
    var members = JSONMembers(event.data)
    while members.next() {
      if members.isNamed("applicant") { return members.number() }
    }
    return nil
  }

  private static func screened(_ event: EventLine) -> (ApplicantNumber, ApplicantChange)? {
    var number: ApplicantNumber?
    var outcome: Outcome?
    var (model, probability, reason) = (ModelNumber?.none, Int?.none, String?.none)
    var members = JSONMembers(event.data)
    while members.next() {
      if members.isNamed("applicant") {
        number = members.number()
      } else if members.isNamed("model") {
        model = members.number()
        guard model != nil else { return nil }
      } else if members.isNamed("outcome") {
        outcome = members.string.flatMap { Outcome(rawValue: $0) }
      } else if members.isNamed("probability") {
        probability = members.count.map { Int($0) }
        guard probability != nil else { return nil }
      } else if members.isNamed("reason") {
        reason = members.string
        guard reason != nil else { return nil }
      }
    }
    guard let number, let outcome else { return nil }
    let entry = ApplicantRow.ScreeningEntry(
      position: event.position, outcome: outcome, probability: probability, model: model,
      reason: reason)
    return (number, .screened(entry))
  }

  private static func labelled(_ event: EventLine) -> (ApplicantNumber, ApplicantChange)? {
    var number: ApplicantNumber?
    var label: Label?
    var purpose: LabelPurpose?
    var screening: UInt64?
    var members = JSONMembers(event.data)
    while members.next() {
      if members.isNamed("applicant") {
        number = members.number()
      } else if members.isNamed("label") {
        label = members.string.flatMap { Label(rawValue: $0) }
      } else if members.isNamed("purpose") {
        purpose = members.string.flatMap { LabelPurpose(rawValue: $0) }
      } else if members.isNamed("screening") {
        screening = members.count
      }
    }
    guard let number, let label, let purpose, let screening else { return nil }
    let named = text(event.onBehalfOf)
    let entry = ApplicantRow.LabelEntry(
      position: event.position, label: label, by: named ?? text(event.actor) ?? "",
      claimed: named != nil, blind: screening == 0, given: event.moment)
    return (number, .labelled(entry, teaches: purpose.teaches))
  }

  private static func document(_ event: EventLine) -> (ApplicantNumber, ApplicantChange)? {
    var number: ApplicantNumber?
    var document: Int?
    var analysis: String?
    var members = JSONMembers(event.data)
    while members.next() {
      if members.isNamed("applicant") {
        number = members.number()
      } else if members.isNamed("document") {
        document = members.count.map { Int($0) }
      } else if members.isNamed("analysis") {
        analysis = members.digest?.shortHex
      }
    }
    guard let number, let document else { return nil }
    if event.type.isText("document.added") { return (number, .added(document: document)) }
    return analysis.map { (number, .read(document: document, analysis: $0)) }
  }
}

extension JSONMembers {
  /// The value, where it is a number of its kind.
  func number<Kind>() -> Number<Kind>? { count.flatMap { $0 > 0 ? Number($0) : nil } }
}

extension EventLine {
  /// When it took place, as far as is known.
  var moment: Moment { Moment(happened: text(happened), at: at) }
}

/// The text that checked bytes hold.
private func text(_ bytes: Span<UInt8>?) -> String? {
  guard let bytes, let checked = try? UTF8Span(validating: bytes) else { return nil }
  return String(copying: checked)
}
