/// Cuts lines where a cell of a table begins so close to the one before that the gap alone does not tell.
enum CellEdges {
  /// Cuts `segments`, which are in rows from the top down, at gaps above or below which others begin.
  static func cut(_ segments: [Segment]) -> [Segment] {
    segments.indices.flatMap { index in
      let segment = segments[index]
      guard segment.glyphs.count >= 4 else { return [segment] }
      let usual = segment.usualGap
      let near = segments[max(0, index - 40)..<min(segments.count, index + 41)]
      var pieces: [Segment] = []
      var current: [Glyph] = []
      for (glyph, gap) in zip(segment.glyphs, segment.gaps) {
        if gap > 0.12 * segment.em, gap > 2.5 * usual, !current.isEmpty,
          isEdge(glyph.x1, near, segment, isWide: gap > 0.45 * segment.em)
        {
          pieces.append(Segment(current))
          current = []
        }
        current.append(glyph)
      }
      return pieces + [Segment(current)]
    }
  }

  /// Whether two other lines nearby begin at `x`, or five exactly there when the gap is narrow.
  private static func isEdge(
    _ x: Double, _ near: ArraySlice<Segment>, _ segment: Segment, isWide: Bool
  ) -> Bool {
    var found = 0
    for other in near where abs(other.x1 - x) < (isWide ? 0.25 : 0.06) * segment.em {
      let distance = abs(other.middle - segment.middle)
      guard distance > 0.5 * segment.em, distance < 12 * segment.em else { continue }
      found += 1
      if found == (isWide ? 2 : 5) { return true }
    }
    return false
  }
}
