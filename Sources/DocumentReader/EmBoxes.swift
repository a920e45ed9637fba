/// Makes the boxes of a font as high as they are wide where ideographs show that they ought to be.
///
/// Some producers give every character a box of the font's whole height, two or three ems, so that the
/// boxes of neighbouring lines overlap; an ideograph's width is the em.
enum EmBoxes {
  static func fit(_ glyphs: [Glyph]) -> [Glyph] {
    guard glyphs.contains(where: isOdd) else { return glyphs }
    // By font, whose numbers are small.
    var fonts = 1
    for glyph in glyphs { fonts = max(fonts, glyph.font + 1) }
    var ratios = [[Double]](repeating: [], count: fonts)
    for glyph in glyphs where isSquare(glyph) {
      guard glyph.width > 0, glyph.height > 0 else { continue }
      ratios[glyph.font].append(glyph.height / glyph.width)
    }
    let factors = ratios.map(steadyRatio)
    // Where every few characters have a font of their own, the page's fonts are told together.
    let common = steadyRatio(ratios.filter { $0.count < 4 }.flatMap { $0 }.sorted())
    guard common != nil || factors.contains(where: { $0 != nil }) else { return glyphs }
    let isTurned = SidewaysLetters.areThere(glyphs)
    return glyphs.map { glyph in
      let isRare = ratios[glyph.font].count < 4
      guard let factor = factors[glyph.font] ?? (isRare ? common : nil) else { return glyph }
      var fitted = glyph
      if factor > 1, isTurned, glyph.isLatin {
        // A letter that lies on its side in a vertical line: the font's height runs across the page.
        let half = glyph.width / factor / 2
        (fitted.x1, fitted.x2) = (glyph.middleX - half, glyph.middleX + half)
      } else if factor > 1 {
        let half = glyph.height / factor / 2
        (fitted.y1, fitted.y2) = (glyph.middleY - half, glyph.middleY + half)
      } else {
        let half = glyph.width * factor / 2
        (fitted.x1, fitted.x2) = (glyph.middleX - half, glyph.middleX + half)
      }
      return fitted
    }
  }

  /// Whether a character is as wide as it is high: kana of half width are not.
  static func isSquare(_ glyph: Glyph) -> Bool {
    glyph.scalar.isKanji || glyph.scalar.isKana && glyph.scalar.value < 0xFF00
  }

  /// Whether an ideograph is so far from square that its font may be told by it; most pages have none.
  private static func isOdd(_ glyph: Glyph) -> Bool {
    guard isSquare(glyph), glyph.width > 0, glyph.height > 0 else { return false }
    let ratio = glyph.height / glyph.width
    return ratio > 1.1 || ratio < 0.9
  }

  /// The ratio that most ideographs of a font share; a text recogniser's boxes share none.
  private static func steadyRatio(_ ratios: [Double]) -> Double? {
    guard ratios.count >= 4 else { return nil }
    let middle = Segment.median(ratios)
    let near = ratios.count { abs($0 - middle) < 0.1 * middle }
    let isSteady = near * 10 > ratios.count * 6
    return isSteady && (middle > 1.1 || middle < 0.9) ? middle : nil
  }
}
