/// Characters that stand side by side: a cell, or a line of a paragraph.
struct Segment: Sendable {
  private(set) var glyphs: [Glyph]
  let x1: Double
  let x2: Double
  let y1: Double
  let y2: Double
  /// The middle height of its characters.
  let em: Double

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

  /// The characters, with a space where a gap is wider than this line's gaps are.
  var text: String {
    let gaps = zip(glyphs, glyphs.dropFirst()).map { $1.x1 - $0.x2 }
    let usual = max(0, Self.median(gaps))
    var text = String.UnicodeScalarView()
    for (index, glyph) in glyphs.enumerated() {
      if index > 0 {
        let gap = gaps[index - 1] - usual
        let both = glyph.isIdeographic && glyphs[index - 1].isIdeographic
        if gap > (both ? 0.35 : 0.15) * glyph.height { text.append(" ") }
      }
      text.append(glyph.scalar)
    }
    return String(text)
  }

  private var single: Glyph? {
    glyphs.count == 1 && glyphs[0].isIdeographic ? glyphs[0] : nil
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
      var group = [first]
      var next = index + 1
      while next < pieces.count, let glyph = pieces[next].single, let last = group.last {
        let gap = glyph.x1 - last.x2
        if group.count > 1 {
          let firstGap = group[1].x1 - group[0].x2
          if abs(gap - firstGap) > 0.35 * max(gap, firstGap) { break }
        } else if gap > 3.2 * first.height {
          break
        }
        group.append(glyph)
        next += 1
      }
      merged.append(Segment(group))
      index = next
    }
    return merged
  }
}
