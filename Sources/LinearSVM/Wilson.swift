/// The 90 % score interval of a share (Wilson 1927), which keeps to 0…1 and holds for few cases.
public enum Wilson {
  /// The interval of the share of `ok` among `count`; 0 to 1 of nobody.
  public static func interval(ok: Int, of count: Int) -> (lower: Double, upper: Double) {
    guard count > 0 else { return (0, 1) }
    let n = Double(count)
    let rate = Double(ok) / n
    let square = Normal.quantile95 * Normal.quantile95
    let middle = (rate + square / (2 * n)) / (1 + square / n)
    let reach =
      Normal.quantile95 / (1 + square / n)
      * (rate * (1 - rate) / n + square / (4 * n * n)).squareRoot()
    return (max(middle - reach, 0), min(middle + reach, 1))
  }
}
