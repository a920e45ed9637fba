/// Cuts lines where a cell of a table begins so close to the one before that the gap alone does not tell.
enum CellEdges {
  /// Cuts `segments`, which are in rows from the top down, at gaps above or below which others begin.
  static func cut(_ segments: [Segment]) -> [Segment] {
    // Nearly no page asks for them.
    var known: [[Double]]?
    var cut: [Segment] = []
    cut.reserveCapacity(segments.count)
    for (index, segment) in segments.enumerated() {
      let glyphs = segment.glyphs
      let near = max(0, index - 40)..<min(segments.count, index + 41)
      var start = 0
      for place in glyphs.indices.dropFirst() where glyphs.count >= 4 {
        let gap = glyphs[place].x1 - glyphs[place - 1].x2
        guard gap > 0.12 * segment.em, gap > 2.5 * segment.usualGap,
          !segment.spreadsWord(at: place), !segment.isInSquares(at: place)
        else { continue }
        let edges = known ?? segments.map(edges(of:))
        known = edges
        if isEdge(
          glyphs[place].x1, near.lazy.map { (middle: segments[$0].middle, edges: edges[$0]) },
          segment, isWide: gap > 0.45 * segment.em)
        {
          cut.append(Segment(Array(glyphs[start..<place]), spacing: segment.spacing))
          start = place
        }
      }
      cut.append(
        start == 0 ? segment : Segment(Array(glyphs[start...]), spacing: segment.spacing))
    }
    return cut
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
