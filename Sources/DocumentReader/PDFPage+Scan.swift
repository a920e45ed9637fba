extension PDFPage {
  /// Whether the page is a picture whose characters only a recogniser could tell.
  ///
  /// - Parameter alone: whether no page of the document has text: then anything drawn may be text.
  func isScan(alone: Bool) -> Bool {
    // Programs that scan stamp their own name or a page number on the picture.
    if imageCover > 0.9 { return glyphs.count < 30 }
    return glyphs.isEmpty && (alone || imageCover > 0.3)
  }

  /// Takes what was recognised in the place of the page's own text.
  mutating func take(_ recognised: RecognisedPage) {
    self.recognised = recognised
    glyphs = recognised.segments.flatMap(\.glyphs)
    characters += glyphs.count
    (text, white, tiny) = ("", 0, 0)
  }
}
