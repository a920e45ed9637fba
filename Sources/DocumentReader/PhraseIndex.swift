/// Phrases by their first three bytes, which are one ideograph or kana.
struct PhraseIndex: Sendable, Hashable {
  /// A phrase in small letters.
  struct Needle: Sendable, Hashable {
    var bytes: [UInt8]
    var phrase: ExclusionLexicon.Phrase
    /// Whether it is so short that it counts only where words begin and end.
    var isShort: Bool
  }

  private var needles: [UInt32: [Needle]] = [:]

  init(_ phrases: [ExclusionLexicon.Phrase]) {
    for phrase in Set(phrases) {
      let bytes = Array(lowercasedASCII(phrase.text).utf8)
      guard bytes.count >= 2 else { continue }
      let isShort = phrase.text.unicodeScalars.count <= 2
      needles[Self.key(bytes[...]), default: []].append(
        Needle(bytes: bytes, phrase: phrase, isShort: isShort))
    }
    for key in needles.keys {
      // A set has no order; the same lexicon must give the same spans.
      needles[key]?.sort {
        ($0.phrase.text, $0.phrase.category) < ($1.phrase.text, $1.phrase.category)
      }
    }
  }

  /// The phrases that may begin at the first byte of `rest`.
  func candidates(at rest: ArraySlice<UInt8>) -> [Needle] {
    var found = needles[Self.key(rest)] ?? []
    if let first = rest.first, first < 0x80, let short = needles[Self.key(rest.prefix(2))] {
      found += short
    }
    return found
  }

  private static func key(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.prefix(3).reduce(0) { $0 << 8 | UInt32($1) }
  }
}
