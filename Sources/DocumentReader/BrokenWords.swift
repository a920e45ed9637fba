/// Joins lines at words that are broken between them, where the places alone do not tell a wrapped line from
/// the next entry: in narrow cells, and from one column or page to the next.
enum BrokenWords {
  /// No honest page has more lines; to look for each among all must not take forever.
  private static let mostLines = 2000

  /// In a wider cell, in ems, a line whose words may be broken anywhere is as likely as one whose may not.
  private static let narrow = 14.0

  /// Of fewer characters a line is as likely an entry of a list.
  private static let long = 10

  /// Adds to `predecessors` the lines that begin with the rest of a word, and returns those of all lines whose
  /// first letters are the rest of a word of letters.
  static func join(
    _ segments: [Segment], _ predecessors: inout [Int?], _ language: Language
  ) -> Set<Int> {
    var broken = BrokenNames.join(segments, &predecessors, language)
    let next = LineJoining.next(after: predecessors)
    for index in segments.indices {
      let segment = segments[index]
      guard let last = segment.glyphs.last else { continue }
      if let successor = next[index] {
        let other = segments[successor]
        if isHyphenated(segment, other) || isRest(segment, other)
          || segment.x2 - segment.x1 < narrow * segment.em && isCut(segment, other)
            && !language.isNameBroken(segment.utf8, other.utf8)
          || language.isNameCut(segment.utf8, other.utf8)
        {
          broken.insert(successor)
        }
      } else if let (below, isFull, hasNoRoom) = below(
        index, at: CollectionOfOne(segment.x1), segments, predecessors)
        ?? below(index, at: lefts(index, segments), segments, predecessors)
        ?? belowCentre(index, segments, predecessors)
      {
        let other = segments[below]
        if isHyphenated(segment, other) || isRest(segment, other) {
          predecessors[below] = index
          broken.insert(below)
        } else if isFull, isCut(segment, other), !LineJoining.isApart(index, below, segments) {
          predecessors[below] = index
          broken.insert(below)
        } else if isFull || hasNoRoom && last.scalar == "/"
          || segment.glyphs.count >= long
            && (last.isIdeographic || other.glyphs.first.map { isSmall($0.scalar) } ?? false),
          language.isNameCut(segment.utf8, other.utf8)
        {
          predecessors[below] = index
          broken.insert(below)
        } else if isFull || isAsLong(segment, other), last.isIdeographic, !endsInCounter(segment),
          language.isWordBroken(segment.utf8, other.utf8)
        {
          predecessors[below] = index
        }
      } else if last.isIdeographic, let step = step(index, segments, predecessors),
        language.isWordBroken(segment.utf8, segments[step].utf8)
      {
        predecessors[step] = index
      } else if last.isIdeographic, segments.count <= mostLines,
        let top = nextColumn(index, segments, predecessors),
        language.isWordBroken(segment.utf8, segments[top].utf8)
      {
        predecessors[top] = index
      }
    }
    return broken
  }

  /// Whether a line ends in a number and one sign: 「3日」 is whole, though 「日月」 is a word.
  private static func endsInCounter(_ segment: Segment) -> Bool {
    let end = segment.glyphs.suffix(2)
    guard end.count == 2, let number = end.first?.scalar else { return false }
    return ("0"..."9").contains(number) || ("０"..."９").contains(number)
  }

  /// Whether a word of letters was cut with a hyphen.
  private static func isHyphenated(_ one: Segment, _ other: Segment) -> Bool {
    // Some producers write the hyphen that might have been and the one that is.
    let count =
      one.glyphs.count - one.glyphs.reversed().prefix(2).prefix { $0.scalar.isHyphen }.count
    guard count >= 2, count < one.glyphs.count, let first = other.glyphs.first,
      isSmall(first.scalar)
    else { return false }
    return isLetter(one.glyphs[count - 1].scalar) && isLetter(one.glyphs[count - 2].scalar)
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCIIWord && scalar.value > 0x39
  }

  private static func isSmall(_ scalar: Unicode.Scalar) -> Bool {
    (0x61...0x7A).contains(scalar.value)
  }

  /// Whether the rest of a word is so short that it can be none itself: one or two small letters before another
  /// sign, or small letters behind a lone capital.
  private static func isRest(_ one: Segment, _ other: Segment) -> Bool {
    guard let first = other.glyphs.first, isSmall(first.scalar), let last = one.glyphs.last,
      isLetter(last.scalar)
    else { return false }
    let head = other.glyphs.prefix(while: { isLetter($0.scalar) })
    let tail = one.glyphs.reversed().prefix(while: { isLetter($0.scalar) })
    return head.count <= 2 && head.count < other.glyphs.count && tail.count >= 2
      || tail.count == 1 && !isSmall(last.scalar) && tail.count < one.glyphs.count
        && head.count >= 2
  }

  /// Whether letters were cut at the edge of a cell that is wrapped at any character.
  ///
  /// Words in a list of their own lines are none: something besides letters stands in such a cell. A
  /// capital after a small letter begins a word.
  private static func isCut(_ one: Segment, _ other: Segment) -> Bool {
    guard let last = one.glyphs.last, let first = other.glyphs.first, isLetter(last.scalar),
      isLetter(first.scalar), isSmall(first.scalar) || !isSmall(last.scalar)
    else { return false }
    return (one.glyphs + other.glyphs).contains { $0.isIdeographic || $0.scalar == "," }
      && !one.text.contains(" ") && !other.text.contains(" ")
  }

  /// The segment right below that begins where another begins, whether that reaches its column's right edge, and
  /// whether the two beside each other would reach beyond.
  static func below(
    _ index: Int, at lefts: some Collection<Double>, _ segments: [Segment],
    _ predecessors: [Int?]
  ) -> (index: Int, isFull: Bool, hasNoRoom: Bool)? {
    guard !lefts.isEmpty else { return nil }
    let segment = segments[index]
    var (right, nearest) = (segment.x2, Int?.none)
    let near = max(0, index - 40)..<min(segments.count, index + 120)
    let (em, middle) = (segment.em, segment.middle)
    for other in near where other != index {
      let x1 = segments[other].x1
      guard lefts.contains(where: { abs(x1 - $0) < 1.2 * em }),
        abs(segments[other].em - em) < 0.15 * em,
        abs(segments[other].middle - middle) < 12 * em
      else { continue }
      right = max(right, segments[other].x2)
      let drop = segments[other].y1 - segment.y1
      guard drop > 0.5 * em, drop < 2.8 * em else { continue }
      if nearest.map({ segments[other].y1 < segments[$0].y1 }) ?? true { nearest = other }
    }
    guard let nearest, predecessors[nearest] == nil, segment.glyphs.count >= 2,
      segment.glyphs.count + segments[nearest].glyphs.count >= 4,
      !near.contains(where: { stands(segments[$0], between: segment, and: segments[nearest]) })
    else { return nil }
    let limit = right - 2.2 * segment.em
    let width = segments[nearest].x2 - segments[nearest].x1
    return (nearest, segment.x2 > limit, segment.x2 + width > limit)
  }

  /// The segment right below, in a cell whose lines are centred, as the last of them: it is narrower.
  private static func belowCentre(
    _ index: Int, _ segments: [Segment], _ predecessors: [Int?]
  ) -> (index: Int, isFull: Bool, hasNoRoom: Bool)? {
    let segment = segments[index]
    let near = (index + 1)..<min(segments.count, index + 40)
    guard
      let below = near.first(where: { other in
        let drop = segments[other].y1 - segment.y1
        return drop > 0.5 * segment.em && drop < 2 * segment.em
          && segments[other].x1 > segment.x1 && segments[other].x2 < segment.x2
          && abs(segments[other].x1 + segments[other].x2 - segment.x1 - segment.x2) < segment.em
      }), predecessors[below] == nil,
      abs(segments[below].em - segment.em) < 0.15 * segment.em, segment.glyphs.count >= 4
    else { return nil }
    return (below, true, true)
  }

  /// Whether another row parts two lines: then they are of two cells.
  static func stands(
    _ other: Segment, between upper: Segment, and lower: Segment
  ) -> Bool {
    other.middle > upper.y2 && other.middle < lower.y1 && other.x1 < max(upper.x2, lower.x2)
      && other.x2 > min(upper.x1, lower.x1)
  }

  /// Where else a line may begin that goes on from the segment at `index`: below what stands a space before it in
  /// its row.
  static func lefts(_ index: Int, _ segments: [Segment]) -> [Double] {
    var lefts: [Double] = []
    var place = index
    while place > 0, lefts.count < 3 {
      let (segment, before) = (segments[place], segments[place - 1])
      let gap = segment.x1 - before.x2
      guard gap > 0, gap < 1.2 * segment.em, abs(before.middle - segment.middle) < 0.4 * segment.em
      else { break }
      lefts.append(before.x1)
      place -= 1
    }
    return lefts
  }

  /// Whether two lines are long and end at one place.
  private static func isAsLong(_ one: Segment, _ other: Segment) -> Bool {
    one.glyphs.count >= long && abs(one.x2 - other.x2) < 1.6 * one.em
  }

  /// The segment behind another in its row, as far away as a stretched space is wide.
  static func beside(
    _ index: Int, _ segments: [Segment], _ predecessors: [Int?]
  ) -> Int? {
    guard index + 1 < segments.count, predecessors[index + 1] == nil else { return nil }
    let (segment, other) = (segments[index], segments[index + 1])
    let gap = other.x1 - segment.x2
    return gap > 0 && gap < 2.5 * segment.em
      && abs(other.middle - segment.middle) < 0.4 * segment.em ? index + 1 : nil
  }

  /// The segment that begins where another ends, a little higher or lower, as in a line that leans.
  private static func step(
    _ index: Int, _ segments: [Segment], _ predecessors: [Int?]
  ) -> Int? {
    let segment = segments[index]
    return (max(0, index - 8)..<min(segments.count, index + 9)).first { other in
      other != index && predecessors[other] == nil
        && abs(segments[other].x1 - segment.x2) < 0.4 * segment.em
        && abs(segments[other].middle - segment.middle) < 0.9 * segment.em
        && abs(segments[other].em - segment.em) < 0.3 * segment.em
    }
  }

  /// Of fewer characters the last line of a column goes on nowhere else.
  private static let fewest = 8

  /// The first line of the column to the right of that whose last line is at `index`.
  private static func nextColumn(
    _ index: Int, _ segments: [Segment], _ predecessors: [Int?]
  ) -> Int? {
    let segment = segments[index]
    guard segment.glyphs.count >= fewest, !segments.contains(where: { isNear($0, below: segment) })
    else { return nil }
    var best: Int?
    for (other, candidate) in segments.enumerated() {
      guard candidate.x1 > segment.x2, candidate.middle < segment.middle - 4 * segment.em,
        candidate.glyphs.count >= fewest, abs(candidate.em - segment.em) < 0.15 * segment.em,
        predecessors[other] == nil
      else { continue }
      let isFirst = best.map { candidate.x1 < segments[$0].x1 - segment.em } ?? true
      let isHigher = best.map {
        candidate.y1 < segments[$0].y1 && candidate.x1 < segments[$0].x1 + segment.em
      }
      if isFirst || isHigher ?? true { best = other }
    }
    return best
  }

  private static func isNear(_ other: Segment, below segment: Segment) -> Bool {
    other.y1 > segment.y1 + 0.5 * segment.em && other.y1 < segment.y2 + 3 * segment.em
      && other.x1 < segment.x2 && other.x2 > segment.x1
  }
}

extension BrokenWords {
  /// How many paragraphs of a page may stand beside each other at its edge.
  private static let most = 40

  /// Moves from the beginnings of a page to the ends of the one before what goes on there.
  static func join(
    _ before: inout [Paragraph], acrossTo after: inout [Paragraph], _ language: Language
  ) {
    let (top, bottom) = (after.prefix(most), before.suffix(most))
    // Above and below stands what every page has, its number besides.
    let above = top.filter { !isRunning($0, on: before) }
    let below = bottom.filter { !isRunning($0, on: after) }
    let heads = top.indices.filter { head in
      top[head].em > 0 && !isRunning(top[head], on: before)
        && !above.contains { isNear(top[head].first, below: $0.last, top[head].em) }
    }
    let tails = bottom.indices.filter { tail in
      bottom[tail].em > 0 && !isRunning(bottom[tail], on: after)
        && !below.contains { isNear($0.first, below: bottom[tail].last, bottom[tail].em) }
    }
    var moved: Set<Int> = []
    for head in heads {
      let goesOn = tails.first { tail in
        abs(before[tail].em - after[head].em) < 0.15 * after[head].em
          && abs(before[tail].last.x1 - after[head].first.x1) < 1.2 * after[head].em
          && language.isWordBroken(before[tail].utf8, after[head].utf8)
      }
      guard let goesOn else { continue }
      before[goesOn].utf8 += after[head].utf8
      moved.insert(head)
    }
    guard !moved.isEmpty else { return }
    after = after.indices.filter { !moved.contains($0) }.map { after[$0] }
  }

  /// Whether a page has a paragraph at the same place that says the same but for its figures.
  private static func isRunning(_ paragraph: Paragraph, on page: [Paragraph]) -> Bool {
    func words(_ text: [UInt8]) -> [UInt8] { text.filter { !(0x30...0x39).contains($0) } }
    let text = words(paragraph.utf8)
    return (page.prefix(most) + page.suffix(most)).contains { other in
      abs(other.first.y1 - paragraph.first.y1) < 1
        && abs(other.first.x1 - paragraph.first.x1) < paragraph.em
        && words(other.utf8) == text
    }
  }

  private static func isNear(_ other: Glyph, below line: Glyph, _ em: Double) -> Bool {
    other.y1 > line.y1 + 0.5 * em && other.y1 < line.y2 + 3 * em && other.x1 < line.x2
      && other.x2 > line.x1
  }
}
