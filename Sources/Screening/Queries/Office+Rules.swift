import EventStore
import Projections

/// A policy that was put in force.
public struct AdoptedPolicy: Sendable, Encodable {
  /// When, RFC 3339; `nil` for the one that is built in.
  @Nullable public var at: String?
  /// Who put it in force: an address where there is one.
  @Nullable public var by: String?
  /// What it says.
  public let policy: PolicySummary

  /// Writes the policy's members beside the others.
  public func encode(to encoder: any Encoder) throws {
    try policy.encode(to: encoder)
    var members = encoder.container(keyedBy: MemberName.self)
    try members.encode(_at, forKey: "at")
    try members.encode(_by, forKey: "by")
  }
}

/// A lexicon that was put in force.
public struct AdoptedLexicon: Sendable, Encodable {
  /// When, RFC 3339; `nil` for the one that is built in.
  @Nullable public var at: String?
  /// Who put it in force: an address where there is one.
  @Nullable public var by: String?
  /// What it says.
  public let lexicon: LexiconSummary

  /// Writes the lexicon's members beside the others.
  public func encode(to encoder: any Encoder) throws {
    try lexicon.encode(to: encoder)
    var members = encoder.container(keyedBy: MemberName.self)
    try members.encode(_at, forKey: "at")
    try members.encode(_by, forKey: "by")
  }
}

extension Office {
  /// Every policy that was in force up to a moment, the built-in one first.
  public func policies(asOf: AsOf = .now) throws(ScreeningError) -> [AdoptedPolicy] {
    try adoptions(in: RecordsProjection.policies, asOf: asOf) {
      (moment, at, by) throws(ScreeningError) in
      AdoptedPolicy(at: at, by: by, policy: try policy(asOf: moment))
    }
  }

  /// Every lexicon that was in force up to a moment, the built-in one first.
  public func lexicons(asOf: AsOf = .now) throws(ScreeningError) -> [AdoptedLexicon] {
    try adoptions(in: RecordsProjection.lexicons, asOf: asOf) {
      (moment, at, by) throws(ScreeningError) in
      AdoptedLexicon(at: at, by: by, lexicon: try lexicon(asOf: moment))
    }
  }

  /// What `body` makes of the log's beginning and of each position at which something was adopted.
  private func adoptions<Row, Adopted>(
    in table: TemporalTable<UInt64, Row>, asOf: AsOf,
    _ body: (AsOf, _ at: String?, _ by: String?) throws(ScreeningError) -> Adopted
  ) throws(ScreeningError) -> [Adopted] {
    let last = try resolve(asOf)
    let addresses = try addresses()
    var adopted = [try body(.position(.zero), nil, nil)]
    try scanPositions(table, of: 0) { (position) throws(ScreeningError) in
      guard position <= last else { return false }
      let event = try event(position)
      let by = event.onBehalfOf ?? event.actor
      adopted.append(
        try body(.position(position), event.at.description, addresses[by] ?? by))
      return true
    }
    return adopted
  }
}
