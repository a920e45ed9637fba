import EventStore
import Projections

/// What a stretch of events says to the records.
struct RecordsFacts: Facts {
  private enum Fact {
    /// The index of a row.
    case registered(Int)
    case changed(ApplicantNumber, ApplicantChange)
    /// The index of an event.
    case other(Int)
  }

  private var facts: [(position: Position, fact: Fact)] = []
  private var rows: [ApplicantRow] = []
  private var events: [Event] = []

  mutating func read(_ event: EventLine) throws {
    if event.type.isText("applicant.registered"), let row = ApplicantRow(brief: event) {
      add(row, at: event.position)
    } else if let (number, change) = ApplicantChange.brief(event) {
      facts.append((event.position, .changed(number, change)))
    } else {
      try read(whole: try Event(event))
    }
  }

  /// As `read`, without looking for a shorter way.
  mutating func read(whole event: Event) throws {
    switch event.type {
    case ApplicantRegistered.type:
      let received = Moment(happened: event.happened, at: event.at)
      add(
        ApplicantRow(
          try ApplicantRegistered(event), at: event.position, received: received),
        at: event.position)
    case ApplicantCorrected.type, ApplicantStateChanged.type, ApplicantLabelled.type,
      ApplicantOpened.type, DocumentAdded.type, DocumentRead.type, DocumentUnreadable.type,
      ApplicantScreened.type, ApplicantErased.type, ErasureRequested.type, ErasureRefused.type,
      HoldPlaced.type, HoldLifted.type, DisclosureMade.type:
      let number: ApplicantNumber = try EventFields(event)
        .number("applicant")
      facts.append((event.position, .changed(number, try ApplicantChange(event))))
    default:
      facts.append((event.position, .other(events.count)))
      events.append(event)
    }
  }

  private mutating func add(_ row: ApplicantRow, at position: Position) {
    facts.append((position, .registered(rows.count)))
    rows.append(row)
  }

  func fold(into writer: inout ViewWriter) throws {
    for (position, fact) in facts {
      writer.position = position
      switch fact {
      case .registered(let index):
        try RecordsProjection.applicants.put(
          rows[index], for: rows[index].number.rawValue, in: &writer)
      case .changed(let number, let change):
        try RecordsProjection.fold(change, of: number, into: &writer)
      case .other(let index):
        try RecordsProjection.fold(events[index], into: &writer)
      }
    }
  }
}
