import EventStore

/// A number given in order of arrival, dense from 1: `Number<Applicant>` and `Number<User>` cannot be
/// mistaken for each other.
public struct Number<Kind>: RawRepresentable, Hashable, Comparable, Sendable,
  CustomStringConvertible
{
  /// The number itself, at least 1.
  public let rawValue: UInt64

  /// Wraps a number.
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Wraps a number.
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }

  /// The number in decimal digits.
  public var description: String { String(rawValue) }

  /// Orders by arrival.
  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// A person who applied.
public enum Applicant {}
/// A person who works with the system.
public enum User {}
/// A trained model.
public enum Model {}

/// The number of an applicant.
public typealias ApplicantNumber = Number<Applicant>
/// The number of a user.
public typealias UserNumber = Number<User>
/// The number of a model, over all openings.
public typealias ModelNumber = Number<Model>

extension Number<Applicant> {
  /// The stream that holds the applicant's events.
  var stream: String { "applicant:\(rawValue)" }

  /// The applicant whose events a stream holds; `nil` for another stream.
  init?(stream: String) { self.init(stream: Array(stream.utf8).span) }

  /// The applicant whose events a stream holds, UTF-8; `nil` for another stream.
  init?(stream: Span<UInt8>) {
    let prefix = "applicant:".utf8.count
    guard (prefix + 1...prefix + 18).contains(stream.count),
      stream.extracting(0..<prefix).isText("applicant:")
    else { return nil }
    var number: UInt64 = 0
    for index in prefix..<stream.count {
      let digit = stream[index] &- 0x30
      guard digit < 10 else { return nil }
      number = number * 10 + UInt64(digit)
    }
    self.init(number)
  }
}

extension Number<User> {
  /// The stream that holds the user's events, which is also the name by which events cite the user.
  var stream: String { "user:\(rawValue)" }
}

extension Number<Model> {
  /// The stream that holds the model's events.
  var stream: String { "model:\(rawValue)" }
}
