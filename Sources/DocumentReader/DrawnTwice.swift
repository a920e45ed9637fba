/// Tells characters that are drawn a second time at nearly the same place, as shadows and imitated bold are.
///
/// Poppler leaves out a word that lies exactly on its like; a shadow lies beside it, and may be cut into other
/// words.
struct DrawnTwice {
  /// A character kept, and the one before it whose code ends alike.
  private struct Noted {
    var scalar: Unicode.Scalar
    var before: Int32
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    init(_ glyph: Glyph, before: Int32) {
      (scalar, self.before) = (glyph.scalar, before)
      (x, y, width, height) = (glyph.middleX, glyph.middleY, glyph.width, glyph.height)
    }
  }

  private var noted: [Noted] = []

  /// Prepares for `count` characters.
  init(atMost count: Int) { noted.reserveCapacity(count) }

  /// The last one of each ending.
  private var last = [Int32](repeating: -1, count: 1024)
  /// A page of one character a hundred thousand times must not take forever.
  private static let longestSearch = 256

  /// Whether none of those noted is the like of `glyph` within a small part of its size.
  ///
  /// The same letter twice in a word stands a whole box further on.
  func isFirst(_ glyph: Glyph) -> Bool {
    let (x, y, width, height) = (glyph.middleX, glyph.middleY, glyph.width, glyph.height)
    var (place, left) = (Int(last[Self.ending(of: glyph)]), Self.longestSearch)
    while place >= 0, left > 0 {
      let other = noted[place]
      if abs(y - other.y) < 0.3 * min(height, other.height),
        abs(x - other.x) < 0.25 * min(width, other.width), other.scalar == glyph.scalar
      {
        return false
      }
      (place, left) = (Int(other.before), left - 1)
    }
    return true
  }

  /// Takes note of the character that comes after those noted before.
  mutating func note(_ glyph: Glyph) {
    let ending = Self.ending(of: glyph)
    noted.append(Noted(glyph, before: last[ending]))
    last[ending] = Int32(noted.count - 1)
  }

  /// Takes note that the last character's box has changed.
  mutating func change(to glyph: Glyph) {
    guard let before = noted.last?.before else { return }
    noted[noted.count - 1] = Noted(glyph, before: before)
  }

  private static func ending(of glyph: Glyph) -> Int { Int(glyph.scalar.value & 1023) }
}
