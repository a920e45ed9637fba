/// One optimisation: which rows, their labels, and the cost.
struct Problem: Sendable {
  var features: Features
  /// Whether a row's label is OK, for all rows of the features.
  var labels: [Bool]
  /// The rows that take part, ascending.
  var sample: [UInt32]
  var c: Double
  var rule = StoppingRule()
}

/// What a solve came to.
struct Solution: Sendable {
  /// One weight a column.
  var weights: [Double]
  /// The weight of the constant feature 1, regularised like the others.
  var bias: Double
  /// One dual variable for each row of the sample.
  var alphas: [Double]
  var certificate: Certificate
  /// Whether the gap is within the limit.
  var isCertified: Bool

  /// The start of every solve: all zero, the weights left to the kernel.
  init(_ problem: Problem) {
    weights = []
    bias = 0
    alphas = [Double](repeating: 0, count: problem.sample.count)
    certificate = Certificate(
      primal: problem.c * Double(problem.sample.count), dual: 0, epochs: 0)
    isCertified = problem.sample.isEmpty
  }
}
