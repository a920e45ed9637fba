import Testing

@testable import LinearSVM

@Suite struct TrainingTests {
  @Test(arguments: [1 as UInt64, 2, 3]) func `a model is certified by separate code`(seed: UInt64)
    throws
  {
    var generator = Generator(seed: seed)
    let set = try TrainingSet(generator.examples(60))
    for representation in Representation.allCases {
      for c in [0x1p-4, 1, 16] {
        let trained = try train(set, options: .init(c: c, representation: representation))
        let check = certify(trained.model, alphas: trained.alphas, on: set)
        #expect(check.holds, "seed \(seed), \(representation), C \(c): \(check)")
        #expect(check.largestWeightError < 1e-9)
      }
    }
  }

  @Test(arguments: [TrainingOptions(), .init(c: 1), .init(c: 1, representation: .binary)])
  func `a training tells beforehand how many solves it takes`(options: TrainingOptions) throws {
    for count in [6, 60] {
      var generator = Generator(seed: 7)
      var training = try Training(
        try TrainingSet(generator.examples(count)), options: options)
      let announced = training.solves
      var done = 0
      while training.finished == nil {
        done += training.pending.count
        try training.complete(training.pending.map { $0.run() })
      }
      #expect(done == announced, "\(count) labels, \(options)")
    }
  }
}
