import EventStore

/// A screening that somebody asked to be shown, and the event that records the look.
struct SeenScreening {
  let screening: Position
  let look: Position
}

extension Office {
  /// The last screening of an applicant that a person looked at by itself: by asking why, for a dossier, or in what
  /// the applicant is told; `nil` without one.
  ///
  /// That a list or a page had the score in it shows nothing: a screen may have left it out.
  ///
  /// - Complexity: O(looks at the applicant and events of theirs).
  func screeningSeen(
    of row: ApplicantRow, by origin: Origin, through last: Position
  ) throws(ScreeningError) -> SeenScreening? {
    guard row.screening != nil else { return nil }
    let person = origin.onBehalfOf?.stream ?? origin.actorName
    let looks =
      try positions(in: RecordsProjection.accesses, of: row.number, through: last)
      + historyPositions(of: row.number, through: last)
    for look in looks.sorted(by: >) {
      let event = try event(look)
      guard event.onBehalfOf ?? event.actor == person, try showsScore(event),
        let then = try applicantRow(row.number, asOf: look).screening
      else { continue }
      return SeenScreening(screening: then.position, look: look)
    }
    return nil
  }

  private func showsScore(_ event: Event) throws(ScreeningError) -> Bool {
    switch event.type {
    case DisclosureMade.type: true
    case PersonalAccessed.type: [.why, .dossier].contains(try PersonalAccessed(event).scope)
    default: false
    }
  }
}
