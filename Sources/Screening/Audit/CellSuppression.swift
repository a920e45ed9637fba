/// Chooses which groups' outcomes an audit may tell, so that nothing is told of fewer than five people, nor follows
/// from what is told (complementary cell suppression; Cox, JASA 75, 1980).
///
/// People who belong to the same groups in every table form a cell. How many of everybody were selected counts as
/// told, since lists show it. What follows is what adding and subtracting gives, and what the bounds of a group, or of
/// two, give: where all or none were selected, the outcome of each of those people is known, and whoever compares may
/// take them away from any other group. What only the bounds of three groups together would give is not looked for.
struct CellSuppression: Sendable {
  /// People alike in every table.
  struct Cell: Sendable {
    var count = 0
    var selected = 0
  }

  private let cells: [Cell]
  private var sums: ToldSums
  /// The groups told: one for a cell that belongs to it, else zero.
  private var groups: [[Int]] = []
  private var known: [Bool]
  private var givesAway = false

  /// Begins with nothing told but the sum of all cells.
  init(_ cells: [Cell]) {
    self.cells = cells
    sums = ToldSums(cells: cells.count)
    known = [Bool](repeating: false, count: cells.count)
    tell(Array(cells.indices))
  }

  /// Tells the outcome of the group that has these cells if nothing then follows about fewer than five people;
  /// returns whether it was told.
  ///
  /// - Complexity: O(n² + g²n) for n cells and g groups told.
  mutating func tells(_ group: [Int]) -> Bool {
    var next = self
    next.tell(group)
    if next.givesAway || next.tellsSmallSum { return false }
    self = next
    return true
  }

  private mutating func tell(_ group: [Int]) {
    var row = [Int](repeating: 0, count: cells.count)
    for cell in group { row[cell] = 1 }
    groups.append(row)
    sums.tell(group)
    var first = groups.count - 1
    while learnsFromBounds(from: first) { first = 0 }
  }

  /// Learns what the bounds of a group from `first` on, or of one with another, tell; returns whether they did.
  private mutating func learnsFromBounds(from first: Int) -> Bool {
    for index in first..<groups.count {
      let group = groups[index]
      if learns({ group[$0] }) { return true }
      for other in groups[..<index] {
        if learns({ group[$0] - other[$0] }) { return true }
        // What two groups share, less what is in neither: their sum less everybody.
        if learns({ group[$0] + other[$0] - 1 }) { return true }
      }
    }
    return false
  }

  /// Takes cells for known if their difference is as large, or as small, as it can be: then on one side all were
  /// selected, on the other none.
  ///
  /// - Parameter factor: how a cell enters the difference.
  /// - Returns: whether there were such cells.
  private mutating func learns(_ factor: (Int) -> Int) -> Bool {
    var (value, least, most) = (0, 0, 0)
    for cell in cells.indices where !known[cell] {
      let factor = factor(cell)
      value += factor * cells[cell].selected
      if factor > 0 { most += cells[cell].count } else if factor < 0 { least -= cells[cell].count }
    }
    guard least < most, value == least || value == most else { return false }
    if (1..<GroupFigures.fewest).contains(most) || (1..<GroupFigures.fewest).contains(-least) {
      givesAway = true
    }
    for cell in cells.indices where !known[cell] && factor(cell) != 0 {
      known[cell] = true
      sums.tell([cell])
    }
    return true
  }

  /// Whether a sum or difference of up to four cells with fewer than five people follows from what is told.
  ///
  /// It follows if an unnoticed change leaves it alone: if the change of one cell or two is nothing, or equal or
  /// opposite to that of others.
  ///
  /// - Complexity: O(n²) in the number of cells of fewer than five people.
  private var tellsSmallSum: Bool {
    let change = sums.unnoticedChange()
    let small = cells.indices.filter { !known[$0] && cells[$0].count < GroupFigures.fewest }
    var fewest: [Residue: Int] = [:]
    /// Notes a change of so many people; returns whether it gives them away.
    func note(_ change: Residue, of people: Int) -> Bool {
      let key = change.withoutSign
      guard key != .zero else { return true }
      guard let others = fewest[key] else {
        fewest[key] = people
        return false
      }
      fewest[key] = min(others, people)
      return others + people < GroupFigures.fewest
    }
    for (index, cell) in small.enumerated() {
      if note(change[cell], of: cells[cell].count) { return true }
      for other in small[..<index]
      where cells[cell].count + cells[other].count < GroupFigures.fewest {
        let people = cells[cell].count + cells[other].count
        if note(change[cell] + change[other], of: people)
          || note(change[cell] - change[other], of: people)
        {
          return true
        }
      }
    }
    return false
  }
}
