/// The vectors of a training set under one representation.
///
/// Only what cannot be shared is stored: rows of one value need that value alone, and rows scaled by
/// column need no number for an entry.
struct Features: Sendable {
  enum Values: Sendable {
    /// Every entry of row i is `rowValues[i]`.
    case uniform(rowValues: [Double])
    /// Entry e is `entries[e]`.
    case stored(entries: [Double])
    /// An entry of row i in column j is `rowScales[i] · columnScales[j]`.
    case scaled(rowScales: [Double], columnScales: [Double])
  }

  let rows: SparseRows
  let values: Values

  /// The vectors of all rows.
  ///
  /// - Parameter fittedOn: the rows whose labels may be used.
  init(_ set: TrainingSet, _ representation: Representation, fittedOn sample: [UInt32]) {
    rows = set.rows
    switch representation {
    case .binary:
      values = .uniform(
        rowValues: (0..<rows.count).map {
          set.rows.range($0).isEmpty ? 0 : 1 / Double(set.rows.range($0).count).squareRoot()
        })
    case .logTF: values = .stored(entries: Self.logarithmic(set))
    case .naiveBayes:
      let scales = Self.telling(set, sample)
      values = .scaled(
        rowScales: (0..<rows.count).map { row in
          var squares = 0.0
          for entry in set.rows.range(row) {
            let scale = scales[Int(set.rows.columns[entry])]
            squares += scale * scale
          }
          return squares > 0 ? 1 / squares.squareRoot() : 0
        }, columnScales: scales)
    }
  }

  /// 1 + ln count, before the row is scaled.
  static func logarithmic(_ count: UInt32) -> Double {
    count == 1 ? 1 : 1 + Elementary.log(Double(count))
  }

  private static func logarithmic(_ set: TrainingSet) -> [Double] {
    let table = (0..<UInt32(256)).map { $0 == 0 ? 0 : logarithmic($0) }
    var entries = [Double](repeating: 0, count: set.counts.count)
    for row in 0..<set.rows.count {
      var squares = 0.0
      for entry in set.rows.range(row) {
        let count = set.counts[entry]
        let value = count < 256 ? table[Int(count)] : logarithmic(count)
        entries[entry] = value
        squares += value * value
      }
      let scale = squares > 0 ? 1 / squares.squareRoot() : 0
      for entry in set.rows.range(row) { entries[entry] *= scale }
    }
    return entries
  }

  /// 1 and the size of ln of the term's smoothed share among the OK rows, less that among the NG rows; 0
  /// for a term that none of the rows has.
  ///
  /// The sign is without effect: the weight takes the other one. The 1 leaves every term a say, as Wang and
  /// Manning's interpolation does, without which few or noisy labels are worse off than with no ratios.
  private static func telling(_ set: TrainingSet, _ sample: [UInt32]) -> [Double] {
    var ok = [UInt32](repeating: 0, count: set.rows.width)
    var ng = ok
    for row in sample {
      let isOK = set.labels[Int(row)]
      for entry in set.rows.range(Int(row)) {
        if isOK {
          ok[Int(set.rows.columns[entry])] += 1
        } else {
          ng[Int(set.rows.columns[entry])] += 1
        }
      }
    }
    // Whole numbers, so the order of summing is without effect.
    var okTotal = 0.0
    var ngTotal = 0.0
    for column in ok.indices {
      okTotal += Double(ok[column]) + 1
      ngTotal += Double(ng[column]) + 1
    }
    return ok.indices.map { column in
      ok[column] + ng[column] == 0
        ? 0
        : 1
          + (Elementary.log((Double(ok[column]) + 1) / okTotal)
          - Elementary.log((Double(ng[column]) + 1) / ngTotal)).magnitude
    }
  }
}
