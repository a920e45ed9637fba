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
  init?(stream: String) {
    guard stream.hasPrefix("applicant:"), let number = UInt64(stream.dropFirst(10)) else {
      return nil
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
