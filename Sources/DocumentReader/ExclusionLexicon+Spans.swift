extension ExclusionLexicon {
  /// The category of the applicant's own strings.
  static let own = "own"

  /// Where the phrases stand.
  func phraseSpans(in text: [UInt8], _ tokens: TokenTable) -> [Span] {
    let borders = WordBorders(tokens)
    var spans: [Span] = []
    index.forEachMatch(in: text) { place, needle in
      let range = place..<place + needle.bytes.count
      guard counts(needle, at: range, in: text, borders) else { return }
      spans.append(
        Span(range: range, category: needle.phrase.category, phrase: needle.phrase.text))
    }
    return spans
  }

  /// Whether a phrase is itself where its characters stand, and not a part of other words.
  ///
  /// The shorter it is, the more words it stands in. One or two characters count only where words begin and end: 「在日」
  /// is not in 「存在日」. Three in kana neither are in 「ハーフタイム」; three others begin within no word that ends
  /// within them, as 「神学部」 would in 「精神学部」, but a word may go on behind them: 「自民党員」. Latin letters that go on
  /// are another word: `hiv` is not in `archive`.
  private func counts(
    _ needle: PhraseIndex.Needle, at range: Range<Int>, in text: [UInt8], _ borders: WordBorders
  ) -> Bool {
    guard matching != .first else { return needle.length > 2 || borders.enclose(range) }
    guard !LatinWords.go(on: range, in: text) else { return false }
    return switch needle.length {
    case ...2: borders.enclose(range)
    case 3 where needle.isKana: borders.enclose(range)
    case 3: !borders.cut(beginningOf: range)
    default: true
    }
  }

  /// What is sought for a name; the first way of matching gives its parts as well, as names of their own.
  public func ownStrings(ofName name: String) -> [String] {
    // Letters of ASCII and ideographs have no spaces among them; what they are together by characters takes ten times
    // as long to tell.
    guard matching == .first,
      !name.utf8.allSatisfy({ 0x21..<0x7F ~= $0 || $0 & 0xC0 == 0x80 || 0xE4...0xE9 ~= $0 })
    else { return [name] }
    let parts = name.split(whereSeparator: \.isWhitespace).map(String.init)
    return parts == [name] ? parts : [name] + parts
  }

  /// Where the applicant's own strings stand, also in the other kana or in the common form of an ideograph.
  ///
  /// - Parameter maySpread: whether spaces and one line's end may stand within a string that was given without.
  func ownSpans(
    in text: [UInt8], _ tokens: TokenTable, _ own: [String], maySpread: Bool = false
  ) -> [Span] {
    let sought = OwnString.all(of: own, matching)
    let beginnings = Beginnings(of: sought.map(\.needle))
    let borders = WordBorders(tokens)
    var spans: [Span] = []
    beginnings.forEach(in: text) { place in
      for string in sought {
        guard
          let end = Self.end(
            of: string.needle, in: text, at: place, maySpread: maySpread && string.maySpread),
          matching == .first || string.counts(at: place..<end, in: text, borders)
        else { continue }
        spans.append(Span(range: place..<end, category: Self.own, phrase: ""))
      }
    }
    return spans
  }

  /// Where a folded string ends that begins at `place`; `nil` if none does.
  private static func end(
    of needle: [UInt8], in text: [UInt8], at place: Int, maySpread: Bool
  ) -> Int? {
    var found: [UInt8] = []
    found.reserveCapacity(needle.count)
    var (end, gap) = (place, 0)
    while found.count < needle.count, end < text.count {
      if maySpread, !found.isEmpty, gap < mostBlanks, isBlank(text[end]) {
        gap += 1
      } else {
        found.append(text[end])
        gap = 0
      }
      end += 1
    }
    return KanaFolding.fold(found) == needle ? end : nil
  }

  /// How many blanks may stand between two characters of a name: a space on either side of a line's end.
  static let mostBlanks = 3

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n")
  }
}

/// The first characters of folded strings, in every spelling that folds to them.
private struct Beginnings {
  private var codes: [UInt32] = []
  /// A bit for the hash of each: nearly every place of a text is passed over by it.
  private var filter: UInt64 = 0

  init(of needles: [[UInt8]]) {
    for needle in needles {
      for spelling in KanaFolding.spellings(ofFirst: needle) {
        let (code, _) = Self.code(in: spelling.span, at: 0)
        codes.append(code)
        filter |= Self.bit(code)
      }
    }
  }

  /// Calls `body` with every place where one of the strings may begin.
  func forEach(in text: [UInt8], _ body: (Int) -> Void) {
    let (bytes, filter) = (text.span, filter)
    var place = 0
    while place < bytes.count {
      let (code, size) = Self.code(in: bytes, at: place)
      if filter & Self.bit(code) != 0, codes.contains(code) { body(place) }
      place += size
    }
  }

  /// A character of three bytes, or else a byte.
  private static func code(
    in text: Swift.Span<UInt8>, at place: Int
  ) -> (code: UInt32, size: Int) {
    let first = text[place]
    guard first & 0xF0 == 0xE0, place + 2 < text.count else { return (UInt32(first), 1) }
    return (
      UInt32(first) << 16 | UInt32(text[place + 1]) << 8 | UInt32(text[place + 2]), 3
    )
  }

  private static func bit(_ code: UInt32) -> UInt64 { 1 << UInt64((code ^ code >> 8) & 63) }
}
