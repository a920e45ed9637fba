/// Glyphs by where they stand, to find neighbours without comparing all pairs.
struct Grid {
  private let left: Double
  private let top: Double
  private let side: Double
  private let columns: Int
  private let rows: Int
  /// Where the glyphs of each cell begin in `glyphs`, cell by cell, and one place more.
  private var starts: [Int]
  private var glyphs: [Glyph]
  /// No honest page has more in one cell; a page of overlapping characters must not take forever.
  private static let mostInCell = 64
  /// Cells along a side; what lies beyond the last one belongs to it.
  private static let mostCells = 128

  /// Sorts `glyphs` into cells of two ems.
  init(_ glyphs: [Glyph]) {
    side = max(1, 2 * Segment.median(glyphs.map(\.em)))
    left = glyphs.reduce(.infinity) { min($0, $1.middleX) }
    top = glyphs.reduce(.infinity) { min($0, $1.middleY) }
    let right = glyphs.reduce(-.infinity) { max($0, $1.middleX) }
    let bottom = glyphs.reduce(-.infinity) { max($0, $1.middleY) }
    columns = Self.cell(right - left, side, Self.mostCells) + 1
    rows = Self.cell(bottom - top, side, Self.mostCells) + 1
    starts = [Int](repeating: 0, count: columns * rows + 1)
    self.glyphs = []
    var cells: [Int] = []
    cells.reserveCapacity(glyphs.count)
    for glyph in glyphs {
      let cell = row(of: glyph) * columns + column(of: glyph)
      cells.append(cell)
      starts[cell + 1] += 1
    }
    for cell in 1..<starts.count { starts[cell] += starts[cell - 1] }
    var next = starts
    var order = [Int](repeating: 0, count: glyphs.count)
    for (index, cell) in cells.enumerated() {
      order[next[cell]] = index
      next[cell] += 1
    }
    self.glyphs = order.map { glyphs[$0] }
  }

  private static func cell(_ distance: Double, _ side: Double, _ count: Int) -> Int {
    distance > 0 ? Int(min(Double(count - 1), (distance / side).rounded(.down))) : 0
  }

  private func column(of glyph: Glyph) -> Int { Self.cell(glyph.middleX - left, side, columns) }

  private func row(of glyph: Glyph) -> Int { Self.cell(glyph.middleY - top, side, rows) }

  /// Calls `body` with every glyph in the cells around one.
  func forEachNear(_ glyph: Glyph, _ body: (Glyph) -> Void) {
    let (column, row) = (column(of: glyph), row(of: glyph))
    for row in max(0, row - 1)...min(rows - 1, row + 1) {
      for column in max(0, column - 1)...min(columns - 1, column + 1) {
        let cell = row * columns + column
        let (start, end) = (starts[cell], starts[cell + 1])
        for index in start..<min(end, start + Self.mostInCell) { body(glyphs[index]) }
      }
    }
  }
}
