/// Characters that stand side by side: a cell, or a line of a paragraph.
struct Segment: Sendable {
  private(set) var glyphs: [Glyph]
  let x1: Double
  let x2: Double
  let y1: Double
  let y2: Double
  /// The middle height of its characters.
  let em: Double
  /// The distance that its page puts between characters, in ems.
  let spacing: Double
  /// The middle distance between its characters, or that of its page where it is wider.
  ///
  /// Ideographs that follow each other tell it best: of letters, some producers count their spacing as width.
  let usualGap: Double
  /// Whether reading aids over its characters part these, as wide as they are themselves.
  var hasReadingAids = false
  /// Its box as a glyph's.
  var box: Glyph { Glyph(scalar: " ", x1: x1, y1: y1, x2: x2, y2: y2) }

  /// Its height on the page.
  var middle: Double { (y1 + y2) / 2 }

  /// - Precondition: `glyphs` is not empty.
  init(_ glyphs: [Glyph], spacing: Double = 0) {
    (self.glyphs, self.spacing) = (glyphs, spacing)
    var (left, right) = (Double.infinity, -Double.infinity)
    var (top, bottom) = (Double.infinity, -Double.infinity)
    for glyph in glyphs {
      (left, right) = (min(left, glyph.x1), max(right, glyph.x2))
      (top, bottom) = (min(top, glyph.y1), max(bottom, glyph.y2))
    }
    (x1, x2, y1, y2) = (left, right, top, bottom)
    em = Self.em(of: glyphs)
    usualGap = max(Self.usualGap(of: glyphs), spacing * em)
  }

  /// The middle height of some characters.
  static func em(of glyphs: [Glyph]) -> Double {
    unsafe median(ofAtMost: glyphs.count) { heights in
      for index in glyphs.indices { unsafe heights[index] = glyphs[index].height }
      return glyphs.count
    }
  }

  private static func usualGap(of glyphs: [Glyph]) -> Double {
    guard glyphs.count > 1 else { return 0 }
    var between = 0
    for index in 1..<glyphs.count
    where glyphs[index].isIdeographic && glyphs[index - 1].isIdeographic {
      between += 1
    }
    let median = unsafe median(ofAtMost: glyphs.count) { gaps in
      var count = 0
      for index in 1..<glyphs.count
      where between < 4 || glyphs[index].isIdeographic && glyphs[index - 1].isIdeographic {
        unsafe gaps[count] = glyphs[index].x1 - glyphs[index - 1].x2
        count += 1
      }
      return count
    }
    return max(0, median)
  }

  /// Of a character's height, the narrowest space that a font has between ideographs.
  private static let narrowSpace = 0.15
  /// Of a character's height, the widest gap that is none: what a recogniser's boxes leave at a narrow
  /// character, and what some producers leave between figures and ideographs, where no word ends.
  private static let widestGap = 0.35

  /// Whether its ideographs stand so evenly that a gap a little wider than the others is a space.
  private var isEven: Bool {
    var (even, all) = (0, 0)
    for index in glyphs.indices.dropFirst()
    where glyphs[index].isIdeographic && glyphs[index - 1].isIdeographic {
      all += 1
      if abs(glyphs[index].x1 - glyphs[index - 1].x2 - usualGap) < 0.05 * em { even += 1 }
    }
    return even * 2 > all
  }

  /// The middle distance between letters that follow each other: a justified line parts its ideographs only.
  ///
  /// `nil` where there are too few to tell, or more that stand further apart than there would be words.
  private var gapOfLetters: Double? {
    let gaps = glyphs.indices.dropFirst()
      .filter { glyphs[$0].scalar.isASCIIWord && glyphs[$0 - 1].scalar.isASCIIWord }
      .map { glyphs[$0].x1 - glyphs[$0 - 1].x2 }
    let usual = max(0, Self.median(gaps))
    let wide = gaps.count { $0 > usual + Self.narrowSpace * em }
    return gaps.count < 4 || wide * 5 > gaps.count ? nil : usual
  }

  /// Appends the characters in UTF-8, with a space where a gap is wider than this line's gaps are.
  func append(to text: inout [UInt8]) {
    var wasIdeographic = false
    let gapOfLetters = usualGap > 0 ? gapOfLetters ?? usualGap : 0
    let squares = squares
    let narrowest = isEven && !hasReadingAids ? Self.narrowSpace : Self.widestGap
    for index in glyphs.indices {
      let glyph = glyphs[index]
      let isIdeographic = glyph.isIdeographic
      if index > 0 {
        let areLetters = glyph.scalar.isASCIIWord && glyphs[index - 1].scalar.isASCIIWord
        let usualGap = areLetters ? gapOfLetters : usualGap
        let gap = glyph.x1 - glyphs[index - 1].x2 - usualGap
        let isNumber =
          isIdeographic && glyphs[index - 1].isDigit || wasIdeographic && glyph.isDigit
        let least =
          if isIdeographic && wasIdeographic { narrowest * glyph.height } else if isNumber {
            Self.widestGap * glyph.height
          } else { Self.narrowSpace * glyph.height + 0.4 * usualGap }
        let isNext = squares?.join(glyphs[index - 1], glyph) ?? false
        if gap > least, !isNext { text.append(0x20) }
      }
      text.append(scalar: glyph.scalar)
      if let mark = glyph.mark { text.append(scalar: mark) }
      wasIdeographic = isIdeographic
    }
  }

  /// The characters in UTF-8, with a space where a gap is wider than this line's gaps are.
  var utf8: [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(4 * glyphs.count)
    append(to: &text)
    return text
  }

  /// The characters, with a space where a gap is wider than this line's gaps are.
  var text: String { String(decoding: utf8, as: UTF8.self) }

  private var isSingle: Bool { glyphs.count == 1 && glyphs[0].isIdeographic }

  /// Whether it ends with an ideograph that is alone or has only a sign before it: 「【学」.
  private var endsAlone: Bool {
    guard let last = glyphs.last, last.isIdeographic else { return false }
    return glyphs.count == 1 || glyphs[glyphs.count - 2].scalar.bordersSpreadWord
  }

  /// Whether it begins with an ideograph that is alone or has only a sign behind it: 「歴】」.
  private var beginsAlone: Bool {
    guard let first = glyphs.first, first.isIdeographic else { return false }
    return glyphs.count == 1 || glyphs[1].scalar.bordersSpreadWord
  }

  /// The end of a run of short pieces at even distances, which begins and ends with an ideograph alone.
  private static func spacedEnd(of pieces: [Segment], from start: Int, em: Double) -> Int {
    var end = start + 1
    var usual: Double?
    for next in (start + 1)..<max(start + 1, pieces.count) {
      let piece = pieces[next]
      let gap = piece.x1 - pieces[next - 1].x2
      let isShort = piece.glyphs.count <= 3 && piece.glyphs.allSatisfy(\.isIdeographic)
      guard isShort || piece.beginsAlone && (piece.isSingle || !pieces[next - 1].endsValue),
        gap <= 3.2 * em, usual.map({ abs(gap - $0) <= 0.35 * max(gap, $0) }) ?? true
      else { break }
      usual = usual ?? gap
      if piece.beginsAlone { end = next + 1 }
      if !isShort, !piece.endsAlone { break }
    }
    return end
  }

  /// Of more characters it is no label that stands before a colon.
  private static let longestLabel = 8

  /// Whether it begins with a few letters and a colon: 「言語：」.
  var beginsWithLabel: Bool {
    let label = glyphs.prefix(Self.longestLabel + 1).prefix { $0.scalar.isLetter }
    return (2...Self.longestLabel).contains(label.count) && label.count < glyphs.count
      && glyphs[label.count].scalar.endsLabel
  }

  /// Whether its text begins at `x` behind the number or bullet of an entry, so that later lines of the entry may begin
  /// there.
  func isHanging(at x: Double) -> Bool {
    let marker = glyphs.prefix(4).prefix { !$0.scalar.endsMarker }
    let end = marker.count + 1
    guard end < glyphs.count, end <= 4,
      marker.allSatisfy({ $0.scalar.isNumeral || $0.scalar.isASCIIWord })
    else { return false }
    return abs(glyphs[end].x1 - x) < 0.5 * em
  }

  /// Whether its last ideograph is what a label says: 「可」 in 「英語：可」.
  private var endsValue: Bool {
    glyphs.count > 1 && glyphs[glyphs.count - 2].scalar.endsLabel
  }

  /// What is set in squares has no spaces between letters.
  private struct Squares {
    /// The distance from one to the next.
    var pitch: Double
    /// Whether a character stands at the left side of its own.
    var isFlushLeft: Bool

    /// Whether two characters stand in squares right beside each other.
    func join(_ one: Glyph, _ next: Glyph) -> Bool {
      (isFlushLeft ? next.x1 - one.x1 : next.middleX - one.middleX) < 1.1 * pitch
    }
  }

  /// The squares that its characters stand in, if its letters keep the distance of its ideographs.
  private var squares: Squares? {
    // Letters in words stand much closer, on nearly all lines.
    var (count, advance) = (0, 0.0)
    for index in glyphs.indices.dropFirst()
    where glyphs[index].scalar.isASCIIWord && glyphs[index - 1].scalar.isASCIIWord {
      count += 1
      advance += glyphs[index].x1 - glyphs[index - 1].x1
    }
    guard count >= 2, advance > 0.75 * em * Double(count) else { return nil }
    return pitchOfLetters(\.middleX).map { Squares(pitch: $0, isFlushLeft: false) }
      ?? pitchOfLetters(\.x1).map { Squares(pitch: $0, isFlushLeft: true) }
  }

  /// The distance between its ideographs, if its letters keep it as well.
  private func pitchOfLetters(_ place: (Glyph) -> Double) -> Double? {
    func pitches(_ areMeant: (Glyph, Glyph) -> Bool) -> [Double] {
      glyphs.indices.dropFirst()
        .filter { areMeant(glyphs[$0 - 1], glyphs[$0]) }
        .map { place(glyphs[$0]) - place(glyphs[$0 - 1]) }
    }
    let ideographs = pitches { $0.isIdeographic && $1.isIdeographic }
    let letters = pitches { one, next in
      (one.scalar.isASCIIWord || next.scalar.isASCIIWord) && one.fillsSquare && next.fillsSquare
    }
    let pitch = ideographs.count < 2 ? Self.median(letters) : Self.median(ideographs)
    // What is further apart has a square between that is left blank.
    let close = letters.filter { $0 < 1.5 * pitch }
    let near = close.count { abs($0 - pitch) < 0.08 * em }
    return pitch > 0.9 * em && near > 1 && near * 4 > close.count * 3 ? pitch : nil
  }

  /// Whether the characters before and at `place` stand in squares right beside each other.
  func isInSquares(at place: Int) -> Bool {
    squares?.join(glyphs[place - 1], glyphs[place]) ?? false
  }

  /// Whether the gap before the character at `place` is within a spread word that a sign begins or ends.
  func spreadsWord(at place: Int) -> Bool {
    guard glyphs[place].isIdeographic, glyphs[place - 1].isIdeographic else { return false }
    let opens = place > 1 && glyphs[place - 2].scalar.bordersSpreadWord
    let closes = place + 1 < glyphs.count && glyphs[place + 1].scalar.bordersSpreadWord
    func isAlone(_ index: Int) -> Bool {
      !glyphs.indices.contains(index + 1)
        || glyphs[index + 1].x1 - glyphs[index].x2 > usualGap + Self.widestGap * em
    }
    return opens && (closes || isAlone(place)) || closes && (place == 1 || isAlone(place - 2))
  }

  /// Joins ideographs that are alone at even distances, as in 「氏　　名」 and 「【学　歴】」.
  static func mergeSpaced(_ pieces: [Segment]) -> [Segment] {
    var merged: [Segment] = []
    var index = 0
    while index < pieces.count {
      guard pieces[index].endsAlone, let last = pieces[index].glyphs.last else {
        merged.append(pieces[index])
        index += 1
        continue
      }
      let end = spacedEnd(of: pieces, from: index, em: last.height)
      merged.append(
        end == index + 1
          ? pieces[index]
          : Segment(pieces[index..<end].flatMap(\.glyphs), spacing: pieces[index].spacing))
      index = end
    }
    return merged
  }
}

extension Glyph {
  /// Whether it has a square of its own where characters are set in squares.
  fileprivate var fillsSquare: Bool { isIdeographic || scalar.isASCIIWord }
}
