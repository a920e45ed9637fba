import DocumentReader
import Glibc

/// One applicant's text as it would have been read, and the label.
struct Application {
  var text: String
  var tokens: [Token]
  /// The distinct nouns' numbers with their counts, ascending.
  var nouns: [(term: UInt32, count: UInt32)]
  var isOK: Bool
}

/// Applications whose nouns are about as frequent as in real texts, and labels that some of the nouns tell:
/// a pure function of how many there are.
struct Applications {
  private let nouns: Int
  private var random = SplitMix64(state: 20_261_126)
  /// The shares of the nouns, summed up.
  private var shares: [Double] = []
  private var telling: [Double] = []

  init(count: Int, nouns: Int) {
    self.nouns = nouns
    var sum = 0.0
    for rank in 0..<(20 * nouns + 2 * count) {
      sum += 1 / Double(rank + 10)
      shares.append(sum)
      telling.append(random.unit() < 0.1 ? random.normal() : 0)
    }
  }

  mutating func draw() -> Application {
    var counts: [UInt32: UInt32] = [:]
    var order: [UInt32] = []
    while counts.count < nouns {
      let term = noun()
      counts[term, default: 0] += 1
      order.append(term)
    }
    let sorted = counts.map { (term: $0.key, count: $0.value) }.sorted { $0.term < $1.term }
    let evidence = sorted.reduce(0) { $0 + telling[Int($1.term)] } * 4 / Double(nouns).squareRoot()
    let isOK = random.unit() < 1 / (1 + exp(-evidence))
    var (text, tokens) = ("", [Token]())
    for (index, term) in order.enumerated() { write(term, at: index, to: &text, &tokens) }
    return Application(text: text, tokens: tokens, nouns: sorted, isOK: isOK)
  }

  private mutating func noun() -> UInt32 {
    let wanted = random.unit() * (shares.last ?? 0)
    var (low, high) = (0, shares.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if shares[middle] < wanted { low = middle + 1 } else { high = middle }
    }
    return UInt32(low)
  }

  /// A noun and what stands between two nouns of a sentence.
  private func write(_ term: UInt32, at index: Int, to text: inout String, _ tokens: inout [Token])
  {
    func add(_ word: String, _ partOfSpeech: String, kept: Bool) {
      tokens.append(
        Token(
          offset: text.utf8.count, length: word.utf8.count, term: word, kind: .word, kept: kept,
          partOfSpeech: partOfSpeech))
      text += word
    }
    add(Self.spelling(term), term % 3 == 0 ? "名詞-サ変接続" : "名詞-一般", kept: true)
    let (particle, verb) = (index % 6, index % 4 == 3)
    add(
      ["を", "の", "に", "と", "で", "が"][particle],
      particle == 1 ? "助詞-連体化" : "助詞-格助詞-一般", kept: false)
    guard verb else { return }
    add("行い", "動詞-自立", kept: false)
    add("まし", "助動詞", kept: false)
    add("た", "助動詞", kept: false)
    add(index % 16 == 3 ? "。\n" : "。", "記号-句点", kept: false)
  }

  /// Two ideographs, so that numbers and UTF-8 bytes have one order; no phrase of the standard exclusion
  /// lexicon is written with these alone.
  static func spelling(_ term: UInt32) -> String {
    var scalars = String.UnicodeScalarView()
    for digit in [term / 600, term % 600] {
      if let scalar = Unicode.Scalar(0x8C00 + digit) { scalars.append(scalar) }
    }
    return String(scalars)
  }
}

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Box and Muller, 1958.
  mutating func normal() -> Double {
    let radius = (-2 * Glibc.log(1 - unit())).squareRoot()
    return radius * cos(2 * Double.pi * unit())
  }
}
