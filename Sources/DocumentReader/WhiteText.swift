/// White text as the picture of its page shows it: on a gradient, a photograph or a figure of any shape, where operators
/// alone do not tell whether it can be read.
struct WhiteText {
  /// How many characters nobody can read.
  private(set) var illegible = 0
  /// Whether some pages were not looked at, for there are too many.
  private(set) var isUnchecked = false

  /// To draw a page takes longer than to read it.
  private static let mostPages = 8
  /// Enough for the strokes of small characters, and no more.
  private static let resolution = 100
  private static let mostPixels = 4 << 20

  /// Looks at the characters in white of each page.
  init(_ pages: [(page: Int, glyphs: [Glyph])], in document: PDFDocument) {
    isUnchecked = pages.count > Self.mostPages
    for (page, glyphs) in pages.prefix(Self.mostPages) {
      guard
        let picture = document.picture(
          of: page, atMost: Self.mostPixels, resolution: Self.resolution)
      else {
        illegible += glyphs.count
        continue
      }
      illegible += glyphs.count { !picture.isDark(under: $0) }
    }
  }
}

extension PagePicture {
  /// What is darker shows what is white.
  private static let dark: UInt8 = 191

  /// Whether a character in white stands on something dark within its box, in points.
  ///
  /// Whether the character itself is drawn says nothing: the machine may lack its font.
  func isDark(under box: Glyph) -> Bool {
    let scale = Double(resolution) / 72
    // A font's box may be higher than the band that its text stands on.
    let rows = Self.pixels(
      box.y1 + 0.15 * box.height, box.y2 - 0.15 * box.height, scale, within: height)
    let columns = Self.pixels(box.x1, box.x2, scale, within: width)
    let dark = rows.reduce(0) { dark, row in
      dark
        + pixels[row * width + columns.lowerBound..<row * width + columns.upperBound]
        .count { $0 < Self.dark }
    }
    // Of a fat character's box a quarter is ground.
    return dark > 0 && dark * 4 >= rows.count * columns.count
  }

  private static func pixels(
    _ start: Double, _ end: Double, _ scale: Double, within count: Int
  ) -> Range<Int> {
    let limit = Double(count)
    let first = Int(max(0, min(limit, (start * scale).rounded(.down))))
    return first..<max(first, Int(max(0, min(limit, (end * scale).rounded(.up)))))
  }
}
