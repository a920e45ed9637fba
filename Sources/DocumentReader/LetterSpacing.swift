/// Letter-spacing that poppler counts to the boxes of characters: of all of them, or of all but the last ones of its
/// words, whose spacing is then a gap as wide as a blank.
enum LetterSpacing {
  /// A font at a size.
  private struct Face {
    var font: Int
    var size: Float
    /// The widths of its ideographs.
    var least = Double.infinity
    var most = 0.0
    var widths: [Double] = []
    /// What is counted too much.
    var spacing = 0.0
    /// The width of an ideograph without it.
    var em: Double { most - spacing }
  }

  /// Less is taken for the font's own.
  private static let least = 0.05
  /// No honest page has more; to look for each among all must not take forever.
  private static let mostFaces = 200

  /// Leaves to each character of `glyphs` the room that it takes itself.
  ///
  /// - Parameter sizes: the size of each one's font, as poppler tells it.
  /// - Complexity: O(characters × faces), mostly O(characters).
  static func takeOut(of glyphs: inout [Glyph], sizes: [Float]) {
    var faces: [Face] = []
    var numbers = [Int](repeating: 0, count: glyphs.count)
    var present = 0
    for (index, glyph) in glyphs.enumerated() {
      if !(present < faces.count && faces[present].font == glyph.font
        && faces[present].size == sizes[index])
      {
        present =
          faces.firstIndex { $0.font == glyph.font && $0.size == sizes[index] } ?? faces.count
        if present == faces.count {
          guard faces.count < mostFaces else { return }
          faces.append(Face(font: glyph.font, size: sizes[index]))
        }
      }
      numbers[index] = present
      if glyph.scalar.isKanji, glyph.width > 0.01 {
        faces[present].least = min(faces[present].least, glyph.width)
        faces[present].most = max(faces[present].most, glyph.width)
      }
    }
    guard faces.contains(where: mayBeSpaced) else { return }
    for (index, glyph) in glyphs.enumerated()
    where glyph.scalar.isKanji && glyph.width > 0.01 && mayBeSpaced(faces[numbers[index]]) {
      faces[numbers[index]].widths.append(glyph.width)
    }
    for face in faces.indices { faces[face].spacing = spacing(of: faces[face]) }
    for index in glyphs.indices.dropLast() {
      let spacing = faces[numbers[index]].spacing
      // What is as wide as an ideograph without any has none.
      guard spacing > 0, glyphs[index].width > spacing,
        abs(glyphs[index].width - faces[numbers[index]].em) > 0.1 * spacing,
        isBeside(glyphs[index], glyphs[index + 1], spacing)
      else { continue }
      glyphs[index].x2 -= spacing
    }
  }

  private static func mayBeSpaced(_ face: Face) -> Bool {
    guard face.most > 0 else { return false }
    return face.least * (1 + least) < face.most
      || face.size > 0 && face.least > Double(face.size) * (1 + least)
  }

  /// What the boxes of a face hold besides its characters.
  private static func spacing(of face: Face) -> Double {
    guard face.widths.count >= 3 else { return 0 }
    let (usual, size) = (Segment.median(face.widths), Double(face.size))
    let near = { (width: Double, other: Double) in abs(width - other) < 0.03 * other }
    if face.least * (1 + least) < face.most {
      // Where two lines are stretched or squeezed a little, most widths lie between theirs.
      let apart = 0.25 * (face.most - face.least)
      let isOne = { near($0, $1) && abs($0 - $1) < apart }
      // Nothing between: an ideograph's width with the spacing, and the same without it.
      // A few are wider or narrower where a line is set even.
      let either = face.widths.count { isOne($0, face.most) || isOne($0, face.least) }
      return either * 20 >= face.widths.count * 19 && face.most < 3 * face.least
        ? face.most - face.least : 0
    }
    guard size > 0, usual > size * (1 + least), usual < 3 * size,
      face.widths.allSatisfy({ near($0, usual) })
    else { return 0 }
    return usual - size
  }

  /// Whether one character begins where the box of the one before it ends.
  private static func isBeside(_ one: Glyph, _ other: Glyph, _ spacing: Double) -> Bool {
    abs(other.x1 - one.x2) < 0.1 * spacing && abs(other.middleY - one.middleY) < 0.3 * one.height
  }
}
