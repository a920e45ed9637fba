/// Letters that lie on their side in a vertical line, and whose boxes poppler puts beside it.
///
/// Where a font's own matrix turns its glyphs over, as those that browsers write, the box of a letter on
/// its side is mirrored at the baseline, an em away from the line that the letter stands in.
enum SidewaysLetters {
  /// `glyphs` of a vertical page with such letters moved to where they fill the gaps of the lines.
  static func align(_ glyphs: [Glyph]) -> [Glyph] {
    guard areThere(glyphs) else { return glyphs }
    let sideways = glyphs.indices.filter { glyphs[$0].isLatin }
    let ideographs = glyphs.indices.filter { glyphs[$0].isIdeographic }
    let em = Segment.median(ideographs.map { glyphs[$0].width })
    guard sideways.count >= 3, ideographs.count >= 10, em > 0 else { return glyphs }
    var lines: [Int: Int] = [:]
    for place in ideographs { lines[bucket(glyphs[place].middleX, em), default: 0] += 1 }
    let grid = Grid(glyphs, at: ideographs)
    let sample = stride(from: 0, to: sideways.count, by: max(1, sideways.count / 200)).map {
      glyphs[sideways[$0]]
    }
    func fitting(_ shift: Double) -> Int {
      sample.count { glyph in
        var moved = glyph
        (moved.x1, moved.x2) = (glyph.x1 + shift, glyph.x2 + shift)
        let place = bucket(moved.middleX, em)
        guard (place - 1...place + 1).contains(where: { lines[$0, default: 0] >= 2 }) else {
          return false
        }
        var isTaken = false
        grid.forEachNear(moved) { place in
          let other = glyphs[place]
          if abs(other.middleX - moved.middleX) < 0.6 * em,
            abs(other.middleY - moved.middleY) < 0.35 * em
          {
            isTaken = true
          }
        }
        return !isTaken
      }
    }
    let present = fitting(0)
    guard present * 4 < sample.count * 3,
      let best = [em, -em].max(by: { fitting($0) < fitting($1) }), fitting(best) > 2 * present,
      fitting(best) * 2 > sample.count
    else { return glyphs }
    var aligned = glyphs
    for index in sideways {
      aligned[index].x1 += best
      aligned[index].x2 += best
    }
    return aligned
  }

  /// Whether most letters of a page are wider than high: those that are not are W and M.
  static func areThere(_ glyphs: [Glyph]) -> Bool {
    let letters = glyphs.count { $0.isLatin }
    let wide = glyphs.count { $0.isLatin && $0.width > 1.2 * $0.height }
    return letters >= 3 && wide * 2 > letters
  }

  private static func bucket(_ x: Double, _ em: Double) -> Int {
    Int(max(-1e6, min(1e6, (x / (0.25 * em)).rounded())))
  }
}

extension Glyph {
  /// A letter, figure or sign of Latin, which vertical lines turn.
  var isLatin: Bool { scalar.value > 0x20 && scalar.value < 0x250 }
}
