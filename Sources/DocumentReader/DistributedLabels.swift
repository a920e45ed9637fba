/// Labels that are spread over the whole of their cell (均等割り付け), as forms made with spreadsheets have them: the last
/// character stands right before the value in the next cell, as in 「氏　　名高橋」.
///
/// By the gaps alone it would belong to the value.
struct DistributedLabels {
  /// The characters of such a label, and what stands in the same line behind it.
  private struct Label {
    var glyphs: [Glyph]
    var value: [Glyph] = []
    /// The first segment that has no part in it.
    var end: Int
  }

  /// A longer run is a sentence.
  private static let most = 9
  /// The least gap between its characters, in ems, and the widest.
  private static let (narrowest, widest) = (0.6, 15.0)
  /// How many lines before and after one are looked at.
  private static let reach = 40

  private let segments: [Segment]
  private let language: Language

  /// `segments` with each such label in one piece and its value in another; `nil` where there are none.
  static func part(_ segments: [Segment], _ language: Language) -> [Segment]? {
    let first = DistributedLabels(segments: segments, language: language).parted { $0 > 2 }
    // Where the values of long labels begin tells of the short ones.
    let all = first ?? segments
    return DistributedLabels(segments: all, language: language).parted { $0 == 2 } ?? first
  }

  private func parted(where isWanted: (Int) -> Bool) -> [Segment]? {
    var parted: [Segment]?
    var index = 0
    while index < segments.count {
      if let label = label(from: index), isWanted(label.glyphs.count), isOne(label) {
        parted = parted ?? Array(segments[..<index])
        parted?.append(Segment(label.glyphs))
        if !label.value.isEmpty { parted?.append(Segment(label.value)) }
        index = label.end
      } else {
        parted?.append(segments[index])
        index += 1
      }
    }
    return parted
  }

  /// What is evenly spread from the segment at `start` on, and goes on in the next one.
  private func label(from start: Int) -> Label? {
    var label = Label(glyphs: segments[start].glyphs, end: start + 1)
    guard label.glyphs.count < Self.most, label.glyphs.allSatisfy(\.isIdeographic) else {
      return nil
    }
    var usual: Double?
    for (one, other) in zip(label.glyphs, label.glyphs.dropFirst()) {
      guard let gap = gap(one, other), isLike(gap, usual) else { return nil }
      usual = usual ?? gap
    }
    while label.end < segments.count, label.value.isEmpty, label.glyphs.count < Self.most,
      let last = label.glyphs.last
    {
      let next = segments[label.end].glyphs
      guard next[0].isIdeographic, let gap = gap(last, next[0]), isLike(gap, usual) else { break }
      if next.count > 1 {
        guard next[1].x1 - next[0].x2 < Self.narrowest * gap else { break }
        label.value = Array(next[1...])
      }
      usual = usual ?? gap
      label.glyphs.append(next[0])
      label.end += 1
    }
    return label.end > start + 1 ? label : nil
  }

  /// The gap between two characters of a row; `nil` where they are not spread.
  private func gap(_ one: Glyph, _ other: Glyph) -> Double? {
    let (gap, em) = (other.x1 - one.x2, one.height)
    guard gap > Self.narrowest * em, gap < Self.widest * em,
      abs(other.middleY - one.middleY) < 0.3 * em, abs(other.height - em) < 0.15 * em
    else { return nil }
    return gap
  }

  private func isLike(_ gap: Double, _ usual: Double?) -> Bool {
    usual.map { abs(gap - $0) < 0.2 * $0 } ?? true
  }

  /// Whether the dictionary takes a run for words, and where it has too few characters for its gaps to tell, other lines
  /// begin where it and its value do.
  private func isOne(_ label: Label) -> Bool {
    guard
      label.glyphs.map(\.scalar).split(separator: "・").allSatisfy({
        language.areWords(Array($0), asLabel: true)
      })
    else { return false }
    if label.glyphs.count > 2 { return true }
    guard let value = label.value.first else { return false }
    return begins(at: label.glyphs[0], besides: label.end - 1)
      && begins(at: value, besides: label.end - 1)
  }

  /// Whether a segment of another row nearby begins where a character does.
  private func begins(at glyph: Glyph, besides index: Int) -> Bool {
    let near = max(0, index - Self.reach)..<min(segments.count, index + Self.reach)
    return segments[near].contains {
      abs($0.x1 - glyph.x1) < 0.3 * glyph.height
        && abs($0.middle - glyph.middleY) > 0.5 * glyph.height
    }
  }
}
