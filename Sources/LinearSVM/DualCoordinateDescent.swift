/// Dual coordinate descent for the L2-loss linear SVM (Hsieh et al., ICML 2008, algorithm 3), from zero,
/// with a fresh permutation each epoch, shrinking, and the duality gap as the only way to finish.
struct DualCoordinateDescent<Kernel: RowKernel> {
  private let problem: Problem
  private let kernel: Kernel
  private let count: Int
  /// What the squared loss adds to the diagonal: 1 ÷ 2C.
  private let ridge: Double
  /// The rows in the order of the present epoch, those left out at the end.
  private var rows: [DualRow]
  private var active: Int
  private var random = SplitMix64(state: 0x7365_6e6b_6f2d_7376)
  private var solution: Solution
  /// A row that rests at zero is left out while its gradient exceeds the last epoch's largest violation.
  private var bound = Double.infinity

  init(_ problem: Problem, _ kernel: Kernel) {
    self.problem = problem
    self.kernel = kernel
    count = problem.sample.count
    ridge = 1 / (2 * problem.c)
    rows = (0..<count).map { DualRow(problem, $0) }
    active = count
    solution = Solution(problem)
  }

  consuming func run() -> Solution {
    let rule = problem.rule
    // The margins met on the way overstate the gap: theirs shrinks as the root of the true one. How far
    // they do so is learnt from the full passes, which are made when the limit looks near.
    var steepness = 20.0
    for epoch in 1...rule.mostEpochs {
      shuffle()
      let loss = descend()
      let (half, dual) = halfNormAndDual()
      solution.certificate.epochs = epoch
      let primal = half + problem.c * loss
      let estimate = max(primal - dual, 0)
      guard
        steepness * estimate * estimate <= rule.limit(primal) * primal || epoch == rule.mostEpochs
      else { continue }
      let (fullLoss, isWronglyLeftOut) = fullLoss()
      solution.certificate.primal = half + problem.c * fullLoss
      solution.certificate.dual = dual
      let gap = solution.certificate.gap
      if gap <= rule.limit(solution.certificate.primal) {
        solution.isCertified = true
        break
      }
      if estimate > 0 { steepness = max(gap * primal / (estimate * estimate), 1) }
      if isWronglyLeftOut {
        active = count
        bound = .infinity
      }
    }
    return solution
  }

  private mutating func shuffle() {
    guard active > 1 else { return }
    for position in 0..<(active - 1) {
      let other = position + Int(random.next(below: UInt32(active - position)))
      rows.swapAt(position, other)
    }
  }

  /// One pass over the active rows.
  ///
  /// - Returns: the sum of squared losses as they were met on the way.
  private mutating func descend() -> Double {
    let kernel = kernel
    let ridge = ridge
    let bound = bound
    var active = active
    var bias = solution.bias
    var loss = 0.0
    var largest = -Double.infinity
    var position = 0
    var rows = rows.mutableSpan
    while position < active {
      let row = rows[position]
      let alpha = row.alpha
      let sign = Double(row.sign)
      let margin = sign * (kernel.product(row) + bias)
      let gradient = margin - 1 + alpha * ridge
      if margin < 1 { loss += (1 - margin) * (1 - margin) }
      var violation = gradient
      if alpha == 0 {
        if gradient > bound {
          active -= 1
          rows.swapAt(position, active)
          continue
        }
        violation = min(gradient, 0)
      }
      largest = max(largest, violation)
      position += 1
      guard violation.magnitude > 0x1p-40 else { continue }
      // Every row has length 1, the bias adds 1; an empty row is only treated too carefully.
      let new = max(alpha - gradient / (2 + ridge), 0)
      let step = (new - alpha) * sign
      rows[position - 1].alpha = new
      bias += step
      kernel.add(step, row)
    }
    self.active = active
    self.bound = largest > 0 ? largest : .infinity
    solution.bias = bias
    return loss
  }

  /// ½‖w,b‖² and the dual objective.
  private mutating func halfNormAndDual() -> (Double, Double) {
    // Summed in the order of the sample, which is not that of the epoch.
    for row in rows { solution.alphas[Int(row.index)] = row.alpha }
    let squares = kernel.squaredNorm() + solution.bias * solution.bias
    var linear = 0.0
    var quadratic = 0.0
    for alpha in solution.alphas {
      linear += alpha
      quadratic += alpha * alpha
    }
    let half = 0.5 * squares
    return (half, linear - half - 0.5 * ridge * quadratic)
  }

  /// The sum of squared losses over all rows at the present weights, and whether one of the rows that are
  /// left out has a loss.
  private func fullLoss() -> (Double, Bool) {
    var isActive = [Bool](repeating: true, count: count)
    for row in rows[active...] { isActive[Int(row.index)] = false }
    var loss = 0.0
    var isWronglyLeftOut = false
    for index in 0..<count {
      let row = DualRow(problem, index)
      let slack = 1 - Double(row.sign) * (kernel.product(row) + solution.bias)
      if slack > 0 {
        loss += slack * slack
        if !isActive[index] { isWronglyLeftOut = true }
      }
    }
    return (loss, isWronglyLeftOut)
  }
}
