import Glibc

/// A moment in UTC, to the millisecond.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let milliseconds: Int64

  /// The moments that can be written with four digits of a year.
  public static let writable =
    Timestamp(milliseconds: -62_167_219_200_000)...Timestamp(milliseconds: 253_402_300_799_999)

  /// Wraps milliseconds since 1970-01-01T00:00:00Z.
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Orders by time.
  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }

  /// RFC 3339 with milliseconds in UTC: `2026-11-23T04:12:09.120Z`.
  public var description: String {
    let (days, inDay) = milliseconds.quotientAndRemainderFloored(by: 86_400_000)
    let (year, month, day) = civil(fromDays: days)
    let (seconds, fraction) = inDay.quotientAndRemainder(dividingBy: 1000)
    func two(_ value: Int64) -> String { (value < 10 ? "0" : "") + String(value) }
    let padded = String(String(10_000 + year).dropFirst())
    let milli = String(String(1000 + fraction).dropFirst())
    return "\(padded)-\(two(month))-\(two(day))T\(two(seconds / 3600)):"
      + "\(two(seconds / 60 % 60)):\(two(seconds % 60)).\(milli)Z"
  }

  /// Reads a moment in RFC 3339, with any offset; digits beyond milliseconds are cut.
  ///
  /// A date alone stands
  /// for its beginning in UTC.
  public init?(parsing text: String) {
    var reader = DigitReader(text)
    guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2),
      reader.skip("-"), let day = reader.number(2), (1...12).contains(month),
      (1...daysIn(month, of: year)).contains(day)
    else { return nil }
    let days = days(fromCivil: year, month, day)
    guard !reader.atEnd else {
      self.init(milliseconds: days * 86_400_000)
      return
    }
    guard reader.skip("T") || reader.skip("t") || reader.skip(" "), let hour = reader.number(2),
      reader.skip(":"), let minute = reader.number(2), reader.skip(":"),
      let second = reader.number(2), hour < 24, minute < 60, second <= 60,
      let fraction = reader.fraction(), let offset = reader.offset(), reader.atEnd
    else { return nil }
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + min(second, 59) - offset * 60
    self.init(milliseconds: seconds * 1000 + fraction)
  }
}

extension Timestamp {
  /// A moment of the calendar in UTC, or `nil` when there is no such moment.
  init?(
    year: Int64, month: Int64, day: Int64, hour: Int64, minute: Int64, second: Int64,
    millisecond: Int64
  ) {
    guard (0...9999).contains(year), (1...12).contains(month),
      (1...daysIn(month, of: year)).contains(day), (0..<24).contains(hour),
      (0..<60).contains(minute), (0..<60).contains(second), (0..<1000).contains(millisecond)
    else { return nil }
    let seconds =
      days(fromCivil: year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    self.init(milliseconds: seconds * 1000 + millisecond)
  }
}

/// Where times come from; injected, so that tests can set them.
public struct WallClock: Sendable {
  /// The time now.
  public var now: @Sendable () -> Timestamp

  /// A clock that asks `now`.
  public init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

  /// The machine's clock.
  public static let system = WallClock {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}

extension Int64 {
  fileprivate func quotientAndRemainderFloored(by divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

// The proleptic Gregorian calendar, after Howard Hinnant, "chrono-Compatible Low-Level Date
// Algorithms": eras of 400 years that begin on 1 March.

private func civil(fromDays days: Int64) -> (Int64, Int64, Int64) {
  let (era, dayOfEra) = (days + 719_468).quotientAndRemainderFloored(by: 146_097)
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shifted = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * shifted + 2) / 5 + 1
  let month = shifted < 10 ? shifted + 3 : shifted - 9
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

private func days(fromCivil year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
  let shiftedYear = month <= 2 ? year - 1 : year
  let (era, yearOfEra) = shiftedYear.quotientAndRemainderFloored(by: 400)
  let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

private func daysIn(_ month: Int64, of year: Int64) -> Int64 {
  let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  return month == 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
}

/// Reads fixed-width digits from a text.
private struct DigitReader {
  private var rest: ArraySlice<UInt8>

  init(_ text: String) { rest = Array(text.utf8)[...] }

  var atEnd: Bool { rest.isEmpty }

  mutating func number(_ width: Int) -> Int64? {
    guard rest.count >= width else { return nil }
    var value: Int64 = 0
    for byte in rest.prefix(width) {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - 0x30)
    }
    rest = rest.dropFirst(width)
    return value
  }

  mutating func skip(_ character: Character) -> Bool {
    guard let first = rest.first, first == character.asciiValue else { return false }
    rest = rest.dropFirst()
    return true
  }

  /// The milliseconds of an optional fraction.
  mutating func fraction() -> Int64? {
    guard skip(".") else { return 0 }
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    guard (1...12).contains(digits.count) else { return nil }
    rest = rest.dropFirst(digits.count)
    let padded = Array(digits.prefix(3)) + [0x30, 0x30]
    return padded.prefix(3).reduce(0) { $0 * 10 + Int64($1 - 0x30) }
  }

  /// The offset from UTC in minutes.
  mutating func offset() -> Int64? {
    if skip("Z") || skip("z") { return 0 }
    let sign: Int64
    if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
    guard let hours = number(2), skip(":"), let minutes = number(2), hours < 24, minutes < 60 else {
      return nil
    }
    return sign * (hours * 60 + minutes)
  }
}
