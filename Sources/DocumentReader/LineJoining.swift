/// Joins the lines of a paragraph, so that no word is cut where a line is full.
enum LineJoining {
  /// The texts of `segments`, wrapped ones joined to those they go on with.
  static func join(_ segments: [Segment]) -> [String] {
    let texts = segments.map(\.text)
    let next = successors(segments)
    var predecessor: [Int: Int] = [:]
    for (index, successor) in next.enumerated() {
      guard let successor, predecessor[successor] == nil, endsFull(index, next, segments, texts)
      else { continue }
      predecessor[successor] = index
    }
    let joined = Dictionary(predecessor.map { ($0.value, $0.key) }, uniquingKeysWith: { $1 })
    return segments.indices.filter { predecessor[$0] == nil }.map { start in
      var text = texts[start]
      var index = start
      while let successor = joined[index] {
        text += texts[successor]
        index = successor
      }
      return text
    }
  }

  /// For each segment the one right below that begins where it begins.
  private static func successors(_ segments: [Segment]) -> [Int?] {
    segments.indices.map { index in
      let segment = segments[index]
      guard segment.glyphs.last?.isIdeographic == true else { return nil }
      var best: Int?
      for other in (index + 1)..<min(segments.count, index + 120) {
        let below = segments[other]
        let drop = below.y1 - segment.y1
        guard abs(below.x1 - segment.x1) < 1.2 * segment.em, drop > 0.5 * segment.em,
          drop < 2.2 * segment.em, abs(below.em - segment.em) < 0.15 * segment.em
        else { continue }
        if best.map({ below.y1 < segments[$0].y1 }) ?? true { best = other }
      }
      guard let best, segments[best].glyphs.first?.isIdeographic == true else { return nil }
      return best
    }
  }

  /// Whether a segment reaches the right edge of its paragraph and does not end a sentence.
  private static func endsFull(
    _ index: Int, _ next: [Int?], _ segments: [Segment], _ texts: [String]
  ) -> Bool {
    let segment = segments[index]
    guard segment.glyphs.count >= 8, let last = segment.glyphs.last,
      last.scalar != "。", last.scalar != "．"
    else { return false }
    var right = segment.x2
    var place = next[index]
    for _ in 0..<50 {
      guard let present = place else { break }
      right = max(right, segments[present].x2)
      place = next[present]
    }
    return segment.x2 >= right - 1.6 * segment.em
  }
}
