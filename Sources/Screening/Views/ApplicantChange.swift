import EventStore

/// What an event changes in its applicant's row.
enum ApplicantChange: Sendable {
  case added(document: Int)
  indirect case corrected(ApplicantCorrected)
  case erased(models: [ModelNumber])
  case held(reason: String)
  case labelled(ApplicantRow.LabelEntry, teaches: Bool)
  case opened
  case read(document: Int, analysis: String, flags: [String])
  case released
  case screened(ApplicantRow.ScreeningEntry)
  case stateChanged(ApplicantState)
  case unreadable(document: Int, reason: String)
  /// The row stays, though it is another one: rows' positions are the applicant's history.
  case nothing
}

extension ApplicantChange {
  /// Reads an event of an applicant's stream, but for the first one.
  init(_ event: Event) throws(ScreeningError) {
    switch event.type {
    case ApplicantCorrected.type: self = .corrected(try ApplicantCorrected(event))
    case ApplicantStateChanged.type:
      self = .stateChanged(try ApplicantStateChanged(event).state)
    case ApplicantOpened.type: self = .opened
    case ApplicantErased.type: self = .erased(models: try ApplicantErased(event).models)
    case HoldPlaced.type: self = .held(reason: try HoldPlaced(event).reason)
    case HoldLifted.type: self = .released
    case DocumentAdded.type: self = .added(document: try DocumentAdded(event).document)
    case DocumentRead.type:
      let read = try DocumentRead(event)
      self = .read(
        document: read.document, analysis: read.analysis.shortHex, flags: read.flags)
    case DocumentUnreadable.type:
      let unreadable = try DocumentUnreadable(event)
      self = .unreadable(document: unreadable.document, reason: unreadable.reason)
    case ApplicantLabelled.type:
      let labelled = try ApplicantLabelled(event)
      self = .labelled(
        ApplicantRow.LabelEntry(
          position: event.position, label: labelled.label, by: event.onBehalfOf ?? event.actor,
          claimed: event.onBehalfOf != nil, shown: labelled.screening,
          given: Moment(happened: event.happened, at: event.at)),
        teaches: labelled.purpose.teaches)
    case ApplicantScreened.type:
      let screened = try ApplicantScreened(event)
      self = .screened(
        ApplicantRow.ScreeningEntry(
          position: event.position, outcome: screened.outcome, probability: screened.probability,
          model: screened.model, reason: screened.reason))
    default: self = .nothing
    }
  }
}

extension ApplicantRow {
  /// The row of an applicant who has just been registered.
  init(_ registered: ApplicantRegistered, at position: Position, received: Moment) {
    self.init(
      number: registered.applicant, subject: registered.subject, opening: registered.opening,
      received: received, registered: position, state: .active, name: registered.name,
      email: registered.email)
    further[.kana] = registered.kana
    further[.address] = registered.address
  }

  /// Takes on what the event at `position` changes.
  mutating func take(_ change: ApplicantChange, at position: Position) {
    switch change {
    case .added(let document): documents.append(.init(number: document, added: position))
    case .corrected(let corrected):
      if let name = corrected.name { self.name = name }
      if let kana = corrected.kana { further[.kana] = kana }
      if let email = corrected.email { self.email = email }
      if let address = corrected.address { further[.address] = address }
      if let opening = corrected.opening {
        if opening != self.opening {
          moved = position
          if self.opening == registeredFor { firstScreening = registeredScreening }
          // What one opening's model said is nothing about another.
          (screening, placed) = (nil, nil)
        }
        firstOpening = registeredFor
        self.opening = opening
      }
    case .erased:
      state = .erased
      erased = position
    case .held(let reason): hold = .init(position: position, reason: reason)
    case .released: hold = nil
    case .labelled(let entry, let teaches):
      if teaches {
        label = entry
        if entry.label != .hold {
          lesson = entry
          placed = screening?.outcome ?? placed
        }
      } else {
        second = entry
      }
    case .opened:
      opened = position
      firstOpened = firstOpened ?? position
    case .read(let number, let analysis, let flags):
      changeDocument(number) { document in
        document.readings.removeAll { $0.analysis == analysis }
        document.readings.append(
          .init(
            position: position, analysis: analysis,
            isTrusted: Trust.undecidableFlags.isDisjoint(with: flags)))
        document.unreadable = nil
        document.unreadableReason = nil
      }
    case .screened(let entry):
      screening = entry
      // Screening again moves nobody whose decision is made.
      if label == nil || label?.label == .hold || placed == nil { placed = entry.outcome }
    case .stateChanged(let state):
      // Saying the same again begins nothing anew: how long an application is kept, for instance.
      if state != self.state { moved = position }
      self.state = state
    case .unreadable(let number, let reason):
      changeDocument(number) { document in
        document.unreadable = position
        document.unreadableReason = reason
      }
    case .nothing: break
    }
  }

  private mutating func changeDocument(_ number: Int, _ change: (inout Document) -> Void) {
    guard let index = documents.firstIndex(where: { $0.number == number }) else { return }
    change(&documents[index])
  }
}
