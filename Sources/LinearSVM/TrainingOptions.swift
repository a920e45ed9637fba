/// What a training is told; what is left out is chosen by the data.
public struct TrainingOptions: Sendable, Hashable {
  /// The cost of a misplaced label; `nil` chooses by out-of-fold log-loss, or ¼ under 100 labels.
  public var c: Double?
  /// How counts become vectors; `nil` chooses by out-of-fold log-loss, or binary under 100 labels.
  public var representation: Representation?
  /// The basis points from which ``Metrics/aboveThreshold`` counts.
  public var threshold: Int

  /// The costs that a training may be given.
  public static let costs: ClosedRange<Double> = 0x1p-20...0x1p20

  /// Options that leave everything to the data.
  public init(c: Double? = nil, representation: Representation? = nil, threshold: Int = 6_500) {
    self.c = c
    self.representation = representation
    self.threshold = threshold
  }
}

/// Why a model gives no percentage.
public enum Withheld: UInt8, Sendable, Hashable, CaseIterable {
  /// Fewer than ``fewestOfAKind`` people of a kind; duplicates of one document count once.
  case tooFewLabels = 1
  /// Higher scores go with fewer OK labels.
  case wrongSign = 2
  /// The scores of those held out are all alike.
  case noSignal = 3

  /// How many people of each kind a percentage takes.
  public static let fewestOfAKind = 10

  /// The name in events.
  public var slug: String {
    switch self {
    case .tooFewLabels: "too-few-labels"
    case .wrongSign: "wrong-sign"
    case .noSignal: "no-signal"
    }
  }
}
