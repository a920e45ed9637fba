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

  /// `segments` with such words joined, and what are cells of their own apart; `nil` where there are none.
  static func join(_ segments: [Segment], _ language: Language) -> [Segment]? {
    let parted = SpreadCells.part(segments)
    let segments = parted ?? segments
    var joined: [Segment]?
    var start = 0
    while start < segments.count {
      let row = start..<segments.rowEnd(from: start)
      while start < row.upperBound {
        var end = start
        while end < row.upperBound, isSingle(segments[end]) { end += 1 }
        let run = segments[start..<end]
        if (2...most).contains(run.count), isEven(run),
          isOne(run, in: row, of: segments, language)
        {
          joined = joined ?? Array(segments[..<start])
          joined?.append(Segment(run.flatMap(\.glyphs), spacing: segments[start].spacing))
          start = end
        } else {
          end = max(end, start + 1)
          joined?.append(contentsOf: segments[start..<end])
          start = end
        }
      }
    }
    return joined ?? parted
  }

  private static func isOne(
    _ run: ArraySlice<Segment>, in row: Range<Int>, of segments: [Segment], _ language: Language
  ) -> Bool {
    let characters = characters(of: run)
    let areWords =
      run.count > 2 ? language.areWordsOfLabel(characters) : language.areWords(characters)
    guard areWords, !SpreadCells.isStacked(run, in: segments) else { return false }
    return run.indices == row && (run.count > 2 || isNear(run))
      || isAsWide(run, in: row, of: segments, language)
  }

  /// Whether a line or another such run nearby begins and ends where a run does: they are the labels of one column.
  ///
  /// As many characters as it has may be cells as well, which stand at even distances from the next.
  private static func isAsWide(
    _ run: ArraySlice<Segment>, in row: Range<Int>, of segments: [Segment], _ language: Language
  ) -> Bool {
    guard let first = run.first, let last = run.last else { return false }
    let isOfGrid = SpreadCells.isOfGrid(run, in: row, of: segments)
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
      guard end > index || other.glyphs.count > 1, abs(segments[end].x2 - last.x2) < 0.3 * first.em
      else { return false }
      let characters = characters(of: segments[index...end])
      if characters.count != run.count { return true }
      // 「年」 and 「月」 head the same two columns of every table.
      return !isOfGrid && characters != Self.characters(of: run) && language.areWords(characters)
    }
  }

  private static func characters(of run: ArraySlice<Segment>) -> [Unicode.Scalar] {
    run.flatMap { $0.glyphs.map(\.scalar) }
  }

  static func isSingle(_ segment: Segment) -> Bool {
    segment.glyphs.count == 1 && segment.glyphs[0].isIdeographic
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

  /// Those of `parts` whose characters do not only stand below each other: where two parts of one height, and what
  /// stands between, are words across in every row, they begin and end labels that are spread over their cells, and
  /// what stands between them is of these as well.
  static func withoutLabels(
    _ parts: [TurnedBlocks.Part], of glyphs: [Glyph], _ language: Language
  ) -> [TurnedBlocks.Part] {
    let characters = parts.map { part in
      part.indices.map { glyphs[$0] }.sorted { $0.middleY < $1.middleY }
    }
    let boxes = characters.map { Segment($0).box }
    var labels: [Glyph] = []
    for first in parts.indices {
      for second in parts.indices
      where boxes[first].x2 < boxes[second].x1
        && areEnds(characters[first], characters[second], glyphs, language)
      {
        labels.append(Segment([boxes[first], boxes[second]]).box)
      }
    }
    guard !labels.isEmpty else { return parts }
    return parts.indices.filter { index in
      !labels.contains { $0.holds(boxes[index]) }
    }.map { parts[$0] }
  }

  /// Whether the characters of each row from one to another are the words of a label.
  private static func areEnds(
    _ own: [Glyph], _ other: [Glyph], _ glyphs: [Glyph], _ language: Language
  ) -> Bool {
    guard own.count == other.count else { return false }
    return zip(own, other).allSatisfy { left, right in
      guard abs(left.middleY - right.middleY) < 0.3 * left.em else { return false }
      let row = glyphs.filter {
        abs($0.middleY - left.middleY) < 0.3 * left.em && $0.middleX > left.x1
          && $0.middleX < right.x2
      }
      return row.count <= SpreadLabels.most
        && language.areWordsOfLabel(row.sorted { $0.x1 < $1.x1 }.map(\.scalar))
    }
  }
}

extension Glyph {
  /// Whether the middle of another box lies within this one.
  fileprivate func holds(_ other: Glyph) -> Bool {
    other.middleX > x1 && other.middleX < x2 && other.middleY > y1 && other.middleY < y2
  }
}
