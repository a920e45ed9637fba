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
    var further: [SealedPurpose: SealedReference] = [:]
    let isBrief = event.forEachMember { member in
      if member.isNamed("applicant") {
        number = member.number()
      } else if member.isNamed("email") {
        email = member.reference
        return email != nil
      } else if member.isNamed("kana") {
        further[.kana] = member.reference
        return further[.kana] != nil
      } else if member.isNamed("address") {
        further[.address] = member.reference
        return further[.address] != nil
      } else if member.isNamed("name") {
        name = member.reference
      } else if member.isNamed("opening") {
        opening = member.string.flatMap { try? Opening($0) }
      } else if member.isNamed("subject") {
        subject = member.subject
      }
      return true
    }
    guard isBrief, let number, let subject, let opening, let name else { return nil }
    self.init(
      number: number, subject: subject, opening: opening, received: event.moment,
      registered: event.position, state: .active, name: name, email: email,
      further: further)
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
    var number: ApplicantNumber?
    event.forEachMember { member in
      guard member.isNamed("applicant") else { return true }
      number = member.number()
      return false
    }
    return number
  }

  private static func screened(_ event: EventLine) -> (ApplicantNumber, ApplicantChange)? {
    var number: ApplicantNumber?
    var outcome: Outcome?
    var (model, probability, reason) = (ModelNumber?.none, Int?.none, String?.none)
    let isBrief = event.forEachMember { member in
      if member.isNamed("applicant") {
        number = member.number()
      } else if member.isNamed("model") {
        model = member.number()
        return model != nil
      } else if member.isNamed("outcome") {
        outcome = member.string.flatMap { Outcome(rawValue: $0) }
      } else if member.isNamed("probability") {
        probability = member.count.map { Int($0) }
        return probability != nil
      } else if member.isNamed("reason") {
        reason = member.string
        return reason != nil
      }
      return true
    }
    guard isBrief, let number, let outcome else { return nil }
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
    event.forEachMember { member in
      if member.isNamed("applicant") {
        number = member.number()
      } else if member.isNamed("label") {
        label = member.string.flatMap { Label(rawValue: $0) }
      } else if member.isNamed("purpose") {
        purpose = member.string.flatMap { LabelPurpose(rawValue: $0) }
      } else if member.isNamed("screening") {
        screening = member.count
      }
      return true
    }
    guard let number, let label, let purpose, let screening else { return nil }
    let named = text(event.onBehalfOf)
    let entry = ApplicantRow.LabelEntry(
      position: event.position, label: label, by: named ?? text(event.actor) ?? "",
      claimed: named != nil, shown: Position(rawValue: screening), given: event.moment)
    return (number, .labelled(entry, teaches: purpose.teaches))
  }

  private static func document(_ event: EventLine) -> (ApplicantNumber, ApplicantChange)? {
    var number: ApplicantNumber?
    var document: Int?
    var analysis: String?
    var flags: [String]?
    event.forEachMember { member in
      if member.isNamed("applicant") {
        number = member.number()
      } else if member.isNamed("document") {
        document = member.count.map { Int($0) }
      } else if member.isNamed("analysis") {
        analysis = member.digest?.shortHex
      } else if member.isNamed("flags") {
        flags = member.strings
      }
      return true
    }
    guard let number, let document else { return nil }
    if event.type.isText("document.added") { return (number, .added(document: document)) }
    guard let analysis, let flags else { return nil }
    return (number, .read(document: document, analysis: analysis, flags: flags))
  }
}

extension JSONMembers {
  /// The value, where it is a number of its kind.
  func number<Kind>() -> Number<Kind>? { count.flatMap { $0 > 0 ? Number($0) : nil } }
}

extension EventLine {
  /// Calls `body` at one member of the data after the other until it returns false; returns whether it never did.
  ///
  /// Of an event of another version no member is read, so that it is read whole, and refused.
  @inline(__always)
  @discardableResult
  func forEachMember(_ body: (_ member: borrowing JSONMembers) -> Bool) -> Bool {
    guard version == EventFields.version else { return false }
    var members = JSONMembers(data)
    while members.next() {
      guard body(members) else { return false }
    }
    return true
  }

  /// When it took place, as far as is known.
  var moment: Moment { Moment(happened: text(happened), at: at) }
}

/// The text that checked bytes hold.
private func text(_ bytes: Span<UInt8>?) -> String? {
  guard let bytes, let checked = try? UTF8Span(validating: bytes) else { return nil }
  return String(copying: checked)
}
