/// Phrases by their first three bytes, which are one ideograph or kana.
struct PhraseIndex: Sendable, Hashable {
  /// A phrase in small letters.
  struct Needle: Sendable, Hashable {
    var bytes: [UInt8]
    var phrase: ExclusionLexicon.Phrase
    /// How many characters it has.
    var length: Int
    /// Whether all of them are kana.
    var isKana: Bool
  }

  /// By key; of one key by phrase and category.
  private let needles: [Needle]
  private let places: [UInt32: Range<Int>]
  /// A bit for the hash of each key: nearly every place of a text is passed over by it.
  ///
  /// There are so many that few other characters share one.
  private let filter: [UInt64]

  init(_ phrases: [ExclusionLexicon.Phrase]) {
    var found: [(key: UInt32, needle: Needle)] = []
    for phrase in Set(phrases) {
      let bytes = Array(lowercasedASCII(phrase.text).utf8)
      guard Self.holds(phrase.text) else { continue }
      let characters = phrase.text.unicodeScalars
      found.append(
        (
          bytes.prefix(3).reduce(0) { $0 << 8 | UInt32($1) },
          Needle(
            bytes: bytes, phrase: phrase, length: characters.count,
            isKana: characters.allSatisfy(\.isKana))
        ))
    }
    // A set has no order; the same lexicon must give the same spans.
    found.sort {
      ($0.key, $0.needle.phrase.text, $0.needle.phrase.category)
        < ($1.key, $1.needle.phrase.text, $1.needle.phrase.category)
    }
    var filter = [UInt64](repeating: 0, count: 1 << 10)
    var places: [UInt32: Range<Int>] = [:]
    for (index, (key, _)) in found.enumerated() {
      filter[Self.slot(key) >> 6] |= 1 << UInt64(Self.slot(key) & 63)
      places[key] = (places[key]?.lowerBound ?? index)..<index + 1
    }
    self.filter = filter
    self.places = places
    needles = found.map(\.needle)
  }

  /// Whether a phrase is long enough to be sought: a single letter stands in every text.
  static func holds(_ phrase: String) -> Bool { phrase.utf8.count >= 2 }

  /// Calls `body` with every place where a phrase stands, in small or large letters.
  func forEachMatch(in text: [UInt8], _ body: (Int, Needle) -> Void) {
    let (bytes, filter) = (text.span, filter.span)
    func offer(_ key: UInt32, at place: Int) {
      let slot = Self.slot(key)
      guard filter[slot >> 6] & 1 << UInt64(slot & 63) != 0 else { return }
      for index in places[key] ?? 0..<0
      where Self.stands(needles[index].bytes, in: bytes, at: place) {
        body(place, needles[index])
      }
    }
    var place = 0
    while place < bytes.count {
      let first = bytes[place]
      if first & 0xF0 == 0xE0, place + 2 < bytes.count {
        offer(
          UInt32(first) << 16 | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]), at: place)
        place += 3
        continue
      }
      if first & 0xC0 != 0x80 {
        let end = min(place + 3, bytes.count)
        var key: UInt32 = 0
        for index in place..<end {
          key = key << 8 | UInt32(small(bytes[index]))
          // The shortest phrases are two letters.
          if first < 0x80, index == place + 1, end == place + 3 { offer(key, at: place) }
        }
        offer(key, at: place)
      }
      place += 1
    }
  }

  private static func stands(
    _ needle: [UInt8], in text: Swift.Span<UInt8>, at place: Int
  ) -> Bool {
    guard place + needle.count <= text.count else { return false }
    for (offset, byte) in needle.enumerated() where small(text[place + offset]) != byte {
      return false
    }
    return true
  }

  private static func slot(_ key: UInt32) -> Int { Int((key &* 0x9E37_79B1) >> 16) }
}

/// The byte in small letters, where it is a letter of ASCII.
private func small(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
