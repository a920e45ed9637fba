/// Characters that stand side by side: a cell, or a line of a paragraph.
struct Segment: Sendable {
  private(set) var glyphs: [Glyph]
  let x1: Double
  let x2: Double
  let y1: Double
  let y2: Double
  /// The middle height of its characters.
  let em: Double
  /// Its box as a glyph's.
  var box: Glyph { Glyph(scalar: " ", x1: x1, y1: y1, x2: x2, y2: y2) }

  /// Its height on the page.
  var middle: Double { (y1 + y2) / 2 }

  /// - Precondition: `glyphs` is not empty.
  init(_ glyphs: [Glyph]) {
    self.glyphs = glyphs
    x1 = glyphs.reduce(.infinity) { min($0, $1.x1) }
    x2 = glyphs.reduce(-.infinity) { max($0, $1.x2) }
    y1 = glyphs.reduce(.infinity) { min($0, $1.y1) }
    y2 = glyphs.reduce(-.infinity) { max($0, $1.y2) }
    em = Self.median(glyphs.map(\.height))
  }

  static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// The distance of each character from the one before it; of the first, none.
  var gaps: [Double] { [0] + zip(glyphs, glyphs.dropFirst()).map { $1.x1 - $0.x2 } }

  /// The middle distance between its characters.
  ///
  /// Ideographs that follow each other tell it best: of letters, some producers count their spacing as width.
  var usualGap: Double {
    let gaps = gaps
    let between = gaps.indices.dropFirst().filter {
      glyphs[$0].isIdeographic && glyphs[$0 - 1].isIdeographic
    }
    let telling = between.count >= 4 ? between.map { gaps[$0] } : Array(gaps.dropFirst())
    return max(0, Self.median(telling))
  }

  /// The characters, with a space where a gap is wider than this line's gaps are.
  var text: String {
    let (gaps, usual) = (gaps, usualGap)
    var text = String.UnicodeScalarView()
    for (index, glyph) in glyphs.enumerated() {
      if index > 0 {
        let gap = gaps[index] - usual
        let both = glyph.isIdeographic && glyphs[index - 1].isIdeographic
        if gap > (both ? 0.35 : 0.15) * glyph.height + (both ? 0 : 0.4 * usual) { text.append(" ") }
      }
      text.append(glyph.scalar)
      if let mark = glyph.mark { text.append(mark) }
    }
    return String(text)
  }

  private var single: Glyph? {
    glyphs.count == 1 && glyphs[0].isIdeographic ? glyphs[0] : nil
  }

  /// The end of a run of short pieces at even distances, which begins and ends with a single ideograph.
  private static func spacedEnd(of pieces: [Segment], from start: Int, em: Double) -> Int {
    var end = start + 1
    var usual: Double?
    for next in (start + 1)..<max(start + 1, pieces.count) {
      let piece = pieces[next]
      let gap = piece.x1 - pieces[next - 1].x2
      guard piece.glyphs.count <= 3, piece.glyphs.allSatisfy(\.isIdeographic),
        gap <= 3.2 * em, usual.map({ abs(gap - $0) <= 0.35 * max(gap, $0) }) ?? true
      else { break }
      usual = usual ?? gap
      if piece.single != nil { end = next + 1 }
    }
    return end
  }

  /// Joins single ideographs at even distances, as in 「氏　　名」.
  static func mergeSpaced(_ pieces: [Segment]) -> [Segment] {
    var merged: [Segment] = []
    var index = 0
    while index < pieces.count {
      guard let first = pieces[index].single else {
        merged.append(pieces[index])
        index += 1
        continue
      }
      let end = spacedEnd(of: pieces, from: index, em: first.height)
      merged.append(Segment(pieces[index..<end].flatMap(\.glyphs)))
      index = end
    }
    return merged
  }
}
