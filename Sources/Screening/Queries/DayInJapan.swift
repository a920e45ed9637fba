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

  /// The day in Japan that this moment lies in, as `2026-11-23`.
  var dayInJapan: String {
    String(Timestamp(milliseconds: milliseconds + Self.offsetOfJapan).description.prefix(10))
  }

  /// Whether this moment's day in Japan comes after the same day of the year that follows another moment's.
  func isMoreThanAYear(after other: Timestamp) -> Bool {
    let (day, year) = (other.dayInJapan, Int(other.dayInJapan.prefix(4)) ?? 0)
    return (Int(dayInJapan.prefix(4)) ?? 0, dayInJapan.dropFirst(4)) > (year + 1, day.dropFirst(4))
  }

  /// Milliseconds that clocks in Japan are ahead of UTC.
  private static var offsetOfJapan: Int64 { 9 * 3_600_000 }

  /// The moment as people write it in Japan: 2026年11月23日 13:12, or "23 November 2026, 13:12 (Japan)".
  func inJapan(in language: CardLanguage, withTime: Bool = true) -> String {
    let text = Timestamp(milliseconds: milliseconds + Self.offsetOfJapan).description
    let numbers = text.prefix(10).split(separator: "-").compactMap { Int($0) }
    guard numbers.count == 3 else { return description }
    let time = text.dropFirst(11).prefix(5)
    guard language == .en else {
      return "\(numbers[0])年\(numbers[1])月\(numbers[2])日" + (withTime ? " \(time)" : "")
    }
    let months = [
      "January", "February", "March", "April", "May", "June", "July", "August", "September",
      "October", "November", "December",
    ]
    return "\(numbers[2]) \(months[numbers[1] - 1]) \(numbers[0])"
      + (withTime ? ", \(time) (Japan)" : "")
  }

  /// The last millisecond of the day in Japan, UTC+9 all the year, that comes `days` after the one of this moment.
  func endOfDayInJapan(after days: Int) -> Timestamp {
    let day: Int64 = 86_400_000
    let inDay = ((milliseconds + Self.offsetOfJapan) % day + day) % day
    return Timestamp(milliseconds: milliseconds - inDay + (Int64(days) + 1) * day - 1)
  }
}

/// A time of an event as people write it, in Japan; a date that was told without a time stays one.
public func timeInJapan(_ text: String, in language: CardLanguage) -> String {
  if text.utf8.count == 10, let day = Timestamp(asked: text, aDateIsIts: .beginning) {
    return day.inJapan(in: language, withTime: false)
  }
  return Timestamp(parsing: text)?.inJapan(in: language) ?? text
}
