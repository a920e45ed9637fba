/// Glyphs by where they stand, to find neighbours without comparing all pairs.
struct Grid {
  private struct Cell: Hashable {
    var column: Int
    var row: Int
  }

  private var cells: [Cell: [Glyph]] = [:]
  private let side: Double
  /// No honest page has more in one cell; a page of overlapping characters must not take forever.
  private static let mostInCell = 64

  init(_ glyphs: [Glyph]) {
    side = max(1, 2 * Segment.median(glyphs.map(\.em)))
    for glyph in glyphs {
      let cell = cell(of: glyph)
      if cells[cell, default: []].count < Self.mostInCell {
        cells[cell, default: []].append(glyph)
      }
    }
  }

  private func cell(of glyph: Glyph) -> Cell {
    func index(_ value: Double) -> Int { Int(max(-1e9, min(1e9, (value / side).rounded(.down)))) }
    return Cell(column: index(glyph.middleX), row: index(glyph.middleY))
  }

  /// Calls `body` with every glyph in the cells around one.
  func forEachNear(_ glyph: Glyph, _ body: (Glyph) -> Void) {
    let centre = cell(of: glyph)
    for row in centre.row - 1...centre.row + 1 {
      for column in centre.column - 1...centre.column + 1 {
        cells[Cell(column: column, row: row)]?.forEach(body)
      }
    }
  }
}
