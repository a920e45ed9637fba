/// How one group fared.
public struct GroupFigures: Sendable, Encodable {
  /// Why a group's outcome is not told.
  public enum Withheld: String, Sendable, Encodable {
    /// There are fewer than five people, whose outcomes it would tell.
    case few
    /// The outcome of fewer than five other people would follow from it, by subtracting.
    case derivable
  }

  /// The group's values by attribute, such as `female`, or `female × thirties`; `unknown` for those who
  /// declared none.
  public let group: String
  /// How many people there are.
  public let count: Int
  /// How many of them were selected; `nil` where that is withheld.
  @Nullable public var selected: Int?
  /// The share selected; `nil` where that is.
  @Nullable public var rate: Double?
  /// The share over the largest share; `nil` for unknown groups, those under 2 % of all and where it is withheld.
  @Nullable public var impactRatio: Double?
  /// Whether the ratio is under four fifths (29 CFR 1607.4 D).
  public let underFourFifths: Bool
  /// Whether there are fewer than 30, or than 2 % of all: too few to say much.
  public let small: Bool
  /// Why the outcome is not told; `nil` where it is.
  @Nullable public var withheld: Withheld?
}

extension GroupFigures {
  /// The group of those who declared nothing.
  static let unknown = "unknown"

  /// Groups of fewer are counted, and nothing more is told of them.
  static let fewest = 5

  /// Computes rates and impact ratios (6 RCNY § 5-300 and following, for New York City's Local Law 144).
  ///
  /// - Parameters:
  ///   - counts: the groups with how many people they have, and how many were selected.
  ///   - derivable: the groups to withhold so that the outcomes of smaller ones do not follow.
  static func table(
    _ counts: [(group: String, count: Int, selected: Int)], derivable: Set<String> = []
  ) -> [GroupFigures] {
    let total = counts.map(\.count).reduce(0, +)
    // Such small groups may be left out of the ratios, not out of the table.
    func isJudged(_ group: String, _ count: Int) -> Bool {
      group != unknown && count * 50 >= total
    }
    let withheld = counts.map { entry -> Withheld? in
      entry.count < fewest ? .few : derivable.contains(entry.group) ? .derivable : nil
    }
    let rates = zip(counts, withheld).map { entry, withheld in
      withheld == nil ? Double(entry.selected) / Double(entry.count) : nil
    }
    let best = zip(counts, rates).compactMap { isJudged($0.group, $0.count) ? $1 : nil }.max() ?? 0
    return counts.indices.map { index in
      let (entry, rate) = (counts[index], rates[index])
      let judged = isJudged(entry.group, entry.count) && best > 0
      let ratio = judged ? rate.map { $0 / best } : nil
      return GroupFigures(
        group: entry.group, count: entry.count, selected: rate.map { _ in entry.selected },
        rate: rate, impactRatio: ratio, underFourFifths: ratio.map { $0 < 0.8 } ?? false,
        small: entry.count < 30 || entry.count * 50 < total, withheld: withheld[index])
    }
  }
}
