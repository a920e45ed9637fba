import Testing

@testable import LinearSVM

/// After an erasure the retrained model has to be the one that never saw the person.
@Suite struct UnlearningTests {
  @Test(arguments: [31 as UInt64, 32, 33, 34])
  func `leaving an applicant out equals never having had the applicant`(seed: UInt64) throws {
    var generator = Generator(seed: seed)
    var examples = generator.examples(30)
    // A person with words of their own, which would else stay behind in the vocabulary.
    let erased = examples.remove(at: generator.below(examples.count))
    var distinct = erased
    distinct.terms.append((term: [UInt8]("独自".utf8), count: 3))
    let never = try train(TrainingSet(examples))
    let with = try train(TrainingSet(examples + [distinct]))
    #expect(with.model.encoded() != never.model.encoded(), "seed \(seed)")
    let after = (examples + [distinct]).filter { $0.number != erased.number }
    let again = try train(TrainingSet(generator.shuffled(after)))
    #expect(again.model.encoded() == never.model.encoded(), "seed \(seed)")
    #expect(again.alphaBytes == never.alphaBytes, "seed \(seed)")
  }

  @Test func `a term of two applicants is no feature and in no model file`() throws {
    var generator = Generator(seed: 35)
    var examples = generator.examples(30)
    let secret = [UInt8]("山田太郎商店".utf8)
    for index in 0..<2 { examples[index].terms.append((term: secret, count: 9)) }
    let file = try train(TrainingSet(examples)).model.encoded()
    let windows = file.indices.dropLast(secret.count - 1)
    #expect(!windows.contains { Array(file[$0..<($0 + secret.count)]) == secret })
  }
}
