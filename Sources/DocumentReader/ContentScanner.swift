/// Follows the operators of a content stream as far as text, its mode and its place need.
struct ContentScanner {
  private(set) var invisible = 0
  private(set) var offPage = 0
  /// How many characters that may be white stand on what.
  private(set) var white: [Coverings.Ground: Int] = [:]
  /// Characters that a page draws, those of them whose line climbs or falls, and those that lie on their side.
  private(set) var drawn = 0
  private(set) var slanted = 0
  private(set) var turned = 0
  /// Characters that were met, wherever they are drawn.
  private(set) var met = 0
  /// The hashes of the first few different strings that are shown on the page.
  private(set) var stringsShown: Set<Int> = []
  /// Whether something could not be followed.
  private(set) var isUnchecked = false
  /// Characters that are drawn, and those of them that are smaller than three points.
  private(set) var (shown, tiny) = (0, 0)

  private var bytes: [UInt8]
  private var place = 0
  private let area: PageArea
  /// A form that is looked at alone stands wherever it is drawn: its places say nothing of the page.
  private let isForm: Bool
  private var state = State()
  private var saved: [State] = []
  private var text = Matrix()
  private var line = Matrix()
  private var leading = 0.0
  private(set) var numbers = Operands()
  private let states: GraphicsStates
  private let picturesAreOpaque: Bool
  private let forms: DrawnForms?
  /// How many forms are being drawn, each by the one before.
  private var depth = 0
  private static let deepest = 16
  private static let mostSaved = 4096
  /// A page that shows so many different strings shows text, not blanks.
  static let mostStrings = 8
  private(set) var coverings: Coverings
  private(set) var replacements = Replacements()
  private var clips = false
  /// Where the last name stands, with its slash.
  private var lastPlace = 0
  /// The last name, without its slash and escapes.
  private var lastName: ArraySlice<UInt8> { Self.name(in: bytes, at: lastPlace) }
  /// The arrays and dictionaries that have begun: how long the mark of each is.
  private var nested: [Int] = []
  /// Whether what follows tells of a picture whose data come next.
  private var isInPicture = false
  /// About how many characters the strings before an operator have.
  private var characters = 0
  /// Where these strings stand.
  private var strings = 0..<0

  /// - Parameters:
  ///   - states: the graphics states that the file names.
  ///   - picturesAreOpaque: whether none of the file's pictures lets anything shine through.
  ///   - forms: what is drawn by name.
  ///   - formBox: what is shown of a form that is looked at alone; `nil` for a page.
  ///   - matrix: from its plane to the page's.
  ///   - ground: what lies under all that is drawn.
  init(
    _ bytes: [UInt8], _ area: PageArea, states: GraphicsStates,
    picturesAreOpaque: Bool = false, forms: DrawnForms? = nil, formBox: Coverings.Area? = nil,
    matrix: Matrix = Matrix(), ground: Coverings.Ground = .light
  ) {
    self.bytes = bytes
    self.forms = forms
    self.picturesAreOpaque = picturesAreOpaque
    coverings = Coverings(bytes, on: ground)
    (self.area, isForm, self.states) = (area, formBox != nil, states)
    if let formBox {
      // A form is drawn in whatever colour was chosen before.
      (state.lightness, state.colour, state.lineLightness) = (nil, nil, nil)
      state.matrix = matrix
      (state.clip, state.isClipExact) = (matrix.bounds(formBox), matrix.isUpright)
    }
  }

  /// Reads to the end.
  mutating func run() {
    scan()
    invisible += coverings.hidden
  }

  private mutating func scan() {
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "("):
        skipString()
        endOperand()
      case UInt8(ascii: "<"):
        if place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "<") {
          open(2)
        } else {
          skipHexadecimal()
          endOperand()
        }
      case UInt8(ascii: "["): open(1)
      case UInt8(ascii: "]"): close(1)
      case UInt8(ascii: ">") where place + 1 < bytes.count && bytes[place + 1] == bytes[place]:
        close(2)
      case UInt8(ascii: "%"): skip { $0 != 0x0A && $0 != 0x0D }
      case UInt8(ascii: "/"):
        lastPlace = place
        place += 1
        skip(while: Self.isRegular)
        endOperand()
      case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), 0x30...0x39: number()
      case 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "'"), UInt8(ascii: "\""): perform()
      default: place += 1
      }
    }
  }

  /// Begins an array, whose mark is a byte, or a dictionary, whose mark is two: what is in it is no operand by itself, and
  /// no operator.
  private mutating func open(_ mark: Int) {
    place += mark
    nested.append(mark)
  }

  private mutating func close(_ mark: Int) {
    place += mark
    guard nested.last == mark else { return }
    nested.removeLast()
    endOperand()
  }

  /// Takes note of an operand that is no number.
  private mutating func endOperand() { if nested.isEmpty { numbers.appendOther() } }

  /// Draws a form in the place of the operator that names it.
  private mutating func draw(_ form: DrawnForms.Form) {
    let outer = (bytes, place, state, saved, text, line, leading, nested)
    let source = coverings.turn(to: form.bytes)
    coverings.end()
    (bytes, place, saved, nested) = (form.bytes, 0, [], [])
    // What stands before the operator that names it is none of its operands.
    numbers.removeAll()
    (characters, strings) = (0, 0..<0)
    state.matrix = form.matrix.followed(by: state.matrix)
    if form.box.x1.isFinite {
      state.clip = state.clip.cut(by: state.matrix.bounds(form.box))
      if !state.matrix.isUpright { state.isClipExact = false }
    }
    depth += 1
    scan()
    depth -= 1
    (bytes, place, state, saved, text, line, leading, nested) = outer
    coverings.turn(backTo: source)
    coverings.end()
  }

  private mutating func skip(while belongs: (UInt8) -> Bool) {
    while place < bytes.count, belongs(bytes[place]) { place += 1 }
  }

  private mutating func perform() {
    var name: UInt32 = 0
    let start = place
    while place < bytes.count, Self.isRegular(bytes[place]) {
      name = name << 8 | UInt32(bytes[place])
      place += 1
    }
    guard nested.isEmpty else { return }
    if isInPicture {
      guard name == Self.key("I", "D") else { return }
      isInPicture = false
      paintPicture()
      place = InlineImage.end(in: bytes, from: min(place + 1, bytes.count))
    } else if place - start <= 4 {
      perform(name)
    }
    numbers.removeAll()
    characters = 0
  }

  private mutating func perform(_ name: UInt32) {
    switch name {
    case Self.key("q"):
      if saved.count < Self.mostSaved { saved.append(state) } else { isUnchecked = true }
    case Self.key("Q"): state = saved.popLast() ?? state
    case Self.key("c", "m"):
      if let matrix = Matrix(numbers) { state.matrix = matrix.followed(by: state.matrix) }
    case Self.key("g", "s"):
      let name = lastName
      state.drawing.change(as: states.change(named: name), mayHide: states.mayHide(named: name))
    case Self.key("B", "T"): (text, line) = (Matrix(), Matrix())
    case Self.key("T", "r"): state.mode = Int(max(-1, min(8, numbers.last ?? 0)))
    case Self.key("T", "m"): if let matrix = Matrix(numbers) { (text, line) = (matrix, matrix) }
    case Self.key("T", "d"): move()
    case Self.key("T", "D"):
      leading = -(numbers.last ?? 0)
      move()
    case Self.key("T", "L"): leading = numbers.last ?? 0
    case Self.key("T", "*"): nextLine()
    case Self.key("T", "j"), Self.key("T", "J"): show()
    case Self.key("'"), Self.key("\""):
      nextLine()
      show()
    case Self.key("B", "D", "C"), Self.key("B", "M", "C"): replacements.begin(met: met)
    case Self.key("E", "M", "C"): replacements.end(met: met)
    case Self.key("B", "I"): isInPicture = true
    case Self.key("T", "f"): state.size = numbers.last ?? 0
    default: draw(name)
    }
  }

  /// What may cover text or cut it away.
  private mutating func draw(_ name: UInt32) {
    switch name {
    case Self.key("r", "e"):
      let first = numbers.count - 4
      guard first >= 0 else { return }
      let (x, y) = (numbers[first], numbers[first + 1])
      let (x2, y2) = (x + numbers[first + 2], y + numbers[first + 3])
      coverings.add(state.matrix.bounds(x, y, x2, y2), isUpright: state.matrix.isUpright)
    case Self.key("D", "o"):
      let name = lastName
      if depth < Self.deepest, let form = forms?.form(named: name) { return draw(form) }
      guard forms?.hasForm(named: name) != true else {
        // Looked at alone, it is not seen how it is drawn here.
        if state.hidesText || !state.clip.touches(area.all) { isUnchecked = true }
        return coverings.paint(Coverings.Area(), .unknown)
      }
      paintPicture()
      guard picturesAreOpaque, state.drawing.isOpaque, !isForm else { return }
      // A picture fills the unit square, and a portrait covers what its frame says.
      if let picture = state.matrix.area(0, 0, 1, 1), area.isMostly(under: picture) {
        coverings.cover(picture, .unknown, within: state.clip)
      }
    case Self.key("s", "c", "n"), Self.key("s", "c"), Self.key("g"), Self.key("r", "g"),
      Self.key("k"), Self.key("c", "s"):
      state.isPattern = numbers.others > 0 && name == Self.key("s", "c", "n")
      (state.lightness, state.colour) = (lightness(name), colour(name))
    case Self.key("G"), Self.key("R", "G"), Self.key("K"), Self.key("C", "S"),
      Self.key("S", "C"), Self.key("S", "C", "N"):
      state.lineLightness = lightness(name | (name > 0xFF ? 0x2020 : 0x20))
    case Self.key("m"): point { $0.move(to: $1, $2) }
    case Self.key("l"): point { $0.line(to: $1, $2) }
    case Self.key("c"), Self.key("v"), Self.key("y"):
      for last in stride(from: 2, through: numbers.count, by: 2) {
        let isEnd = last == numbers.count
        point(last) { $0.curve(over: $1, $2, isEnd: isEnd) }
      }
    case Self.key("h"): coverings.close()
    case Self.key("W"), Self.key("W", "*"): clips = true
    case Self.key("f"), Self.key("F"), Self.key("f", "*"), Self.key("B"), Self.key("B", "*"),
      Self.key("b"), Self.key("b", "*"):
      fill()
      endPath()
    case Self.key("s", "h"):
      if state.drawing.isOpaque, state.isClipExact, state.clip.x1.isFinite {
        coverings.cover(state.clip, .unknown, within: state.clip)
      } else {
        coverings.paint(state.clip, .unknown)
      }
    case Self.key("w"): state.lineWidth = numbers.last ?? 0
    case Self.key("S"), Self.key("s"):
      stroke()
      endPath()
    case Self.key("n"): endPath()
    default: break
    }
  }

  /// Takes note of a picture, which fills the unit square.
  private mutating func paintPicture() {
    coverings.paint(state.matrix.bounds(0, 0, 1, 1).cut(by: state.clip), .unknown)
  }

  private mutating func fill() {
    let lightness = state.isPattern ? nil : state.lightness.flatMap(state.drawing.lightness)
    let covers = state.drawing.isOpaque && !state.isPattern
    let ground: Coverings.Ground =
      switch lightness {
      case let lightness? where state.isClipExact && lightness < Self.dark: .dark
      // What is light and lets something dark shine through may be dark.
      case let lightness? where state.isClipExact && covers && lightness >= Self.dark: .light
      default: .unknown
      }
    if covers {
      coverings.colour = state.isClipExact ? state.colour : nil
      coverings.fill(ground, within: state.clip)
      coverings.colour = nil
    } else {
      coverings.shade(ground, within: state.clip)
    }
  }

  /// A line that is as thick as letters are high is a band.
  private mutating func stroke() {
    guard let band = coverings.path.band(state.matrix.width(ofLine: state.lineWidth)) else {
      return
    }
    if state.drawing.coversByLines {
      coverings.cover(band, state.lineGround, within: state.clip)
    } else {
      coverings.paint(band.cut(by: state.clip), .unknown)
    }
  }

  /// Calls `body` with the point whose numbers are the last ones, or end before `end`.
  private mutating func point(
    _ end: Int? = nil, _ body: (inout Coverings, Double, Double) -> Void
  ) {
    let last = end ?? numbers.count
    guard last >= 2 else { return }
    let point = state.matrix.point(numbers[last - 2], numbers[last - 1])
    body(&coverings, point.x, point.y)
  }

  private mutating func endPath() {
    if clips, let bounds = coverings.path.bounds {
      state.clip = state.clip.cut(by: bounds)
      if coverings.path.rectangles.count != 1 { state.isClipExact = false }
    }
    clips = false
    coverings.end()
  }

  private mutating func move() {
    guard numbers.count >= 2 else { return }
    line = Matrix(1, 0, 0, 1, numbers[numbers.count - 2], numbers[numbers.count - 1])
      .followed(by: line)
    text = line
  }

  private mutating func nextLine() {
    line = Matrix(1, 0, 0, 1, 0, -leading).followed(by: line)
    text = line
  }

  private mutating func show() {
    met += characters
    let isHidden = state.hidesText
    if isHidden {
      invisible += characters
    } else if characters > 0, state.isPattern || state.drawing.mayHide {
      isUnchecked = true
    }
    let place = text.followed(by: state.matrix)
    let height = state.size * (place.c * place.c + place.d * place.d).squareRoot()
    if !isHidden {
      shown += characters
      if height > 0, height < 3 { tiny += characters }
    }
    if !isForm {
      drawn += characters
      if place.isSlanted { slanted += characters }
      if abs(place.b) > abs(place.a) { turned += characters }
    }
    if !isForm,
      place.x < area.x1 - 20 || place.y < area.y1 - 20 || place.x > area.x2 + 20
        || place.y > area.y2 + 20
    {
      offPage += characters
      return
    }
    if characters > 0, stringsShown.count < Self.mostStrings {
      stringsShown.insert(bytes[strings].hashValue)
    }
    if !isHidden, let area = place.area(0, 0, 0.5 * state.size, 0.5 * state.size) {
      coverings.show(area, characters, strings, within: state.clip)
      let lightness = state.mode & 3 == 1 ? state.lineLightness : state.lightness
      if lightness.map({ $0 > Self.pale - 0.005 }) ?? !isForm {
        white[state.isOutlined ? .dark : coverings.ground(under: area), default: 0] += characters
      } else if state.mode & 3 == 0, let colour = state.colour, coverings.hides(colour, in: area) {
        invisible += characters
      }
    }
  }

  /// Adds a string from `start` to those before the operator.
  private mutating func add(_ count: Int, from start: Int) {
    if nested.last == 2, lastName.elementsEqual("ActualText".utf8) {
      replacements.tell(Self.characters(ofTextIn: bytes[start..<place], atMost: count))
    }
    strings = (characters == 0 ? start : strings.lowerBound)..<place
    characters += count
  }

  private mutating func number() {
    let number = Self.number(in: bytes, at: &place)
    if nested.isEmpty { numbers.append(number) }
  }

  private mutating func skipString() {
    let start = place
    add(Self.characters(ofStringIn: bytes, at: &place), from: start)
  }

  private mutating func skipHexadecimal() {
    let start = place
    add(Self.characters(ofHexadecimalIn: bytes, at: &place), from: start)
  }
}
