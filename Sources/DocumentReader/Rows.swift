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
    let ideographs = glyphs.filter(\.isIdeographic)
    fill(ideographs)
    var (joining, rest): ([(place: Int, index: Int)], [Glyph]) = ([], [])
    joining.reserveCapacity(glyphs.count - ideographs.count)
    for index in glyphs.indices where !glyphs[index].isIdeographic {
      if let place = Self.nearest(to: glyphs[index], in: rows) {
        joining.append((place, index))
      } else {
        rest.append(glyphs[index])
      }
    }
    for (place, index) in joining { rows[place].glyphs.append(glyphs[index]) }
    fill(rest)
    rows.sort { $0.middle < $1.middle }
  }

  /// The rows, each from left to right.
  var lines: [[Glyph]] { rows.map { Self.sorted($0.glyphs) { (0, $0.x1) } } }

  /// `glyphs` by their keys, which those of most pages are already; equal ones stay as they are.
  @inline(__always)
  private static func sorted(
    _ glyphs: [Glyph], by key: (Glyph) -> (Double, Double)
  ) -> [Glyph] {
    var index = 1
    while index < glyphs.count, key(glyphs[index]) >= key(glyphs[index - 1]) { index += 1 }
    guard index < glyphs.count else { return glyphs }
    // Keys are moved about with half the work of glyphs.
    var order = glyphs.indices.map { (key: key(glyphs[$0]), index: $0) }
    order.sort { one, other in
      one.key == other.key ? one.index < other.index : one.key < other.key
    }
    return order.map { glyphs[$0.index] }
  }

  private mutating func fill(_ glyphs: [Glyph]) {
    let first = rows.count
    let downwards = Self.sorted(glyphs) { ($0.middleY, $0.x1) }
    for glyph in downwards {
      var place = rows.count - 1
      let last = max(first, rows.count - 6)
      while place >= last,
        abs(glyph.middleY - rows[place].middle) >= 0.3 * min(glyph.height, rows[place].height)
      {
        place -= 1
      }
      if place >= last {
        rows[place].glyphs.append(glyph)
      } else {
        var row = Row(middle: glyph.middleY, height: glyph.height, glyphs: [])
        row.glyphs.reserveCapacity(24)
        row.glyphs.append(glyph)
        rows.append(row)
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
