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
  /// A bit for the hash of each key: nearly every place of a text is passed over by it.
  private var filter = [UInt64](repeating: 0, count: 1 << 8)

  init(_ phrases: [ExclusionLexicon.Phrase]) {
    for phrase in Set(phrases) {
      let bytes = Array(lowercasedASCII(phrase.text).utf8)
      guard bytes.count >= 2 else { continue }
      let isShort = phrase.text.unicodeScalars.count <= 2
      let key = Self.key(bytes.prefix(3))
      filter[Self.slot(key) >> 6] |= 1 << UInt64(Self.slot(key) & 63)
      needles[key, default: []].append(
        Needle(bytes: bytes, phrase: phrase, isShort: isShort))
    }
    for key in needles.keys {
      // A set has no order; the same lexicon must give the same spans.
      needles[key]?.sort {
        ($0.phrase.text, $0.phrase.category) < ($1.phrase.text, $1.phrase.category)
      }
    }
  }

  /// Calls `body` with every place where a character begins and every phrase that may begin there.
  func forEachCandidate(in text: [UInt8], _ body: (Int, Needle) -> Void) {
    var place = 0
    while place < text.count {
      let first = text[place]
      if first & 0xF0 == 0xE0, place + 2 < text.count {
        offer(
          UInt32(first) << 16 | UInt32(text[place + 1]) << 8 | UInt32(text[place + 2]), at: place,
          body)
        place += 3
        continue
      }
      if first & 0xC0 != 0x80 {
        let end = min(place + 3, text.count)
        offer(Self.key(text[place..<end]), at: place, body)
        // The shortest phrases are two letters.
        if first < 0x80, end - place == 3 {
          offer(Self.key(text[place..<place + 2]), at: place, body)
        }
      }
      place += 1
    }
  }

  private func offer(_ key: UInt32, at place: Int, _ body: (Int, Needle) -> Void) {
    let slot = Self.slot(key)
    guard filter[slot >> 6] & 1 << UInt64(slot & 63) != 0 else { return }
    for needle in needles[key] ?? [] { body(place, needle) }
  }

  private static func slot(_ key: UInt32) -> Int { Int((key &* 0x9E37_79B1) >> 18) }

  private static func key(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.reduce(0) { $0 << 8 | UInt32($1) }
  }
}
