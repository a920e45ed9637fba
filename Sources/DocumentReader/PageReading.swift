/// The lines of a page in the best of the ways in which they may be read.
struct PageReading {
  private(set) var lines: [String]
  private(set) var layout: Reflow
  private(set) var flags: Set<String> = []

  /// Tries the ways and takes the one that is the likeliest Japanese.
  ///
  /// - Parameter cost: what the analysis makes of a text, for each character.
  init(_ page: PDFPage, cost: (String) -> Int) {
    layout = Reflow(page.glyphs)
    lines = layout.lines
    if page.imageCover > 0.9, !page.glyphs.isEmpty { flags.insert("searchable-scan") }
    guard !page.glyphs.isEmpty else {
      lines = page.text.isEmpty ? [] : [page.text]
      return
    }
    choose(page, cost)
    switch layout.orientation {
    case .vertical: flags.insert("vertical")
    case .upsideDown, .upward: flags.insert("rotated")
    case .horizontal: break
    }
  }

  /// A page that reads well costs less than this for each character.
  private static let usualCost = 2900

  /// Enough of a page to tell by: Japanese letters of its longest lines, for figures and short cells cost
  /// much in any order.
  private static func sample(_ lines: [String]) -> String {
    let japanese = lines.map { line in
      line.unicodeScalars.filter { $0.isKana || $0.isKanji }
    }
    let long = japanese.filter { $0.count >= 5 }.sorted { $0.count > $1.count }
    var sample = String.UnicodeScalarView()
    for line in long where sample.count < 500 {
      sample += line
      sample.append("\n")
    }
    return String(sample)
  }

  /// What a text costs that has no line to tell by.
  private static let unreadableCost = 6000

  private mutating func choose(_ page: PDFPage, _ cost: (String) -> Int) {
    let isScan = flags.contains("searchable-scan")
    func costOf(_ lines: [String]) -> Int {
      let sample = Self.sample(lines)
      return sample.isEmpty ? Self.unreadableCost : cost(sample)
    }
    let present = costOf(lines)
    guard page.glyphs.count >= 12, isScan || present > Self.usualCost else { return }
    // Another way must be clearly better, for the boxes are right on nearly every page.
    var best = present
    func better(_ lines: [String]) -> Bool {
      let other = costOf(lines)
      guard other * 100 < best * 85 else { return false }
      best = other
      return true
    }
    for orientation in Orientation.allCases where orientation != layout.orientation {
      let other = Reflow(page.glyphs, orientation: orientation)
      let otherLines = other.lines
      if better(otherLines) { (layout, lines) = (other, otherLines) }
    }
    let asDrawn = page.text.split(separator: "\n").map(String.init)
    if better(asDrawn) {
      lines = asDrawn
      flags.insert("as-drawn")
    }
    let reversed = asDrawn.map { String(String.UnicodeScalarView($0.unicodeScalars.reversed())) }
    if better(reversed) {
      lines = reversed
      flags.remove("as-drawn")
      flags.insert("reversed-mended")
    }
  }
}
