import TestSupport
import Testing

@testable import DocumentReader

/// What a whole document is searched for in one pass is what a search at every place finds: a document full of labels
/// would hold up a screening otherwise, and one that found less would let names teach.
@Suite struct SpanSearchTests {
  private func text(
    _ alphabet: [String], _ count: Range<Int>, _ random: inout SplitMix64
  ) -> String {
    (0..<Int.random(in: count, using: &random))
      .map { _ in alphabet.randomElement(using: &random) ?? "" }.joined()
  }

  @Test func namesInKanaAreFoundAtEveryPlace() {
    let seed: UInt64 = 20_261_128
    var random = SplitMix64(seed: seed)
    var found = 0
    for round in 0..<500 {
      let text = Array(text(["ア", "あ", "カ", "か", "ヶ", "ー", "漢", "a"], 6..<80, &random).utf8)
      let starts = text.indices.filter { text[$0] & 0xC0 != 0x80 }
      var parts: [Range<Int>] = []
      for _ in 0..<4 {
        let kana = Furigana.kana(in: text, from: starts.randomElement(using: &random) ?? 0)
        let part = kana.prefix(3 * Int.random(in: 3...5, using: &random))
        if part.count >= 9 { parts.append(part) }
      }
      let folded = KanaFolding.fold(text)
      let expected = starts.flatMap { start in
        parts.filter { folded[start...].starts(with: folded[$0]) }.map { start..<start + $0.count }
      }
      let places = KanaNames(parts, in: text).places(in: text)
      #expect(Set(places).isSubset(of: expected), "seed \(seed), round \(round)")
      for one in expected {
        #expect(
          places.contains { $0.upperBound == one.upperBound && $0.lowerBound <= one.lowerBound },
          "seed \(seed), round \(round)")
      }
      #expect(places.count <= starts.count)
      found += places.count
    }
    #expect(found > 500)
  }

  @Test func theFirstSpanOverATokenIsFound() {
    let seed: UInt64 = 4_712
    var random = SplitMix64(seed: seed)
    for round in 0..<500 {
      func ranges(_ longest: Int) -> [Range<Int>] {
        (0..<Int.random(in: 0..<20, using: &random)).map { _ in
          let start = Int.random(in: 0..<100, using: &random)
          return start..<start + Int.random(in: 1...longest, using: &random)
        }.sorted { ($0.lowerBound, -$0.count) < ($1.lowerBound, -$1.count) }
      }
      let (spans, tokens) = (ranges(40), ranges(6))
      var sweep = SpanSweep()
      for span in spans { sweep.add(Span(range: span, category: "", phrase: "")) }
      for token in tokens {
        #expect(
          sweep.first(over: token)?.range == spans.first { $0.overlaps(token) },
          "seed \(seed), round \(round)")
      }
    }
  }

  /// Values are taken for each label by itself, also where one lies in the value of another.
  @Test func aValueWithinAnotherIsTheSame() {
    let seed: UInt64 = 4_713
    var random = SplitMix64(seed: seed)
    var found = 0
    for round in 0..<500 {
      let text = Array(
        text(["妻", "夫:", "父", "線", "jr", "有", " ", " ", "\n", "(", "、"], 0..<40, &random).utf8)
      let spans = ExclusionLexicon.standard.valueSpans(in: text).map(\.range)
      // What stands before a label tells nothing of it.
      for span in spans {
        let label = text[..<span.lowerBound].lastIndex { [0xE5, 0xE7].contains($0) } ?? 0
        let start = text[..<label].lastIndex { $0 == 0x20 || $0 == 0x0A || $0 == 0x28 } ?? -1
        let alone = ExclusionLexicon.standard.valueSpans(in: Array(text[(start + 1)...]))
        #expect(
          alone.first?.range.count == span.count, "seed \(seed), round \(round)")
      }
      found += spans.count
    }
    #expect(found > 100)
  }
}
