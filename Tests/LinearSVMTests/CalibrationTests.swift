import Testing

@testable import LinearSVM

@Suite struct CalibrationTests {
  @Test(arguments: [61 as UInt64, 62, 63])
  func `a fit is where the loss of the drawn-in targets is flat`(seed: UInt64) {
    var generator = Generator(seed: seed)
    let scores = (0..<200).map { _ in generator.unit() * 4 - 2 }
    let labels = scores.map { generator.unit() < Elementary.sigmoid(1.5 * $0 - 0.4) }
    let fit = PlattFit(scores: scores, labels: labels)
    let (ok, ng) = (Double(labels.count { $0 }), Double(labels.count { !$0 }))
    var (slopeA, slopeB) = (0.0, 0.0)
    for (score, label) in zip(scores, labels) {
      let error = fit.probability(score) - (label ? (ok + 1) / (ok + 2) : 1 / (ng + 2))
      slopeA += error * score
      slopeB += error
    }
    #expect(slopeA.magnitude < 1e-6 && slopeB.magnitude < 1e-6, "seed \(seed)")
    #expect(fit.hasSignal)
  }

  @Test func `separated scores do not run away`() {
    let scores = (0..<40).map { Double($0) - 19.5 }
    let fit = PlattFit(scores: scores, labels: scores.map { $0 > 0 })
    #expect(fit.hasSignal && fit.a.isFinite && fit.probability(100) < 1)
  }

  @Test func `scores that say the opposite or nothing carry no signal`() {
    let scores = (0..<40).map { Double($0 % 7) }
    let opposite = PlattFit(scores: scores, labels: scores.map { $0 < 3 })
    #expect(!opposite.hasSignal && opposite.a < 0)
    let alike = PlattFit(
      scores: [Double](repeating: 1, count: 40), labels: (0..<40).map { $0 % 2 == 0 })
    #expect(!alike.hasSignal)
  }

  @Test func `an interval holds the percentage and is rounded outward`() {
    var generator = Generator(seed: 64)
    for _ in 0..<2_000 {
      let calibration = Calibration(
        a: 0.1 + generator.unit() * 4, b: generator.unit() * 2 - 1, varianceA: generator.unit(),
        covarianceAB: 0, varianceB: generator.unit())
      let score = generator.unit() * 10 - 5
      let (low, high) = calibration.interval(score)
      let exact = 10_000 * calibration.probability(score)
      #expect(Double(low) <= exact && exact <= Double(high), "seed 64")
      #expect((low...high).contains(calibration.basisPoints(score)), "seed 64")
      #expect(low >= 0 && high <= 10_000, "seed 64")
    }
  }

  @Test func `nine of a kind are too few for a percentage, ten are enough`() throws {
    var generator = Generator(seed: 65)
    let examples = generator.examples(40, noise: 0)
    let (ok, ng) = (examples.filter(\.label), examples.filter { !$0.label })
    let few = try train(TrainingSet(Array(ok.prefix(9)) + ng)).model
    #expect(few.calibration == nil && few.withheldReason == "too-few-labels")
    #expect(few.metrics == nil)
    let enough = try train(TrainingSet(Array(ok.prefix(10)) + ng)).model
    #expect(enough.calibration != nil && enough.withheldReason == nil)
  }

  @Test func `copies of one document do not make ten people`() throws {
    var generator = Generator(seed: 66)
    var examples = generator.examples(40, noise: 0)
    let ok = examples.indices.filter { examples[$0].label }
    for index in ok.dropFirst(8) { examples[index].terms = examples[ok[0]].terms }
    let trained = try train(TrainingSet(examples))
    #expect(trained.model.withheldReason == "too-few-labels")
    #expect(trained.duplicates.map(\.count) == [ok.count - 7])
  }

  @Test func `labels without a cause give no percentage or none far from the base rate`() throws {
    var withheld = 0
    for seed in 70..<80 as Range<UInt64> {
      var generator = Generator(seed: seed)
      let examples = generator.examples(60).map {
        Example(number: $0.number, terms: $0.terms, label: generator.unit() < 0.5)
      }
      let trained = try train(TrainingSet(examples))
      if trained.model.withheldReason == "wrong-sign" { withheld += 1 }
      let metrics = try #require(trained.model.metrics)
      #expect(metrics.logLoss < metrics.baseRateLogLoss + 0.15, "seed \(seed)")
    }
    #expect(withheld > 0)
  }
}
