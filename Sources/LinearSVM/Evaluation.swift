/// What the scores of those held out say: which candidate to take, its calibration, and how well it did.
struct Evaluation: Sendable {
  var candidates: [Candidate]
  var chosen = 0
  var calibration: Calibration?
  var withheld: Withheld?
  var metrics: Metrics?
  var heldOut: [HeldOut] = []

  /// - Parameter results: the solves without each fold, candidate by candidate; empty when there are too
  ///   few labels.
  init(
    _ set: TrainingSet, _ folds: Folds, _ candidates: [Candidate], _ results: [SolveResult],
    threshold: Int
  ) {
    self.candidates = results.isEmpty ? [] : candidates
    guard !results.isEmpty else {
      withheld = .tooFewLabels
      return
    }
    let scores = candidates.indices.map { candidate in
      Self.gather(results[(candidate * folds.count)..<((candidate + 1) * folds.count)], folds)
    }
    choose(scores, set)
    let fit = PlattFit(scores: scores[chosen] ?? [], labels: set.labels)
    if fit.hasSignal {
      calibration = Calibration(fit)
    } else {
      withheld = fit.a < 0 ? .wrongSign : .noSignal
    }
    measure(scores, set, folds, threshold)
  }

  /// The scores of all rows; `nil` when a solve missed its gap.
  private static func gather(_ results: ArraySlice<SolveResult>, _ folds: Folds) -> [Double]? {
    guard results.allSatisfy({ $0.isCertified }) else { return nil }
    var scores = [Double](repeating: 0, count: folds.fold.count)
    for (held, result) in results.enumerated() {
      for (row, score) in zip(folds.held(held), result.scores) { scores[Int(row)] = score }
    }
    return scores
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

  /// Chooses and calibrates anew for every fold, without its labels, and looks at its percentages.
  private mutating func measure(
    _ scores: [[Double]?], _ set: TrainingSet, _ folds: Folds, _ threshold: Int
  ) {
    var held = [HeldOut?](repeating: nil, count: set.count)
    for fold in 0..<folds.count {
      let isOther = { (row: Int) in Int(folds.fold[row]) != fold }
      let fits = scores.map { scores in
        scores.map { PlattFit(scores: $0, labels: set.labels, included: isOther) }
      }
      let best = Selection.choose(
        fits.map { $0.flatMap { $0.hasSignal ? $0.losses : nil } },
        usual: Selection.usual(candidates))
      for row in folds.held(fold) {
        let row = Int(row)
        let score = scores[best ?? chosen]?[row] ?? 0
        let fit = best.flatMap { fits[$0] }
        held[row] = HeldOut(
          number: set.numbers[row], label: set.labels[row], fold: fold, score: score,
          probability: fit?.probability(score) ?? share(of: set.labels, isOther))
      }
    }
    heldOut = held.compactMap { $0 }
    metrics = Metrics(
      probabilities: heldOut.map { $0.probability }, labels: heldOut.map { $0.label },
      threshold: threshold)
  }

  /// The share of OK among the other folds, which is what is left to say without a signal.
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
