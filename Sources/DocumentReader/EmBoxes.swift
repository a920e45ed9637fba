/// Makes the boxes of a font as high as they are wide where ideographs show that they ought to be.
///
/// Some producers give every character a box of the font's whole height, two or three ems, so that the
/// boxes of neighbouring lines overlap; an ideograph's width is the em.
enum EmBoxes {
  static func fit(_ glyphs: [Glyph]) -> [Glyph] {
    var ratios: [Int: [Double]] = [:]
    for glyph in glyphs where glyph.scalar.isKanji || glyph.scalar.isKana {
      guard glyph.width > 0, glyph.height > 0 else { continue }
      ratios[glyph.font, default: []].append(glyph.height / glyph.width)
    }
    let factors = ratios.compactMapValues(steadyRatio)
    guard !factors.isEmpty else { return glyphs }
    return glyphs.map { glyph in
      guard let factor = factors[glyph.font] else { return glyph }
      var fitted = glyph
      if factor > 1, !glyph.isIdeographic, glyph.width > 1.2 * glyph.height {
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

  /// The ratio that most ideographs of a font share; a text recogniser's boxes share none.
  private static func steadyRatio(_ ratios: [Double]) -> Double? {
    guard ratios.count >= 4 else { return nil }
    let middle = Segment.median(ratios)
    let near = ratios.count { abs($0 - middle) < 0.1 * middle }
    let isSteady = near * 10 > ratios.count * 6
    return isSteady && (middle > 1.1 || middle < 0.9) ? middle : nil
  }
}
