import LinearSVM

/// How one group fared.
public struct GroupFigures: Sendable, Encodable {
  /// The group's values by attribute, such as `female`, or `female × thirties`; `(unknown)` for those who declared
  /// none, which early reports call `unknown`, `(others)` for all who are in no other row, some of whom declared what
  /// too few did.
  public let group: String
  /// How many people there are.
  public let count: Int
  /// How many of them were selected.
  public let selected: Int
  /// The share selected; `nil` of nobody.
  @Nullable public var rate: Double?
  /// The 90 % interval (Wilson 1927) of the share; 0 to 1 of nobody.
  public let interval: [Double]
  /// The share over the largest share of the groups that are told; `nil` for unknown and other groups, and those under
  /// 2 % of all.
  @Nullable public var impactRatio: Double?
  /// Whether the ratio is under four fifths (29 CFR 1607.4 D), be it by chance.
  public let underFourFifths: Bool
  /// Whether the share differs from the largest one by more than chance gives once in twenty (Fisher's exact test of
  /// both sides); `nil` where the ratio is.
  @Nullable public var significant: Bool?
  /// Whether there are fewer than 30, or than 2 % of all: too few to say much.
  public let small: Bool
}

extension GroupFigures {
  /// The group of those who declared nothing; no value can be spelt like it.
  static let unknown = "(unknown)"
  /// What early reports call those who declared nothing, together with whoever declared just this.
  private static let formerUnknown = "unknown"
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
      ![unknown, formerUnknown, others].contains(group) && count > 0 && count * 50 >= total
    }
    func rate(_ entry: (group: String, count: Int, selected: Int)) -> Double? {
      entry.count > 0 ? Double(entry.selected) / Double(entry.count) : nil
    }
    let best = counts.filter { isJudged($0.group, $0.count) }
      .max { (rate($0) ?? 0) < (rate($1) ?? 0) }
    return counts.map { entry in
      let judged = best.flatMap { best in
        best.selected > 0 && isJudged(entry.group, entry.count) ? best : nil
      }
      let ratio = judged.flatMap { best in rate(entry).map { $0 / (rate(best) ?? 1) } }
      let interval = Wilson.interval(ok: entry.selected, of: entry.count)
      return GroupFigures(
        group: entry.group, count: entry.count, selected: entry.selected, rate: rate(entry),
        interval: [interval.lower, interval.upper], impactRatio: ratio,
        underFourFifths: ratio.map { $0 < 0.8 } ?? false,
        significant: judged.map { best in
          FisherTest.probability(
            entry.selected, of: entry.count, against: best.selected, of: best.count) < 0.05
        }, small: entry.count < 30 || entry.count * 50 < total)
    }
  }
}
