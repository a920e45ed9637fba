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

  /// Folds the whole text and looks at every place for every string, between whose characters blanks may stand.
  private func places(of own: [String], in text: String, maySpread: Bool) -> Set<Range<Int>> {
    let folded = KanaFolding.fold(Array(text.utf8))
    var places: Set<Range<Int>> = []
    for string in own {
      let normal = Normaliser.normalise(string)
      let pieces = normal.split(whereSeparator: \.isWhitespace)
      let whole = KanaFolding.fold(Array(pieces.joined().utf8))
      let parts = pieces.filter { $0.unicodeScalars.count >= 2 }.map {
        KanaFolding.fold(Array($0.utf8))
      }
      for (needle, isWhole) in [(whole, true)] + parts.map({ ($0, false) }) where needle.count >= 2
      {
        for place in folded.indices {
          let rest = folded[place...]
          for end in rest.indices where rest[place] != 0x20 && folded[end] != 0x20 {
            let slice = folded[place...end]
            let isFound =
              maySpread && isWhole
              ? slice.filter { $0 != 0x20 } == needle : slice.elementsEqual(needle)
            if isFound { places.insert(place..<end + 1) }
          }
        }
      }
    }
    return places
  }

  /// What takes every place where the characters stand.
  private let first = ExclusionLexicon.formerStandards[0]

  @Test(arguments: [false, true])
  func everyPlaceIsFoundThatAPlainSearchFinds(maySpread: Bool) {
    let seed: UInt64 = 20_261_126
    var random = SplitMix64(seed: seed)
    var found = 0
    for round in 0..<500 {
      let normal = Normaliser.normalise(text(0...60, &random))
      let own = (0..<2).map { _ in text(1...3, &random) }
      let spans = first.ownSpans(
        in: Array(normal.utf8), TokenTable(), own, maySpread: maySpread)
      #expect(
        Set(spans.map(\.range)) == places(of: own, in: normal, maySpread: maySpread),
        "seed \(seed), round \(round)")
      found += spans.count
    }
    #expect(found > 250)
  }

  /// The present way finds no other places, and of those that need no word's border it finds all.
  @Test func aPlaceIsPassedOverOnlyForItsBorders() {
    let seed: UInt64 = 20_261_128
    var random = SplitMix64(seed: seed)
    var found = 0
    for round in 0..<500 {
      let normal = Normaliser.normalise(text(0...60, &random))
      let start = Int.random(in: 0..<60, using: &random)
      let own = [String(normal.dropFirst(start).prefix(Int.random(in: 3...4, using: &random)))]
      func places(_ lexicon: ExclusionLexicon) -> Set<Range<Int>> {
        let spans = lexicon.ownSpans(in: Array(normal.utf8), TokenTable(), own, maySpread: true)
        return Set(spans.map(\.range))
      }
      let (present, former) = (places(.standard), places(first))
      found += present.count
      let isFree =
        own[0].unicodeScalars.count >= 3
        && own[0].unicodeScalars.allSatisfy { $0.isKanji || $0.isKana }
      #expect(present.isSubset(of: former), "seed \(seed), round \(round)")
      #expect(!isFree || present == former, "seed \(seed), round \(round)")
    }
    #expect(found > 100)
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
