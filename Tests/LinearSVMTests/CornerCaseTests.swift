import Testing

@testable import LinearSVM

/// Real openings begin with few people and odd documents: they get a model that can be proven, or a reason.
@Suite struct CornerCaseTests {
  private func examples(_ documents: [(String, Bool)], count: UInt32 = 1) -> [Example] {
    documents.enumerated().map { index, document in
      Example(
        number: UInt64(index + 1), terms: document.0.utf8.map { (term: [$0], count: count) },
        label: document.1)
    }
  }

  /// Trains with every representation and has separate code look at the certificate.
  private func proven(_ examples: [Example], c: Double = 1) throws -> [TrainedModel] {
    let set = try TrainingSet(examples)
    return try Representation.allCases.map { representation in
      let trained = try train(set, options: .init(c: c, representation: representation))
      let check = certify(trained.model, alphas: trained.alphas, on: set)
      #expect(check.holds && check.largestWeightError < 1e-9, "\(representation): \(check)")
      #expect(try Model(decoding: trained.model.encoded()) == trained.model)
      return trained
    }
  }

  @Test func `one word is enough, and documents without any get the bias`() throws {
    let documents = (0..<40).map { ($0 % 4 == 0 ? "" : "a", $0 % 2 == 0) }
    for trained in try proven(examples(documents)) {
      #expect(trained.model.score([]).total == trained.model.bias)
      #expect(trained.model.score([(term: [0x61], count: 1)]).total.isFinite)
    }
  }

  @Test func `one document handed in by everybody gives a model but no percentage`() throws {
    for trained in try proven(examples((0..<40).map { ("abc", $0 % 3 == 0) })) {
      #expect(trained.model.withheldReason == "too-few-labels")
      #expect(trained.duplicates.map(\.count) == [40])
    }
  }

  @Test func `the largest counts stay finite, and a sum does not wrap around`() throws {
    let documents = (0..<40).map { ($0 % 2 == 0 ? "ab" : "bc", $0 % 2 == 0) }
    for trained in try proven(examples(documents, count: .max)) {
      let once = trained.model.score([(term: [0x61], count: .max)]).total
      let twice = trained.model.score(
        [(term: [0x61], count: .max), (term: [0x61], count: 1)]
      ).total
      #expect(once.isFinite && once == twice)
    }
  }

  @Test(arguments: [TrainingOptions.costs.lowerBound, TrainingOptions.costs.upperBound])
  func `the ends of C give a proven model, or the error that names the gap`(c: Double) throws {
    var generator = Generator(seed: 101)
    do {
      _ = try proven(generator.examples(40, noise: 0), c: c)
    } catch let error as TrainingError {
      guard case .gapNotReached(let gap, let limit, _) = error else { throw error }
      #expect(gap > limit)
    }
  }
}
