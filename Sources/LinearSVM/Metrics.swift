/// How well the percentages of a model did on applicants that were held out.
///
/// Each probability comes from a score of a solve, and from a calibration and a choice of C and
/// representation, that did not see the applicant's label.
public struct Metrics: Sendable, Hashable {
  /// Mean loss −ln p in nats.
  public var logLoss: Double
  /// Mean squared error of the probability.
  public var brier: Double
  /// The share of OK among the labels.
  public var baseRate: Double
  /// The log-loss of telling everybody the base rate.
  public var baseRateLogLoss: Double
  /// The Brier score of telling everybody the base rate.
  public var baseRateBrier: Double
  /// The share of applicants whose more probable label was the true one.
  public var accuracy: Double
  /// Those at or above the threshold.
  public var aboveThreshold: ThresholdRate
  /// Bins of equal size by ascending probability.
  public var reliability: [ReliabilityBin]
  /// Whether the solves behind the calibrations, too, did not see those held out; with more than ten
  /// thousand labels they did, each among many.
  public var isNested: Bool
}

/// What became of those whose percentage was at or above a threshold.
public struct ThresholdRate: Sendable, Hashable {
  /// The threshold in basis points.
  public var threshold: Int
  /// How many applicants there are.
  public var count: Int
  /// How many of them are labelled OK.
  public var ok: Int
  /// The mean of their probabilities; 0 without applicants.
  public var predicted: Double
  /// The lower end of the 90 % interval (Wilson 1927) of the share of OK; 0 without applicants.
  public var lower: Double
  /// The upper end; 1 without applicants.
  public var upper: Double

  /// The share of OK; `nil` without applicants.
  public var rate: Double? { count == 0 ? nil : Double(ok) / Double(count) }
}

/// A group of applicants with like probabilities.
public struct ReliabilityBin: Sendable, Hashable {
  /// How many applicants there are.
  public var count: Int
  /// How many of them are labelled OK.
  public var ok: Int
  /// The mean of their probabilities.
  public var predicted: Double

  /// The 90 % interval (Wilson 1927) of the share of OK.
  public var interval: (lower: Double, upper: Double) { Wilson.interval(ok: ok, of: count) }
}

extension Metrics {
  /// Measures probabilities against labels.
  ///
  /// - Parameter threshold: basis points.
  /// - Precondition: there are as many labels as probabilities, and at least one.
  public init(probabilities: [Double], labels: [Bool], threshold: Int, isNested: Bool = true) {
    self.isNested = isNested
    let count = Double(labels.count)
    let ok = labels.count { $0 }
    baseRate = Double(ok) / count
    logLoss = 0
    brier = 0
    accuracy = 0
    for (probability, label) in zip(probabilities, labels) {
      // An underflowing probability of the true label would make the whole mean infinite.
      logLoss -= Elementary.log(max(label ? probability : 1 - probability, 0x1p-52))
      let error = probability - (label ? 1 : 0)
      brier += error * error
      accuracy += (probability >= 0.5) == label ? 1 : 0
    }
    logLoss /= count
    brier /= count
    accuracy /= count
    baseRateBrier = baseRate * (1 - baseRate)
    // Nothing is lost by telling everybody the one label that there is.
    baseRateLogLoss =
      baseRate == 0 || baseRate == 1
      ? 0
      : -(baseRate * Elementary.log(baseRate) + (1 - baseRate) * Elementary.log(1 - baseRate))
    aboveThreshold = ThresholdRate(probabilities, labels, threshold)
    reliability = Self.bins(probabilities, labels)
  }

  private static func bins(_ probabilities: [Double], _ labels: [Bool]) -> [ReliabilityBin] {
    var order = [Int](labels.indices)
    order.sort { (probabilities[$0], $0) < (probabilities[$1], $1) }
    let most = min(10, order.count)
    return (0..<most).map { bin in
      let rows = order[(order.count * bin / most)..<(order.count * (bin + 1) / most)]
      var sum = 0.0
      for row in rows { sum += probabilities[row] }
      return ReliabilityBin(
        count: rows.count, ok: rows.count { labels[$0] }, predicted: sum / Double(rows.count))
    }
  }
}

extension ThresholdRate {
  init(_ probabilities: [Double], _ labels: [Bool], _ threshold: Int) {
    self.threshold = threshold
    count = 0
    ok = 0
    predicted = 0
    for (probability, label) in zip(probabilities, labels)
    where Elementary.nearest(10_000 * probability) >= threshold {
      count += 1
      ok += label ? 1 : 0
      predicted += probability
    }
    (lower, upper) = (0, 1)
    guard count > 0 else { return }
    predicted /= Double(count)
    (lower, upper) = Wilson.interval(ok: ok, of: count)
  }
}
