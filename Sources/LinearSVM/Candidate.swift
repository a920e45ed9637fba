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
  static let costs = [0x1p-4, 0x1p-2, 1]
  /// The cost with too few labels to choose by.
  static let usualCost = 0x1p-2
  /// Under so many labels nothing is chosen.
  static let fewestLabels = 100

  static func folds(_ labels: Int) -> Int { labels < fewestLabels ? 5 : 10 }

  /// The candidate of the smallest mean loss, if it beats the usual one clearly; else the usual one.
  ///
  /// Clearly: by more than one standard error of the differences, applicant by applicant. The smallest of
  /// many noisy means is mostly the luckiest, and would promise more than it keeps.
  ///
  /// - Parameters:
  ///   - losses: each candidate's losses by applicant; `nil` for one that is out of the question.
  ///   - usual: the candidate taken without evidence.
  static func choose(_ losses: [[Double]?], usual: Int) -> Int? {
    var best: Int?
    var smallest = Double.infinity
    for (index, losses) in losses.enumerated() {
      guard let losses, !losses.isEmpty else { continue }
      let mean = losses.reduce(0, +) / Double(losses.count)
      if mean < smallest { (best, smallest) = (index, mean) }
    }
    guard let best, best != usual, let first = losses[best], let second = losses[usual] else {
      return best
    }
    let count = Double(first.count)
    let mean = zip(first, second).reduce(0) { $0 + ($1.1 - $1.0) } / count
    let squares = zip(first, second).reduce(0) {
      $0 + ($1.1 - $1.0 - mean) * ($1.1 - $1.0 - mean)
    }
    return mean > (squares / (count * max(count - 1, 1))).squareRoot() ? best : usual
  }

  /// The candidate that is as good as any on most sets of résumé length.
  ///
  /// It is naive Bayes at the usual cost, where that is among them; else the first of the usual cost, or
  /// the first.
  static func usual(_ candidates: [Candidate]) -> Int {
    candidates.firstIndex { $0.c == usualCost && $0.representation == .naiveBayes }
      ?? candidates.firstIndex { $0.c == usualCost }
      ?? candidates.firstIndex { $0.representation == .naiveBayes } ?? 0
  }

  /// What is tried, the simplest first: several costs of one representation, of the others the usual one.
  ///
  /// More candidates made the choice luckier, not better.
  static func candidates(_ options: TrainingOptions, mayChoose: Bool) -> [Candidate] {
    let representations =
      options.representation.map { [$0] } ?? (mayChoose ? Representation.allCases : [.binary])
    return representations.flatMap { representation in
      let isOne = representations.count == 1 || representation == .naiveBayes
      let costs = options.c.map { [$0] } ?? (mayChoose && isOne ? costs : [usualCost])
      return costs.map { Candidate(representation: representation, c: $0, outcome: .withoutSignal) }
    }
  }
}
