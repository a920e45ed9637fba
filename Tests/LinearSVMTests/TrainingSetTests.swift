import Testing

@testable import LinearSVM

@Suite struct TrainingSetTests {
  private func example(_ number: UInt64, _ terms: [String: UInt32], _ label: Bool) -> Example {
    Example(number: number, terms: terms.map { ([UInt8]($0.key.utf8), $0.value) }, label: label)
  }

  @Test func `terms of fewer than three applicants are no features`() throws {
    let set = try TrainingSet([
      example(1, ["a": 1, "b": 2, "c": 1], true), example(2, ["a": 5, "b": 1], false),
      example(3, ["a": 1, "z": 1], true), example(4, ["b": 1], false),
    ])
    #expect(set.vocabulary.map { String(decoding: $0, as: UTF8.self) } == ["a", "b"])
    #expect(set.rareTerms.count == 2)
  }

  @Test func `a repeated term counts as the sum`() throws {
    var split = [example(1, [:], true), example(2, ["語": 1], false), example(3, ["語": 1], true)]
    split[0].terms = [([UInt8]("語".utf8), 2), ([UInt8]("語".utf8), 3), ([UInt8]("無".utf8), 0)]
    var joined = split
    joined[0].terms = [([UInt8]("語".utf8), 5)]
    #expect(try TrainingSet(split).canonicalBytes == TrainingSet(joined).canonicalBytes)
  }

  @Test func `every part of the data is in the canonical bytes`() throws {
    let base = [
      example(1, ["a": 1, "r": 1], true), example(2, ["a": 1], false), example(3, ["a": 1], false),
    ]
    var others: [[Example]] = []
    for change: (inout [Example]) -> Void in [
      { $0[0].number = 9 }, { $0[1].label = true }, { $0[0].terms[0].count += 1 },
      { $0[0].terms.append(([0x71], 1)) }, { $0[2].terms.append(([0x72], 1)) },
    ] {
      var changed = base
      change(&changed)
      others.append(changed)
    }
    let bytes = try ([base] + others).map { try TrainingSet($0).canonicalBytes }
    #expect(Set(bytes).count == bytes.count)
    #expect(
      try TrainingSet(base, minimumDocumentFrequency: 2).canonicalBytes != bytes[0])
  }

  @Test func `a set that teaches nothing is refused with a sentence`() {
    #expect(throws: TrainingError.noExamples) { try TrainingSet([]) }
    #expect(throws: TrainingError.oneLabelOnly(ok: true)) {
      try TrainingSet([example(1, ["a": 1], true), example(2, ["a": 1], true)])
    }
    #expect(throws: TrainingError.noSharedTerm(3)) {
      try TrainingSet([example(1, ["a": 1], true), example(2, ["a": 1], false)])
    }
    #expect(throws: TrainingError.repeatedNumber(7)) {
      try TrainingSet([example(7, ["a": 1], true), example(7, ["a": 1], false)])
    }
    #expect(TrainingError.gapNotReached(gap: 1, limit: 0.25, epochs: 9).description.contains(" 4 "))
  }

  @Test func `a list of terms finds exactly its terms`() throws {
    let words = ["", "a", "ab", "b", "語", "語彙"]
    var list = TermList()
    for word in words { list.append([UInt8](word.utf8).span) }
    #expect(list.isAscending)
    for (index, word) in words.enumerated() { #expect(list.index(of: [UInt8](word.utf8)) == index) }
    for word in ["aa", "c", "\u{1}", "語彙力"] { #expect(list.index(of: [UInt8](word.utf8)) == nil) }
  }
}
