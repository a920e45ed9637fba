import TestSupport
import Testing

@testable import DocumentReader

/// Whatever characters stand on a page, wherever: the text side answers with valid places, and never stops.
@Suite struct RandomTextTests {
  private static let alphabet: [Unicode.Scalar] = Array(
    "あア漢字ーﾌﾟ゛㋿ｶﾞ⼤⻑髙aZ9+#./-@:　 \n\t。、・〒()（）|Ðéｃ\u{3099}\u{200B}\u{E000}\u{FFFD}".unicodeScalars)

  private func text(_ random: inout SplitMix64) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0..<200, using: &random) {
      text.append(Self.alphabet.randomElement(using: &random) ?? "a")
    }
    for name in ["C++", " Node.js ", "https://a.b/c", "03-1234-5678", "2018/4/1"]
    where Int.random(in: 0..<4, using: &random) == 0 {
      text += name.unicodeScalars
    }
    return String(text)
  }

  @Test func everyTokenLiesOnCharactersOfTheText() throws {
    let seed: UInt64 = 20_261_123
    var random = SplitMix64(seed: seed)
    let analyser = try #require(Analyser())
    let technologies = TechnologyLexicon()
    for round in 0..<400 {
      let normal = Normaliser.normalise(text(&random))
      let bytes = Array(normal.utf8)
      let visible = Mask.hide(in: bytes)
      #expect(visible.count == bytes.count)
      let names = technologies.matches(in: visible)
      let words = analyser.analyse(visible, keeping: names).words
      let tokens = try TokenCoding.decode(analyser.encodedTokens(of: words).bytes)
      for token in tokens {
        let range = token.offset..<token.offset + token.length
        #expect(
          range.upperBound <= bytes.count
            && String(validating: bytes[range], as: UTF8.self) != nil,
          "seed \(seed), round \(round)")
      }
      #expect(try TokenCoding.decode(TokenCoding.encode(tokens)) == tokens)
      let lexicon = ExclusionLexicon.standard
      let excluded = lexicon.exclusions(in: normal, tokens: tokens, own: [normal])
      #expect(excluded.allSatisfy { tokens.indices.contains($0.token) }, "seed \(seed)")
    }
  }

  @Test func noCharacterIsLostOrDoubledByTheLayout() {
    let seed: UInt64 = 4_711
    var random = SplitMix64(seed: seed)
    for round in 0..<200 {
      let glyphs = (0..<Int.random(in: 0..<80, using: &random)).map { _ in
        let x = Double.random(in: -10...600, using: &random)
        let y = Double.random(in: -10...850, using: &random)
        return Glyph(
          scalar: ["漢", "a", "9", "。"].randomElement(using: &random) ?? "a", x1: x, y1: y,
          x2: x + Double.random(in: 0...20, using: &random),
          y2: y + Double.random(in: 0...30, using: &random))
      }
      for orientation in Orientation.allCases {
        let lines = Reflow(glyphs, orientation: orientation).lines
        let read = lines.joined().unicodeScalars.filter { !$0.isBlank }.sorted()
        #expect(read == glyphs.map(\.scalar).sorted(), "seed \(seed), round \(round)")
      }
    }
  }

  @Test func noBytesEndTheReaderOrLoseACharacter() throws {
    let seed: UInt64 = 20_261_124
    var random = SplitMix64(seed: seed)
    let analyser = try #require(Analyser())
    for round in 0..<400 {
      let kind = UInt8(round % 4)
      let input = (0..<Int.random(in: 0..<400, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      let problem = TextSide.problem(with: [kind] + input, analyser)
      #expect(problem == nil, "seed \(seed), round \(round)")
    }
  }
}
