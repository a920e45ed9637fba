/// Reading aids over ideographs (ルビ): small kana right above the words they spell.
enum Ruby {
  /// Removes the segments that are reading aids, and returns them.
  ///
  /// Only a producer that keeps ruby as characters of its own leaves a trace in the boxes; where it is set
  /// inline at full size, it stays.
  static func remove(from segments: inout [Segment]) -> [Segment] {
    var removed: [Segment] = []
    var kept: [Segment] = []
    for index in segments.indices {
      let segment = segments[index]
      let below = segments[(index + 1)...].prefix(40)
      if isKana(segment), let base = below.firstIndex(where: { isBase($0, of: segment) }) {
        segments[base].hasReadingAids = true
        removed.append(segment)
      } else {
        kept.append(segment)
      }
    }
    segments = kept
    return removed
  }

  /// Removes small kana that stand in the line right behind the ideograph that they spell, and returns them; the
  /// ideograph then reaches to where they end.
  ///
  /// So set those producers ruby that know nothing of it.
  static func removeInline(from glyphs: inout [Glyph]) -> [Segment] {
    var removed: [Segment] = []
    var kept: [Glyph] = []
    var start = 1
    while start < glyphs.count {
      let end = inlineEnd(of: glyphs, from: start)
      guard end > start else {
        if !removed.isEmpty { kept.append(glyphs[start]) }
        start += 1
        continue
      }
      if removed.isEmpty { kept = Array(glyphs[..<start]) }
      let aid = Segment(Array(glyphs[start..<end]))
      removed.append(aid)
      let base = glyphs[start - 1]
      kept[kept.count - 1].x2 = max(base.x2, aid.x2)
      start = end
      if start < glyphs.count { kept.append(glyphs[start]) }
      start += 1
    }
    if !removed.isEmpty { glyphs = kept }
    return removed
  }

  /// The longest reading of a word.
  private static let longest = 12

  /// Where small kana end that begin at `start` right behind an ideograph; `start` where there are none.
  private static func inlineEnd(of glyphs: [Glyph], from start: Int) -> Int {
    let base = glyphs[start - 1]
    guard base.scalar.isKanji, isAid(glyphs[start], of: base), isBeside(glyphs[start], base) else {
      return start
    }
    var end = start + 1
    while end < glyphs.count, end - start < longest, isAid(glyphs[end], of: base),
      isBeside(glyphs[end], glyphs[end - 1])
    {
      end += 1
    }
    // What goes on in small characters is small print.
    let goesOn =
      end < glyphs.count && glyphs[end].height < 0.8 * base.height
      && isBeside(glyphs[end], glyphs[end - 1])
    return goesOn ? start : end
  }

  private static func isAid(_ glyph: Glyph, of base: Glyph) -> Bool {
    glyph.scalar.isKana && glyph.height <= 0.65 * base.height
  }

  private static func isBeside(_ glyph: Glyph, _ last: Glyph) -> Bool {
    abs(glyph.x1 - last.x2) < 0.3 * glyph.height && glyph.y1 < last.y2 && glyph.y2 > last.y1
  }

  private static func isKana(_ segment: Segment) -> Bool {
    segment.glyphs.allSatisfy { $0.scalar.isKana }
  }

  private static func isBase(_ base: Segment, of ruby: Segment) -> Bool {
    guard ruby.em <= 0.65 * base.em, base.y1 < ruby.y2 + 0.5 * base.em,
      base.y1 > ruby.y1 - 0.3 * base.em
    else { return false }
    let middle = (ruby.x1 + ruby.x2) / 2
    return base.glyphs.contains { glyph in
      glyph.scalar.isKanji && glyph.x1 - 0.6 * base.em <= middle
        && glyph.x2 + 0.6 * base.em >= middle
    }
  }
}
