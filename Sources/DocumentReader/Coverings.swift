/// What is drawn over text, or cut away around it, as far as single rectangles and opaque pictures do so.
///
/// Whatever is not certain to be opaque or to lie where it seems counts as covering nothing: an honest page must
/// raise no alarm.
struct Coverings {
  /// A rectangle of the plane that operators draw on.
  struct Area: Hashable {
    var x1 = -Double.infinity
    var y1 = -Double.infinity
    var x2 = Double.infinity
    var y2 = Double.infinity

    func holds(_ other: Area) -> Bool {
      x1 <= other.x1 && y1 <= other.y1 && x2 >= other.x2 && y2 >= other.y2
    }

    func touches(_ other: Area) -> Bool {
      x1 < other.x2 && other.x1 < x2 && y1 < other.y2 && other.y1 < y2
    }

    /// What both have in common.
    func cut(by other: Area) -> Area {
      Area(
        x1: max(x1, other.x1), y1: max(y1, other.y1), x2: min(x2, other.x2), y2: min(y2, other.y2))
    }
  }

  /// About how many characters are covered or cut away.
  private(set) var hidden = 0

  private var shown: [(area: Area, characters: Int)] = []
  private var rectangles: [Area] = []
  private var isPlain = true
  /// What is thinner is a line, not a cover.
  private static let thinnest = 4.0
  private static let mostTexts = 20_000
  /// No honest page compares more; a page of rectangles must not take forever.
  private var left = 2_000_000

  /// Takes note of text, unless `clip` leaves nothing of it.
  ///
  /// - Parameter area: where it begins; how far it goes only fonts would tell.
  mutating func show(_ area: Area, _ characters: Int, within clip: Area) {
    guard characters > 0 else { return }
    if !clip.touches(area) {
      hidden += characters
    } else if shown.count < Self.mostTexts {
      shown.append((area, characters))
    }
  }

  /// Adds a rectangle to the path; `nil` where it lies aslant.
  mutating func add(_ rectangle: Area?) {
    if let rectangle { rectangles.append(rectangle) } else { isPlain = false }
  }

  /// Adds anything else to the path.
  mutating func addOther() { isPlain = false }

  /// The rectangle that the path is, if it is nothing else.
  var path: Area? { isPlain && rectangles.count == 1 ? rectangles[0] : nil }

  /// Ends the path.
  mutating func end() {
    rectangles.removeAll(keepingCapacity: true)
    isPlain = true
  }

  /// Covers what has been shown until now.
  mutating func cover(_ area: Area?, within clip: Area) {
    guard let whole = area, !shown.isEmpty, left > 0 else { return }
    let area = whole.cut(by: clip)
    guard area.x2 - area.x1 > Self.thinnest, area.y2 - area.y1 > Self.thinnest else { return }
    left -= shown.count
    shown.removeAll { text in
      guard area.holds(text.area) else { return false }
      hidden += text.characters
      return true
    }
  }
}
