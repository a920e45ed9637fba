/// The lines of a page in the best of the ways in which they may be read.
struct PageReading {
  private(set) var paragraphs: [Paragraph]
  private(set) var layout: Reflow
  private(set) var flags: Set<String> = []

  /// Tries the ways and takes the one that is the likeliest Japanese.
  ///
  init(_ page: PDFPage, _ language: Language) {
    if let recognised = page.recognised {
      layout = Reflow(recognised)
      paragraphs = layout.paragraphs
      return
    }
    layout = Reflow(page.glyphs)
    paragraphs = []
    if page.imageCover > 0.9, !page.glyphs.isEmpty { flags.insert("searchable-scan") }
    guard !page.glyphs.isEmpty else {
      paragraphs = page.text.isEmpty ? [] : [Paragraph(text: page.text)]
      return
    }
    setApart(page, language)
    layout.joinBrokenWords(language)
    if !choose(page, language) { paragraphs = layout.paragraphs }
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
  private static func sample(_ lines: [String], atMost limit: Int) -> String {
    var count = 0
    var sample = String.UnicodeScalarView()
    // Five Japanese letters are fifteen bytes.
    for line in lines.filter({ $0.utf8.count >= 15 }).sorted(by: { $0.utf8.count > $1.utf8.count })
    where count < limit {
      let japanese = line.unicodeScalars.filter { $0.isKana || $0.isKanji }
      guard japanese.count >= 5 else { continue }
      count += japanese.count
      sample += japanese
      sample.append("\n")
    }
    return String(sample)
  }

  /// What a text costs that has no line to tell by.
  private static let unreadableCost = 6000

  /// Reads vertical parts and horizontal lines of one page each in their own way.
  private mutating func setApart(_ page: PDFPage, _ language: Language) {
    guard layout.orientation == .horizontal || layout.orientation == .vertical else { return }
    func reads(_ part: [Int], _ one: Orientation, betterThan other: Orientation) -> Bool {
      let glyphs = part.map { page.glyphs[$0] }
      let costs = [one, other].map { orientation in
        let sample = Self.sample(Reflow(glyphs, orientation: orientation).lines, atMost: 300)
        return sample.isEmpty ? Self.unreadableCost : language.cost(of: sample)
      }
      return costs[0] * 100 < costs[1] * 85
    }
    // A label of a few characters is too short to tell by what it says.
    let parts = TurnedBlocks.find(in: page.glyphs).filter {
      $0.count < TurnedBlocks.fewest || reads($0, .vertical, betterThan: .horizontal)
    }
    guard !parts.isEmpty else { return }
    let taken = Set(parts.joined())
    let rest = page.glyphs.indices.filter { !taken.contains($0) }
    if layout.orientation == .horizontal, rest.count < taken.count,
      reads(rest, .vertical, betterThan: .horizontal)
    {
      layout = Reflow(page.glyphs, orientation: .vertical)
      return
    }
    if layout.orientation == .vertical {
      guard rest.count >= TurnedBlocks.fewest, reads(rest, .horizontal, betterThan: .vertical)
      else { return }
    }
    layout = Reflow(page.glyphs, orientation: .horizontal, apart: parts)
  }

  /// Whether the page reads best as poppler gives it, without its boxes.
  private mutating func choose(_ page: PDFPage, _ language: Language) -> Bool {
    let isScan = flags.contains("searchable-scan")
    func costOf(_ lines: [String], _ limit: Int = 500) -> Int {
      let sample = Self.sample(lines, atMost: limit)
      return sample.isEmpty ? Self.unreadableCost : language.cost(of: sample)
    }
    // A short sample shows that nearly every page reads well.
    let lines = layout.lines
    guard page.glyphs.count >= 12, isScan || costOf(lines, 50) > Self.usualCost - 200 else {
      return false
    }
    let present = costOf(lines)
    guard isScan || present > Self.usualCost else { return false }
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
      if better(other.lines) {
        layout = other
        layout.joinBrokenWords(language)
      }
    }
    let asDrawn = page.text.split(separator: "\n").map(String.init)
    var isAsDrawn = false
    if better(asDrawn) {
      paragraphs = asDrawn.map { Paragraph(text: $0) }
      flags.insert("as-drawn")
      isAsDrawn = true
    }
    let reversed = asDrawn.map { String(String.UnicodeScalarView($0.unicodeScalars.reversed())) }
    if better(reversed) {
      paragraphs = reversed.map { Paragraph(text: $0) }
      flags.remove("as-drawn")
      flags.insert("reversed-mended")
      isAsDrawn = true
    }
    return isAsDrawn
  }
}
