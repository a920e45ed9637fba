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
    var left = large.sorted { glyphs[$0].middleX < glyphs[$1].middleX }
    var runs: [[Int]] = []
    while let first = left.first {
      var run = [first]
      while let next = next(in: run, of: left, glyphs, em) { run.append(next) }
      if run.count >= 3 { runs.append(run) }
      left.removeAll { run.contains($0) }
    }
    return runs
  }

  /// The closest character to the right that lies above or below the run's last as the run goes.
  private static func next(in run: [Int], of left: [Int], _ glyphs: [Glyph], _ em: Double) -> Int? {
    guard let last = run.last else { return nil }
    let glyph = glyphs[last]
    let climb = run.count > 1 ? glyph.middleY - glyphs[run[run.count - 2]].middleY : 0
    func distance(_ place: Int) -> Double {
      max(glyphs[place].middleX - glyph.middleX, abs(glyphs[place].middleY - glyph.middleY))
    }
    let near = left.filter { place in
      let up = glyphs[place].middleY - glyph.middleY
      return glyphs[place].middleX - glyph.middleX > 0.1 * em && abs(up) > 0.1 * em
        && up * climb >= 0 && distance(place) < 1.6 * em
    }
    return near.min { distance($0) < distance($1) }
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
