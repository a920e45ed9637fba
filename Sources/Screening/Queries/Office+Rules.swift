import EventStore
import Projections

/// A policy or a lexicon that was put in force.
public struct Adopted<Rule: Sendable & Encodable>: Sendable, Encodable {
  /// When, RFC 3339; `nil` for the one that is built in.
  @Nullable public var at: String?
  /// Who put it in force: an address where there is one.
  @Nullable public var by: String?
  /// What it says.
  public let rule: Rule

  /// Writes the rule's members beside the others.
  public func encode(to encoder: any Encoder) throws {
    try rule.encode(to: encoder)
    var members = encoder.container(keyedBy: MemberName.self)
    try members.encode(_at, forKey: "at")
    try members.encode(_by, forKey: "by")
  }
}

extension Office {
  /// Every policy that was in force up to a moment, the built-in one first.
  public func policies(asOf: AsOf = .now) throws(ScreeningError) -> [Adopted<PolicySummary>] {
    try adoptions(in: RecordsProjection.policies, asOf: asOf) {
      (moment) throws(ScreeningError) in try policy(asOf: moment)
    }
  }

  /// Every lexicon that was in force up to a moment, the built-in one first.
  public func lexicons(asOf: AsOf = .now) throws(ScreeningError) -> [Adopted<LexiconSummary>] {
    try adoptions(in: RecordsProjection.lexicons, asOf: asOf) {
      (moment) throws(ScreeningError) in try lexicon(asOf: moment)
    }
  }

  /// The rules in force at the log's beginning and from each position at which one was adopted.
  private func adoptions<Row, Rule>(
    in table: TemporalTable<UInt64, Row>, asOf: AsOf,
    _ rule: (AsOf) throws(ScreeningError) -> Rule
  ) throws(ScreeningError) -> [Adopted<Rule>] {
    let last = try resolve(asOf)
    let addresses = try addresses()
    var adopted = [Adopted(at: nil, by: nil, rule: try rule(.position(.zero)))]
    try scanPositions(table, of: 0) { (position) throws(ScreeningError) in
      guard position <= last else { return false }
      let event = try event(position)
      let by = event.onBehalfOf ?? event.actor
      adopted.append(
        Adopted(
          at: event.at.description, by: addresses[by] ?? by, rule: try rule(.position(position))))
      return true
    }
    return adopted
  }
}
