import Testing

@testable import LinearSVM

@Suite struct SolverTests {
  private func problem(seed: UInt64, c: Double, rule: StoppingRule = StoppingRule()) throws -> (
    TrainingSet, Problem
  ) {
    var generator = Generator(seed: seed)
    let set = try TrainingSet(generator.examples(50))
    let sample = [UInt32](0..<50)
    return (
      set,
      Problem(
        features: Features(set, .binary, fittedOn: sample), labels: set.labels, sample: sample,
        c: c, rule: rule)
    )
  }

  @Test func `two precisions agree as closely as their gaps promise`() throws {
    for seed in 91..<94 as Range<UInt64> {
      let coarse = solve(try problem(seed: seed, c: 1).1)
      let fine = solve(
        try problem(seed: seed, c: 1, rule: .init(relative: 1, absolute: 1e-11)).1)
      #expect(coarse.isCertified && fine.isCertified)
      var distance = (coarse.bias - fine.bias) * (coarse.bias - fine.bias)
      for (left, right) in zip(coarse.weights, fine.weights) {
        distance += (left - right) * (left - right)
      }
      let promised =
        (2 * max(coarse.certificate.gap, 1e-15)).squareRoot()
        + (2 * max(fine.certificate.gap, 1e-15)).squareRoot()
      #expect(distance.squareRoot() <= promised, "seed \(seed)")
    }
  }

  @Test func `no small step from the optimum lowers the primal objective`() throws {
    let (_, problem) = try problem(seed: 94, c: 4, rule: .init(relative: 1, absolute: 1e-12))
    let solution = solve(problem)
    func primal(_ weights: [Double], _ bias: Double) -> Double {
      var changed = solution
      changed.weights = weights
      changed.bias = bias
      var value = bias * bias / 2
      for weight in weights { value += weight * weight / 2 }
      for (row, score) in problem.features.scores(changed, problem.sample).enumerated() {
        let slack = max(0, 1 - (problem.labels[row] ? score : -score))
        value += problem.c * slack * slack
      }
      return value
    }
    let best = primal(solution.weights, solution.bias)
    for index in solution.weights.indices {
      for step in [-1e-3, 1e-3] {
        var weights = solution.weights
        weights[index] += step
        #expect(primal(weights, solution.bias) > best)
      }
    }
    #expect(primal(solution.weights, solution.bias + 1e-3) > best)
    #expect(primal(solution.weights, solution.bias - 1e-3) > best)
  }

  @Test func `a solve that may not go on says so`() throws {
    let solution = solve(
      try problem(seed: 95, c: 16, rule: .init(relative: 1, absolute: 1e-12, mostEpochs: 2)).1)
    #expect(!solution.isCertified && solution.certificate.epochs == 2)
    #expect(solution.certificate.gap > 1e-12)
  }

  @Test func `a wrong weight or alpha is found by the check`() throws {
    var generator = Generator(seed: 96)
    let set = try TrainingSet(generator.examples(50))
    let trained = try train(set)
    #expect(certify(trained.model, alphas: trained.alphas, on: set).holds)
    var alphas = trained.alphas
    alphas[3] += 0.5
    #expect(!certify(trained.model, alphas: alphas, on: set).holds)
    alphas[3] = -0.01
    #expect(!certify(trained.model, alphas: alphas, on: set).holds)
    #expect(!certify(trained.model, alphas: [], on: set).holds)
    let other = try TrainingSet(generator.examples(50))
    #expect(!certify(trained.model, alphas: trained.alphas, on: other).holds)
  }

  @Test func `C must be a sensible number`() throws {
    var generator = Generator(seed: 97)
    let set = try TrainingSet(generator.examples(20))
    for c in [0, -1, .nan, .infinity, 1e9] {
      #expect(throws: TrainingError.invalidC) { try train(set, options: .init(c: c)) }
    }
  }

  @Test func `a clear difference is chosen, a lucky one is not`() {
    let usual = [Double](repeating: 0.6, count: 100)
    let clear = usual.map { $0 - 0.01 }
    let lucky = usual.indices.map { $0 == 0 ? 0.0 : $0 == 1 ? 0.9 : 0.6 }
    #expect(Selection.choose([usual, clear], usual: 0) == 1)
    #expect(Selection.choose([usual, lucky], usual: 0) == 0)
    #expect(Selection.choose([nil, clear], usual: 0) == 1)
    #expect(Selection.choose([nil, nil], usual: 0) == nil)
  }
}
