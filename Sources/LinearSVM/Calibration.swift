/// The map from scores to probabilities, with its uncertainty.
public struct Calibration: Sendable, Hashable {
  /// The slope: P(OK | s) = 1 ÷ (1 + e^−(a·s + b)); above zero.
  public let a: Double
  /// The shift.
  public let b: Double
  /// The variance of ``a``.
  public let varianceA: Double
  /// The covariance of ``a`` and ``b``.
  public let covarianceAB: Double
  /// The variance of ``b``.
  public let varianceB: Double

  /// The variances and the covariance, in the order aa, ab, bb.
  public var covariance: (aa: Double, ab: Double, bb: Double) {
    (varianceA, covarianceAB, varianceB)
  }

  /// - Parameter folds: how many solves the held-out scores come from.
  init(_ fit: PlattFit, folds: Int) {
    // The scores of the folds are not independent, since any two solves share most of their rows. By
    // Nadeau and Bengio (Machine Learning 52, 2003) the variance over independent scores then grows by
    // K · (rows held out ÷ rows learnt from), which for K folds is K ÷ (K − 1).
    let spread = 1 + Double(folds) / Double(folds - 1)
    self.init(
      a: fit.a, b: fit.b, varianceA: spread * fit.covariance.aa,
      covarianceAB: spread * fit.covariance.ab, varianceB: spread * fit.covariance.bb)
  }

  init(a: Double, b: Double, varianceA: Double, covarianceAB: Double, varianceB: Double) {
    self.a = a
    self.b = b
    self.varianceA = varianceA
    self.covarianceAB = covarianceAB
    self.varianceB = varianceB
  }

  /// The probability of OK for a score, between 0 and 1.
  public func probability(_ score: Double) -> Double { Elementary.sigmoid(a * score + b) }

  /// The probability of OK in basis points, to the nearest, ties to even.
  public func basisPoints(_ score: Double) -> Int {
    Elementary.nearest(10_000 * probability(score))
  }

  /// The 90 % interval of the probability in basis points, rounded outward.
  ///
  /// It is the delta-method interval of the fitted sigmoid: where the true share of OK among applicants of
  /// this score lies, given how few labels fixed the sigmoid. It is no interval for one person, and it
  /// does not cover a change of applicants or of those who label.
  public func interval(_ score: Double) -> (Int, Int) {
    let z = a * score + b
    let variance = score * score * varianceA + 2 * score * covarianceAB + varianceB
    let reach = Normal.quantile95 * (variance > 0 ? variance : 0).squareRoot()
    let low = 10_000 * Elementary.sigmoid(z - reach)
    let high = 10_000 * Elementary.sigmoid(z + reach)
    // Int(_:) cuts towards zero, which is down here.
    let up = Int(high)
    return (Int(low), Double(up) < high ? up + 1 : up)
  }
}

/// The normal distribution's constant for a 90 % interval.
enum Normal {
  /// Nineteen of twenty draws fall below it; 1.64485.
  static let quantile95 = Double(bitPattern: 0x3ffa_5152_0967_6abb)
}
