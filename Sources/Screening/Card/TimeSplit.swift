import EventStore
import LinearSVM

/// How a model of the earlier labels did on those given later: what held-out folds cannot show, since they
/// mix the years.
public struct TimeSplit: Sendable, Encodable {
  /// The later labels begin at this time; `nil` without a split.
  @Nullable public var from: String?
  /// How many labels the model learnt from.
  public let earlier: Int
  /// How the percentages did on the later ones.
  @Nullable public var metrics: CardMetrics?
  /// Why there is nothing to show, as a slug: `erased`, `same-time`, `too-few-labels`, or why the model of
  /// the earlier labels gives no percentage.
  @Nullable public var reason: String?

  init(reason: String, from: String? = nil, earlier: Int = 0) {
    self.from = from
    self.earlier = earlier
    metrics = nil
    self.reason = reason
  }

  init(from: String, earlier: Int, metrics: CardMetrics) {
    self.from = from
    self.earlier = earlier
    self.metrics = metrics
    reason = nil
  }

  /// How many later labels a measurement needs.
  static let fewestLater = 10
}

/// A label that taught a model, with when it was given.
struct TimedLesson: Sendable {
  var given: Timestamp
  var example: Example
}

extension TimeSplit {
  /// Trains on the labels before a moment and looks at the percentages of those after it.
  ///
  /// The moment is the earliest for which at most three tenths of the labels lie after it.
  init(
    _ lessons: [TimedLesson], of opening: Opening, _ request: TrainRequest, threshold: Int
  ) throws(ScreeningError) {
    let sorted = lessons.sorted {
      ($0.given, $0.example.number) < ($1.given, $1.example.number)
    }
    guard let first = sorted.first, let last = sorted.last, first.given < last.given else {
      self.init(reason: "same-time")
      return
    }
    var cut = sorted.count * 7 / 10
    while cut < sorted.count, cut == 0 || sorted[cut].given == sorted[cut - 1].given { cut += 1 }
    if cut == sorted.count {
      cut = sorted.firstIndex { $0.given == last.given } ?? 0
    }
    let from = sorted[cut].given.description
    let (earlier, later) = (sorted[..<cut].map(\.example), sorted[cut...].map(\.example))
    guard later.count >= TimeSplit.fewestLater else {
      self.init(reason: "too-few-labels", from: from, earlier: earlier.count)
      return
    }
    let set: TrainingSet
    do throws(TrainingError) { set = try TrainingSet(earlier) } catch {
      // One kind of label only, or no shared term: what a percentage needs is not there.
      self.init(reason: "too-few-labels", from: from, earlier: earlier.count)
      return
    }
    let model = try trainOnAllCores(set, for: opening, try request.trainingOptions()).model
    guard let calibration = model.calibration else {
      self.init(
        reason: model.withheldReason ?? "no-percentage", from: from, earlier: earlier.count)
      return
    }
    let metrics = Metrics(
      probabilities: later.map { calibration.probability(model.score($0.terms).total) },
      labels: later.map(\.label), threshold: threshold)
    self.init(from: from, earlier: earlier.count, metrics: CardMetrics(metrics))
  }
}
