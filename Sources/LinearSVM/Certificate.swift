/// The proof that a solution is the optimum, but for the gap.
///
/// Primal P(w) = ½‖w,b‖² + C Σ max(0, 1 − yf)², dual D(α) = Σα − ½‖Σ α y x‖² − Σα² ÷ 4C. For any α ≥ 0,
/// D ≤ the optimum ≤ P, and a score is off by at most ‖(x, 1)‖ · √(2 · gap).
public struct Certificate: Sendable, Hashable {
  /// The primal objective at the weights.
  public var primal: Double
  /// The dual objective at the alphas.
  public var dual: Double
  /// Passes over the data until then.
  public var epochs: Int

  /// primal − dual.
  public var gap: Double { primal - dual }
}

/// When a solve is done.
struct StoppingRule: Sendable, Hashable {
  /// The largest gap, relative to the primal objective.
  var relative = 1.0 / 10_000
  /// The largest gap: with it a score of a unit vector is off by at most 0.01.
  var absolute = 1.0 / 40_000
  /// Passes over the data after which the solve gives up.
  var mostEpochs = 1_000

  func limit(_ primal: Double) -> Double { min(relative * primal, absolute) }
}
