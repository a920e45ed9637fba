/// What is drawn over text, under it, or cut away around it, as far as rectangles and opaque pictures do so.
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

    func isNear(_ other: Area) -> Bool { abs(x1 - other.x1) < 1 && abs(y1 - other.y1) < 1 }
  }

  /// What text stands on, as far as what is white can be read there.
  enum Ground { case light, dark, unknown }

  /// The parts of red, green and blue light.
  typealias Colour = SIMD3<Double>

  /// Text that was shown.
  private struct Shown {
    /// Where it begins.
    var area: Area
    var characters: Int
    /// Where its strings stand, and in which of the sources.
    var strings: Range<Int>
    var source: Int
  }

  /// About how many characters are covered or cut away.
  private(set) var hidden = 0

  /// The streams that text was shown by.
  private var sources: [[UInt8]]
  /// The one that shows text now.
  private var source = 0
  private var shown: [Shown] = []
  private var covered: [Shown] = []
  private var painted: [(area: Area, ground: Ground, outline: Outline?, colour: Colour?)] = []
  /// The colour of what is painted now, where it covers all under it; `nil` when nobody knows.
  var colour: Colour?
  /// The colours that something is painted in.
  private var colours: [Colour] = []
  /// What lies where nothing is painted.
  private var paper: Ground
  /// The path that is being made.
  private(set) var path = Path()
  /// What is thinner is a line, not a cover.
  static let thinnest = 4.0
  private static let most = 20_000
  /// An honest page has fewer colours.
  private static let mostColours = 32
  /// Of two parts of light that differ by less nobody sees where one ends.
  private static let leastDifference = 0.05
  /// No honest page compares more; a page of rectangles must not take forever.
  private var left = 2_000_000
  private var leftForColours = 2_000_000

  /// - Parameters:
  ///   - bytes: the stream.
  ///   - paper: what it draws on.
  init(_ bytes: [UInt8], on paper: Ground) { (sources, self.paper) = ([bytes], paper) }

  /// Turns to another stream, which shows text from now on.
  ///
  /// - Returns: what to turn back to.
  mutating func turn(to bytes: [UInt8]) -> Int {
    defer { source = sources.count - 1 }
    sources.append(bytes)
    return source
  }

  /// Turns back to a stream.
  mutating func turn(backTo source: Int) { self.source = source }

  /// Takes note of text, unless `clip` leaves nothing of it.
  ///
  /// - Parameters:
  ///   - area: where it begins; how far it goes only fonts would tell.
  ///   - strings: where its strings stand in the stream.
  mutating func show(_ area: Area, _ characters: Int, _ strings: Range<Int>, within clip: Area) {
    guard characters > 0 else { return }
    if !clip.touches(area) {
      hidden += characters
      return
    }
    let text = Shown(area: area, characters: characters, strings: strings, source: source)
    if !covered.isEmpty, left > 0 {
      left -= covered.count
      // What is drawn once more on its cover is to be seen.
      if let again = covered.lastIndex(where: { isLike($0, text) }) {
        hidden -= covered.remove(at: again).characters
      }
    }
    if shown.count < Self.most { shown.append(text) }
  }

  private func isLike(_ one: Shown, _ other: Shown) -> Bool {
    one.area.isNear(other.area) && one.characters == other.characters
      && sources[one.source][one.strings] == sources[other.source][other.strings]
  }

  mutating func move(to x: Double, _ y: Double) { path.move(to: x, y) }
  mutating func line(to x: Double, _ y: Double) { path.line(to: x, y) }
  mutating func curve(over x: Double, _ y: Double, isEnd: Bool) {
    path.curve(over: x, y, isEnd: isEnd)
  }
  mutating func close() { path.close() }
  mutating func add(_ rectangle: Area, isUpright: Bool) { path.add(rectangle, isUpright) }

  /// Ends the path.
  mutating func end() { path.removeAll() }

  /// Fills the path with what is certainly of a kind, or unknown.
  mutating func fill(_ ground: Ground, within clip: Area) {
    let rectangles = path.rectangles
    if rectangles.isEmpty {
      paintFigure(ground, within: clip)
      if let bounds = path.bounds, let outline = path.outline {
        hide(under: bounds.cut(by: clip), outline)
      }
    }
    for area in rectangles { cover(area, ground, within: clip) }
  }

  /// Fills the path with what lets something shine through.
  mutating func shade(_ ground: Ground, within clip: Area) {
    let rectangles = ground == .dark ? path.rectangles : []
    if rectangles.isEmpty { paintFigure(ground, within: clip) }
    for area in rectangles { paint(area.cut(by: clip), ground) }
  }

  /// Takes note of what is drawn within `area`.
  mutating func paint(_ area: Area, _ ground: Ground, outline: Outline? = nil) {
    guard painted.count < Self.most else {
      painted.removeAll(keepingCapacity: true)
      paper = .unknown
      return
    }
    if ground != .light || paper != .light || !painted.isEmpty {
      painted.append((area, ground, outline, colour))
      if let colour, colours.count < Self.mostColours, !colours.contains(colour) {
        colours.append(colour)
      }
    }
  }

  /// Whether what is drawn in a colour cannot be told from what lies under it.
  mutating func hides(_ colour: Colour, in area: Area) -> Bool {
    func isLike(_ other: Colour) -> Bool {
      let difference = colour - other
      return max(difference.max(), -difference.min()) < Self.leastDifference
    }
    guard leftForColours > 0, colours.contains(where: isLike) else { return false }
    leftForColours -= painted.count
    // What is not followed is known by its bounds alone: a frame is empty within.
    guard let last = painted.last(where: { $0.area.touches(area) }), last.ground != .unknown,
      let ground = last.colour
    else { return false }
    return isLike(ground) && last.area.holds(area) && last.outline?.holds(area) ?? true
  }

  /// Takes note of a path that is no rectangle: white can be read within its outline.
  private mutating func paintFigure(_ ground: Ground, within clip: Area) {
    guard let bounds = path.bounds?.cut(by: clip) else { return }
    if ground == .dark, let outline = path.outline {
      paint(bounds, .dark, outline: outline)
    } else if ground != .light || paper != .light || !painted.isEmpty {
      paint(bounds, .unknown)
    }
  }

  /// Covers what has been shown until now.
  mutating func cover(_ whole: Area, _ ground: Ground, within clip: Area) {
    let area = whole.cut(by: clip)
    guard left > 0, area.x2 - area.x1 > Self.thinnest, area.y2 - area.y1 > Self.thinnest else {
      return
    }
    paint(area, ground)
    hide(under: area)
  }

  /// Counts as hidden what has been shown in an area, within the outline of what covers it.
  private mutating func hide(under area: Area, _ outline: Outline? = nil) {
    guard left > 0, !shown.isEmpty else { return }
    left -= shown.count
    shown.removeAll { text in
      guard area.holds(text.area), outline?.holds(text.area) ?? true else { return false }
      hidden += text.characters
      if covered.count < Self.most { covered.append(text) }
      return true
    }
  }

  /// How many things are painted that are not forgotten.
  var paintings: Int { painted.count }

  /// Whether all that text can stand on is light.
  var isLight: Bool { painted.isEmpty && paper == .light }

  /// What is painted, without the text.
  var withoutText: Coverings {
    var bare = self
    (bare.sources, bare.shown, bare.covered) = ([], [], [])
    return bare
  }

  /// What lies under `area`.
  mutating func ground(under area: Area) -> Ground {
    guard left > 0 else { return .unknown }
    left -= painted.count
    guard let last = painted.last(where: { $0.area.touches(area) }) else { return paper }
    guard last.ground == .dark else { return last.ground }
    return last.area.holds(area) && last.outline?.holds(area) ?? true ? .dark : .unknown
  }
}
