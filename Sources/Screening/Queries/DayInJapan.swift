public import EventStore

extension Timestamp {
  /// What a date alone stands for where somebody asks about a time: a day in Japan, UTC+9 all the year.
  public enum DayEdge: Sendable {
    /// Its first moment: where a range begins, or what comes before it ends.
    case beginning
    /// Its last millisecond: the state at the end of the day.
    case end
  }

  /// Reads a time that somebody asks about: RFC 3339, or a date alone.
  ///
  /// What is recorded is read by ``EventStore/Timestamp/init(parsing:)``, where a date stands for its beginning in UTC: that
  /// is 9 o'clock in Japan, within the same day.
  public init?(asked text: String, aDateIsIts edge: DayEdge) {
    guard text.utf8.count == 10 else {
      self.init(parsing: text)
      return
    }
    guard let beginning = Timestamp(parsing: text + "T00:00:00+09:00") else { return nil }
    self = edge == .end ? beginning.endOfDayInJapan(after: 0) : beginning
  }

  /// The last millisecond of the day in Japan, UTC+9 all the year, that comes `days` after the one of this moment.
  func endOfDayInJapan(after days: Int) -> Timestamp {
    let (offset, day): (Int64, Int64) = (9 * 3_600_000, 86_400_000)
    let inDay = ((milliseconds + offset) % day + day) % day
    return Timestamp(milliseconds: milliseconds - inDay + (Int64(days) + 1) * day - 1)
  }
}
