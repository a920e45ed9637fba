extension ExclusionLexicon {
  /// Where the applicant's name stands in kana behind any label, and every other place where its longer parts stand.
  ///
  /// - Complexity: O(length of the text + names × log tokens).
  func kanaNameSpans(
    in text: [UInt8], _ tokens: TokenTable, _ classes: inout TableClasses
  ) -> [Span] {
    var parts: [Range<Int>] = []
    var place = 0
    while let start = KanaName.nextLabel(in: text, from: place) {
      var found = KanaName.parts(in: text, from: start)
      // What stands in the next line, or as the third word, may be another matter.
      while let last = found.last, KanaName.isDoubtful(found, in: text),
        tokens.entries[tokens.firstEntry(from: last.lowerBound)...]
          .prefix(while: { $0.offset < last.upperBound })
          .contains(where: { $0.isWord && classes.isCommon($0) })
      {
        found.removeLast()
      }
      place = found.last?.upperBound ?? start
      parts += found
    }
    return kanaSpans(of: parts, in: text)
  }
}

/// A name in kana behind its label: one part to three, each in a line of its own where a wide space parts them.
private enum KanaName {
  private static let most = 3

  /// The parts of the name that begins at `start`.
  static func parts(in text: [UInt8], from start: Int) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var place = start
    while parts.count < most {
      let part = Furigana.kana(in: text, from: place)
      guard part.count >= 2 * 3, parts.isEmpty || !isLabel(part, behind: parts.count, in: text)
      else { break }
      parts.append(part)
      place = part.upperBound
      while place < text.count, place - part.upperBound < ExclusionLexicon.mostBlanks,
        ExclusionLexicon.isBlank(text[place])
      {
        place += 1
      }
    }
    return parts
  }

  /// Whether a part is another label, and no name: カナ may be one, but behind a whole name or before 氏名.
  private static func isLabel(_ part: Range<Int>, behind count: Int, in text: [UInt8]) -> Bool {
    guard labels.contains(where: { text[part].elementsEqual($0.text) }) else { return false }
    return count > 1 || text[part.upperBound...].starts(with: "氏名".utf8)
  }

  /// Whether the last part of a name need not belong to it, for no name in ideographs follows.
  static func isDoubtful(_ parts: [Range<Int>], in text: [UInt8]) -> Bool {
    guard parts.count > 1, let last = parts.last else { return false }
    let gap = parts[parts.count - 2].upperBound..<last.lowerBound
    guard parts.count == most || text[gap].contains(UInt8(ascii: "\n")) else { return false }
    let rest = text[last.upperBound...].drop(while: ExclusionLexicon.isBlank)
    return !["氏名", "名前", "姓名", "お名前"].contains { rest.starts(with: $0.utf8) }
  }

  /// Where what follows the next label begins.
  static func nextLabel(in text: [UInt8], from start: Int) -> Int? {
    let bytes = text.span
    var place = start
    while place + 2 < bytes.count {
      guard bytes[place] == 0xE3 else {
        place += 1
        continue
      }
      if initials.contains(UInt16(bytes[place + 1]) << 8 | UInt16(bytes[place + 2])),
        let label = labels.first(where: { text[place...].starts(with: $0.text) })
      {
        let end = place + label.text.count
        var next = end
        while next < text.count, Furigana.separators.contains(text[next]) { next += 1 }
        if !label.isWord || next > end && mayBegin(at: place, in: text) { return next }
      }
      place += 3
    }
    return nil
  }

  /// Whether a label may begin at `place`: at a line's beginning, behind a mark, or behind 氏名.
  private static func mayBegin(at place: Int, in text: [UInt8]) -> Bool {
    guard place > 0 else { return true }
    return borders.contains(text[place - 1]) || text[..<place].suffix(3).elementsEqual("名".utf8)
  }

  /// Labels, and whether each must stand by itself, for it is in other words: カナ in カナダ.
  private static let labels: [(text: [UInt8], isWord: Bool)] =
    ["フリガナ", "ふりがな"].map { (Array($0.utf8), false) }
    + ["カナ氏名", "ヨミガナ", "よみがな", "カナ", "かな", "シメイ", "しめい"].map { (Array($0.utf8), true) }
  private static let initials = Set(
    labels.map { UInt16($0.text[1]) << 8 | UInt16($0.text[2]) })
  private static let borders: Set<UInt8> = Set(" :()\n".utf8)
}
