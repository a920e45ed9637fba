/// A transformation of the plane (ISO 32000-1, 8.3.3).
struct Matrix {
  var a = 1.0
  var b = 0.0
  var c = 0.0
  var d = 1.0
  var x = 0.0
  var y = 0.0

  init() {}

  init(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ x: Double, _ y: Double) {
    (self.a, self.b, self.c, self.d, self.x, self.y) = (a, b, c, d, x, y)
  }

  init?(_ numbers: borrowing Operands) {
    let first = numbers.count - 6
    guard first >= 0 else { return nil }
    self.init(
      numbers[first], numbers[first + 1], numbers[first + 2], numbers[first + 3],
      numbers[first + 4], numbers[first + 5])
  }

  init?(_ numbers: [Double]) {
    guard numbers.count == 6 else { return nil }
    self.init(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
  }

  /// Whether it leaves what is upright upright, or lays it down.
  var isUpright: Bool { b == 0 && c == 0 || a == 0 && d == 0 }

  /// Whether what is level climbs or falls by more than one and three quarter degrees: lines up to there read well.
  var isSlanted: Bool { min(abs(a), abs(b)) > 0.0305 * max(abs(a), abs(b)) }

  /// How thick a line becomes, at least.
  func width(ofLine width: Double) -> Double {
    width * min(a * a + b * b, c * c + d * d).squareRoot()
  }

  func point(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    (a * x + c * y + self.x, b * x + d * y + self.y)
  }

  /// What a rectangle lies within afterwards.
  func bounds(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> Coverings.Area {
    if let area = area(x1, y1, x2, y2) { return area }
    let corners = [point(x1, y1), point(x2, y1), point(x1, y2), point(x2, y2)]
    return corners.dropFirst().reduce(
      Coverings.Area(x1: corners[0].x, y1: corners[0].y, x2: corners[0].x, y2: corners[0].y)
    ) { area, corner in
      Coverings.Area(
        x1: min(area.x1, corner.x), y1: min(area.y1, corner.y), x2: max(area.x2, corner.x),
        y2: max(area.y2, corner.y))
    }
  }

  /// What a part of the plane lies within afterwards.
  func bounds(_ area: Coverings.Area) -> Coverings.Area {
    area.x1.isFinite ? bounds(area.x1, area.y1, area.x2, area.y2) : area
  }

  /// How a form is drawn in a place on its page (ISO 32000-1, 12.5.5): as it turns it itself, and then as large as the
  /// place is.
  func fitting(_ box: Coverings.Area, into place: Coverings.Area) -> Matrix {
    let turned = bounds(box)
    let (width, height) = (turned.x2 - turned.x1, turned.y2 - turned.y1)
    guard width.isFinite, height.isFinite, width > 0, height > 0 else { return self }
    let (across, down) = ((place.x2 - place.x1) / width, (place.y2 - place.y1) / height)
    return followed(
      by: Matrix(
        across, 0, 0, down, place.x1 - across * turned.x1, place.y1 - down * turned.y1))
  }

  /// What it makes of a rectangle; `nil` where that lies aslant.
  func area(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> Coverings.Area? {
    guard isUpright else { return nil }
    let (left, right) = (a * x1 + c * y1 + x, a * x2 + c * y2 + x)
    let (low, high) = (b * x1 + d * y1 + y, b * x2 + d * y2 + y)
    return Coverings.Area(
      x1: min(left, right), y1: min(low, high), x2: max(left, right), y2: max(low, high))
  }

  func followed(by next: Matrix) -> Matrix {
    Matrix(
      a * next.a + b * next.c, a * next.b + b * next.d, c * next.a + d * next.c,
      c * next.b + d * next.d, x * next.a + y * next.c + next.x, x * next.b + y * next.d + next.y)
  }
}
