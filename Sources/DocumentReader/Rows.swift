/// Characters of one height on the page, from the top down.
struct Rows {
  private struct Row {
    var middle: Double
    var height: Double
    var glyphs: [Glyph]
  }

  private var rows: [Row] = []

  /// Rows of ideographs first; letters and signs then join the row they stand in, for their boxes sit
  /// higher or lower on the line.
  init(_ glyphs: [Glyph]) {
    fill(glyphs.filter(\.isIdeographic))
    let anchors = rows
    var rest: [Glyph] = []
    for glyph in glyphs where !glyph.isIdeographic {
      if let place = Self.nearest(to: glyph, in: anchors) {
        rows[place].glyphs.append(glyph)
      } else {
        rest.append(glyph)
      }
    }
    fill(rest)
    rows.sort { $0.middle < $1.middle }
  }

  /// The rows, each from left to right.
  var lines: [[Glyph]] { rows.map { $0.glyphs.sorted { $0.x1 < $1.x1 } } }

  private mutating func fill(_ glyphs: [Glyph]) {
    let first = rows.count
    for glyph in glyphs.sorted(by: { ($0.middleY, $0.x1) < ($1.middleY, $1.x1) }) {
      let place = rows.indices.dropFirst(first).suffix(6).last { index in
        abs(glyph.middleY - rows[index].middle) < 0.3 * min(glyph.height, rows[index].height)
      }
      if let place {
        rows[place].glyphs.append(glyph)
      } else {
        rows.append(Row(middle: glyph.middleY, height: glyph.height, glyphs: [glyph]))
      }
    }
  }

  /// How far `glyph` stands from the closest character of a row, heights counting more than gaps.
  private static func distance(of glyph: Glyph, to row: Row) -> Double {
    let gap = row.glyphs.reduce(Double.infinity) {
      min($0, max(0, $1.x1 - glyph.x2, glyph.x1 - $1.x2))
    }
    return gap + 3 * abs(row.middle - glyph.middleY)
  }

  /// The row whose middle is closest, within less than half its height; `rows` are in order.
  private static func nearest(to glyph: Glyph, in rows: [Row]) -> Int? {
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].middle < glyph.middleY { low = middle + 1 } else { high = middle }
    }
    let candidates = max(0, low - 4)..<min(rows.count, low + 4)
    let close = candidates.filter {
      abs(rows[$0].middle - glyph.middleY) < 0.42 * rows[$0].height
    }
    // Beside other columns, lines stand at nearly the same height: the one that has neighbours is meant.
    let best =
      close.count > 1
      ? close.min { distance(of: glyph, to: rows[$0]) < distance(of: glyph, to: rows[$1]) }
      : candidates.min {
        abs(rows[$0].middle - glyph.middleY) < abs(rows[$1].middle - glyph.middleY)
      }
    guard let best, glyph.height < 2 * rows[best].height,
      abs(rows[best].middle - glyph.middleY) < 0.42 * rows[best].height
    else { return nil }
    return best
  }
}
