import TestSupport
import Testing

@testable import DocumentReader

/// Nothing that only this person has is ever a feature, however it is spelt.
@Suite struct OwnStringsTests {
  private static let alphabet: [Unicode.Scalar] = Array(
    "あアいイかカガがバ高髙崎﨑斉齊沢澤aAbB é𠮷ー漢".unicodeScalars)

  private func text(_ length: ClosedRange<Int>, _ random: inout SplitMix64) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: length, using: &random) {
      text.append(Self.alphabet.randomElement(using: &random) ?? "a")
    }
    return String(text)
  }

  /// Folds the whole text and looks at every place for every string.
  private func places(of own: [String], in text: String) -> Set<Range<Int>> {
    let folded = KanaFolding.fold(Array(text.utf8))
    var places: Set<Range<Int>> = []
    for string in own {
      let normal = Normaliser.normalise(string)
      let pieces = normal.split(whereSeparator: \.isWhitespace)
      let whole =
        [pieces.joined()] + pieces.filter { $0.unicodeScalars.count >= 2 }.map(String.init)
      for needle in whole.map({ KanaFolding.fold(Array($0.utf8)) }) where needle.count >= 2 {
        for place in folded.indices where place + needle.count <= folded.count {
          if Array(folded[place..<place + needle.count]) == needle {
            places.insert(place..<place + needle.count)
          }
        }
      }
    }
    return places
  }

  @Test func everyPlaceIsFoundThatAPlainSearchFinds() {
    let seed: UInt64 = 20_261_126
    var random = SplitMix64(seed: seed)
    var found = 0
    for round in 0..<2000 {
      let normal = Normaliser.normalise(text(0...60, &random))
      let own = (0..<2).map { _ in text(1...3, &random) }
      let spans = ExclusionLexicon.standard.ownSpans(in: Array(normal.utf8), own)
      #expect(
        Set(spans.map(\.range)) == places(of: own, in: normal), "seed \(seed), round \(round)")
      found += spans.count
    }
    #expect(found > 1000)
  }

  @Test func aSpellingIsPlainOnlyWhereUnicodeHasNoOther() {
    let spellings = [
      "機械学習", "データ", "c++", "か\u{3099}", "が", "é", "e\u{301}", "神\u{FE00}", "\u{FA19}", "〪a",
    ]
    let tokens = spellings.enumerated().map { index, term in
      Token(offset: index, length: 1, term: term, kind: .word, kept: true, partOfSpeech: "名詞")
    }
    let table = TokenTable(tokens)
    let plain = tokens.indices.filter { table.isPlain(table.entries[$0].term) }
    #expect(plain.map { spellings[$0] } == ["機械学習", "データ", "c++", "が", "é"])
  }
}
