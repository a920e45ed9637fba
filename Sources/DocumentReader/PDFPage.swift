import CPoppler

/// What a page says: its characters with their boxes, the values of its form, its remarks.
struct PDFPage: Sendable {
  /// The characters in the order in which poppler gives them, spaces left out.
  var glyphs: [Glyph] = []
  /// The text as poppler alone would give it.
  var text = ""
  /// The values of form fields and the texts of annotations, none of which poppler counts as text.
  var additions: [Addition] = []
  /// Characters of these that are not to be shown, and of those that stand beside the page.
  var (hiddenAdditions, additionsBeside) = (0, 0)
  /// How much of the page its largest image covers, from 0 to 1.
  var imageCover = 0.0
  /// What the page shows of the plane that its operators draw on.
  var area = PageArea()
  /// Whether the page is shown turned by a quarter.
  var isTurned = false
  /// Whether a font's own characters lie on their side, as those of Windows for vertical writing do: its name begins
  /// with an @.
  var hasTurnedFont = false
  /// Characters that are white or nearly so.
  var white = 0
  /// Characters smaller than three points, or squeezed until nothing is left to see.
  var tiny = 0
  /// Characters that may be squeezed so.
  private var squeezed = 0
  /// Whether characters were left out, since there are too many.
  var isCut = false
  /// How many characters were read: of its text, without blanks, and of its additions.
  var characters = 0
  /// What a recogniser made of the page's picture; `nil` when the characters are the page's own.
  var recognised: RecognisedPage?

  /// Reads a page.
  ///
  /// - Parameter mayBeScanned: whether its images are worth looking for, which means drawing the page again.
  @unsafe init(_ page: OpaquePointer, atMost limit: Int, mayBeScanned: Bool) {
    var box = PopplerRectangle()
    unsafe poppler_page_get_crop_box(page, &box)
    area = PageArea(
      x1: min(box.x1, box.x2), y1: min(box.y1, box.y2), x2: max(box.x1, box.x2),
      y2: max(box.y1, box.y2))
    // The size is that of the page as it is shown, the box is not.
    var (width, height) = (0.0, 0.0)
    unsafe poppler_page_get_size(page, &width, &height)
    isTurned =
      abs(width - (area.y2 - area.y1)) < 0.5 && abs(height - (area.x2 - area.x1)) < 0.5
      && abs(width - height) > 1
    let limit = max(0, limit)
    unsafe readText(page, atMost: limit)
    characters = glyphs.isEmpty ? visibleCharacters(ofTextUpTo: limit) : glyphs.count
    unsafe readFields(page, upTo: limit)
    unsafe readAnnotations(page, upTo: limit)
    if mayBeScanned { unsafe measureImages(page) }
    // Where a recogniser's text lies over a picture, its boxes are as wide as the picture has it.
    if imageCover <= 0.9 { tiny += squeezed }
  }

  /// Cuts poppler's own text after as many characters as may be read, blanks not counted.
  ///
  /// - Returns: how many are left of it.
  private mutating func visibleCharacters(ofTextUpTo limit: Int) -> Int {
    var count = 0
    let scalars = text.unicodeScalars
    for place in scalars.indices where !scalars[place].isBlank {
      guard count < limit else {
        text = String(scalars[..<place])
        isCut = true
        break
      }
      count += 1
    }
    return count
  }

  @unsafe private mutating func readText(_ page: OpaquePointer, atMost limit: Int) {
    guard let raw = unsafe poppler_page_get_text(page) else { return }
    defer { unsafe g_free(raw) }
    text = unsafe String(cString: raw)
    let utf8 = Array(text.utf8)
    var length = 0
    for byte in utf8 where byte & 0xC0 != 0x80 { length += 1 }
    var rectangles: UnsafeMutablePointer<PopplerRectangle>?
    var count: UInt32 = 0
    guard unsafe poppler_page_get_text_layout(page, &rectangles, &count) != 0 else { return }
    defer { unsafe g_free(rectangles) }
    guard let boxes = unsafe rectangles, length == Int(count) else { return }
    let (styles, fontSizes) = unsafe styles(page, count: Int(count))
    glyphs.reserveCapacity(min(Int(count), limit))
    var squeezedPlaces: [Int] = []
    var sizes: [Float] = []
    sizes.reserveCapacity(min(Int(count), limit))
    var drawn = DrawnTwice(atMost: min(Int(count), limit))
    var place = 0
    for index in 0..<length {
      let (scalar, end) = utf8.scalar(at: place)
      place = end
      if scalar.isBlank { continue }
      guard glyphs.count < limit else {
        isCut = true
        break
      }
      let box = unsafe boxes[index]
      let glyph = Glyph(
        scalar: scalar, x1: min(box.x1, box.x2), y1: min(box.y1, box.y2),
        x2: max(box.x1, box.x2), y2: max(box.y1, box.y2), font: Int(styles[index] >> 2))
      guard glyph.x1.isFinite, glyph.y1.isFinite, glyph.x2.isFinite, glyph.y2.isFinite else {
        continue
      }
      // Where a word might have been parted, its hyphen is kept without any extent.
      if glyph.width < 0.01, Normaliser.isInvisible(scalar) { continue }
      guard drawn.isFirst(glyph) else { continue }
      if scalar.isVoicingMark, let last = glyphs.last, last.takes(mark: glyph) {
        glyphs[glyphs.count - 1].take(mark: glyph)
        drawn.change(to: glyphs[glyphs.count - 1])
        continue
      }
      glyphs.append(glyph)
      sizes.append(fontSizes[index])
      drawn.note(glyph)
      if styles[index] & 1 != 0 { white += 1 }
      if styles[index] & 2 != 0 || glyph.em < 3 {
        tiny += 1
      } else if glyph.isSqueezed {
        squeezedPlaces.append(glyphs.count - 1)
      }
    }
    LetterSpacing.takeOut(of: &glyphs, sizes: sizes)
    StackedCharacters.part(&glyphs)
    squeezed = squeezedPlaces.count { glyphs[$0].isSqueezed }
  }

  /// A number for each character: 1 white, 2 tiny, above these its font; and its font's size.
  @unsafe private mutating func styles(
    _ page: OpaquePointer, count: Int
  ) -> (styles: [UInt16], sizes: [Float]) {
    var styles = [UInt16](repeating: 0, count: count)
    var sizes = [Float](repeating: 0, count: count)
    var fonts: [String: UInt16] = [:]
    // Runs of one font mostly follow each other.
    var last: (name: UnsafeMutablePointer<CChar>, font: UInt16)?
    let list = unsafe poppler_page_get_text_attributes(page)
    defer { unsafe poppler_page_free_text_attributes(list) }
    var entry = unsafe list
    while let current = unsafe entry {
      unsafe entry = current.pointee.next
      guard let data = unsafe current.pointee.data else { continue }
      let run = unsafe data.assumingMemoryBound(to: PopplerTextAttributes.self).pointee
      let color = unsafe run.color
      let isWhite =
        ContentScanner.lightness(
          Double(color.red) / 65535, Double(color.green) / 65535, Double(color.blue) / 65535)
        > ContentScanner.pale
      let isTiny = unsafe run.font_size > 0 && run.font_size < 3
      let font: UInt16
      if let last = unsafe last, let name = unsafe run.font_name,
        unsafe strcmp(last.name, name) == 0
      {
        font = unsafe last.font
      } else {
        let name = unsafe run.font_name.map { unsafe String(cString: $0) } ?? ""
        font = fonts[name] ?? UInt16(min(fonts.count, 1 << 12))
        fonts[name] = font
        // Before it there may be the tag of a subset.
        if name.hasPrefix("@") || name.contains("+@") { hasTurnedFont = true }
        unsafe last = run.font_name.map { unsafe ($0, font) }
      }
      let (start, end) = unsafe (max(0, Int(run.start_index)), min(count - 1, Int(run.end_index)))
      guard start <= end else { continue }
      let style = font << 2 | (isWhite ? 1 : 0) | (isTiny ? 2 : 0)
      let size = unsafe Float(run.font_size)
      for index in start...end {
        styles[index] |= style
        sizes[index] = size
      }
    }
    return (styles, sizes)
  }

  @unsafe private mutating func measureImages(_ page: OpaquePointer) {
    var (width, height) = (0.0, 0.0)
    unsafe poppler_page_get_size(page, &width, &height)
    guard width > 0, height > 0 else { return }
    let list = unsafe poppler_page_get_image_mapping(page)
    defer { unsafe poppler_page_free_image_mapping(list) }
    var entry = unsafe list
    while let current = unsafe entry {
      unsafe entry = current.pointee.next
      guard let data = unsafe current.pointee.data else { continue }
      let area = unsafe data.assumingMemoryBound(to: PopplerImageMapping.self).pointee.area
      let cover = abs(area.x2 - area.x1) * abs(area.y2 - area.y1) / (width * height)
      if cover.isFinite { imageCover = max(imageCover, min(cover, 1)) }
    }
  }
}
