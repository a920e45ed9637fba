/// Takes out the spaces that only spread words: 「氏　　名」, 「株 式 会 社」, and all of them where a text
/// recogniser has put one between any two characters.
enum Unspacing {
  static func unspace(_ text: String, spread: Bool) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let everywhere = spread || isSpread(lines)
    return lines.map { unspace($0, everywhere: everywhere) }.joined(separator: "\n")
  }

  /// Whether more than half of the pieces between spaces are single ideographs.
  private static func isSpread(_ lines: [Substring]) -> Bool {
    var (single, all) = (0, 0)
    for line in lines {
      for piece in line.split(whereSeparator: \.isWhitespace)
      where piece.unicodeScalars.contains(where: \.isIdeographic) {
        all += 1
        if isSingle(piece) { single += 1 }
      }
    }
    return all >= 40 && single * 2 > all
  }

  private static func isSingle(_ piece: Substring) -> Bool {
    guard let only = piece.unicodeScalars.first else { return false }
    return piece.unicodeScalars.count == 1 && only.isIdeographic
  }

  private static func unspace(_ line: Substring, everywhere: Bool) -> String {
    guard line.contains(where: \.isWhitespace) else { return String(line) }
    let pieces = line.split(whereSeparator: \.isWhitespace)
    guard let first = pieces.first else { return "" }
    var text = String(first)
    for (last, piece) in zip(pieces, pieces.dropFirst()) {
      let ideographs =
        last.unicodeScalars.last?.isIdeographic == true
        && piece.unicodeScalars.first?.isIdeographic == true
      let spread = isSingle(last) && isSingle(piece)
      if !(ideographs && (everywhere || spread)) { text += " " }
      text += piece
    }
    return text
  }
}
