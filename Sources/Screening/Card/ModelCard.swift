import LinearSVM

/// What stands on the card of a model: data, worth, limits (Mitchell et al., "Model Cards for Model
/// Reporting", FAT* 2019).
///
/// Everything comes from the log. What needs the résumés again is `nil` once one of them was erased; nobody
/// but the applicants themselves can be found in it, since a term is spelt only where three share it.
public struct ModelCard: Sendable, Encodable {
  /// What the model learnt from.
  public struct Data: Sendable, Encodable {
    /// Labels of each kind, and how many were given with no score in view.
    public let labels: ModelSummary.Labels
    /// Who had a label and taught nothing; `nil` for a model of the first version of senko, which did not tell.
    @Nullable public var leftOut: LeftOut?
    /// When the first of the labels was given.
    @Nullable public var first: String?
    /// When the last was.
    @Nullable public var last: String?
    /// How many of the applicants were erased since.
    public let erased: Int
    /// How many applicants have all but the same nouns as another one; they stayed in one fold.
    @Nullable public var duplicates: Int?
    /// SHA-256 of the fingerprint that all readings share.
    public let analysis: String
    /// What the exclusion lexicon is called.
    public let lexicon: String
    /// SHA-256 of the lexicon's text.
    public let lexiconDigest: String
    /// SHA-256 of the canonical training data.
    public let digest: String
    /// SHA-256 of the list of labels and readings.
    public let manifest: String
  }

  /// A choice of representation and C that was tried.
  public struct Candidate: Sendable, Encodable {
    /// How counts become features.
    public let representation: String
    /// The cost of a misplaced label.
    public let c: Double
    /// Its out-of-fold log-loss in nats.
    @Nullable public var logLoss: Double?
    /// Why it has none.
    @Nullable public var dropped: String?
  }

  /// The proof that the weights are the optimum.
  public struct Certificate: Sendable, Encodable {
    /// The primal objective.
    public let primal: Double
    /// The dual objective.
    public let dual: Double
    /// primal − dual.
    public let gap: Double
    /// Passes over the data.
    public let epochs: Int
    /// By how much a score is off at most: √2 · √(2 · gap), for a vector of length 1 and the bias.
    public let scoreError: Double
    /// SHA-256 of the weights' bits.
    public let weights: String
    /// SHA-256 of the dual variables' bits.
    public let alphas: String
  }

  /// A group of words that the lexicon keeps from the model.
  public struct ExcludedMatter: Sendable, Encodable {
    /// The matter or class, as a slug.
    public let category: String
    /// How many of the applicants wrote something of it.
    public let applicants: Int
    /// The terms that at least three of them share, the heaviest in the shadow model first.
    public let terms: [ExcludedTerm]
    /// How many other terms there are, which are not spelt.
    public let rare: Int

    /// The matter with its numbers alone.
    var unspelt: Self {
      Self(category: category, applicants: applicants, terms: [], rare: terms.count + rare)
    }
  }

  /// The card for those who may see how much was excluded, but not which words.
  public var withoutExcludedWords: Self {
    var card = self
    card.excluded = excluded?.map(\.unspelt)
    return card
  }

  /// The model's number.
  public let model: UInt64
  /// The opening it is for.
  public let opening: String
  /// SHA-256 of the model file.
  public let digest: String
  /// When it was trained.
  public let trained: String
  /// The last event that the training saw.
  public let through: UInt64
  /// Whether it is the one in force for its opening.
  public let inForce: Bool
  /// The algorithm's name and version.
  public let algorithm: String
  /// What it learnt from.
  public let data: Data
  /// How many terms have a weight.
  public let terms: Int
  /// How many applicants had to share a term.
  public let minimumDocumentFrequency: Int
  /// How counts become features.
  public let representation: String
  /// The cost of a misplaced label.
  public let c: Double
  /// What was tried; empty with too few labels.
  public let candidates: [Candidate]
  /// The proof that the weights are the optimum.
  public let certificate: Certificate
  /// Why there are no percentages, as a slug.
  @Nullable public var withheld: String?
  /// How the percentages did on those held out; `nil` with too few labels.
  @Nullable public var metrics: CardMetrics?
  /// How a model of the earlier labels did on the later ones.
  public let overTime: TimeSplit
  /// What the model was not told; `nil` once somebody was erased.
  @Nullable public var excluded: [ExcludedMatter]?
  /// What to look at before the percentages are believed.
  public let warnings: [ModelWarning]
  /// What the model cannot do, in Japanese and English.
  public let limits: [CardText]
}

/// A sentence in two languages.
public struct CardText: Sendable, Encodable, Hashable {
  /// In Japanese.
  public let ja: String
  /// In English.
  public let en: String

  /// Says the same twice.
  public init(_ ja: String, _ en: String) {
    self.ja = ja
    self.en = en
  }

  /// The sentence in a language.
  public func callAsFunction(_ language: CardLanguage) -> String { language == .ja ? ja : en }
}

/// The languages of a card.
public enum CardLanguage: String, Sendable, CaseIterable {
  /// Japanese and English.
  case ja, en
}

/// How percentages did on applicants whose labels they had not seen.
public struct CardMetrics: Sendable, Encodable {
  /// What became of those at or above a threshold.
  public struct AboveThreshold: Sendable, Encodable {
    /// The threshold in basis points.
    public let threshold: Int
    /// How many applicants there are.
    public let count: Int
    /// How many of them are labelled OK.
    public let ok: Int
    /// The mean of their probabilities.
    public let predicted: Double
    /// The share of OK; `nil` without applicants.
    @Nullable public var observed: Double?
    /// The 90 % interval (Wilson 1927) of the share.
    public let interval: [Double]
  }

  /// A group of applicants with like probabilities.
  public struct Bin: Sendable, Encodable {
    /// How many applicants there are.
    public let count: Int
    /// How many of them are labelled OK.
    public let ok: Int
    /// The mean of their probabilities.
    public let predicted: Double
    /// The share of OK.
    public let observed: Double
    /// The 90 % interval (Wilson 1927) of the share.
    public let interval: [Double]
  }

  /// How many applicants were held out.
  public let count: Int
  /// Mean loss −ln p in nats.
  public let logLoss: Double
  /// The log-loss of telling everybody the base rate.
  public let baseRateLogLoss: Double
  /// Mean squared error of the probability.
  public let brier: Double
  /// The Brier score of telling everybody the base rate.
  public let baseRateBrier: Double
  /// The share of OK.
  public let baseRate: Double
  /// The share of applicants whose more probable label was the true one.
  public let accuracy: Double
  /// Whether no solve behind a percentage saw the label.
  public let nested: Bool
  /// Those at or above the threshold.
  public let aboveThreshold: AboveThreshold
  /// Bins of equal size by ascending probability.
  public let reliability: [Bin]
  /// A reliability diagram as SVG.
  public let plot: String

  init(_ metrics: Metrics) {
    let above = metrics.aboveThreshold
    count = metrics.reliability.reduce(0) { $0 + $1.count }
    logLoss = metrics.logLoss
    baseRateLogLoss = metrics.baseRateLogLoss
    brier = metrics.brier
    baseRateBrier = metrics.baseRateBrier
    baseRate = metrics.baseRate
    accuracy = metrics.accuracy
    nested = metrics.isNested
    aboveThreshold = AboveThreshold(
      threshold: above.threshold, count: above.count, ok: above.ok, predicted: above.predicted,
      observed: above.rate, interval: [above.lower, above.upper])
    reliability = metrics.reliability.map { bin in
      let interval = bin.interval
      return Bin(
        count: bin.count, ok: bin.ok, predicted: bin.predicted,
        observed: Double(bin.ok) / Double(bin.count), interval: [interval.lower, interval.upper])
    }
    plot = String(decoding: metrics.reliabilityPlot(), as: UTF8.self)
  }
}
