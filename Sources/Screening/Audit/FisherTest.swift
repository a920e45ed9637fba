/// Whether two shares differ by more than chance (Fisher, Journal of the Royal Statistical Society 85, 1922).
enum FisherTest {
  /// The probability that two groups of such sizes, alike in truth, would differ so much or more, to either side; 1 where
  /// one is empty.
  ///
  /// Adds and multiplies in one order, and so tells the same on every machine.
  ///
  /// - Complexity: O(people).
  static func probability(
    _ selected: Int, of count: Int, against otherSelected: Int, of otherCount: Int
  ) -> Double {
    let all = selected + otherSelected
    let (least, most) = (max(0, all - otherCount), min(count, all))
    // The weights of the possible tables, each from its neighbour's, beginning in the middle, where none vanishes.
    let middle = min(max((count + 1) * (all + 1) / (count + otherCount + 2), least), most)
    var weights = [Double](repeating: 1, count: most - least + 1)
    func ratio(_ cell: Int) -> Double {
      Double(all - cell) * Double(count - cell)
        / (Double(cell + 1) * Double(otherCount - all + cell + 1))
    }
    for cell in middle..<most { weights[cell + 1 - least] = weights[cell - least] * ratio(cell) }
    for cell in (least..<middle).reversed() {
      weights[cell - least] = weights[cell + 1 - least] / ratio(cell)
    }
    // Tables as probable as this one may differ from it in the last digits.
    let limit = weights[selected - least] * (1 + 0x1p-24)
    var (extreme, sum) = (0.0, 0.0)
    for weight in weights {
      sum += weight
      if weight <= limit { extreme += weight }
    }
    return extreme / sum
  }
}
