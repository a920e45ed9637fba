/// Glyphs by where they stand, to find neighbours without comparing all pairs.
struct Grid {
  private let left: Double
  private let top: Double
  private let side: Double
  private let columns: Int
  private let rows: Int
  /// Where the glyphs of each cell begin in `order`, cell by cell, and one place more.
  private var starts: [Int32]
  /// The places of the glyphs, cell by cell.
  private var order: [Int32]
  /// No honest page has more in one cell; a page of overlapping characters must not take forever.
  private static let mostInCell = 64
  /// Cells along a side; what lies beyond the last one belongs to it.
  private static let mostCells = 128

  /// The most that one cell has.
  private(set) var crowd = 0

  /// Sorts those of `glyphs` that stand at `places` into cells of two ems.
  init(_ glyphs: [Glyph], at places: [Int]) {
    let em = unsafe Segment.median(ofAtMost: places.count) { ems in
      for (index, place) in places.enumerated() { unsafe ems[index] = glyphs[place].em }
      return places.count
    }
    side = max(1, 2 * em)
    var (left, top) = (Double.infinity, Double.infinity)
    var (right, bottom) = (-Double.infinity, -Double.infinity)
    for place in places {
      let (x, y) = (glyphs[place].middleX, glyphs[place].middleY)
      (left, right) = (min(left, x), max(right, x))
      (top, bottom) = (min(top, y), max(bottom, y))
    }
    (self.left, self.top) = (left, top)
    columns = Self.cell(right - left, side, Self.mostCells) + 1
    rows = Self.cell(bottom - top, side, Self.mostCells) + 1
    starts = [Int32](repeating: 0, count: columns * rows + 1)
    order = [Int32](repeating: 0, count: places.count)
    var cells: [Int32] = []
    cells.reserveCapacity(places.count)
    for place in places {
      let cell = row(of: glyphs[place]) * columns + column(of: glyphs[place])
      cells.append(Int32(cell))
      starts[cell] += 1
    }
    // Where each cell ends, and then, with each of its glyphs put before the last, where it begins.
    var (end, most) = (Int32(0), Int32(0))
    for cell in starts.indices {
      most = max(most, starts[cell])
      end += starts[cell]
      starts[cell] = end
    }
    crowd = Int(most)
    for index in cells.indices.reversed() {
      let cell = Int(cells[index])
      starts[cell] -= 1
      order[Int(starts[cell])] = Int32(places[index])
    }
  }

  private static func cell(_ distance: Double, _ side: Double, _ count: Int) -> Int {
    distance > 0 ? Int(min(Double(count - 1), distance / side)) : 0
  }

  private func column(of glyph: Glyph) -> Int { Self.cell(glyph.middleX - left, side, columns) }

  private func row(of glyph: Glyph) -> Int { Self.cell(glyph.middleY - top, side, rows) }

  /// Whether the cells around a glyph may have more than is looked at.
  var isCrowded: Bool { crowd > Self.mostInCell }

  /// Whether two glyphs are in the same cell or in two that touch.
  func areNear(_ one: Glyph, _ other: Glyph) -> Bool {
    abs(column(of: one) - column(of: other)) <= 1 && abs(row(of: one) - row(of: other)) <= 1
  }

  /// Calls `body` with the place of every glyph in the cells around one.
  @inline(__always)
  func forEachNear(_ glyph: Glyph, _ body: (Int) -> Void) {
    let (column, row) = (column(of: glyph), row(of: glyph))
    let (first, last) = (max(0, column - 1), min(columns - 1, column + 1))
    let (starts, order) = (starts.span, order.span)
    for row in max(0, row - 1)...min(rows - 1, row + 1) {
      let begin = row * columns
      // Cells beside each other follow each other.
      if !isCrowded {
        for index in Int(starts[begin + first])..<Int(starts[begin + last + 1]) {
          body(Int(order[index]))
        }
        continue
      }
      for cell in begin + first...begin + last {
        let start = Int(starts[cell])
        for index in start..<min(Int(starts[cell + 1]), start + Self.mostInCell) {
          body(Int(order[index]))
        }
      }
    }
  }
}
