import TestSupport
import Testing

@testable import DocumentReader

/// The log seals tokens in this encoding for ever: what it wrote must come back, and nothing else.
@Suite struct TokenCodingTests {
  private let tokens = [
    Token(
      offset: 0, length: 6, term: "機械", kind: .word, kept: true, partOfSpeech: "名詞-一般"),
    Token(
      offset: 0, length: 12, term: "機械学習", kind: .compound, kept: true,
      partOfSpeech: "compound"),
    Token(
      offset: 6, length: 6, term: "学習", kind: .word, kept: false, partOfSpeech: "名詞-サ変接続"),
  ]

  @Test func tokensComeBack() throws {
    #expect(try TokenCoding.decode(TokenCoding.encode(tokens)) == tokens)
    #expect(try TokenCoding.decode(TokenCoding.encode([])).isEmpty)
  }

  @Test func theBytesAreThoseOfTheFormat() {
    let one = [
      Token(offset: 3, length: 1, term: "a", kind: .word, kept: true, partOfSpeech: "b")
    ]
    #expect(TokenCoding.encode(one) == [1, 2, 1, 0x61, 1, 0x62, 1, 3, 1, 0, 1, 1])
  }

  @Test func damagedBytesAreRefusedOrAreOtherTokens() throws {
    let bytes = TokenCoding.encode(tokens)
    for length in 0..<bytes.count {
      #expect(throws: CodingError.self) { try TokenCoding.decode(Array(bytes.prefix(length))) }
    }
    #expect(throws: CodingError.self) { try TokenCoding.decode(bytes + [0]) }
    var random = SplitMix64(seed: 4711)
    for _ in 0..<2000 {
      var damaged = bytes
      damaged[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      guard let decoded = try? TokenCoding.decode(damaged) else { continue }
      #expect(TokenCoding.encode(decoded).count <= damaged.count)
    }
  }

  @Test func tokensComeBackWhateverTheirNumbersTake() throws {
    let seed: UInt64 = 20_261_127
    var random = SplitMix64(seed: seed)
    // Every reading into the memory of the one before it.
    var table = TokenTable()
    for round in 0..<200 {
      var offset = 0
      let spellings = [3, 120, 140, 300, 17_000][round % 5]
      let tokens = (0..<Int.random(in: 0..<400, using: &random)).map { _ in
        offset += [0, 1, 127, 128, 70_000].randomElement(using: &random) ?? 0
        return Token(
          offset: offset, length: [0, 6, 127, 128, 20_000].randomElement(using: &random) ?? 0,
          term: "語\(Int.random(in: 0..<spellings, using: &random))",
          kind: Bool.random(using: &random) ? .word : .compound, kept: .random(using: &random),
          partOfSpeech: "名詞\(Int.random(in: 0..<min(spellings, 200), using: &random))")
      }
      try table.read(TokenCoding.encode(tokens).span)
      #expect(table.tokens == tokens, "seed \(seed), round \(round)")
    }
  }

  @Test func aNumberInMoreBytesThanItTakesIsRefused() throws {
    // Version, two spellings, one token, and behind it a second one, so that eight bytes can be looked at.
    let head: [UInt8] = [1, 2, 1, 0x61, 1, 0x62, 2]
    let second: [UInt8] = [1, 1, 0, 1, 1]
    #expect(try TokenCoding.decode(head + [3, 1, 0, 1, 1] + second).count == 2)
    for token: [UInt8] in [
      [3, 1, 0x80, 0, 1, 1], [3, 1, 0x80, 0x80, 0, 1, 1], [0x83, 0, 1, 0, 1, 1], [3, 1, 2, 1, 1],
      [3, 1, 0x81, 1, 1, 1], [3, 1, 0, 2, 1], [3, 1, 0, 1, 4], [3, 1, 0, 0x81, 0, 1],
    ] {
      #expect(throws: CodingError.self) { try TokenCoding.decode(head + token + second) }
    }
  }

  @Test func anOutcomeComesBack() throws {
    let reading = Reading(
      rawText: "機械学習", text: "機械学習", encodedTokens: TokenCoding.encode(tokens), nounCount: 1,
      flags: ["vertical"],
      quality: ["pages": 1, "imageCover": -3], fingerprint: Fingerprint(details: ["mecab": "0.996"])
    )
    let bytes = ReadingOutcome.read(reading).encoded
    guard case .read(let back) = try ReadingOutcome(decoding: bytes) else {
      Issue.record("no reading")
      return
    }
    #expect(back.tokens == tokens && back.quality == reading.quality)
    #expect(back.fingerprint == reading.fingerprint)
    var outside = reading
    outside.text = "機"
    #expect(throws: CodingError.self) {
      try ReadingOutcome(decoding: ReadingOutcome.read(outside).encoded)
    }
  }

  /// Flags, figures and reasons are recorded in clear, where a person's words could never be erased.
  @Test func namesThatNoReaderGivesAreRefused() throws {
    func outcome(_ flags: [String], _ quality: [String: Int]) -> ReadingOutcome {
      .read(
        Reading(
          rawText: "", text: "", encodedTokens: TokenCoding.encode([]), nounCount: 0, flags: flags,
          quality: quality, fingerprint: Fingerprint(details: [:])))
    }
    _ = try ReadingOutcome(decoding: outcome(["slanted"], ["pages": 1]).encoded)
    for strange in [
      outcome(["yamada-hanako"], [:]), outcome([], ["yamada": 1]), outcome(["Slanted"], [:]),
      .unreadable(reason: "yamada-hanako", nil),
    ] {
      #expect(throws: CodingError.self) { try ReadingOutcome(decoding: strange.encoded) }
    }
    for reason in [WorkerProcess.Failure.timeout, .notTaken, .answerTooLarge].map(\.reason) {
      _ = try ReadingOutcome(decoding: ReadingOutcome.unreadable(reason: reason, nil).encoded)
    }
  }

  @Test func aTokenOfAnEmptyTableIsRefused() {
    // Version, no spellings, one token and its numbers.
    #expect(throws: CodingError.self) { try TokenCoding.decode([1, 0, 1, 0, 3, 0, 0, 1]) }
  }
}
