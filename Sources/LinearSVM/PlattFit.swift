/// The sigmoid that best turns scores into probabilities: P(OK | s) = 1 ÷ (1 + e^−(a·s + b)).
///
/// Targets and Newton's method with backtracking are those of Lin, Lin and Weng (Machine Learning 68,
/// 2007): the targets of few labels are drawn in, so that no fit runs away.
struct PlattFit: Sendable, Hashable {
  var a = 0.0
  var b: Double
  /// The inverse of the loss's second derivative at the fit.
  var covariance = Covariance(aa: 0, ab: 0, bb: 0)
  /// Each row's loss in nats against the label itself.
  var losses: [Double] = []
  /// Whether the scores tell anything in the right direction.
  var hasSignal = false

  /// The spread of a and b.
  struct Covariance: Sendable, Hashable {
    var aa: Double
    var ab: Double
    var bb: Double
  }

  /// Fits the rows for which `included` holds; there is to be at least one.
  init(scores: [Double], labels: [Bool], included: (Int) -> Bool = { _ in true }) {
    let rows = scores.indices.filter(included)
    let ok = Double(rows.count { labels[$0] })
    let ng = Double(rows.count) - ok
    let targets = (ng: 1 / (ng + 2), ok: (ok + 1) / (ok + 2))
    b = Elementary.log((ok + 1) / (ng + 1))
    var loss = loss(rows, scores, labels, targets)
    for _ in 0..<100 {
      let slope = derivatives(rows, scores, labels, targets)
      guard max(slope.a.magnitude, slope.b.magnitude) > 0x1p-34 * Double(rows.count),
        improve(&loss, slope, rows, scores, labels, targets)
      else { break }
    }
    finish(rows, scores, labels, targets)
  }

  /// The mean of ``losses``.
  var logLoss: Double { losses.reduce(0, +) / Double(losses.count) }

  func probability(_ score: Double) -> Double { Elementary.sigmoid(a * score + b) }

  private struct Derivatives {
    var a = 0.0
    var b = 0.0
    var aa = 0.0
    var ab = 0.0
    var bb = 0.0
    var determinant: Double { aa * bb - ab * ab }
  }

  private func loss(
    _ rows: [Int], _ scores: [Double], _ labels: [Bool], _ targets: (ng: Double, ok: Double)
  ) -> Double {
    var sum = 0.0
    for row in rows {
      let z = a * scores[row] + b
      sum += Elementary.softplus(z) - (labels[row] ? targets.ok : targets.ng) * z
    }
    return sum
  }

  private func derivatives(
    _ rows: [Int], _ scores: [Double], _ labels: [Bool], _ targets: (ng: Double, ok: Double)
  ) -> Derivatives {
    var sum = Derivatives()
    for row in rows {
      let score = scores[row]
      let p = probability(score)
      let error = p - (labels[row] ? targets.ok : targets.ng)
      let weight = p * (1 - p)
      sum.a += error * score
      sum.b += error
      sum.aa += weight * score * score
      sum.ab += weight * score
      sum.bb += weight
    }
    return sum
  }

  /// Takes a Newton step, halved until it lowers the loss.
  ///
  /// - Returns: whether it did.
  private mutating func improve(
    _ loss: inout Double, _ slope: Derivatives, _ rows: [Int], _ scores: [Double],
    _ labels: [Bool], _ targets: (ng: Double, ok: Double)
  ) -> Bool {
    var ridged = slope
    // Keeps the step finite when all scores are alike.
    ridged.aa += 0x1p-40
    ridged.bb += 0x1p-40
    let determinant = ridged.determinant
    let stepA = -(ridged.bb * slope.a - ridged.ab * slope.b) / determinant
    let stepB = -(ridged.aa * slope.b - ridged.ab * slope.a) / determinant
    guard stepA.isFinite, stepB.isFinite else { return false }
    let (oldA, oldB) = (a, b)
    let descent = slope.a * stepA + slope.b * stepB
    var size = 1.0
    while size >= 0x1p-34 {
      a = oldA + size * stepA
      b = oldB + size * stepB
      let new = self.loss(rows, scores, labels, targets)
      if new < loss + 0x1p-13 * size * descent {
        loss = new
        return true
      }
      size /= 2
    }
    (a, b) = (oldA, oldB)
    return false
  }

  private mutating func finish(
    _ rows: [Int], _ scores: [Double], _ labels: [Bool], _ targets: (ng: Double, ok: Double)
  ) {
    let slope = derivatives(rows, scores, labels, targets)
    let determinant = slope.determinant
    covariance = Covariance(
      aa: slope.bb / determinant, ab: -slope.ab / determinant, bb: slope.aa / determinant)
    hasSignal =
      a > 0 && b.isFinite && determinant > 0 && covariance.aa.isFinite && covariance.bb.isFinite
    losses = rows.map { row in
      let z = a * scores[row] + b
      return Elementary.softplus(labels[row] ? -z : z)
    }
  }
}
