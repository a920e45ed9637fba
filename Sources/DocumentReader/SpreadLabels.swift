/// Labels whose characters are spread over the whole of their cell (均等割り付け), right before the value in the next one:
/// 「氏　　　　名御手洗」.
///
/// By its gaps alone the last character would belong to the value. But labels of one column begin and end at the same
/// places, however many characters they have, which those that are typed with blanks between do not, and a border
/// keeps the value away from them, though by less than a character.
struct SpreadLabels {
  /// Characters of a row at even distances.
  private struct Label {
    var row: Int
    /// The places of its characters in the row.
    var range: Range<Int>
    var x1: Double
    var x2: Double
    var em: Double
    /// Where the value begins, if by the gap alone it would be a part of it.
    var value: Double?
    /// Whether the character behind it stands at another distance.
    var isWhole: Bool

    /// Whether another begins and ends where this one does.
    func isAsWide(as other: Label) -> Bool {
      row != other.row && abs(x1 - other.x1) < SpreadLabels.edge * em
        && abs(x2 - other.x2) < SpreadLabels.edge * em && abs(em - other.em) < 0.15 * em
    }
  }

  /// What stands in one row, from left to right.
  private struct Row {
    var glyphs: [Glyph]
    /// Where its segments begin, and the end.
    var bounds: [Int]
    /// The distance that its page puts between characters, in ems.
    var spacing: Double

    func gap(before index: Int) -> Double { glyphs[index].x1 - glyphs[index - 1].x2 }
  }

  /// Of more characters it is a sentence.
  static let most = 10
  /// So many at even distances that make words are one label whatever stands elsewhere: cells are seldom so even.
  private static let enough = 4
  /// Smaller gaps, in ems, may be the letter-spacing of a page.
  private static let wide = 1.2
  /// The least gap between characters that are spread, beyond the letter-spacing of their page, in ems.
  private static let narrowest = 0.2
  /// The least and the widest gap at a border that is not seen as one, in ems.
  private static let border = 0.1..<0.9
  /// How exactly labels begin and end at the same places, in ems.
  private static let edge = 0.2
  /// How many rows before and after one are looked at.
  private static let reach = 40

  private let rows: [Row]
  private let language: Language

  /// `segments`, which are in rows from the top down, with each such label in one piece and its value in another; `nil`
  /// where there are none.
  static func part(_ segments: [Segment], _ language: Language) -> [Segment]? {
    SpreadLabels(segments, language).parted(segments)
  }

  private init(_ segments: [Segment], _ language: Language) {
    self.language = language
    var rows: [Row] = []
    var start = 0
    while start < segments.count {
      let end = segments.rowEnd(from: start)
      var row = Row(glyphs: [], bounds: [0], spacing: segments[start].spacing)
      for segment in segments[start..<end] {
        row.glyphs += segment.glyphs
        row.bounds.append(row.glyphs.count)
      }
      rows.append(row)
      start = end
    }
    self.rows = rows
  }

  private func parted(_ segments: [Segment]) -> [Segment]? {
    let labels = rows.indices.flatMap { row in
      rows[row].bounds.dropLast().flatMap { self.labels(from: $0, in: row) }
    }.filter { label in
      language.areWordsOfLabel(rows[label.row].glyphs[label.range].map(\.scalar))
    }
    let certain = labels.filter { isCertain($0, among: labels) }
    guard !certain.isEmpty else { return nil }
    var cuts = [Set<Int>](repeating: [], count: rows.count)
    var joints = cuts
    for label in certain {
      cuts[label.row].formUnion([label.range.lowerBound, label.range.upperBound])
      joints[label.row].formUnion(label.range.dropFirst())
    }
    for label in certain { cutAlike(label, &cuts, joints) }
    var parted: [Segment] = []
    var place = 0
    for (index, row) in rows.enumerated() {
      let bounds = Set(row.bounds).union(cuts[index]).subtracting(joints[index]).sorted()
      if bounds == row.bounds {
        parted += segments[place..<(place + row.bounds.count - 1)]
      } else {
        parted += zip(bounds, bounds.dropFirst()).map {
          Segment(Array(row.glyphs[$0..<$1]), spacing: segments[place].spacing)
        }
      }
      place += row.bounds.count - 1
    }
    return parted.count == segments.count
      && zip(parted, segments).allSatisfy { $0.glyphs.count == $1.glyphs.count } ? nil : parted
  }

  /// What may be a label that begins with the character at `start`.
  private func labels(from start: Int, in index: Int) -> [Label] {
    let row = rows[index]
    let first = row.glyphs[start]
    let em = first.height
    guard first.isIdeographic, start + 1 < row.glyphs.count else { return [] }
    let usual = row.gap(before: start + 1)
    guard usual > (row.spacing + Self.narrowest) * em else { return [] }
    func goesOn(at place: Int) -> Bool {
      let glyph = row.glyphs[place]
      return glyph.isIdeographic && abs(glyph.height - em) < 0.15 * em
        && abs(row.gap(before: place) - usual) < max(0.1 * em, 0.05 * usual)
    }
    var found: [Label] = []
    for end in (start + 2)...(start + Self.most)
    where end <= row.glyphs.count {
      guard goesOn(at: end - 1) else { break }
      var label = Label(
        row: index, range: start..<end, x1: first.x1, x2: row.glyphs[end - 1].x2, em: em,
        isWhole: true)
      if end < row.glyphs.count {
        let gap = row.gap(before: end)
        let next = end + 1 < row.glyphs.count ? row.gap(before: end + 1) : 0
        guard
          gap > (next < Self.border.upperBound * em ? max(0, next) : 0) + Self.border.lowerBound
            * em
        else { continue }
        if gap < Self.border.upperBound * em { label.value = row.glyphs[end].x1 }
        label.isWhole = !goesOn(at: end)
      }
      found.append(label)
    }
    return found
  }

  /// Whether others nearby, of other lengths, begin and end where a label does, or of the same length and their values
  /// as well; or it is so long that its even gaps alone tell.
  private func isCertain(_ label: Label, among labels: [Label]) -> Bool {
    if label.isWhole, label.range.count >= Self.enough, gap(of: label) > Self.wide { return true }
    return labels.contains { other in
      guard other.isWhole, abs(other.row - label.row) <= Self.reach, label.isAsWide(as: other)
      else { return false }
      // The longer one may be as narrow as letter-spacing, the shorter one not.
      if other.range.count != label.range.count {
        return max(gap(of: label), gap(of: other)) > Self.wide / 2
      }
      guard label.isWhole, let value = label.value, let otherValue = other.value else {
        return false
      }
      return abs(value - otherValue) < Self.edge * label.em
    }
  }

  /// The distance between the characters of a label, in ems.
  private func gap(of label: Label) -> Double {
    let count = Double(label.range.count)
    return ((label.x2 - label.x1) / label.em - count) / (count - 1)
  }

  /// Cuts rows near a label where theirs fill the same cell: one may be as long as the cell is wide, or one line of
  /// several.
  private func cutAlike(_ label: Label, _ cuts: inout [Set<Int>], _ joints: [Set<Int>]) {
    guard let value = label.value else { return }
    for index in max(0, label.row - Self.reach)..<min(rows.count, label.row + Self.reach) {
      let row = rows[index]
      for start in row.bounds.dropLast()
      where abs(row.glyphs[start].x1 - label.x1) < Self.edge * label.em {
        let end = (start + 2..<max(start + 2, row.glyphs.count)).first { place in
          abs(row.glyphs[place - 1].x2 - label.x2) < Self.edge * label.em
            && abs(row.glyphs[place].x1 - value) < Self.edge * label.em
            && row.gap(before: place) > Self.border.lowerBound * label.em
        }
        if let end, !joints[index].contains(end) { cuts[index].insert(end) }
      }
    }
  }
}

extension [Segment] {
  /// Where the row ends that begins at `start`.
  func rowEnd(from start: Int) -> Int {
    var end = start + 1
    while end < count, self[end].x1 > self[end - 1].x2,
      abs(self[end].middle - self[start].middle) < 0.4 * self[start].em
    {
      end += 1
    }
    return end
  }
}
