extension ExclusionLexicon {
  /// Where the applicant's name stands in kana in one line, and every other place where its longer parts stand.
  ///
  /// A résumé gives it behind the label フリガナ, and the application nowhere.
  ///
  /// - Complexity: O(length of the text).
  func furiganaSpans(in text: [UInt8]) -> [Span] {
    kanaSpans(of: Furigana.parts(in: text), in: text)
  }

  /// Parts of a name in kana, and every other place where the longer ones stand in either kana.
  func kanaSpans(of parts: [Range<Int>], in text: [UInt8]) -> [Span] {
    // Two kana stand in too many words: ケン is in ケンブリッジ.
    let long = parts.filter { $0.count >= 3 * 3 }
    let others = long.isEmpty ? [] : KanaNames(long, in: text).places(in: text)
    return (parts + others).map { Span(range: $0, category: Self.own, phrase: "") }
  }
}

enum Furigana {
  /// The parts of the names that follow labels: two at most, family name and given name.
  static func parts(in text: [UInt8]) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var place = 0
    while let start = candidate(in: text, from: place) {
      guard let label = labels.first(where: { text[start...].starts(with: $0) }) else {
        place = start + 3
        continue
      }
      place = start + label.count
      while place < text.count, separators.contains(text[place]) { place += 1 }
      for _ in 0..<2 {
        let part = kana(in: text, from: place)
        guard part.count >= 2 * 3 else { break }
        parts.append(part)
        place = part.upperBound
        if place < text.count, text[place] == UInt8(ascii: " ") { place += 1 }
      }
    }
    return parts
  }

  /// The next フ or ふ, with which labels begin.
  private static func candidate(in text: [UInt8], from start: Int) -> Int? {
    let bytes = text.span
    var place = start
    while place + 2 < bytes.count {
      if bytes[place] == 0xE3 {
        let (second, third) = (bytes[place + 1], bytes[place + 2])
        if second == 0x83 && third == 0x95 || second == 0x81 && third == 0xB5 { return place }
      }
      place += 1
    }
    return nil
  }

  /// The kana that begin at a place.
  static func kana(in text: [UInt8], from start: Int) -> Range<Int> {
    var end = start
    while end + 2 < text.count, text[end] == 0xE3, (0x81...0x83).contains(text[end + 1]),
      !(text[end + 1] == 0x83 && text[end + 2] == 0xBB)
    { end += 3 }
    return start..<end
  }

  private static let labels = ["フリガナ", "ふりがな"].map { Array($0.utf8) }
  static let separators: Set<UInt8> = Set(" :)\n".utf8)
}
