/// Cuts lines where a cell of a table begins so close to the one before that the gap alone does not tell.
enum CellEdges {
  /// Cuts `segments`, which are in rows from the top down, at gaps above or below which others begin.
  static func cut(_ segments: [Segment]) -> [Segment] {
    let edges = segments.map(edges(of:))
    return segments.indices.flatMap { index in
      let segment = segments[index]
      guard segment.glyphs.count >= 4 else { return [segment] }
      let usual = segment.usualGap
      let near = max(0, index - 40)..<min(segments.count, index + 41)
      var pieces: [Segment] = []
      var current: [Glyph] = []
      for (glyph, gap) in zip(segment.glyphs, segment.gaps) {
        if gap > 0.12 * segment.em, gap > 2.5 * usual, !current.isEmpty,
          isEdge(
            glyph.x1, near.lazy.map { (middle: segments[$0].middle, edges: edges[$0]) }, segment,
            isWide: gap > 0.45 * segment.em)
        {
          pieces.append(Segment(current))
          current = []
        }
        current.append(glyph)
      }
      return pieces + [Segment(current)]
    }
  }

  /// Where a segment begins, and where it goes on behind a gap wider than half a character.
  private static func edges(of segment: Segment) -> [Double] {
    let glyphs = segment.glyphs
    let least = max(0.45 * segment.em, 2.5 * segment.usualGap)
    return [segment.x1]
      + glyphs.indices.dropFirst().filter { glyphs[$0].x1 - glyphs[$0 - 1].x2 > least }
      .map { glyphs[$0].x1 }
  }

  /// Whether two other lines nearby begin at `x`, or five exactly there when the gap is narrow.
  private static func isEdge(
    _ x: Double, _ near: some Sequence<(middle: Double, edges: [Double])>, _ segment: Segment,
    isWide: Bool
  ) -> Bool {
    var found = 0
    for other in near {
      let distance = abs(other.middle - segment.middle)
      guard distance > 0.5 * segment.em, distance < 12 * segment.em else { continue }
      // What begins behind a gap itself tells of wide gaps only.
      let edges = other.edges.prefix(isWide ? 8 : 1)
      guard edges.contains(where: { abs($0 - x) < (isWide ? 0.25 : 0.06) * segment.em }) else {
        continue
      }
      found += 1
      if found == (isWide ? 2 : 5) { return true }
    }
    return false
  }
}
