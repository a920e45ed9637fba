import EventStore

/// How long the applications for an opening are kept once its selection is over.
public struct RetentionRule: Sendable, Hashable {
  /// The lengths that may be adopted, in days: up to a hundred years.
  public static let lengths = 1...36_500

  /// The opening.
  public var opening: Opening
  /// Days from the end of an applicant's selection on; `nil` for no limit.
  public var days: Int?

  /// Describes a rule.
  public init(opening: Opening, days: Int?) {
    self.opening = opening
    self.days = days
  }
}

extension RetentionRule: Encodable {
  /// Writes the opening's slug and the days.
  public func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: MemberName.self)
    try members.encode(opening.slug, forKey: "opening")
    try members.encode(days, forKey: "days")
  }
}

extension RetentionRule {
  /// The rule as an event holds it; one without a limit has no days.
  var json: JSONValue {
    eventData(["days": days.map { JSONValue($0) }, "opening": .string(opening.slug)])
  }

  init?(_ json: JSONValue) {
    guard let opening = json["opening"]?.string.flatMap({ try? Opening($0) }) else { return nil }
    self.init(opening: opening, days: json["days"]?.integer.map(Int.init))
  }
}
