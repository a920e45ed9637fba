import Cryptography
import EventStore
import LinearSVM

/// The tally of two models over the same applicants.
struct ReplayComparison {
  /// One of the two.
  struct Side {
    let model: LinearSVM.Model
    /// Whose labels it learnt from.
    let taught: Set<ApplicantNumber>
    /// Everybody's nouns as it hears them, each applicant's in the order of UTF-8 bytes.
    let nouns: NounTable
    private let scores: RowScores

    init(model: LinearSVM.Model, taught: Set<ApplicantNumber>, nouns: NounTable) {
      self.model = model
      self.taught = taught
      self.nouns = nouns
      scores = RowScores(model, of: nouns.nouns)
    }

    /// What the model says of the applicant at `index`.
    func judged(_ row: ApplicantRow, at index: Int, threshold: Int) -> ApplicantScreened {
      let score = scores.score(index, of: nouns.nouns)
      var screened = ApplicantScreened(
        applicant: row.number, opening: row.opening, readings: [], policy: .zero,
        threshold: threshold, outcome: .unscored, excluded: nouns.excluded[index],
        known: score.knownTerms, unknown: score.unknownTerms)
      screened.judge(by: model, score.total)
      return screened
    }

    /// The probability behind what the model said, unrounded; `nil` without a score or a calibration.
    func probability(_ screened: ApplicantScreened) -> Double? {
      guard let score = screened.score else { return nil }
      return model.calibration?.probability(score)
    }
  }

  let present: Side
  let whatIf: Side
  let threshold: Int
  private var applicants = 0
  private var hidden = 0
  private var outcomes: [Placement: Int] = [:]
  private var shifts = [Int](repeating: 0, count: 20)
  private var unseen = (whatIf: Judged(), present: Judged(), learnt: 0)
  private var changes: [ReplayReport.Change] = []
  /// Whose score is neither told nor counted: totals at several thresholds would tell it.
  private let veil: ScoreVeil

  private struct Placement: Hashable {
    var from: Outcome
    var to: Outcome
  }

  /// Percentages with the labels that turned out.
  private struct Judged {
    var probabilities: [Double] = []
    var labels: [Bool] = []

    mutating func add(_ probability: Double, _ label: Label) {
      probabilities.append(probability)
      labels.append(label == .ok)
    }

    func figures(_ threshold: Int) -> ReplayReport.Figures? {
      labels.isEmpty
        ? nil
        : ReplayReport.Figures(
          Metrics(probabilities: probabilities, labels: labels, threshold: threshold),
          count: labels.count, ok: labels.count { $0 })
    }
  }

  init(present: Side, whatIf: Side, threshold: Int, veil: ScoreVeil) {
    self.veil = veil
    self.present = present
    self.whatIf = whatIf
    self.threshold = threshold
  }

  /// Asks both about one applicant, whose nouns stand at `index`.
  mutating func add(_ row: ApplicantRow, at index: Int) {
    applicants += 1
    guard !veil.hides(row) else {
      hidden += 1
      return
    }
    let before = present.judged(row, at: index, threshold: threshold)
    let after = whatIf.judged(row, at: index, threshold: threshold)
    outcomes[Placement(from: before.outcome, to: after.outcome), default: 0] += 1
    if let old = before.probability, let new = after.probability {
      shifts[min((new - old + 10_000) / 1_000, 19)] += 1
    }
    addUnseen(row, before, after)
    guard before.outcome != after.outcome else { return }
    changes.append(
      .init(
        applicant: row.number.rawValue, from: before.outcome, to: after.outcome,
        fromProbability: before.probability, toProbability: after.probability,
        words: words(at: index)))
  }

  private mutating func addUnseen(
    _ row: ApplicantRow, _ before: ApplicantScreened, _ after: ApplicantScreened
  ) {
    guard let lesson = row.lesson, !whatIf.taught.contains(row.number) else { return }
    let (new, old) = (whatIf.probability(after), present.probability(before))
    // Where both give percentages, they are compared on those to whom both gave one.
    if whatIf.model.calibration != nil, present.model.calibration != nil, new == nil || old == nil {
      return
    }
    if let new { unseen.whatIf.add(new, lesson.label) }
    if let old {
      unseen.present.add(old, lesson.label)
      if present.taught.contains(row.number) { unseen.learnt += 1 }
    }
  }

  private func words(at index: Int) -> [ReplayReport.Word] {
    var differences: [[UInt8]: Double] = [:]
    for part in whatIf.model.score(whatIf.nouns.nouns(at: index).terms).contributions {
      differences[part.term, default: 0] += part.value
    }
    for part in present.model.score(present.nouns.nouns(at: index).terms).contributions {
      differences[part.term, default: 0] -= part.value
    }
    return
      differences
      .map {
        ReplayReport.Word(term: String(decoding: $0.key, as: UTF8.self), difference: $0.value)
      }
      .sorted { (abs($1.difference), $0.term) < (abs($0.difference), $1.term) }
      .prefix(5).filter { $0.difference != 0 }
  }

  /// What came of it.
  func report(
    for request: ReplayRequest, against model: ModelNumber, _ candidate: ReplayCandidate
  ) -> ReplayReport {
    func count(_ from: Outcome, _ to: Outcome) -> Int {
      outcomes[Placement(from: from, to: to), default: 0]
    }
    let placed =
      count(.review, .review) + count(.secondLook, .secondLook) + count(.secondLook, .review)
      + count(.review, .secondLook)
    let seesUnseen = !unseen.whatIf.labels.isEmpty || !unseen.present.labels.isEmpty
    return ReplayReport(
      opening: request.opening.slug, model: model.rawValue,
      candidate: candidate.number?.rawValue, parameters: candidate.parameters,
      digest: SHA256.hash(whatIf.model.encoded()).hex, c: whatIf.model.c,
      representation: whatIf.model.representation.slug, labels: candidate.labels,
      threshold: threshold,
      heldOut: candidate.heldOut.map {
        .init($0, count: candidate.labels.ok + candidate.labels.ng, ok: candidate.labels.ok)
      },
      unseen: seesUnseen
        ? .init(
          whatIf: unseen.whatIf.figures(threshold), present: unseen.present.figures(threshold),
          presentLearnt: unseen.learnt) : nil,
      applicants: applicants, bothReview: count(.review, .review),
      bothSecondLook: count(.secondLook, .secondLook), toReview: count(.secondLook, .review),
      toSecondLook: count(.review, .secondLook), other: applicants - hidden - placed,
      hidden: hidden,
      shifts: shifts.enumerated().map { index, count in
        .init(from: index * 1_000 - 10_000, to: index * 1_000 - 9_000, count: count)
      }, changes: changes)
  }
}

extension ReplayReport.Figures {
  init(_ metrics: Metrics, count: Int, ok: Int) {
    self.init(
      count: count, ok: ok, logLoss: metrics.logLoss, brier: metrics.brier,
      baseRateLogLoss: metrics.baseRateLogLoss, accuracy: metrics.accuracy,
      threshold: metrics.aboveThreshold.threshold,
      aboveThreshold: metrics.aboveThreshold.count, aboveThresholdOK: metrics.aboveThreshold.ok)
  }
}
