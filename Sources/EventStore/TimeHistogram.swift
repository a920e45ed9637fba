/// How often something took how long, in the classes that Prometheus' histograms have.
public struct TimeHistogram: Sendable, Hashable {
  /// The classes' upper bounds in seconds; a last class takes the rest.
  public static let bounds = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10]

  /// How many times fell into each class, one more than there are bounds.
  public private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
  /// All times together, in seconds.
  public private(set) var seconds = 0.0

  /// A histogram of nothing.
  public init() {}

  /// Counts a time.
  public mutating func add(_ time: Duration) {
    let taken = time / .seconds(1)
    seconds += taken
    counts[Self.bounds.firstIndex { taken <= $0 } ?? Self.bounds.count] += 1
  }
}
