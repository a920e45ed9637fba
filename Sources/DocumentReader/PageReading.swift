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

  /// Enough of a page to tell by.
  private static func sample(_ lines: [String]) -> String {
    var sample = ""
    for line in lines.sorted(by: { $0.utf8.count > $1.utf8.count }) where sample.utf8.count < 1500 {
      sample += line + "\n"
    }
    return sample
  }

  private mutating func choose(_ page: PDFPage, _ cost: (String) -> Int) {
    let isScan = flags.contains("searchable-scan")
    let present = cost(Self.sample(lines))
    guard page.glyphs.count >= 12, isScan || present > Self.usualCost else { return }
    // Another way must be clearly better, for the boxes are right on nearly every page.
    var best = present
    func better(_ lines: [String]) -> Bool {
      let other = cost(Self.sample(lines))
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
