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
    let fitted = EmBoxes.fit(page.glyphs)
    layout = Reflow(fitted: fitted)
    paragraphs = []
    if page.imageCover > 0.9, !page.glyphs.isEmpty { flags.insert("searchable-scan") }
    guard !page.glyphs.isEmpty else {
      paragraphs = page.text.isEmpty ? [] : [Paragraph(text: page.text)]
      return
    }
    setApart(page, fitted: fitted, language)
    layout.joinBrokenWords(language)
    paragraphs = layout.paragraphs
    choose(page, language)
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
  private static func sample(_ lines: [Paragraph], atMost limit: Int) -> [UInt8] {
    // Five Japanese letters are fifteen bytes.
    var order = lines.indices.filter { lines[$0].utf8.count >= 15 }
    order.sort { (lines[$1].utf8.count, $0) < (lines[$0].utf8.count, $1) }
    var count = 0
    var sample: [UInt8] = []
    for index in order where count < limit {
      let (start, line) = (sample.count, lines[index].utf8)
      var (japanese, place) = (0, 0)
      while place < line.count {
        let (scalar, end) = line.scalar(at: place)
        if scalar.isKana || scalar.isKanji {
          japanese += 1
          sample.append(place..<end, of: line)
        }
        place = end
      }
      if japanese >= 5 {
        count += japanese
        sample.append(0x0A)
      } else {
        sample.removeSubrange(start...)
      }
    }
    return sample
  }

  /// What a text costs that has no line to tell by.
  private static let unreadableCost = 6000

  /// Reads vertical parts and horizontal lines of one page each in their own way.
  private mutating func setApart(_ page: PDFPage, fitted: [Glyph], _ language: Language) {
    guard layout.orientation == .horizontal || layout.orientation == .vertical else { return }
    func reads(_ part: [Int], _ one: Orientation, betterThan other: Orientation) -> Bool {
      let glyphs = part.map { page.glyphs[$0] }
      let costs = [one, other].map { orientation in
        let sample = Self.sample(Reflow(glyphs, orientation: orientation).paragraphs, atMost: 300)
        return sample.isEmpty ? Self.unreadableCost : language.cost(of: sample)
      }
      return costs[0] * 100 < costs[1] * 85
    }
    let found = SpreadWords.withoutLabels(
      TurnedBlocks.find(in: page.glyphs, fitted: fitted), of: fitted, language)
    // A label of a few characters is too short to tell by what it costs.
    let parts = found.filter { part in
      part.indices.count < TurnedBlocks.fewest
        ? language.areWords(part.indices.map { page.glyphs[$0].scalar }) || part.isAlone
        : areLabels(part.lines.map { line in line.map { page.glyphs[$0].scalar } }, language)
          || reads(part.indices, part.orientation, betterThan: .horizontal)
    }
    guard !parts.isEmpty else { return }
    let taken = Set(parts.flatMap(\.indices))
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

  /// Whether lines beside each other are a label each, as those of narrow columns, and most of them words of ideographs.
  private func areLabels(_ lines: [[Unicode.Scalar]], _ language: Language) -> Bool {
    lines.count > 1 && lines.allSatisfy { $0.count <= SpreadLabels.most }
      && 2 * lines.count(where: language.areWords) > lines.count
      && lines.allSatisfy(language.areWordsOfLabel)
  }

  /// Takes another way where the page reads better so: by other directions of its lines, or as poppler gives it,
  /// without its boxes.
  private mutating func choose(_ page: PDFPage, _ language: Language) {
    let isScan = flags.contains("searchable-scan")
    func costOf(_ lines: [Paragraph], _ limit: Int = 500) -> Int {
      let sample = Self.sample(lines, atMost: limit)
      return sample.isEmpty ? Self.unreadableCost : language.cost(of: sample)
    }
    // A short sample shows that nearly every page reads well.
    guard page.glyphs.count >= 12, isScan || costOf(paragraphs, 50) > Self.usualCost - 200
    else { return }
    let present = costOf(paragraphs)
    guard isScan || present > Self.usualCost else { return }
    // Another way must be clearly better, for the boxes are right on nearly every page.
    var best = present
    func better(_ lines: [Paragraph]) -> Bool {
      let other = costOf(lines)
      guard other * 100 < best * 85 else { return false }
      best = other
      return true
    }
    for orientation in Orientation.allCases where orientation != layout.orientation {
      let other = Reflow(page.glyphs, orientation: orientation)
      if better(other.paragraphs) {
        layout = other
        layout.joinBrokenWords(language)
        paragraphs = layout.paragraphs
      }
    }
    let lines = page.text.split(separator: "\n")
    let asDrawn = lines.map { Paragraph(text: String($0)) }
    if better(asDrawn) {
      paragraphs = asDrawn
      flags.insert("as-drawn")
    }
    let reversed = lines.map {
      Paragraph(text: String(String.UnicodeScalarView($0.unicodeScalars.reversed())))
    }
    if better(reversed) {
      paragraphs = reversed
      flags.remove("as-drawn")
      flags.insert("reversed-mended")
    }
  }
}
