/// Measures whether what was read can be trusted, and says so in flags.
struct QualityGate {
  /// The version of what is measured and of the limits, part of the fingerprint.
  static let version = "3"

  private(set) var numbers: [String: Int]
  private var raised: Set<String>

  /// What was noticed, in order.
  var flags: [String] { raised.sorted() }

  /// Begins with what was measured while the text was taken out.
  init(_ content: DocumentContent) {
    numbers = content.numbers
    raised = content.flags
  }

  /// Measures the normalised text and its analysis.
  mutating func judge(
    text: String, analysis: Analyser.Analysis, tokens: [Token]
  ) throws(Unreadable) {
    var (visible, letters, japanese, bad, stray) = (0, 0, 0, 0, 0)
    var last: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      defer { last = scalar }
      // What a font's wrong table makes of kana stands among ideographs, not in a Latin word.
      if Self.isAccented(last), !scalar.isASCIIWord { stray += 1 }
      if Self.isAccented(scalar), last.isASCIIWord { stray -= 1 }
      guard !scalar.isBlank else { continue }
      visible += 1
      if scalar.isLetter { letters += 1 }
      if scalar.isKana || scalar.isKanji { japanese += 1 }
      if Self.isBroken(scalar) { bad += 1 }
    }
    let words = analysis.words.count
    let unknown = analysis.words.count { $0.isUnknown }
    numbers["visible"] = visible
    numbers["japanesePerMille"] = share(japanese, of: letters)
    numbers["brokenPerMille"] = share(bad, of: visible)
    numbers["unknownPerMille"] = share(unknown, of: words)
    numbers["costPerCharacter"] = visible > 0 ? analysis.cost / visible : 0
    numbers["nouns"] = tokens.count { $0.kept && $0.kind == .word }
    if visible >= 20, japanese * 10 < letters { raised.insert("foreign-language") }
    if visible > 0, bad * 5 > visible || stray * 100 > visible && japanese >= 50 {
      raised.insert("garbled")
    }
    if let hidden = numbers["white"], hidden > 0 { raised.insert("white-text") }
    // A text recogniser lays its text invisibly over the picture of the page.
    if let hidden = numbers["invisible"], hidden > 0, !raised.contains("searchable-scan") {
      raised.insert("invisible-text")
    }
    if let hidden = numbers["offPage"], hidden > 0 { raised.insert("off-page-text") }
    if let hidden = numbers["tiny"], hidden > 0 { raised.insert("tiny-text") }
  }

  private func share(_ part: Int, of whole: Int) -> Int { whole > 0 ? part * 1000 / whole : 0 }

  /// A letter of Latin-1 beyond ASCII.
  private static func isAccented(_ scalar: Unicode.Scalar) -> Bool {
    (0xC0...0xFF).contains(scalar.value) && scalar != "×" && scalar != "÷"
  }

  /// The replacement character, private use, and what is no character.
  private static func isBroken(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xFFFD, 0xE000...0xF8FF, 0xF0000...0x10FFFF: true
    default: false
    }
  }
}
