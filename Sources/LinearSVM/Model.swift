/// A linear SVM with everything that a screening needs, as it lies in the log.
public struct Model: Sendable, Hashable {
  /// The name of the algorithm; another one would give other bits for the same data.
  public static let algorithm = "senko-svm/1"
  /// The name of the algorithm that trained this model.
  public var algorithm: String { Self.algorithm }

  /// The terms that have a weight, ascending by UTF-8 bytes.
  public let terms: TermList
  /// One weight a term.
  public let weights: [Double]
  /// What each term counts for before the vector is scaled, with naive Bayes; empty with another representation.
  public let termValues: [Double]
  /// What everybody's score begins with.
  public let bias: Double
  /// How counts become vectors.
  public let representation: Representation
  /// The cost of a misplaced label.
  public let c: Double
  /// What it learnt from.
  public let labels: LabelCounts
  /// How many applicants had to share a term.
  public let minimumDocumentFrequency: Int
  /// How many folds the held-out scores come from.
  public let folds: Int
  /// The map to probabilities; `nil` when there is none to be had.
  public let calibration: Calibration?
  /// Why there is no calibration.
  public let withheld: Withheld?
  /// The proof that the weights are the optimum.
  public let certificate: Certificate
  /// How the percentages did on those held out; `nil` with too few labels.
  public let metrics: Metrics?
  /// What was tried, the simplest first; empty with too few labels.
  public let candidates: [Candidate]

  /// The name of the reason for which there is no calibration.
  public var withheldReason: String? { withheld?.slug }
}

/// How many labels of each kind there are.
public struct LabelCounts: Sendable, Hashable {
  /// Applicants labelled OK.
  public var ok: Int
  /// Applicants labelled NG.
  public var ng: Int
}
