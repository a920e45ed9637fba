extension ExclusionLexicon {
  /// Where the phrases stand.
  ///
  /// A phrase of one or two characters counts only where words begin and end: 「在日」 is not in 「存在日」.
  func phraseSpans(in text: [UInt8], _ tokens: [Token]) -> [Span] {
    var starts = Set<Int>()
    var ends = Set<Int>()
    for token in tokens where token.kind == .word {
      starts.insert(token.offset)
      ends.insert(token.offset + token.length)
    }
    let lower = text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    var spans: [Span] = []
    for place in lower.indices where lower[place] & 0xC0 != 0x80 {
      for needle in index.candidates(at: lower[place...]) {
        let range = place..<place + needle.bytes.count
        guard range.upperBound <= lower.count, lower[range].elementsEqual(needle.bytes),
          !needle.isShort || (starts.contains(range.lowerBound) && ends.contains(range.upperBound))
        else { continue }
        spans.append(
          Span(range: range, category: needle.phrase.category, phrase: needle.phrase.text))
      }
    }
    return spans
  }

  /// Where the applicant's own strings stand, also in the other kana, in the common form of an ideograph, or
  /// with a space within.
  func ownSpans(in text: [UInt8], _ own: [String]) -> [Span] {
    let folded = Self.fold(text)
    var needles = Set<[UInt8]>()
    for string in own {
      let normal = Normaliser.normalise(string)
      let pieces = normal.split(whereSeparator: { $0.isWhitespace || "、,・/".contains($0) })
      needles.insert(Self.fold(Array(pieces.joined().utf8)))
      for piece in pieces where piece.unicodeScalars.count >= 2 {
        needles.insert(Self.fold(Array(piece.utf8)))
      }
    }
    let byStart = Dictionary(grouping: needles.filter { $0.count >= 2 }) { $0[0] }
    var spans: [Span] = []
    for place in folded.indices {
      for needle in byStart[folded[place]] ?? [] {
        let end = place + needle.count
        guard end <= folded.count, folded[place..<end].elementsEqual(needle) else { continue }
        spans.append(Span(range: place..<end, category: "own", phrase: ""))
      }
    }
    return spans
  }

  /// Small letters, hiragana for katakana, common forms for the variants that names keep; of equal length.
  private static func fold(_ bytes: [UInt8]) -> [UInt8] {
    var scalars = String.UnicodeScalarView()
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0x41...0x5A: scalars.append(Unicode.Scalar(UInt8(scalar.value | 0x20)))
      case 0x30A1...0x30F6: scalars.append(Unicode.Scalar(scalar.value - 0x60) ?? scalar)
      default: scalars.append(variants[scalar] ?? scalar)
      }
    }
    let folded = Array(String(scalars).utf8)
    return folded.count == bytes.count ? folded : bytes
  }

  /// Each as long in UTF-8 as what stands for it.
  private static let variants: [Unicode.Scalar: Unicode.Scalar] = [
    "髙": "高", "﨑": "崎", "濵": "浜", "濱": "浜", "邊": "辺", "邉": "辺", "齋": "斎", "齊": "斉",
    "澤": "沢", "櫻": "桜", "廣": "広", "國": "国", "嶋": "島", "德": "徳", "眞": "真", "惠": "恵",
  ]
}
