/// Joins lines at the names of technologies that are broken between them, also into three lines or more, whatever
/// way their cells are set: Amazon, Web, Services.
enum BrokenNames {
  /// No name that is known has more lines.
  private static let mostLines = 4

  /// Adds to `predecessors` the lines that go on with a name, and returns those of them that begin within a word.
  static func join(
    _ segments: [Segment], _ predecessors: inout [Int?], _ language: Language
  ) -> Set<Int> {
    var next = LineJoining.next(after: predecessors)
    var cut: Set<Int> = []
    for index in segments.indices where next[index] == nil {
      guard let last = segments[index].glyphs.last, last.scalar.isASCIIWord else { continue }
      let head = head(endingAt: index, segments, predecessors)
      for other in places(after: index, segments, predecessors) {
        guard let first = segments[other.index].glyphs.first, first.scalar.isASCIIWord
        else { continue }
        let tail = tail(from: other.index, segments, predecessors, next)
        let isBroken = language.isNameBroken(head, tail)
        guard isBroken || other.isCentred && language.isNameCut(head, tail) else { continue }
        predecessors[other.index] = index
        next[index] = other.index
        if !isBroken { cut.insert(other.index) }
        break
      }
    }
    return cut
  }

  /// What stands before a joint, of as many lines as a name may have.
  private static func head(
    endingAt index: Int, _ segments: [Segment], _ predecessors: [Int?]
  ) -> [UInt8] {
    var text = segments[index].utf8
    var place = index
    for _ in 1..<mostLines {
      guard let before = predecessors[place] else { break }
      text = segments[before].utf8 + [0x20] + text
      place = before
    }
    return text
  }

  /// What stands behind a joint, of as many lines as a name may have.
  private static func tail(
    from index: Int, _ segments: [Segment], _ predecessors: [Int?], _ next: [Int?]
  ) -> [UInt8] {
    var text = segments[index].utf8
    var place = index
    for _ in 1..<mostLines {
      guard let last = segments[place].glyphs.last, last.scalar.isASCIIWord,
        let after = next[place] ?? places(after: place, segments, predecessors).first?.index
      else { break }
      text += [0x20] + segments[after].utf8
      place = after
    }
    return text
  }

  /// Where a line may go on: beside it, below it where both would not fit beside each other, or below its middle.
  private static func places(
    after index: Int, _ segments: [Segment], _ predecessors: [Int?]
  ) -> [(index: Int, isCentred: Bool)] {
    var places: [(index: Int, isCentred: Bool)] = []
    if let beside = BrokenWords.beside(index, segments, predecessors) {
      places.append((beside, false))
    }
    if let below = BrokenWords.below(
      index, at: CollectionOfOne(segments[index].x1), segments, predecessors)
      ?? BrokenWords.below(
        index, at: BrokenWords.lefts(index, segments), segments, predecessors),
      below.hasNoRoom
    {
      places.append((below.index, false))
    }
    if let below = belowMiddle(index, segments, predecessors) { places.append((below, true)) }
    return places
  }

  /// The line right below in a cell whose lines are centred, where both beside each other would be wider than any.
  private static func belowMiddle(
    _ index: Int, _ segments: [Segment], _ predecessors: [Int?]
  ) -> Int? {
    let (segment, em) = (segments[index], segments[index].em)
    let near = max(0, index - 40)..<min(segments.count, index + 40)
    let centred = near.filter { other in
      abs(segments[other].x1 + segments[other].x2 - segment.x1 - segment.x2) < 0.6 * em
        && abs(segments[other].em - em) < 0.15 * em
        && abs(segments[other].middle - segment.middle) < 12 * em
    }
    let below = centred.min { one, other in
      drop(from: segment, to: segments[one]) < drop(from: segment, to: segments[other])
    }
    guard let below, predecessors[below] == nil, drop(from: segment, to: segments[below]) < 2 * em,
      !near.contains(where: {
        BrokenWords.stands(segments[$0], between: segment, and: segments[below])
      })
    else { return nil }
    let widest = centred.reduce(0) { max($0, segments[$1].x2 - segments[$1].x1) }
    let both = segments[below].x2 - segments[below].x1 + segment.x2 - segment.x1
    return both > widest ? below : nil
  }

  /// How far one line stands below another; infinite where it does not.
  private static func drop(from segment: Segment, to other: Segment) -> Double {
    let drop = other.y1 - segment.y1
    return drop > 0.5 * segment.em ? drop : .infinity
  }
}
