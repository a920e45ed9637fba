/// A string that only the applicant has, or a part of one, folded: the name, the mail address.
struct OwnString {
  let needle: [UInt8]
  /// Whether blanks may stand within it.
  private(set) var maySpread: Bool

  /// What is to be sought of `strings`, each once: the first way of matching seeks no part of a single character, and
  /// parts only without blanks.
  static func all(
    of strings: [String], _ matching: ExclusionLexicon.Matching
  ) -> [OwnString] {
    var sought: [OwnString] = []
    func seek(_ piece: [UInt8], maySpread: Bool) {
      let needle = KanaFolding.fold(piece)
      guard needle.count >= 2 else { return }
      if let known = sought.firstIndex(where: { $0.needle == needle }) {
        sought[known].maySpread = sought[known].maySpread || maySpread
      } else {
        sought.append(OwnString(needle: needle, maySpread: maySpread))
      }
    }
    let shortest = matching == .first ? 2 : 1
    for string in strings {
      let pieces = pieces(of: Normaliser.bytes(of: string))
      seek(pieces.flatMap(\.self), maySpread: true)
      for piece in pieces where piece.count(where: { $0 & 0xC0 != 0x80 }) >= shortest {
        seek(piece, maySpread: matching != .first)
      }
    }
    return sought
  }

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

  /// Whether it is itself at a place where its characters stand, and not a part of other words.
  ///
  /// Latin letters that go on are another word: Li in client. What is so short that it stands in many words counts only
  /// where the analysis begins and ends words with it: not 学 in 機械学習, マイ in マイクロ, 林健 in 森林 健康.
  func counts(at place: Range<Int>, in text: [UInt8], _ borders: WordBorders) -> Bool {
    guard !LatinWords.go(on: place, in: text) else { return false }
    let characters = String(decoding: needle, as: UTF8.self).unicodeScalars
    let isSpread = place.count > needle.count
    guard
      characters.count == 1
        || characters.count == 2 && (isSpread || characters.contains(where: \.isKana))
    else { return true }
    return borders.enclose(place)
  }
}

/// Words of Latin letters and figures, which no analysis need part.
enum LatinWords {
  /// Whether a word that a range begins or ends with goes on beyond it.
  static func go(on range: Range<Int>, in text: [UInt8]) -> Bool {
    isWord(before: range.lowerBound, in: text) && isWord(at: range.lowerBound, in: text)
      || isWord(before: range.upperBound, in: text) && isWord(at: range.upperBound, in: text)
  }

  private static func isWord(at place: Int, in text: [UInt8]) -> Bool {
    place < text.count && isWord(text.scalar(at: place).scalar)
  }

  private static func isWord(before place: Int, in text: [UInt8]) -> Bool {
    var start = place - 1
    while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
    return start >= 0 && isWord(text.scalar(at: start).scalar)
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xD7, 0xF7: false
    case 0xC0...0x24F, 0x1E00...0x1EFF: true
    default: scalar.isASCIIWord
    }
  }
}
