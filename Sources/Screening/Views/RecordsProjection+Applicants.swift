import EventStore
import Projections

extension RecordsProjection {
  /// Folds an event of an applicant's stream.
  func foldApplicant(_ event: Event, into writer: inout ViewWriter) throws {
    if event.type == ApplicantRegistered.type {
      let registered = try ApplicantRegistered(event)
      let row = ApplicantRow(
        number: registered.applicant, subject: registered.subject, opening: registered.opening,
        received: event.happened ?? event.at.description, registered: event.position,
        state: .active, name: registered.name, email: registered.email)
      Self.applicants.put(
        row, for: registered.applicant.rawValue, from: event.position, in: &writer)
      return
    }
    let number: ApplicantNumber = try EventFields(event.data, of: event.type, at: event.position)
      .number("applicant")
    // Every event of the stream makes a row, so that the rows' positions are its history.
    let isThere = try Self.applicants.change(
      number.rawValue, from: event.position, in: &writer
    ) { row in try change(&row, by: event) }
    guard isThere else {
      throw ScreeningError.damaged(
        "Event \(event.position) speaks of applicant \(number), who was never registered.")
    }
    if event.type == ApplicantErased.type {
      try foldErasure(try ApplicantErased(event), at: event.position, into: &writer)
    }
  }

  private func change(_ row: inout ApplicantRow, by event: Event) throws {
    switch event.type {
    case ApplicantCorrected.type:
      let corrected = try ApplicantCorrected(event)
      if let name = corrected.name { row.name = name }
      if let email = corrected.email { row.email = email }
      if let opening = corrected.opening { row.opening = opening }
    case ApplicantStateChanged.type:
      row.state = try ApplicantStateChanged(event).state
    case ApplicantOpened.type:
      row.opened = event.position
      row.firstOpened = row.firstOpened ?? event.position
    case ApplicantErased.type:
      row.state = .erased
      row.erased = event.position
    case HoldPlaced.type:
      row.hold = .init(position: event.position, reason: try HoldPlaced(event).reason)
    case HoldLifted.type:
      row.hold = nil
    case DocumentAdded.type:
      row.documents.append(
        .init(number: try DocumentAdded(event).document, added: event.position))
    case DocumentRead.type:
      let read = try DocumentRead(event)
      row.changeDocument(read.document) { document in
        let analysis = read.analysis.shortHex
        document.readings.removeAll { $0.analysis == analysis }
        document.readings.append(.init(position: event.position, analysis: analysis))
        document.unreadable = nil
        document.unreadableReason = nil
      }
    case DocumentUnreadable.type:
      let unreadable = try DocumentUnreadable(event)
      row.changeDocument(unreadable.document) { document in
        document.unreadable = event.position
        document.unreadableReason = unreadable.reason
      }
    case ApplicantLabelled.type:
      let labelled = try ApplicantLabelled(event)
      let entry = ApplicantRow.LabelEntry(
        position: event.position, label: labelled.label, by: event.onBehalfOf ?? event.actor,
        claimed: event.onBehalfOf != nil, blind: labelled.screening == .zero,
        given: event.happened ?? event.at.description)
      if labelled.purpose.teaches {
        row.label = entry
        if labelled.label != .hold { row.lesson = entry }
      } else {
        row.second = entry
      }
    case ApplicantScreened.type:
      let screened = try ApplicantScreened(event)
      row.screening = .init(
        position: event.position, outcome: screened.outcome, probability: screened.probability,
        model: screened.model, reason: screened.reason)
    default:
      break
    }
  }
}

extension ApplicantRow {
  fileprivate mutating func changeDocument(_ number: Int, _ change: (inout Document) -> Void) {
    guard let index = documents.firstIndex(where: { $0.number == number }) else { return }
    change(&documents[index])
  }
}
