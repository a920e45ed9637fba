/// Sums over cells that somebody was told, and what follows from them by adding and subtracting.
///
/// A sum is a row of ones and zeros over the cells. The rows are kept in reduced echelon form: each has a cell of
/// its own, its pivot, where all others have zero.
struct ToldSums: Sendable {
  private let cells: Int
  private var rows: [(pivot: Int, row: [Residue])] = []

  /// Begins with nothing told of so many cells.
  init(cells: Int) { self.cells = cells }

  /// Tells the sum over some cells.
  ///
  /// - Complexity: O(sums · cells).
  mutating func tell(_ sum: some Sequence<Int>) {
    var row = [Residue](repeating: .zero, count: cells)
    for cell in sum { row[cell] = .one }
    for known in rows where row[known.pivot] != .zero {
      row = Self.difference(row, known.row, times: row[known.pivot])
    }
    guard let pivot = row.firstIndex(where: { $0 != .zero }) else { return }
    let inverse = row[pivot].inverse
    row = row.map { $0 * inverse }
    for index in rows.indices where rows[index].row[pivot] != .zero {
      rows[index].row = Self.difference(rows[index].row, row, times: rows[index].row[pivot])
    }
    rows.append((pivot, row))
  }

  /// A change of the cells, drawn among all those that leave every told sum as it is.
  ///
  /// A combination of cells that such a change leaves alone follows from what was told: one that does not is
  /// left alone by one change of 2⁶¹ only. The draw is the same for the same sums.
  ///
  /// - Complexity: O(sums · cells).
  func unnoticedChange() -> [Residue] {
    var state: UInt64 = 0x7375_7070_7265_7373
    var change = [Residue](repeating: .zero, count: cells)
    let pivots = Set(rows.map(\.pivot))
    for cell in change.indices where !pivots.contains(cell) { change[cell] = Self.draw(&state) }
    for (pivot, row) in rows {
      change[pivot] = -zip(row, change).reduce(.zero) { $0 + $1.0 * $1.1 }
    }
    return change
  }

  private static func difference(
    _ left: [Residue], _ right: [Residue], times factor: Residue
  ) -> [Residue] {
    zip(left, right).map { $0 - factor * $1 }
  }

  /// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), cut to 61 bits.
  private static func draw(_ state: inout UInt64) -> Residue {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mix = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mix = (mix ^ (mix >> 27)) &* 0x94D0_49BB_1331_11EB
    return Residue((mix ^ (mix >> 31)) >> 3)
  }
}
