/// Text that a file shows nowhere: drawn in rendering mode 3 or 7 (ISO 32000-1, 9.3.6), without any opacity, beside
/// the page, cut away by a clipping path, or under a rectangle or a picture drawn later; or said in the place of much less
/// that is drawn.
///
/// Poppler gives invisible text like any other and does not say so; what stands beside the page it leaves
/// out. Both are found in the operators of the file's content streams, without knowing which page shows
/// which stream: numbers for a reviewer, not places.
struct HiddenText: Hashable {
  /// About how many characters are invisible.
  private(set) var invisible = 0
  /// About how many characters begin beside the page.
  private(set) var offPage = 0
  /// About how many characters of remarks and fields are white on something light.
  private(set) var white = 0
  /// About how many characters of remarks and fields are smaller than three points.
  private(set) var tiny = 0
  /// Whether some of what the pages draw could not be looked at.
  private(set) var isUnchecked = false
  /// About how many characters were met in all that is drawn.
  private(set) var met = 0
  /// About how many characters pages draw, and how many of them in lines that climb or fall.
  private(set) var (drawn, slanted) = (0, 0)
  /// As `drawn`, of each page that the file's bytes tell of, without what stands beside it; of those that have text.
  private var drawnOnPages: [Int] = []
  /// How many of them lie on their side.
  private var turned = 0
  /// Whether most do: what runs down a page that is not turned was then written across.
  var isTurned: Bool { turned * 2 > drawn }
  /// About how many characters in white stand on what.
  private var grounds: [Coverings.Ground: Int] = [:]

  /// The longest part of a stream that is looked at, and of all streams together, in bytes.
  private static let longestStream = 4 << 20
  private static let longestFile = 16 << 20
  /// How many characters may be said in the place of fewer that are drawn.
  private static let mostNames = 32

  /// Looks through the streams of `file`, whose pages all lie within `area`.
  init(in file: [UInt8], area: PageArea) {
    let streams = ContentStreams(file, atMost: Self.longestStream / 4)
    isUnchecked = streams.isLocked
    let states = GraphicsStates(streams)
    // /SMask, /Mask and /ImageMask.
    let picturesAreOpaque = !ImageSearch.stands("Mask", in: file, within: 0..<file.count)
    var left = Self.longestFile
    let forms = DrawnForms(streams, atMost: Self.longestFile)
    // What pages draw comes first, for a form that is drawn there need not be looked at alone.
    let (alone, pages) = (
      streams.sequences.filter { $0.first?.isForm ?? false },
      streams.sequences.filter { !($0.first?.isForm ?? true) }
    )
    let appearances = streams.appearances
    var values = DefaultAppearances(streams)
    // Who shows the file is then to draw the values anew.
    let areDrawnAnew = streams.values(ofKey: "/NeedAppearances").contains { $0.value.isTrue }
    var papers = PageGrounds()
    var unseen = 0
    for sequence in pages + alone {
      let form = sequence.first.flatMap { $0.isForm ? $0 : nil }
      if let form, forms.drawn.contains(form.object.number) { continue }
      var content: [UInt8] = []
      for stream in sequence {
        guard left > 0 else {
          isUnchecked = true
          break
        }
        left -= stream.dictionary.count
        guard let part = streams.content(of: stream, atMost: min(left, Self.longestStream)) else {
          continue
        }
        left -= part.bytes.count
        if !part.isWhole { isUnchecked = true }
        content.append(0x0A)
        content += part.bytes
      }
      guard !content.isEmpty else { continue }
      let appearance = form.flatMap { values.appearances[$0.object.number] }
      var scanner = ContentScanner(
        content, area, states: states, picturesAreOpaque: picturesAreOpaque, forms: forms,
        formBox: form.map { streams.box(of: $0) },
        matrix: form.map { streams.matrix(of: $0, shownIn: appearance?.place) } ?? Matrix(),
        ground: form.map { appearances.contains($0.object.number) } ?? true ? .light : .unknown)
      scanner.run()
      if scanner.isUnchecked { isUnchecked = true }
      if form == nil { papers.add(scanner.coverings) }
      invisible += scanner.invisible
      unseen += scanner.replacements.unseen
      offPage += scanner.offPage
      drawn += scanner.drawn
      if sequence.first?.isOfPage ?? false {
        let shows = scanner.stringsShown.count == ContentScanner.mostStrings
        drawnOnPages.append(shows ? scanner.drawn - scanner.offPage : 0)
      }
      met += scanner.met
      slanted += scanner.slanted
      turned += scanner.turned
      grounds.merge(scanner.white, uniquingKeysWith: +)
      if let form, appearances.contains(form.object.number) {
        white += scanner.white[.light, default: 0]
        if scanner.white[.unknown] != nil { isUnchecked = true }
        tiny += scanner.tiny
      }
      if let appearance, !areDrawnAnew, 2 * scanner.shown < appearance.characters {
        invisible += max(0, appearance.characters - scanner.shown - scanner.invisible)
      }
    }
    // The names of a few signs, such as that of an envelope, hide nothing.
    if unseen > Self.mostNames { invisible += unseen }
    values.judge(on: papers)
    white += values.white
    tiny += values.tiny
    invisible += values.hidden
    if values.isUnchecked { isUnchecked = true }
    if forms.isUnchecked { isUnchecked = true }
  }

  /// Whether some page draws much more than the characters that were read of it, as where the table of a font is missing.
  ///
  /// It is not known which page is which: where each draws at most a multiple of what it gives, so do they by size. Codes
  /// of two bytes may count twice, and blanks, shadows and what stands on layers that are not shown are drawn but not
  /// read.
  ///
  /// - Parameter counts: how many characters were read of each page.
  func drawMore(than counts: [Int]) -> Bool {
    guard drawnOnPages.count == counts.count else { return false }
    return zip(drawnOnPages.sorted(), counts.sorted()).contains { drawn, read in
      drawn >= 20 && drawn > 4 * read
    }
  }

  /// What white text, of so many characters, stands on: if all of it certainly on something dark, it can be read.
  func ground(ofWhite count: Int) -> Coverings.Ground {
    let (onDark, unknown) = (grounds[.dark, default: 0], grounds[.unknown, default: 0])
    if grounds[.light] != nil || 2 * (onDark + unknown) < count { return .light }
    return unknown > 0 ? .unknown : .dark
  }
}

/// The part of the plane that a document's pages show, in points.
struct PageArea: Hashable {
  var x1 = Double.infinity
  var y1 = Double.infinity
  var x2 = -Double.infinity
  var y2 = -Double.infinity

  /// The same as a part of the plane.
  var all: Coverings.Area { Coverings.Area(x1: x1, y1: y1, x2: x2, y2: y2) }

  /// Whether something covers half of it or more.
  func isMostly(under cover: Coverings.Area) -> Bool {
    let common = cover.cut(by: all)
    let covered = max(0, common.x2 - common.x1) * max(0, common.y2 - common.y1)
    return covered * 2 > (x2 - x1) * (y2 - y1)
  }

  /// Takes another page in.
  mutating func add(_ other: PageArea) {
    (x1, y1) = (min(x1, other.x1), min(y1, other.y1))
    (x2, y2) = (max(x2, other.x2), max(y2, other.y2))
  }
}
