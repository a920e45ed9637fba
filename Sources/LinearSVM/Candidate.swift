/// One choice of representation and C, and how it did.
public struct Candidate: Sendable, Hashable {
  /// What became of a candidate.
  public enum Outcome: Sendable, Hashable {
    /// The log-loss of its calibrated out-of-fold scores in nats.
    case logLoss(Double)
    /// A solve missed its gap.
    case gapNotReached
    /// Its scores had no signal in the right direction.
    case withoutSignal
  }

  /// How counts become vectors.
  public var representation: Representation
  /// The cost of a misplaced label.
  public var c: Double
  /// How it did on those held out.
  public var outcome: Outcome
}

/// The choice among candidates, which stand from the simplest to the most demanding.
enum Selection {
  /// The costs tried when none is asked for.
  static let costs = [0x1p-4, 0x1p-2, 1, 4, 16]
  /// The cost with too few labels to choose by.
  static let usualCost = 0x1p-2
  /// Under so many labels nothing is chosen.
  static let fewestLabels = 100
  /// Each kind needs so many for a percentage.
  static let fewestOfAKind = 10

  static func folds(_ labels: Int) -> Int { labels < fewestLabels ? 5 : 10 }

  /// The first candidate whose loss is within half a percent of the smallest.
  static func choose(_ losses: [Double?]) -> Int? {
    var smallest = Double.infinity
    for case let loss? in losses { smallest = min(smallest, loss) }
    guard smallest.isFinite else { return nil }
    // Never tighter than the smallest itself, whatever rounding does.
    let accepted = max(smallest, smallest * (201.0 / 200.0))
    return losses.firstIndex { ($0 ?? .infinity) <= accepted }
  }
}
