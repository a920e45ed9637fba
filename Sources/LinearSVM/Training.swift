/// A training in phases of independent solves.
///
/// The caller runs the jobs of ``pending``, on as many threads as it likes, and hands all their results to
/// ``complete(_:)`` in any order, until ``finished`` is there. The bits of the model depend on neither.
public struct Training: Sendable {
  /// The jobs of the present phase; empty when the training is finished.
  public private(set) var pending: [SolveJob] = []
  /// The model, after the last phase.
  public private(set) var finished: TrainedModel?
  /// How many jobs all phases have together.
  public let solves: Int

  private let set: TrainingSet
  private let options: TrainingOptions
  private let folds: Folds
  private let plan: HoldOutPlan
  private let duplicates: DuplicateGroups
  private let candidates: [Candidate]
  /// Whether there are people enough for percentages.
  private let isCalibrated: Bool
  private var evaluation: Evaluation?

  /// Prepares a training.
  ///
  /// - Throws: ``TrainingError/invalidC``.
  public init(
    _ set: TrainingSet, options: TrainingOptions = TrainingOptions()
  ) throws(TrainingError) {
    if let c = options.c, !TrainingOptions.costs.contains(c) { throw .invalidC }
    self.set = set
    self.options = options
    duplicates = DuplicateGroups(set)
    folds = Folds(set, groups: duplicates.groups, count: Selection.folds(set.count))
    plan = HoldOutPlan(folds: folds.count, labels: set.count)
    isCalibrated = min(folds.groups.ok, folds.groups.ng) >= Withheld.fewestOfAKind
    let mayChoose = isCalibrated && set.count >= Selection.fewestLabels
    candidates = Selection.candidates(options, mayChoose: mayChoose)
    // A second phase is the chosen candidate's last solve; where there is no choice, it belongs to the first.
    solves = (isCalibrated ? candidates.count * plan.masks.count : 0) + 1
    pending = firstPhase()
  }

  private func firstPhase() -> [SolveJob] {
    var jobs: [SolveJob] = []
    if isCalibrated {
      for candidate in candidates {
        for held in plan.masks { jobs.append(job(candidate, held, jobs.count)) }
      }
    }
    if candidates.count == 1 { jobs.append(job(candidates[0], [], jobs.count)) }
    return jobs
  }

  private func job(_ candidate: Candidate, _ held: FoldMask, _ index: Int) -> SolveJob {
    SolveJob(
      set: set, representation: candidate.representation, c: candidate.c, folds: folds, held: held,
      index: index)
  }

  /// Takes the results of all pending jobs, in any order.
  ///
  /// - Throws: ``TrainingError/foreignResults``, and ``TrainingError/gapNotReached(gap:limit:epochs:)``
  ///   for the final solve.
  public mutating func complete(_ results: [SolveResult]) throws(TrainingError) {
    guard finished == nil else { throw .foreignResults }
    let results = results.sorted { $0.index < $1.index }
    guard results.map({ $0.index }) == pending.map({ $0.index }) else { throw .foreignResults }
    if evaluation == nil {
      let solved = results.filter { $0.solution == nil }
      evaluation = Evaluation(
        set, folds, plan, candidates, isCalibrated ? solved : [], threshold: options.threshold)
    }
    if let last = results.last, last.solution != nil {
      try finish(last)
    } else if let evaluation {
      pending = [job(candidates[evaluation.chosen], [], 0)]
    }
  }

  private mutating func finish(_ result: SolveResult) throws(TrainingError) {
    guard let solution = result.solution, let evaluation else { throw .foreignResults }
    let certificate = solution.certificate
    guard solution.isCertified else {
      throw .gapNotReached(
        gap: certificate.gap, limit: StoppingRule().limit(certificate.primal),
        epochs: certificate.epochs)
    }
    let chosen = candidates[evaluation.chosen]
    let model = Model(
      terms: set.vocabulary, weights: solution.weights, termValues: result.termValues,
      bias: solution.bias, representation: chosen.representation, c: chosen.c,
      labels: LabelCounts(ok: set.okCount, ng: set.ngCount),
      minimumDocumentFrequency: set.minimumDocumentFrequency, folds: folds.count,
      calibration: evaluation.calibration, withheld: evaluation.withheld,
      certificate: certificate, metrics: evaluation.metrics, candidates: evaluation.candidates)
    finished = TrainedModel(
      model: model, alphas: solution.alphas, heldOut: evaluation.heldOut,
      heldOutScores: evaluation.scores, duplicates: duplicates.shared(in: set))
    pending = []
  }
}

/// Trains a model, solve after solve on the caller's thread.
///
/// - Throws: ``TrainingError``.
public func train(
  _ set: TrainingSet, options: TrainingOptions = TrainingOptions()
) throws(TrainingError) -> TrainedModel {
  var training = try Training(set, options: options)
  while true {
    if let finished = training.finished { return finished }
    try training.complete(training.pending.map { $0.run() })
  }
}
