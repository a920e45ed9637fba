/// How far the lines of a page lean: a page that was scanned or set askew.
///
/// Poppler gives all characters of a word the height of its first, so that a leaning line is a flight of
/// steps: the slope lies between the beginnings of words, never within one.
struct Skew {
  /// Characters of one height that follow each other in the file.
  private struct Run {
    var range: Range<Int>
    var start: Glyph
    var end: Double
  }

  /// Lines that lean less are read as they are: a tenth of an em over a page.
  private static let least = 0.003
  /// Lines that lean more were not meant to be level: six degrees.
  private static let most = 0.12

  /// `glyphs` with the slope that most of them share taken out.
  static func level(_ glyphs: [Glyph]) -> [Glyph] {
    let runs = runs(of: glyphs)
    guard let slope = slope(of: runs), abs(slope) > least else { return glyphs }
    var level = glyphs
    for run in runs {
      for index in run.range {
        level[index].y1 -= slope * run.start.x1
        level[index].y2 -= slope * run.start.x1
      }
    }
    return level
  }

  private static func runs(of glyphs: [Glyph]) -> [Run] {
    var runs: [Run] = []
    for (index, glyph) in glyphs.enumerated() {
      let last = runs.count - 1
      if last >= 0, abs(glyph.middleY - runs[last].start.middleY) < 0.01,
        glyph.x1 >= runs[last].end - glyph.em,
        glyph.x1 - runs[last].end < 0.5 * glyph.em
      {
        runs[last].range = runs[last].range.lowerBound..<index + 1
        runs[last].end = glyph.x2
      } else {
        runs.append(Run(range: index..<index + 1, start: glyph, end: glyph.x2))
      }
    }
    return runs
  }

  /// The slope that more than half of the lines' length agrees on.
  private static func slope(of runs: [Run]) -> Double? {
    var slopes: [(slope: Double, length: Double)] = []
    var (whole, em) = (0.0, 0.0)
    for (index, run) in runs.enumerated() {
      whole += run.end - run.start.x1
      em = max(em, min(run.start.height, run.start.width))
      // Single characters one after the other lean too little to tell: the next but some is taken.
      for other in runs[(index + 1)...].prefix(8) {
        let (dx, dy) = (other.start.x1 - run.start.x1, other.start.middleY - run.start.middleY)
        // What begins before this one ends stands in another line.
        guard dx > 3 * run.start.height, other.start.x1 > run.end - run.start.height,
          other.start.x1 - run.end < 8 * run.start.height
        else { continue }
        if abs(dy) < most * dx, abs(dy) < 2 * run.start.height {
          slopes.append((dy / dx, dx))
        }
        break
      }
    }
    guard slopes.count >= 3 else { return nil }
    slopes.sort { $0.slope < $1.slope }
    let all = slopes.reduce(0) { $0 + $1.length }
    guard all > 20 * em else { return nil }
    var passed = 0.0
    let middle =
      slopes.first {
        passed += $0.length; return passed * 2 >= all
      }?.slope ?? 0
    let near = slopes.reduce(0) { sum, entry in
      abs(entry.slope - middle) < max(0.003, 0.25 * abs(middle)) ? sum + entry.length : sum
    }
    // A table's cells step up and down without agreeing.
    return near * 2 > all ? middle : nil
  }
}
