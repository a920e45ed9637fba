import TestSupport
import Testing

@testable import DocumentReader

/// What is done in a shorter way on most pages gives what the long way gives.
@Suite struct ShortcutTests {
  /// A ① takes its whole line through NFKC; without it, most characters pass beside it.
  @Test func whatPassesBesideNFKCIsWhatNFKCGives() throws {
    var first: UInt32 = 0x20
    while first < 0x10000 {
      // Ideographs by sixteen: all of them pass, or the one that does not is found.
      let count: UInt32 = (0x3400..<0xFF00).contains(first) ? 16 : 1
      let scalars = (first..<first + count).compactMap(Unicode.Scalar.init).filter { !$0.isBlank }
      let text = "か" + String(String.UnicodeScalarView(scalars)) + "は"
      let short = Normaliser.bytes(of: text)
      if !short.contains(0x20), Normaliser.bytes(of: text + "①") != short + [0x31] {
        Issue.record("U+\(String(first, radix: 16)) and the \(count - 1) behind it")
      }
      first += count
    }
  }

  @Test func aLineThroughNFKCLeavesItsNeighboursAlone() {
    #expect(Normaliser.normalise("設計\n①か\u{3099}\n\nＡ　Ｂ\n") == "設計\n1が\n\nA B\n")
  }

  @Test func theMedianStandsInTheMiddle() {
    let seed: UInt64 = 20_261_126
    var random = SplitMix64(seed: seed)
    for round in 0..<2000 {
      let values = (0..<Int.random(in: 1..<60, using: &random)).map { _ in
        let value = Double.random(in: 0..<4, using: &random)
        return round % 2 == 0 ? value : value.rounded(.down)
      }
      let (sorted, middle) = (values.sorted(), values.count / 2)
      let median =
        values.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
      #expect(Segment.median(values) == median, "seed \(seed), round \(round)")
    }
    #expect(Segment.median([]) == 0)
  }

  @Test func textsAreNumberedAsTheyAreFirstMet() {
    var numbers = SpellingNumbers()
    let texts = (0..<3000).map { "語\($0 % 1500)" + String(repeating: "長", count: $0 % 7) }
    var first: [String: Int] = [:]
    for text in texts {
      let known = first[text] ?? first.count
      first[text] = known
      #expect(numbers.number(of: text) == known)
    }
    #expect(numbers.count == first.count)
    // Two spellings of one character are two texts.
    #expect(numbers.number(of: "が") != numbers.number(of: "か\u{3099}"))
  }
}
