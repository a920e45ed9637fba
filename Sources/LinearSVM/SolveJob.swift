/// One solve that needs nothing from the others of its phase.
public struct SolveJob: Sendable {
  let set: TrainingSet
  let representation: Representation
  let c: Double
  let folds: Folds
  /// The folds that are scored and not learnt from; none for the final solve on everybody.
  let held: FoldMask
  let index: Int

  /// Solves, on the thread of the caller; the result depends on nothing else.
  public func run() -> SolveResult {
    let sample = folds.training(without: held)
    let features = Features(set, representation, fittedOn: sample)
    let solution = solve(
      Problem(features: features, labels: set.labels, sample: sample, c: c))
    var final = held.isEmpty ? solution : nil
    if let weights = final?.weights { final?.weights = set.byTerm(weights) }
    return SolveResult(
      index: index, scores: held.isEmpty ? [] : features.scores(solution, folds.held(held)),
      termValues: held.isEmpty ? set.byTerm(features.columnScales) : [],
      solution: final, isCertified: solution.isCertified)
  }
}

/// What a ``SolveJob`` came to.
public struct SolveResult: Sendable {
  let index: Int
  /// The scores of the rows held out, ascending by row.
  let scores: [Double]
  let termValues: [Double]
  let solution: Solution?
  let isCertified: Bool
}

extension Features {
  /// The factor of each column, where the representation has one.
  var columnScales: [Double] {
    guard case .scaled(_, let columnScales) = values else { return [] }
    return columnScales
  }

  /// Bias plus weight · value, entry by entry.
  func scores(_ solution: Solution, _ scored: [UInt32]) -> [Double] {
    scored.map { row in
      var score = solution.bias
      for entry in rows.range(Int(row)) {
        score += solution.weights[Int(rows.columns[entry])] * value(Int(row), entry)
      }
      return score
    }
  }

  private func value(_ row: Int, _ entry: Int) -> Double {
    switch values {
    case .uniform(let rowValues): rowValues[row]
    case .stored(let entries): entries[entry]
    case .scaled(let rowScales, let columnScales):
      columnScales[Int(rows.columns[entry])] * rowScales[row]
    }
  }
}
