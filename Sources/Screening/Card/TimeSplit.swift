import EventStore
import LinearSVM

/// How a model of the earlier labels did on those given later: what held-out folds cannot show, since they
/// mix the years.
public struct TimeSplit: Sendable, Encodable {
  /// The later labels begin at this time; `nil` without a split.
  @Nullable public var from: String?
  /// How many labels the model learnt from.
  public let earlier: Int
  /// How many later labels were left out, since those labelled had handed in all but the same document as somebody
  /// the model learnt from.
  public let duplicates: Int
  /// How the percentages did on the later ones.
  @Nullable public var metrics: CardMetrics?
  /// Why there is nothing to show, as a slug: `erased`, `same-time`, `too-few-labels`, or why the model of
  /// the earlier labels gives no percentage.
  @Nullable public var reason: String?

  init(reason: String, from: String? = nil, earlier: Int = 0, duplicates: Int = 0) {
    self.from = from
    self.earlier = earlier
    self.duplicates = duplicates
    metrics = nil
    self.reason = reason
  }

  init(from: String, earlier: Int, duplicates: Int, metrics: CardMetrics) {
    self.from = from
    self.earlier = earlier
    self.duplicates = duplicates
    self.metrics = metrics
    reason = nil
  }

  /// How many later labels a measurement needs.
  static let fewestLater = 10
}

/// What taught a model, with the times of the labels.
struct TimedLessons: Sendable {
  var lessons: Lessons
  /// A row for each source of the lessons.
  var nouns: TermRows
  /// When each label was given.
  var given: [Timestamp]

  /// What the learner is given of some of the sources.
  ///
  /// - Throws: ``TrainingError`` when they teach nothing.
  func set(of indices: some Sequence<Int>) throws(TrainingError) -> TrainingSet {
    var builder = TrainingSetBuilder()
    var numbers = TermNumbers(of: nouns)
    for index in indices {
      builder.append(
        number: lessons.sources[index].applicant.rawValue, label: lessons.labels[index],
        row: index, of: nouns, &numbers)
    }
    return try builder.finish()
  }

  /// What the learner is given of everybody.
  func set() throws(ScreeningError) -> TrainingSet {
    do throws(TrainingError) { return try set(of: given.indices) } catch {
      throw .training(error, for: lessons.opening)
    }
  }
}

extension TimeSplit {
  /// Trains on the labels before a moment and looks at the percentages of those after it.
  ///
  /// The moment is the earliest for which at most three tenths of the labels lie after it, or the last before which
  /// there are labels at all. As in the folds, nobody is judged by a model that learnt from a near duplicate.
  ///
  /// - Parameter groups: the group of near duplicates of each source, by applicant.
  init(
    _ timed: TimedLessons, _ request: TrainRequest, apart groups: [UInt64: UInt64], threshold: Int,
    _ work: LongWork
  ) throws(ScreeningError) {
    let (lessons, given) = (timed.lessons, timed.given)
    let sorted = given.indices.sorted {
      (given[$0], lessons.sources[$0].applicant) < (given[$1], lessons.sources[$1].applicant)
    }
    guard let first = sorted.first, let last = sorted.last, given[first] < given[last] else {
      self.init(reason: "same-time")
      return
    }
    var cut = (sorted.count * 7 + 9) / 10
    while cut < sorted.count, cut == 0 || given[sorted[cut]] == given[sorted[cut - 1]] { cut += 1 }
    if cut == sorted.count {
      cut = sorted.firstIndex { given[$0] == given[last] } ?? 0
    }
    let from = given[sorted[cut]].description
    let earlier = sorted[..<cut]
    func group(_ index: Int) -> UInt64 {
      let number = lessons.sources[index].applicant.rawValue
      return groups[number] ?? number
    }
    let learnt = Set(earlier.map(group))
    let later = sorted[cut...].filter { !learnt.contains(group($0)) }
    let duplicates = sorted.count - cut - later.count
    func without(_ reason: String) -> TimeSplit {
      TimeSplit(reason: reason, from: from, earlier: earlier.count, duplicates: duplicates)
    }
    guard later.count >= TimeSplit.fewestLater else {
      self = without("too-few-labels")
      return
    }
    let set: TrainingSet
    do throws(TrainingError) { set = try timed.set(of: earlier) } catch {
      // One kind of label only, or no shared term: what a percentage needs is not there.
      self = without("too-few-labels")
      return
    }
    let model = try trainOnAllCores(
      set, for: lessons.opening, try request.trainingOptions(), work
    ).model
    guard let calibration = model.calibration else {
      let reason = Withholding.told(
        model.withheldReason, ok: model.labels.ok, ng: model.labels.ng
      ) { model.candidates.map(\.outcome) }
      self = without(reason ?? Withholding.unexplained)
      return
    }
    let scores = RowScores(model, of: timed.nouns)
    let metrics = Metrics(
      probabilities: later.map {
        calibration.probability(scores.score($0, of: timed.nouns).total)
      },
      labels: later.map { lessons.labels[$0] }, threshold: threshold)
    self.init(
      from: from, earlier: earlier.count, duplicates: duplicates, metrics: CardMetrics(metrics))
  }
}
