/// Words whose characters are spread over a wide cell, alone in their row: 「職　　　　　　歴」.
///
/// Characters so far apart could be cells of their own: only the dictionary tells.
enum SpreadWords {
  /// Characters of a heading that stand alone.
  private static let most = 6
  /// The widest gap between them, in ems.
  private static let widest = 10.0

  /// `segments` with such words joined; `nil` where there are none.
  static func join(_ segments: [Segment], _ language: Language) -> [Segment]? {
    var joined: [Segment]?
    var start = 0
    while start < segments.count {
      let end = rowEnd(from: start, segments)
      defer { start = end }
      let row = segments[start..<end]
      guard (2...most).contains(row.count), row.allSatisfy(isSingle), isEven(row),
        language.areWords(row.map { $0.glyphs[0].scalar })
      else {
        joined?.append(contentsOf: row)
        continue
      }
      joined = joined ?? Array(segments[..<start])
      joined?.append(Segment(row.flatMap(\.glyphs)))
    }
    return joined
  }

  private static func isSingle(_ segment: Segment) -> Bool {
    segment.glyphs.count == 1 && segment.glyphs[0].isIdeographic
  }

  /// Where the row ends that begins at `start`.
  private static func rowEnd(from start: Int, _ segments: [Segment]) -> Int {
    var end = start + 1
    while end < segments.count, segments[end].x1 > segments[end - 1].x2,
      abs(segments[end].middle - segments[start].middle) < 0.4 * segments[start].em
    {
      end += 1
    }
    return end
  }

  /// Whether the gaps are of one width, and none is too wide.
  private static func isEven(_ row: ArraySlice<Segment>) -> Bool {
    let gaps = zip(row, row.dropFirst()).map { $1.x1 - $0.x2 }
    guard let least = gaps.min(), let most = gaps.max(), let em = row.first?.em else {
      return false
    }
    return most < widest * em && most - least < 0.35 * most
  }
}
