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
