/// Large text that climbs or falls across a page, as 「社外秘」 and "SAMPLE" stand behind others: it belongs to
/// none of the lines that its characters lie in.
enum SlantedText {
  /// No honest page has more large characters; comparing them all must not take forever.
  private static let mostCharacters = 400

  /// The places in `glyphs` of each such run, from its left end on.
  static func find(in glyphs: [Glyph]) -> [[Int]] {
    // Where fonts tell the heights of their boxes badly, only fitted boxes show what is large.
    runs(in: glyphs).isEmpty ? [] : runs(in: EmBoxes.fit(glyphs))
  }

  private static func runs(in glyphs: [Glyph]) -> [[Int]] {
    let sample = stride(from: 0, to: glyphs.count, by: max(1, glyphs.count / 64))
    let usual = Segment.median(sample.map { glyphs[$0].em })
    let large = glyphs.indices.filter { glyphs[$0].em > 2 * usual }
    guard (3...mostCharacters).contains(large.count) else { return [] }
    let em = Segment.median(large.map { glyphs[$0].em })
    return clusters(of: large, glyphs, em).filter { isSlanted($0, glyphs, em) }
  }

  /// Characters that stand close to each other, each from its left end on.
  private static func clusters(of places: [Int], _ glyphs: [Glyph], _ em: Double) -> [[Int]] {
    var left = places.sorted { glyphs[$0].middleX < glyphs[$1].middleX }
    var clusters: [[Int]] = []
    while let first = left.first {
      var cluster = [first]
      left.removeFirst()
      var at = 0
      while at < cluster.count {
        let glyph = glyphs[cluster[at]]
        let near = left.filter {
          abs(glyphs[$0].middleX - glyph.middleX) < 1.6 * em
            && abs(glyphs[$0].middleY - glyph.middleY) < 1.6 * em
        }
        cluster += near
        left.removeAll { near.contains($0) }
        at += 1
      }
      clusters.append(cluster.sorted { glyphs[$0].middleX < glyphs[$1].middleX })
    }
    return clusters
  }

  /// Whether characters lie along one line that is neither level nor upright.
  private static func isSlanted(_ run: [Int], _ glyphs: [Glyph], _ em: Double) -> Bool {
    guard run.count >= 3, let first = run.first, let last = run.last else { return false }
    let (across, up) = (
      glyphs[last].middleX - glyphs[first].middleX, glyphs[last].middleY - glyphs[first].middleY
    )
    guard across > em, abs(up) > em, abs(up) > 0.15 * across, abs(up) < 6 * across else {
      return false
    }
    return run.allSatisfy { place in
      let expected =
        glyphs[first].middleY + up * (glyphs[place].middleX - glyphs[first].middleX) / across
      return abs(glyphs[place].middleY - expected) < 0.6 * em
    }
  }
}

extension PDFPage {
  /// Takes text that lies across the lines out of them; it stands behind them.
  mutating func setSlantedTextApart() {
    let runs = SlantedText.find(in: glyphs)
    guard !runs.isEmpty else { return }
    for run in runs {
      let text = String(String.UnicodeScalarView(run.map { glyphs[$0].scalar }))
      let box = Segment(run.map { glyphs[$0] }).box
      additions.append(Addition(kind: .line, text: text, box: box))
    }
    let taken = Set(runs.joined())
    glyphs = glyphs.indices.filter { !taken.contains($0) }.map { glyphs[$0] }
  }
}
