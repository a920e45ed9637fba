/// Parts of a page whose characters follow each other downwards while the page's lines run across it: a
/// paragraph set vertically, or the labels of a table's rows or columns with one character below the other.
enum TurnedBlocks {
  /// Characters right below each other.
  private struct Chain {
    var indices: [Int]
    var box: Glyph
    /// Whether nothing stands beside any of them, as far away as spaced characters are.
    var isAlone: Bool
    /// Whether the file has the lower one first, each time: poppler gives the characters of a word in their order.
    var isUpward: Bool { zip(indices, indices.dropFirst()).allSatisfy { $1 == $0 - 1 } }
  }

  /// Characters that may be read downwards.
  struct Part {
    /// Their places.
    var indices: [Int]
    /// Whether they are three or more and nothing stands beside them.
    var isAlone: Bool
    /// The places of those in each of its lines, in the order in which they are read.
    var lines: [[Int]]
    /// Downwards, or upwards where they lie on their side.
    var orientation: Orientation
  }

  /// Of fewer characters it is too little to tell by what they say: such a part must stand alone, or be a word.
  static let fewest = 12

  /// In ems, what is nearer may be a character of the same line, spaced by a whole em.
  private static let reachBeside = 1.1

  /// No honest page has more; comparing them all must not take forever.
  private static let (mostChains, mostAlone) = (200, 100)

  /// Such parts, in which two ideographs or more stand below each other.
  ///
  /// - Parameter fitted: the same as `EmBoxes` fits them.
  static func find(in glyphs: [Glyph], fitted: [Glyph]) -> [Part] {
    guard mayBeThere(glyphs) else { return [] }
    let chains = chains(of: fitted)
    guard !chains.isEmpty, chains.count <= mostChains else { return [] }
    return groups(of: chains).compactMap { group in
      var box = group[0].box
      for chain in group { box = union(box, chain.box) }
      // Letters and figures between the ideographs belong to them; lines that cross the part do not.
      let own = Set(group.flatMap(\.indices))
      let inside = fitted.indices.filter { contains(box, fitted[$0]) }
      let strangers = inside.count { fitted[$0].isIdeographic && !own.contains($0) }
      guard strangers * 5 <= own.count, inside.count >= fewest || isApart(box, inside, fitted)
      else { return nil }
      let isUpward = group.allSatisfy(\.isUpward)
      return Part(
        indices: inside,
        isAlone: group.allSatisfy(\.isAlone) && group.contains { $0.indices.count >= 3 },
        lines: group.map { isUpward ? $0.indices.reversed() : $0.indices },
        orientation: isUpward ? .upward : .vertical)
    }
  }

  /// Whether whatever stands beside a label is as far from it as the padding of a cell keeps it.
  private static func isApart(_ box: Glyph, _ inside: [Int], _ glyphs: [Glyph]) -> Bool {
    let own = Set(inside)
    return !glyphs.indices.contains { index in
      let glyph = glyphs[index]
      let shared = min(glyph.y2, box.y2) - max(glyph.y1, box.y1)
      return shared > 0.3 * glyph.height
        && max(glyph.x1 - box.x2, box.x1 - glyph.x2) < 0.45 * box.width && !own.contains(index)
    }
  }

  /// Whether an ideograph stands below another, both with nothing right beside them in the order of the file: on
  /// nearly all pages this rules such parts out at once.
  private static func mayBeThere(_ glyphs: [Glyph]) -> Bool {
    func isBeside(_ one: Glyph, _ other: Glyph) -> Bool {
      abs(one.middleY - other.middleY) < 0.3 * one.width && other.x1 - one.x2 < 0.15 * one.width
        && other.x1 > one.x1
    }
    var alone: [Glyph] = []
    for index in glyphs.indices where glyphs[index].isIdeographic {
      if index > 0, isBeside(glyphs[index - 1], glyphs[index]) { continue }
      if index + 1 < glyphs.count, isBeside(glyphs[index], glyphs[index + 1]) { continue }
      let glyph = glyphs[index]
      let isBelow = alone.contains {
        abs($0.middleX - glyph.middleX) < 0.3 * glyph.width
          && abs($0.middleY - glyph.middleY) < 1.6 * max(glyph.width, glyph.height)
      }
      if isBelow || alone.count == mostAlone { return true }
      alone.append(glyph)
    }
    return false
  }

  /// Ideographs that stand closer to the one above or below than to those beside them, in runs.
  private static func chains(of glyphs: [Glyph]) -> [Chain] {
    let ideographs = glyphs.indices.filter { glyphs[$0].isIdeographic }
    // Where each stands, once it is asked for.
    var known: [Place: Int]?
    let grid = Grid(glyphs, at: Array(glyphs.indices))
    var below: [Int: Int] = [:]
    var isCrowded = [Bool](repeating: false, count: glyphs.count)
    // What stands so close below each other, and not before figures, tells even in a pair.
    var isTight = isCrowded
    for index in ideographs {
      let glyph = glyphs[index]
      // The next one in the file mostly stands so close that nothing below can be closer.
      if !grid.isCrowded,
        isClose(index - 1, to: index, glyphs, grid) || isClose(index + 1, to: index, glyphs, grid)
      {
        isCrowded[index] = true
        continue
      }
      var (beside, vertically, under) = (Double.infinity, Double.infinity, Double.infinity)
      var next: Int?
      var isBeforeFigure = false
      grid.forEachNear(glyph) { place in
        let other = glyphs[place]
        if abs(other.middleY - glyph.middleY) < 0.3 * glyph.em, other.middleX != glyph.middleX {
          let gap = max(0, other.x1 - glyph.x2, glyph.x1 - other.x2)
          beside = min(beside, gap)
          if !other.isIdeographic, gap < glyph.em { isBeforeFigure = true }
        } else if other.isIdeographic, abs(other.middleX - glyph.middleX) < 0.3 * glyph.em,
          abs(other.em - glyph.em) < 0.2 * glyph.em
        {
          let gap = max(0, abs(other.middleY - glyph.middleY) - glyph.em)
          vertically = min(vertically, gap)
          if other.middleY > glyph.middleY, gap < under { (under, next) = (gap, place) }
        }
      }
      if beside < reachBeside * glyph.em { isCrowded[index] = true }
      isTight[index] = !isBeforeFigure && 2 * vertically + 0.15 * glyph.em < beside
      if vertically < 0.6 * glyph.em, vertically + 0.15 * glyph.em < beside, under < 0.6 * glyph.em,
        let next
      {
        let places =
          known
          ?? Dictionary(
            ideographs.map { (Place(glyphs[$0]), $0) }, uniquingKeysWith: { first, _ in first })
        known = places
        below[index] = places[Place(glyphs[next])]
      }
    }
    let seconds = Set(below.values)
    return below.keys.filter { !seconds.contains($0) }.sorted().compactMap { first in
      var indices = [first]
      while let last = indices.last, let next = below[last], indices.count <= glyphs.count {
        indices.append(next)
      }
      let distinct = Set(indices.map { glyphs[$0].scalar }).count
      guard indices.count >= 2, distinct > 1,
        indices.count > 2 || indices.allSatisfy({ isTight[$0] })
      else { return nil }
      return Chain(
        indices: indices, box: indices.dropFirst().reduce(glyphs[first]) { union($0, glyphs[$1]) },
        isAlone: !indices.contains { isCrowded[$0] })
    }
  }

  /// Whether one glyph stands beside another so close that nothing below that can be closer.
  private static func isClose(
    _ other: Int, to index: Int, _ glyphs: [Glyph], _ grid: Grid
  ) -> Bool {
    guard glyphs.indices.contains(other), glyphs[index].em > 0 else { return false }
    let (other, glyph) = (glyphs[other], glyphs[index])
    return abs(other.middleY - glyph.middleY) < 0.3 * glyph.em && other.middleX != glyph.middleX
      && max(other.x1 - glyph.x2, glyph.x1 - other.x2) <= 0.15 * glyph.em
      && grid.areNear(other, glyph)
  }

  private struct Place: Hashable {
    var x: Double
    var y: Double

    init(_ glyph: Glyph) { (x, y) = (glyph.middleX, glyph.middleY) }
  }

  /// Chains that stand beside each other, as the lines of one paragraph.
  private static func groups(of chains: [Chain]) -> [[Chain]] {
    var groups: [[Chain]] = []
    for chain in chains.sorted(by: { $0.box.x1 > $1.box.x1 }) {
      func isBeside(_ other: Chain) -> Bool {
        let shared = min(chain.box.y2, other.box.y2) - max(chain.box.y1, other.box.y1)
        let gap = max(chain.box.x1, other.box.x1) - min(chain.box.x2, other.box.x2)
        return shared > 0 && gap < 2.5 * chain.box.width
      }
      let beside = groups.filter { $0.contains(where: isBeside) }
      groups.removeAll { $0.contains(where: isBeside) }
      groups.append(beside.flatMap { $0 } + [chain])
    }
    return groups.filter { group in group.count == 1 || group.contains { $0.indices.count >= 3 } }
  }

  private static func union(_ one: Glyph, _ other: Glyph) -> Glyph {
    Glyph(
      scalar: " ", x1: min(one.x1, other.x1), y1: min(one.y1, other.y1),
      x2: max(one.x2, other.x2), y2: max(one.y2, other.y2))
  }

  private static func contains(_ box: Glyph, _ glyph: Glyph) -> Bool {
    glyph.middleX > box.x1 && glyph.middleX < box.x2 && glyph.middleY > box.y1
      && glyph.middleY < box.y2
  }
}
