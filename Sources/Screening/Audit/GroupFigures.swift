/// How one group fared.
public struct GroupFigures: Sendable, Encodable {
  /// The group's values by attribute, such as `female`, or `female × thirties`; `unknown` for those who declared
  /// none, `(others)` for all who are in no other row, some of whom declared what too few did.
  public let group: String
  /// How many people there are.
  public let count: Int
  /// How many of them were selected.
  public let selected: Int
  /// The share selected; `nil` of nobody.
  @Nullable public var rate: Double?
  /// The share over the largest share; `nil` for unknown and other groups, and those under 2 % of all.
  @Nullable public var impactRatio: Double?
  /// Whether the ratio is under four fifths (29 CFR 1607.4 D).
  public let underFourFifths: Bool
  /// Whether there are fewer than 30, or than 2 % of all: too few to say much.
  public let small: Bool
}

extension GroupFigures {
  /// The group of those who declared nothing.
  static let unknown = "unknown"
  /// Those who are told of in no row of their own; no value can be spelt like it.
  static let others = "(others)"

  /// Nothing is told of fewer people.
  static let fewest = 5

  /// Computes rates and impact ratios (6 RCNY § 5-300 and following, for New York City's Local Law 144).
  ///
  /// - Parameter counts: the groups with how many people they have, and how many were selected.
  static func table(_ counts: [(group: String, count: Int, selected: Int)]) -> [GroupFigures] {
    let total = counts.map(\.count).reduce(0, +)
    // Such small groups may be left out of the ratios, not out of the table.
    func isJudged(_ group: String, _ count: Int) -> Bool {
      group != unknown && group != others && count * 50 >= total
    }
    let rates = counts.map { $0.count > 0 ? Double($0.selected) / Double($0.count) : nil }
    let best = zip(counts, rates).compactMap { isJudged($0.group, $0.count) ? $1 : nil }.max() ?? 0
    return zip(counts, rates).map { entry, rate in
      let judged = isJudged(entry.group, entry.count) && best > 0
      let ratio = judged ? rate.map { $0 / best } : nil
      return GroupFigures(
        group: entry.group, count: entry.count, selected: entry.selected, rate: rate,
        impactRatio: ratio, underFourFifths: ratio.map { $0 < 0.8 } ?? false,
        small: entry.count < 30 || entry.count * 50 < total)
    }
  }
}
