/// What the scores of those held out say: which candidate to take, its calibration, and how well it did.
struct Evaluation: Sendable {
  var candidates: [Candidate]
  var chosen = 0
  var calibration: Calibration?
  var withheld: Withheld?
  var metrics: Metrics?
  var heldOut: [HeldOut] = []
  /// The scores that the calibration was fitted to, one a row; empty without any.
  var scores: [Double] = []

  /// - Parameter results: the solves of the plan, candidate by candidate; empty when there are too few
  ///   labels.
  init(
    _ set: TrainingSet, _ folds: Folds, _ plan: HoldOutPlan, _ candidates: [Candidate],
    _ results: [SolveResult], threshold: Int
  ) {
    self.candidates = results.isEmpty ? [] : candidates
    guard !results.isEmpty else {
      withheld = .tooFewLabels
      return
    }
    let solves = candidates.indices.map { candidate in
      HeldOutScores(
        results[(candidate * plan.masks.count)..<((candidate + 1) * plan.masks.count)], folds, plan)
    }
    choose(solves.map { $0.byFold }, set)
    scores = solves[chosen].byFold ?? []
    let fit = PlattFit(scores: scores, labels: set.labels)
    if fit.hasSignal {
      calibration = Calibration(fit, folds: folds.count)
    } else {
      withheld = fit.a < 0 ? .wrongSign : .noSignal
    }
    measure(solves, set, folds, plan, threshold)
  }

  private mutating func choose(_ scores: [[Double]?], _ set: TrainingSet) {
    let losses = scores.indices.map { index -> [Double]? in
      guard let scores = scores[index] else {
        candidates[index].outcome = .gapNotReached
        return nil
      }
      let fit = PlattFit(scores: scores, labels: set.labels)
      guard fit.hasSignal else { return nil }
      candidates[index].outcome = .logLoss(fit.logLoss)
      return fit.losses
    }
    chosen =
      Selection.choose(losses, usual: Selection.usual(candidates))
      ?? scores.firstIndex { $0 != nil } ?? 0
  }

  /// Chooses and calibrates anew for every part, without its labels, and looks at its percentages.
  private mutating func measure(
    _ solves: [HeldOutScores], _ set: TrainingSet, _ folds: Folds, _ plan: HoldOutPlan,
    _ threshold: Int
  ) {
    var held = [HeldOut?](repeating: nil, count: set.count)
    for part in 0..<plan.parts {
      let isOther = { (row: Int) in plan.part(of: Int(folds.fold[row])) != part }
      let fits = solves.map { solves in
        solves.without(part).map { PlattFit(scores: $0, labels: set.labels, included: isOther) }
      }
      let best = Selection.choose(
        fits.map { $0.flatMap { $0.hasSignal ? $0.losses : nil } },
        usual: Selection.usual(candidates))
      let scores = solves[best ?? chosen].judging
      let fit = best.flatMap { fits[$0] }
      for row in set.numbers.indices where !isOther(row) {
        let score = scores?[row] ?? 0
        held[row] = HeldOut(
          number: set.numbers[row], label: set.labels[row], fold: Int(folds.fold[row]),
          probability: fit?.probability(score) ?? share(of: set.labels, isOther))
      }
    }
    heldOut = held.compactMap { $0 }
    metrics = Metrics(
      probabilities: heldOut.map { $0.probability }, labels: heldOut.map { $0.label },
      threshold: threshold, isNested: plan.isNested)
  }

  /// The share of OK among the other parts, which is what is left to say without a signal.
  private func share(of labels: [Bool], _ included: (Int) -> Bool) -> Double {
    var ok = 1.0
    var all = 2.0
    for row in labels.indices where included(row) {
      ok += labels[row] ? 1 : 0
      all += 1
    }
    return ok / all
  }
}

/// The scores of one candidate's held-out solves.
struct HeldOutScores: Sendable {
  /// Every row's score without its fold; `nil` when a solve missed its gap.
  let byFold: [Double]?
  /// Every row's score without its part.
  let judging: [Double]?
  /// For each part the other rows' scores without it.
  private let inner: [[Double]?]

  init(_ results: ArraySlice<SolveResult>, _ folds: Folds, _ plan: HoldOutPlan) {
    func gather(_ solves: [(own: Int, solve: Int)], part: (Int) -> Int) -> [Double]? {
      var scores = [Double](repeating: 0, count: folds.fold.count)
      for (own, solve) in solves {
        let result = results[results.startIndex + solve]
        guard result.isCertified else { return nil }
        for (row, score) in zip(folds.held(plan.masks[solve]), result.scores)
        where part(Int(folds.fold[Int(row)])) == own {
          scores[Int(row)] = score
        }
      }
      return scores
    }
    byFold = gather((0..<folds.count).map { ($0, $0) }) { $0 }
    guard plan.isNested else {
      (judging, inner) = (byFold, [])
      return
    }
    let parts = 0..<plan.parts
    judging = gather(parts.map { ($0, plan.outer($0)) }) { plan.part(of: $0) }
    inner = parts.map { part in
      gather(parts.filter { $0 != part }.map { ($0, plan.inner(part, $0)) }) { plan.part(of: $0) }
    }
  }

  /// The scores that a calibration without `part` is fitted to.
  func without(_ part: Int) -> [Double]? { inner.isEmpty ? byFold : inner[part] }
}
