/// Who would have been placed otherwise.
public struct ReplayReport: Sendable, Encodable {
  /// An applicant whose outcome differs.
  public struct Change: Sendable, Encodable {
    /// The applicant's number.
    public let applicant: UInt64
    /// The outcome with the model it is compared with.
    public let from: Outcome
    /// The outcome with the what-if model.
    public let to: Outcome
    /// Basis points with the model it is compared with.
    @Nullable public var fromProbability: Int?
    /// Basis points with the what-if model.
    @Nullable public var toProbability: Int?
    /// The words whose parts differ most, the largest first.
    public let words: [Word]
  }

  /// A word's part in the difference of two scores.
  public struct Word: Sendable, Encodable {
    /// The word.
    public let term: String
    /// Its part with the what-if model less its part with the other.
    public let difference: Double
  }

  /// How many percentages moved by how much.
  public struct Shift: Sendable, Encodable {
    /// Basis points up from which it counts, inclusive.
    public let from: Int
    /// Basis points up to which it counts, exclusive; the last bin has both ends.
    public let to: Int
    /// How many applicants.
    public let count: Int
  }

  /// How percentages did on labels.
  public struct Figures: Sendable, Encodable {
    /// Labels that have a percentage beside them.
    public let count: Int
    /// Of them OK.
    public let ok: Int
    /// Mean loss −ln p in nats.
    public let logLoss: Double
    /// Mean squared error.
    public let brier: Double
    /// The log-loss of telling everybody the share of OK among these labels.
    public let baseRateLogLoss: Double
    /// The share whose more probable label was the true one.
    public let accuracy: Double
    /// The basis points that `aboveThreshold` counts from: those of the replay, but of a recorded model's held-out
    /// figures those that it was recorded with.
    public let threshold: Int
    /// How many were at or above the threshold.
    public let aboveThreshold: Int
    /// How many of those are labelled OK.
    public let aboveThresholdOK: Int
  }

  /// How both did on labels that the what-if model has not learnt from.
  public struct Unseen: Sendable, Encodable {
    /// The what-if model.
    @Nullable public var whatIf: Figures?
    /// The model it is compared with, on the same labels where both give percentages.
    @Nullable public var present: Figures?
    /// How many of these labels the model it is compared with has learnt from: it is flattered by them.
    public let presentLearnt: Int
  }

  /// The opening replayed.
  public let opening: String
  /// The model that the what-if is compared with.
  public let model: UInt64
  /// The what-if model's number, if it is a recorded one.
  @Nullable public var candidate: UInt64?
  /// How the what-if model was trained, if it is not a recorded one.
  @Nullable public var parameters: ReplayParameters?
  /// SHA-256 of the what-if model's file.
  public let digest: String
  /// The cost of a misplaced label in the what-if model.
  public let c: Double
  /// How counts became features in the what-if model.
  public let representation: String
  /// Labels behind the what-if model.
  public let labels: ModelSummary.Labels
  /// Basis points from which the outcome is `review`, for both.
  public let threshold: Int
  /// How the what-if model did on those it learnt from, each held out.
  @Nullable public var heldOut: Figures?
  /// How both did on labels that the what-if model has not learnt from; `null` when there are none.
  @Nullable public var unseen: Unseen?
  /// Applicants that both were asked about.
  public let applicants: Int
  /// Placed alike in the ordinary review.
  public let bothReview: Int
  /// Placed alike in the second look.
  public let bothSecondLook: Int
  /// From the second look to the ordinary review.
  public let toReview: Int
  /// From the ordinary review to the second look.
  public let toSecondLook: Int
  /// Without a score from one of the two.
  public let other: Int
  /// Left out of every figure, since the policy shows a score after the label.
  public let hidden: Int
  /// The what-if percentage less the other, in bins of ten percent points.
  public let shifts: [Shift]
  /// Who would be placed otherwise.
  public let changes: [Change]
}
