import Testing

@testable import LinearSVM

@Suite struct ModelTests {
  private func model(seed: UInt64, _ options: TrainingOptions = .init()) throws -> Model {
    var generator = Generator(seed: seed)
    return try train(TrainingSet(generator.examples(40)), options: options).model
  }

  @Test(arguments: Representation.allCases)
  func `a model file comes back as it was`(representation: Representation) throws {
    let model = try model(seed: 51, .init(representation: representation))
    let again = try Model(decoding: model.encoded())
    #expect(again == model)
    #expect(again.encoded() == model.encoded())
  }

  @Test func `no damaged file is taken for another model`() throws {
    let file = try model(seed: 52).encoded()
    for length in 0..<file.count {
      #expect(throws: ModelCodingError.self) { try Model(decoding: Array(file[..<length])) }
    }
    #expect(throws: ModelCodingError.trailingBytes) { try Model(decoding: file + [0]) }
    var generator = Generator(seed: 53)
    for _ in 0..<500 {
      var damaged = file
      damaged[generator.below(file.count)] ^= UInt8(1 << generator.below(8))
      guard let model = try? Model(decoding: damaged) else { continue }
      #expect(model.encoded() == damaged, "seed 53")
    }
  }

  @Test func `a file of another kind or version is named as such`() throws {
    var file = try model(seed: 52).encoded()
    #expect(throws: ModelCodingError.notAModel) { try Model(decoding: [UInt8]("nonsense!".utf8)) }
    file[8] = 9
    #expect(throws: ModelCodingError.unknownVersion(9)) { try Model(decoding: file) }
  }

  @Test(arguments: Representation.allCases)
  func `bias and contributions add up to the score bit for bit`(
    representation: Representation
  ) throws {
    let model = try model(seed: 54, .init(representation: representation))
    var generator = Generator(seed: 55)
    for example in generator.examples(50) {
      let terms = example.terms + [(term: [UInt8]("知らぬ".utf8), count: 2)]
      let score = model.score(terms)
      var sum = score.bias
      for contribution in score.contributions { sum += contribution.value }
      #expect(sum.bitPattern == score.total.bitPattern, "seed 55")
      #expect(score.contributions.map(\.term).isStrictlyAscending)
      #expect(score.unknownTerms >= 1)
      #expect(
        Set(terms.map(\.term)).count == score.knownTerms + score.unknownTerms, "seed 55")
      #expect(model.score(generator.shuffled(terms)).total.bitPattern == score.total.bitPattern)
    }
  }

  @Test func `an applicant without a known word gets the bias`() throws {
    let model = try model(seed: 56)
    let score = model.score([(term: [UInt8]("全然".utf8), count: 1)])
    #expect(score.total == model.bias && score.knownTerms == 0 && score.unknownTerms == 1)
  }
}

extension [[UInt8]] {
  var isStrictlyAscending: Bool {
    zip(self, dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) }
  }
}
