extension ExclusionLexicon {
  /// The category of the applicant's own strings.
  static let own = "own"

  /// Where the phrases stand.
  ///
  /// A phrase of one or two characters counts only where words begin and end: 「在日」 is not in 「存在日」.
  func phraseSpans(in text: [UInt8], _ tokens: TokenTable) -> [Span] {
    lazy var borders = WordBorders(tokens)
    var spans: [Span] = []
    index.forEachMatch(in: text) { place, needle in
      let range = place..<place + needle.bytes.count
      guard !needle.isShort || borders.enclose(range) else { return }
      spans.append(
        Span(range: range, category: needle.phrase.category, phrase: needle.phrase.text))
    }
    return spans
  }

  /// Where the applicant's own strings stand, also in the other kana, in the common form of an ideograph, or
  /// with a space within.
  func ownSpans(in text: [UInt8], _ own: [String]) -> [Span] {
    var sought: [[UInt8]] = []
    func seek(_ piece: [UInt8]) {
      let needle = KanaFolding.fold(piece)
      if needle.count >= 2, !sought.contains(needle) { sought.append(needle) }
    }
    for string in own {
      let pieces = Self.pieces(of: Normaliser.bytes(of: string))
      seek(pieces.flatMap(\.self))
      for piece in pieces where piece.count(where: { $0 & 0xC0 != 0x80 }) >= 2 { seek(piece) }
    }
    let beginnings = Beginnings(of: sought)
    var spans: [Span] = []
    beginnings.forEach(in: text) { place in
      for needle in sought where place + needle.count <= text.count {
        let range = place..<place + needle.count
        if KanaFolding.fold(Array(text[range])) == needle {
          spans.append(Span(range: range, category: Self.own, phrase: ""))
        }
      }
    }
    return spans
  }
}

extension ExclusionLexicon {
  /// What stands between spaces and the marks that part names.
  private static func pieces(of text: [UInt8]) -> [[UInt8]] {
    // Where no character combines with another one, nearly always, bytes tell; by characters it takes ten times
    // as long.
    guard text.allSatisfy({ $0 < 0x80 || 0xE4...0xE9 ~= $0 || $0 & 0xC0 == 0x80 }) else {
      return String(decoding: text, as: UTF8.self)
        .split(whereSeparator: { $0.isWhitespace || "、,・/".contains($0) }).map { Array($0.utf8) }
    }
    return text.split(whereSeparator: {
      0x09...0x0D ~= $0 || $0 == 0x20 || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "/")
    }).map(Array.init)
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

/// Where the words of a reading begin and end.
private struct WordBorders {
  private var starts = Set<Int>()
  private var ends = Set<Int>()

  init(_ tokens: TokenTable) {
    for token in tokens.entries where token.kind == .word {
      starts.insert(token.offset)
      ends.insert(token.offset + token.length)
    }
  }

  func enclose(_ range: Range<Int>) -> Bool {
    starts.contains(range.lowerBound) && ends.contains(range.upperBound)
  }
}
