/// Tells characters that are drawn a second time at nearly the same place, as shadows and imitated bold are.
///
/// Poppler leaves out a word that lies exactly on its like; a shadow lies beside it, and may be cut into other
/// words.
struct DrawnTwice {
  /// For each character kept, the one before it whose code ends alike; and the last one of each ending.
  private var before: [Int32] = []
  private var last = [Int32](repeating: -1, count: 1024)
  /// A page of one character a hundred thousand times must not take forever.
  private static let longestSearch = 256

  /// Whether none of `glyphs` is the like of `glyph` within a small part of its size.
  ///
  /// The same letter twice in a word stands a whole box further on.
  func isFirst(_ glyph: Glyph, after glyphs: [Glyph]) -> Bool {
    var place = last[Self.ending(of: glyph)]
    for _ in 0..<Self.longestSearch where place >= 0 {
      let other = glyphs[Int(place)]
      if other.scalar == glyph.scalar, Self.lies(glyph, on: other) { return false }
      place = before[Int(place)]
    }
    return true
  }

  /// Takes note of the character that comes after those noted before.
  mutating func note(_ glyph: Glyph) {
    let ending = Self.ending(of: glyph)
    before.append(last[ending])
    last[ending] = Int32(before.count - 1)
  }

  private static func ending(of glyph: Glyph) -> Int { Int(glyph.scalar.value & 1023) }

  private static func lies(_ glyph: Glyph, on other: Glyph) -> Bool {
    abs(glyph.middleX - other.middleX) < 0.25 * min(glyph.width, other.width)
      && abs(glyph.middleY - other.middleY) < 0.3 * min(glyph.height, other.height)
  }
}
