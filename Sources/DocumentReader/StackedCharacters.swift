/// Characters that stand below each other and that poppler takes for a word across: it gives each of them the height of
/// all, and the width up to where the next one begins, which is none where they begin at one place.
enum StackedCharacters {
  /// Gives each of them its own box.
  ///
  /// - Complexity: O(characters); nearly no page has any.
  static func part(_ glyphs: inout [Glyph]) {
    guard glyphs.contains(where: { $0.width < 0.01 && $0.height > 1 }) else { return }
    let squares = glyphs.filter { EmBoxes.isSquare($0) && $0.width > 0.01 }
    let em = Segment.median(squares.map(\.width))
    guard em > 0 else { return }
    let height = Segment.median(squares.map(\.height))
    var start = 0
    while start < glyphs.count {
      var end = start
      while end + 1 < glyphs.count, goesOn(glyphs[end], glyphs[end + 1]),
        glyphs[end + 1].x2 - glyphs[start].x1 < widest * max(em, glyphs[end + 1].width)
      {
        end += 1
      }
      if end > start,
        let pitch = pitch(of: glyphs[start...end], em: em, height: height)
      {
        part(&glyphs, start...end, pitch: pitch)
      }
      start = end + 1
    }
  }

  /// In ems, what stands in one line downwards is no wider.
  private static let widest = 1.1

  /// Whether two characters are in one such word.
  private static func goesOn(_ one: Glyph, _ next: Glyph) -> Bool {
    abs(one.y1 - next.y1) < 0.01 && abs(one.y2 - next.y2) < 0.01 && abs(next.x1 - one.x2) < 0.01
  }

  /// How far below each other the characters of a word stand; `nil` where they stand beside each other.
  ///
  /// Of a word across, only one as narrow as an em could be as high as its characters would be below each other.
  private static func pitch(of word: ArraySlice<Glyph>, em: Double, height: Double) -> Double? {
    guard let last = word.last else { return nil }
    let (below, whole) = (Double(word.count - 1), last.height)
    if word.dropLast().allSatisfy({ $0.width < 0.01 }) {
      // An ideograph tells the size of its font, of letters the whole height does: less is that of a letter behind a
      // character without any width.
      if EmBoxes.isSquare(last) {
        return whole - below * last.width > 0.5 * last.width ? last.width : nil
      }
      let own = whole / (below + height / em)
      return own > 0.9 * em ? own : nil
    }
    return abs(whole - height - below * em) < 0.1 * em ? em : nil
  }

  /// Parts characters that are centred in their line.
  private static func part(_ glyphs: inout [Glyph], _ range: ClosedRange<Int>, pitch: Double) {
    let last = glyphs[range.upperBound]
    let height = last.height - Double(range.count - 1) * pitch
    for index in range {
      glyphs[index].x2 = max(glyphs[index].x1, 2 * last.middleX - glyphs[index].x1)
      glyphs[index].y1 = last.y1 + Double(index - range.lowerBound) * pitch
      glyphs[index].y2 = glyphs[index].y1 + height
    }
  }
}
