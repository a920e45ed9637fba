/// Joins the lines of a paragraph, so that no word is cut where a line is full.
enum LineJoining {
  /// The paragraphs of `segments`, wrapped lines joined to those they go on from.
  ///
  /// - Parameter broken: lines that begin with the rest of a word of letters.
  static func join(
    _ segments: [Segment], _ predecessors: [Int?], broken: Set<Int> = []
  ) -> [Paragraph] {
    let wrapped = next(after: predecessors)
    let lines = Line.lines(of: segments)
    // What stands a wide space behind another in its line is no entry of its own.
    let beside = segments.indices.map { index in
      lines[index].goesOn && wrapped[index] == nil && predecessors[index + 1] == nil
    }
    return segments.indices.filter { index in
      predecessors[index] == nil && !(index > 0 && beside[index - 1])
    }.map { start in
      var paragraph = Paragraph(
        utf8: segments[start].utf8, first: segments[start].box, last: segments[start].box,
        em: segments[start].em)
      var index = start
      while let successor = wrapped[index] ?? (beside[index] ? index + 1 : nil) {
        if broken.contains(successor) {
          removeHyphens(from: &paragraph.utf8)
        } else if beside[index] || hasSpace(between: segments[index], segments[successor]) {
          paragraph.utf8.append(0x20)
        }
        segments[successor].append(to: &paragraph.utf8)
        let left = beside[index] ? paragraph.last.x1 : segments[successor].x1
        paragraph.last = segments[successor].box
        paragraph.last.x1 = left
        index = successor
      }
      return paragraph
    }
  }

  private static func removeHyphens(from text: inout [UInt8]) {
    for _ in 0..<2 where !text.isEmpty {
      let last = text.start(of: 1)
      if text.scalar(at: last).scalar.isHyphen { text.removeSubrange(last...) }
    }
  }

  /// Whether a word of letters ends or begins at the joint of two lines.
  private static func hasSpace(between one: Segment, _ other: Segment) -> Bool {
    guard let last = one.glyphs.last, let first = other.glyphs.first else { return false }
    return first.scalar.isASCIIWord || last.scalar.isASCIIWord && !last.isDigit
  }

  /// For each segment the one that goes on from it.
  static func next(after predecessors: [Int?]) -> [Int?] {
    var next = [Int?](repeating: nil, count: predecessors.count)
    for (index, predecessor) in predecessors.enumerated() {
      if let predecessor { next[predecessor] = index }
    }
    return next
  }

  /// For each segment the one that it goes on from, if it is a wrapped line.
  static func predecessors(of segments: [Segment]) -> [Int?] {
    let lines = Line.lines(of: segments)
    let next = successors(segments, lines)
    // Where the cell beside the first line of each one's paragraph begins.
    var labels = lines.map(\.labelLeft)
    var predecessors = [Int?](repeating: nil, count: segments.count)
    for (index, successor) in next.enumerated() {
      guard let successor, predecessors[successor] == nil,
        !areRecords(labels[index], lines[successor].labelLeft, segments[index].em),
        endsFull(index, next, segments, lines)
      else { continue }
      predecessors[successor] = index
      labels[successor] = labels[successor] ?? labels[index]
    }
    return predecessors
  }

  /// The part of a line that may be one cell: segments no more than a wide space apart.
  private struct Line {
    /// Where its last segment begins.
    var left: Double
    /// Where those before it begin, the first one last, that a following line may begin below as well.
    var before: [Double] = []
    var count: Int
    /// Whether another segment goes on where this one ends.
    var goesOn = false
    /// Where the short cell before it in its row begins, if there is one: a year, a month, a label.
    var labelLeft: Double?
    /// Whether it has one segment only.
    var isSingle: Bool { before.isEmpty }

    /// Whether one of its segments begins near `x`.
    func begins(near x: Double, within distance: Double) -> Bool {
      abs(x - left) < distance || before.contains { abs(x - $0) < distance }
    }

    /// Whether a segment begins a column: not far below or above, another begins at the same place beside one of
    /// its own row.
    private static func isColumn(_ index: Int, _ segments: [Segment]) -> Bool {
      let segment = segments[index]
      for other in max(1, index - 24)..<min(segments.count, index + 25) where other != index {
        guard abs(segments[other].x1 - segment.x1) < 0.3 * segment.em else { continue }
        let (near, before) = (segments[other], segments[other - 1])
        let drop = abs(near.middle - segment.middle)
        if drop > 0.5 * segment.em, drop < 10 * segment.em,
          abs(before.middle - near.middle) < 0.4 * near.em, before.x2 < near.x1
        {
          return true
        }
      }
      return false
    }

    /// Whether a cell is so short that it names what stands beside it, or is a date.
    private static func isLabel(_ cell: Segment) -> Bool {
      cell.glyphs.count <= (cell.glyphs[0].isDigit ? 11 : 6)
    }

    /// For each segment, the line that ends with it.
    static func lines(of segments: [Segment]) -> [Line] {
      var lines: [Line] = []
      for (index, segment) in segments.enumerated() {
        var line = Line(left: segment.x1, count: segment.glyphs.count)
        if index > 0 {
          let before = segments[index - 1]
          let gap = segment.x1 - before.x2
          if gap > 0, gap < 3 * segment.em, gap < 1.5 * segment.em + segment.usualGap,
            abs(before.y1 - segment.y1) < 0.4 * segment.em,
            !isColumn(index, segments)
          {
            line.before = Array(
              ([lines[index - 1].left] + lines[index - 1].before).suffix(8))
            line.count += lines[index - 1].count
            lines[index - 1].goesOn = true
            line.labelLeft = lines[index - 1].labelLeft
          } else if gap > 0, gap < 12 * segment.em, isLabel(before),
            abs(before.middle - segment.middle) < segment.em
          {
            line.labelLeft = before.x1
          }
        }
        lines.append(line)
      }
      return lines
    }
  }

  /// For each segment the one right below that begins where its line begins.
  private static func successors(_ segments: [Segment], _ lines: [Line]) -> [Int?] {
    segments.indices.map { index in
      let segment = segments[index]
      guard let last = segment.glyphs.last, last.continues, !lines[index].goesOn
      else { return nil }
      var best: Int?
      for other in (index + 1)..<min(segments.count, index + 120) {
        let drop = segments[other].y1 - segment.y1
        guard drop > 0.5 * segment.em, drop < 2.2 * segment.em else { continue }
        let left = segments[other].x1
        guard abs(segments[other].em - segment.em) < 0.15 * segment.em, lines[other].isSingle,
          lines[index].begins(near: left, within: 1.2 * segment.em)
            || segment.isHanging(at: left)
            || isCentred(other, below: index, segments, lines)
            || isFlushRight(other, below: index, segments, lines)
        else { continue }
        if best.map({ segments[other].y1 < segments[$0].y1 }) ?? true { best = other }
      }
      guard let best, let first = segments[best].glyphs.first, first.continues,
        !Self.bullets.contains(first.scalar), !isApart(index, best, segments),
        !isLabelled(best, segments), !segments[best].isLabelOfForms
      else { return nil }
      // Two rows of several pieces each are two records as well.
      if !lines[index].isSingle, lines[best].goesOn { return nil }
      return areRecords(lines[index].labelLeft, lines[best].labelLeft, segment.em) ? nil : best
    }
  }

  /// Whether two rows of a table, each behind its own short cell, are two records and no paragraph.
  private static func areRecords(_ label: Double?, _ below: Double?, _ em: Double) -> Bool {
    guard let label, let below else { return false }
    return abs(label - below) < 2 * em
  }

  /// Whether a line begins with a label and its colon, as another nearby does that begins at the same place: it is an
  /// entry of a list.
  private static func isLabelled(_ index: Int, _ segments: [Segment]) -> Bool {
    guard segments[index].beginsWithLabel else { return false }
    let (left, em) = (segments[index].x1, segments[index].em)
    return (max(0, index - 24)..<min(segments.count, index + 25)).contains { other in
      other != index && abs(segments[other].x1 - left) < 0.3 * em
        && segments[other].beginsWithLabel
    }
  }

  /// Whether a line stands further below another than lines right above or below them do: they are of two cells, or
  /// of two paragraphs.
  static func isApart(_ upper: Int, _ lower: Int, _ segments: [Segment]) -> Bool {
    let (above, below, em) = (segments[upper], segments[lower], segments[upper].em)
    var least = Double.infinity
    for other in segments[max(0, upper - 24)..<min(segments.count, lower + 25)] {
      guard abs(other.em - em) < 0.15 * em else { continue }
      if other.x1 < above.x2, other.x2 > above.x1, above.y1 - other.y1 > 0.8 * em {
        least = min(least, above.y1 - other.y1)
      }
      if other.x1 < below.x2, other.x2 > below.x1, other.y1 - below.y1 > 0.8 * em {
        least = min(least, other.y1 - below.y1)
      }
    }
    return below.y1 - above.y1 > least + 0.4 * em
  }

  /// Whether a segment is the last line of a centred cell: alone in its row, narrower, about the same middle.
  private static func isCentred(
    _ other: Int, below index: Int, _ segments: [Segment], _ lines: [Line]
  ) -> Bool {
    let (above, below) = (segments[index], segments[other])
    let left = lines[index].before.reduce(above.x1) { min($0, $1) }
    let middle = (left + above.x2) / 2
    return above.glyphs.count >= 16 && below.x1 > left && below.x2 < above.x2
      && abs((below.x1 + below.x2) / 2 - middle) < above.em && lines[other].isSingle
      && lines[other].labelLeft == nil
  }

  /// Whether a segment is the last line of a paragraph set flush right, whose other lines are as wide as it is.
  private static func isFlushRight(
    _ other: Int, below index: Int, _ segments: [Segment], _ lines: [Line]
  ) -> Bool {
    let (above, below) = (segments[index], segments[other])
    return above.glyphs.count >= 24 && below.x1 > above.x1 + above.em
      && abs(below.x2 - above.x2) < 0.3 * above.em && lines[other].isSingle
      && lines[other].labelLeft == nil
      && !segments.contains { $0.x1 < above.x1 - above.em }
  }

  /// What begins an entry of a list.
  private static let bullets: Set<Unicode.Scalar> = [
    "・", "●", "○", "◎", "■", "□", "◆", "◇", "▼", "▲", "★", "※", "【", "＜", "〈", "《", "①", "②",
    "③", "④", "⑤", "⑥", "⑦", "⑧", "⑨", "➢", "✓", "•",
  ]

  /// Whether a segment reaches the right edge of its paragraph and does not end a sentence.
  private static func endsFull(
    _ index: Int, _ next: [Int?], _ segments: [Segment], _ lines: [Line]
  ) -> Bool {
    let segment = segments[index]
    guard lines[index].count >= 10, let last = segment.glyphs.last,
      last.scalar != "。", last.scalar != "．"
    else { return false }
    var (right, asLong) = (segment.x2, 0)
    var place = next[index]
    for _ in 0..<50 {
      guard let present = place else { break }
      right = max(right, segments[present].x2)
      if abs(segments[present].x2 - segment.x2) < 1.6 * segment.em { asLong += 1 }
      place = next[present]
    }
    guard segment.x2 >= right - 1.6 * segment.em else { return false }
    return !hasRoom(index, segments, lines) && (asLong > 0 || !isShort(index, segments))
  }

  /// Whether a line nearby that begins where this one begins reaches further, and no two end where this one ends:
  /// three lines of one length show where they end, two may be entries of a list.
  private static func hasRoom(_ index: Int, _ segments: [Segment], _ lines: [Line]) -> Bool {
    let segment = segments[index]
    let left = lines[index].before.last ?? segment.x1
    var (equal, longer) = (0, false)
    for other in segments[max(0, index - 24)..<min(segments.count, index + 25)] {
      guard abs(other.x1 - left) < 0.3 * segment.em, abs(other.em - segment.em) < 0.15 * segment.em,
        abs(other.middle - segment.middle) < 12 * segment.em
      else { continue }
      if abs(other.x2 - segment.x2) < 0.6 * segment.em, other.middle != segment.middle {
        equal += 1
      }
      longer = longer || other.x2 > segment.x2 + 1.6 * segment.em
    }
    return longer && equal < 2
  }

  /// Whether a line nearby that begins where this one begins is twice as long: then this one had room left and
  /// ended by itself.
  private static func isShort(_ index: Int, _ segments: [Segment]) -> Bool {
    let segment = segments[index]
    return segments[max(0, index - 6)..<min(segments.count, index + 7)].contains { other in
      abs(other.x1 - segment.x1) < 0.3 * segment.em
        && other.x2 - other.x1 > 2 * (segment.x2 - segment.x1)
        && abs(other.em - segment.em) < 0.15 * segment.em
        && abs(other.middle - segment.middle) < 12 * segment.em
    }
  }
}

extension Unicode.Scalar {
  /// What ends the number of an entry, or is a bullet.
  var endsMarker: Bool {
    [".", "．", "、", ")", "）", "・", "•", "●", "○", "▶", "■", "◆"].contains(self)
  }
  /// An ideograph or a figure of full width that stands for a number, or what opens before it.
  var isNumeral: Bool { "一二三四五六七八九十０１２３４５６７８９(（".unicodeScalars.contains(self) }
  /// What a word of letters is parted with.
  var isHyphen: Bool { self == "-" || self == "\u{AD}" || self == "\u{2010}" }
}

extension Segment {
  /// Whether it says what stands on every form and is no part of a sentence: 「職歴」.
  fileprivate var isLabelOfForms: Bool {
    (2...6).contains(glyphs.count) && NounRules.stopWords.contains(Spelling(text))
  }
}

extension Glyph {
  /// Whether a sentence may go on beside it on another line.
  fileprivate var continues: Bool { isIdeographic || scalar.isASCIIWord }
  /// A figure, whose unit may stand on the next line, or a quarter of a character away.
  var isDigit: Bool { (0x30...0x39).contains(scalar.value) }
}
