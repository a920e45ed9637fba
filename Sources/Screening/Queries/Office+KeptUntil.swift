import EventStore

extension Office {
  /// Until when an application is kept by a rule of so many days: the end of the day in Japan on which the days are
  /// over that began with the end of the selection, or with the arrival where that was later.
  ///
  /// What an applicant is told and what a run of retention does both come from here.
  ///
  /// - Returns: the last millisecond; `nil` while the applicant waits for a decision.
  func keptUntil(_ row: ApplicantRow, days: Int) throws(ScreeningError) -> Timestamp? {
    guard let end = try endOfSelection(of: row) else { return nil }
    return max(end, try arrival(of: row)).endOfDayInJapan(after: days)
  }

  /// When an application arrived, as it was told, or else when it was recorded.
  func arrival(of row: ApplicantRow) throws(ScreeningError) -> Timestamp {
    if let told = row.received.time { return told }
    return try event(row.registered).at
  }

  /// When an applicant's selection ended: with the last decision, or when they left it; `nil` while they wait.
  ///
  /// Who came back to the selection, or came to another opening, is kept anew from then on.
  private func endOfSelection(of row: ApplicantRow) throws(ScreeningError) -> Timestamp? {
    let moved = try row.moved.map { (position) throws(ScreeningError) in try event(position).at }
    guard let label = row.label, label.label != .hold else {
      return row.state == .active ? nil : moved
    }
    let decided = try moment(of: label)
    return moved.map { max($0, decided) } ?? decided
  }
}
