/// Words whose characters are spread over a wide cell, alone in their row or as wide as a label above or below:
/// 「職　　　　　　歴」.
///
/// Characters so far apart could be cells of their own: only the dictionary tells.
enum SpreadWords {
  /// Characters of a heading that stand alone.
  private static let most = 6
  /// The widest gap between them, in ems, where no other label shows how wide its cell is.
  private static let widest = 10.0
  /// How many lines before and after one are looked at.
  private static let reach = 40

  /// `segments` with such words joined; `nil` where there are none.
  static func join(_ segments: [Segment], _ language: Language) -> [Segment]? {
    var joined: [Segment]?
    var start = 0
    while start < segments.count {
      let row = start..<rowEnd(from: start, segments)
      while start < row.upperBound {
        var end = start
        while end < row.upperBound, isSingle(segments[end]) { end += 1 }
        let run = segments[start..<end]
        if (2...most).contains(run.count), isEven(run),
          run.indices == row && isNear(run) || isAsWide(run, as: segments),
          language.areWords(run.map { $0.glyphs[0].scalar })
        {
          joined = joined ?? Array(segments[..<start])
          joined?.append(Segment(run.flatMap(\.glyphs)))
          start = end
        } else {
          end = max(end, start + 1)
          joined?.append(contentsOf: segments[start..<end])
          start = end
        }
      }
    }
    return joined
  }

  /// Whether a line or another such run nearby begins and ends where a run does: they are the labels of one column.
  private static func isAsWide(_ run: ArraySlice<Segment>, as segments: [Segment]) -> Bool {
    guard let first = run.first, let last = run.last else { return false }
    let near = max(0, run.startIndex - reach)..<min(segments.count, run.endIndex + reach)
    return near.contains { index in
      let other = segments[index]
      guard !run.indices.contains(index), abs(other.x1 - first.x1) < 0.3 * first.em,
        abs(other.em - first.em) < 0.15 * first.em
      else { return false }
      var end = index
      while isSingle(segments[end]), end + 1 < near.upperBound, end - index < most,
        isSingle(segments[end + 1]), segments[end + 1].x1 > segments[end].x2,
        abs(segments[end + 1].middle - other.middle) < 0.4 * other.em
      {
        end += 1
      }
      // 「年」 and 「月」 head the same two columns of every table.
      return (end > index || other.glyphs.count > 1)
        && abs(segments[end].x2 - last.x2) < 0.3 * first.em
        && characters(of: segments[index...end]) != characters(of: run)
    }
  }

  private static func characters(of run: ArraySlice<Segment>) -> [Unicode.Scalar] {
    run.flatMap { $0.glyphs.map(\.scalar) }
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

  /// Whether the gaps are of one width.
  private static func isEven(_ row: ArraySlice<Segment>) -> Bool {
    let gaps = zip(row, row.dropFirst()).map { $1.x1 - $0.x2 }
    guard let least = gaps.min(), let most = gaps.max() else { return false }
    return most - least < 0.35 * most
  }

  /// Whether no gap is too wide.
  private static func isNear(_ row: ArraySlice<Segment>) -> Bool {
    zip(row, row.dropFirst()).allSatisfy { $1.x1 - $0.x2 < widest * $0.em }
  }

  /// Whether characters below each other only end or begin such words: with those of another part as high, and what
  /// stands between, they are words across, in every row.
  static func areEnds(
    _ part: TurnedBlocks.Part, among parts: [TurnedBlocks.Part], of glyphs: [Glyph],
    _ language: Language
  ) -> Bool {
    let own = part.indices.map { glyphs[$0] }
    return parts.contains { other in
      guard other.indices.count == own.count, other.indices != part.indices else { return false }
      return zip(own, other.indices.map { glyphs[$0] }).allSatisfy { one, other in
        let (left, right) = (min(one.x1, other.x1), max(one.x2, other.x2))
        guard abs(one.middleY - other.middleY) < 0.3 * one.em else { return false }
        let row = glyphs.filter {
          abs($0.middleY - one.middleY) < 0.3 * one.em && $0.middleX > left && $0.middleX < right
        }
        return row.count <= most
          && language.areWords(row.sorted { $0.x1 < $1.x1 }.map(\.scalar))
      }
    }
  }
}
