/// What the solver has to know of a row to visit it, in half a line of cache.
///
/// The solver keeps these in the order of its visits and shuffles them bodily. An epoch then reads them one
/// after another, and the processor, seeing early where the next row's entries lie, fetches them while it is
/// still at work on this one. Visited by number, a row would first be waited for itself: a third more time
/// for 100,000 rows of 200 entries.
struct DualRow {
  /// Where its entries are among all rows'.
  let start: UInt32
  let end: UInt32
  /// Its place in the sample.
  let index: UInt32
  /// 1 for OK, −1 for NG.
  let sign: Float
  /// The factor that all its entries share.
  let scale: Double
  /// The dual variable.
  var alpha = 0.0

  /// The row at a place of the sample, its alpha zero.
  init(_ problem: Problem, _ index: Int) {
    let row = Int(problem.sample[index])
    start = problem.features.rows.offsets[row]
    end = problem.features.rows.offsets[row + 1]
    self.index = UInt32(index)
    sign = problem.labels[row] ? 1 : -1
    scale =
      switch problem.features.values {
      case .uniform(let rowValues): rowValues[row]
      case .stored: 1
      case .scaled(let rowScales, _): rowScales[row]
      }
  }
}
