/// The path that operators make (ISO 32000-1, 8.5.2), as far as it consists of upright rectangles.
struct Path {
  private var found: [Coverings.Area] = []
  /// The corners of the polygon that is being drawn.
  private var corners: [(x: Double, y: Double)] = []
  private var isPlain = true
  private var figure = Outline()
  private var figures = 0
  private var x1 = Double.infinity
  private var y1 = Double.infinity
  private var x2 = -Double.infinity
  private var y2 = -Double.infinity
  /// An honest path of more rectangles is a drawing.
  private static let most = 64

  /// What it lies within; `nil` when there is none.
  var bounds: Coverings.Area? {
    x1 <= x2 && y1 <= y2 ? Coverings.Area(x1: x1, y1: y1, x2: x2, y2: y2) : nil
  }

  /// What filling it fills, by whatever rule: its rectangles, if it has nothing else and none lies in another.
  var rectangles: [Coverings.Area] {
    if isPlain, corners.isEmpty, found.count == 1 { return found }
    var path = self
    path.close()
    guard path.isPlain, path.found.count <= Self.most else { return [] }
    for (index, one) in path.found.enumerated() {
      if path.found[..<index].contains(where: { $0.touches(one) }) { return [] }
    }
    return path.found
  }

  /// Its outline, if it is one figure without corners or curves that bend inwards, and no rectangle.
  var outline: Outline? { figures == 1 && found.isEmpty && figure.isConvex ? figure : nil }

  /// What a line of a width covers, if it is a thick and single one, and level or upright.
  func band(_ width: Double) -> Coverings.Area? {
    guard width > Coverings.thinnest, isPlain, found.isEmpty, figures == 1, corners.count == 2,
      corners[0].x == corners[1].x || corners[0].y == corners[1].y
    else { return nil }
    let (from, to, half) = (corners[0], corners[1], width / 2)
    let isLevel = from.y == to.y
    return Coverings.Area(
      x1: min(from.x, to.x) - (isLevel ? 0 : half), y1: min(from.y, to.y) - (isLevel ? half : 0),
      x2: max(from.x, to.x) + (isLevel ? 0 : half), y2: max(from.y, to.y) + (isLevel ? half : 0))
  }

  mutating func move(to x: Double, _ y: Double) {
    close()
    figures += 1
    figure.add(x, y, isCorner: true)
    corners.append((x, y))
    extend(x, y)
  }

  mutating func line(to x: Double, _ y: Double) {
    if corners.count <= 5 { corners.append((x, y)) }
    figure.add(x, y, isCorner: true)
    extend(x, y)
  }

  /// Adds a curve's point: its end, or one that it bends towards.
  mutating func curve(over x: Double, _ y: Double, isEnd: Bool) {
    isPlain = false
    figure.add(x, y, isCorner: isEnd)
    extend(x, y)
  }

  /// Adds a rectangle, or one that lies aslant within `area`.
  mutating func add(_ area: Coverings.Area, _ isUpright: Bool) {
    close()
    if isUpright, found.count <= Self.most { found.append(area) } else { isPlain = false }
    extend(area.x1, area.y1)
    extend(area.x2, area.y2)
  }

  /// Closes the polygon.
  mutating func close() {
    guard corners.count > 1 else { return corners.removeAll(keepingCapacity: true) }
    if corners.count == 5, corners[4] == corners[0] { corners.removeLast() }
    if corners.count == 4, let area = Self.rectangle(corners), found.count <= Self.most {
      found.append(area)
    } else if corners.count > 2 {
      isPlain = false
    }
    corners.removeAll(keepingCapacity: true)
  }

  private static func rectangle(_ corners: [(x: Double, y: Double)]) -> Coverings.Area? {
    let (a, b, c, d) = (corners[0], corners[1], corners[2], corners[3])
    guard
      a.x == b.x && b.y == c.y && c.x == d.x && d.y == a.y
        || a.y == b.y && b.x == c.x && c.y == d.y && d.x == a.x
    else { return nil }
    return Coverings.Area(
      x1: min(a.x, c.x), y1: min(a.y, c.y), x2: max(a.x, c.x), y2: max(a.y, c.y))
  }

  mutating func removeAll() {
    found.removeAll(keepingCapacity: true)
    corners.removeAll(keepingCapacity: true)
    figure.removeAll()
    figures = 0
    isPlain = true
    (x1, y1, x2, y2) = (.infinity, .infinity, -.infinity, -.infinity)
  }

  private mutating func extend(_ x: Double, _ y: Double) {
    (x1, y1, x2, y2) = (min(x1, x), min(y1, y), max(x2, x), max(y2, y))
  }
}
