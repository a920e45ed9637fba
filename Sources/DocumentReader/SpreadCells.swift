/// Cells of one character each, which stand like the characters of a spread word: 「年」 and 「月」 over their columns, 「読」
/// and 「書」 over 「優」 and 「良」.
enum SpreadCells {
  /// How many rows before and after one are looked at, and how far away, in ems.
  private static let (reach, furthest) = (4, 10.0)
  /// How far above or below each other cells may stand, in ems.
  private static let pitch = 3.5

  /// `segments` with characters apart that head columns of their own; `nil` where there are none.
  static func part(_ segments: [Segment]) -> [Segment]? {
    var parted: [Segment]?
    var rows: [Range<Int>]?
    for (index, segment) in segments.enumerated() {
      guard isSpread(segment) else {
        parted?.append(segment)
        continue
      }
      let all = rows ?? self.rows(of: segments)
      rows = all
      let cells = segment.glyphs.map { Segment([$0]) }
      if headColumns(cells, at: index, segments, all) {
        parted = parted ?? Array(segments[..<index])
        parted?.append(contentsOf: cells)
      } else {
        parted?.append(segment)
      }
    }
    return parted
  }

  /// Whether a few ideographs stand a character apart or more.
  private static func isSpread(_ segment: Segment) -> Bool {
    let glyphs = segment.glyphs
    return (2...4).contains(glyphs.count) && glyphs.allSatisfy(\.isIdeographic)
      && zip(glyphs, glyphs.dropFirst()).allSatisfy { $1.x1 - $0.x2 > 0.9 * segment.em }
  }

  private static func rows(of segments: [Segment]) -> [Range<Int>] {
    var rows: [Range<Int>] = []
    while let start = rows.last?.upperBound ?? (segments.isEmpty ? nil : 0), start < segments.count
    {
      rows.append(start..<segments.rowEnd(from: start))
    }
    return rows
  }

  /// Whether in a row nearby a piece stands above or below each of some cells, and one of them is no ideograph alone.
  private static func headColumns(
    _ cells: [Segment], at index: Int, _ segments: [Segment], _ rows: [Range<Int>]
  ) -> Bool {
    guard let own = rows.firstIndex(where: { $0.contains(index) }) else { return false }
    let em = cells[0].em
    return (max(0, own - reach)...min(rows.count - 1, own + reach)).contains { row in
      guard row != own, abs(segments[rows[row].lowerBound].middle - cells[0].middle) < furthest * em
      else { return false }
      let pieces = cells.compactMap { cell in
        segments[rows[row]].first { piece in
          (abs(piece.x1 + piece.x2 - cell.x1 - cell.x2) < 0.7 * em
            || abs(piece.x1 - cell.x1) < 0.3 * em)
            && !cells.contains { $0.x1 != cell.x1 && $0.x1 < piece.x2 && $0.x2 > piece.x1 }
        }
      }
      // An ideographic space parts words of one cell.
      return pieces.count == cells.count && pieces.contains { !SpreadWords.isSingle($0) }
        && zip(pieces, pieces.dropFirst()).allSatisfy { $1.x1 - $0.x2 > 1.2 * em }
    }
  }

  /// Whether the row right above or below has as many characters, each at the same place, or pieces that they head.
  static func isStacked(_ run: ArraySlice<Segment>, in segments: [Segment]) -> Bool {
    guard let first = run.first else { return false }
    let isRepeated = [run.startIndex - run.count, run.endIndex].contains { start in
      guard start >= 0, start + run.count <= segments.count else { return false }
      return zip(run, segments[start..<(start + run.count)]).allSatisfy {
        SpreadWords.isSingle($1) && abs($0.x1 - $1.x1) < 0.3 * $0.em
          && abs($0.middle - $1.middle) < pitch * $0.em
      }
    }
    return isRepeated
      || first.em > 0 && headColumns(Array(run), at: run.startIndex, segments, rows(of: segments))
  }

  /// Whether what stands beside some characters in their row is as far away as they are from each other.
  static func isOfGrid(
    _ run: ArraySlice<Segment>, in row: Range<Int>, of segments: [Segment]
  ) -> Bool {
    guard let first = run.first, let last = run.last, run.count > 1 else { return false }
    let em = first.em
    let pitch = (last.x1 - first.x1) / Double(run.count - 1)
    return [(run.startIndex - 1, first, -pitch), (run.endIndex, last, pitch)].contains {
      index, cell, pitch in
      guard row.contains(index) else { return false }
      let other = segments[index]
      return abs(other.x1 - cell.x1 - pitch) < 0.3 * em
        || abs(other.x1 + other.x2 - cell.x1 - cell.x2 - 2 * pitch) < 0.6 * em
    }
  }
}
