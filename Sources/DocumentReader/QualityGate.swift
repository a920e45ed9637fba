/// Measures whether what was read can be trusted, and says so in flags.
struct QualityGate {
  /// The version of what is measured and of the limits, part of the fingerprint.
  static let version = "10"

  private(set) var numbers: [String: Int]
  private var raised: Set<String>

  /// What was noticed, in order.
  var flags: [String] { raised.sorted() }

  /// Begins with what was measured while the text was taken out.
  init(_ content: DocumentContent) {
    numbers = content.numbers
    raised = content.flags
  }

  /// Measures the normalised text, in UTF-8, and its analysis.
  ///
  /// - Parameters:
  ///   - raw: the text as it was extracted.
  ///   - nouns: how many words count as nouns.
  ///   - isUnknown: whether the dictionary does not have a word.
  mutating func judge(
    _ text: [UInt8], of raw: [UInt8], _ analysis: Analyser.Analysis, nouns: Int,
    isUnknown: (Analyser.Word) -> Bool
  ) throws(Unreadable) {
    var (visible, letters, japanese, kana, bad, stray, strange) = (0, 0, 0, 0, 0, 0, 0)
    var last: Unicode.Scalar = " "
    var lone = LoneCharacters()
    var kanaOrder = KanaOrder()
    var place = 0
    while place < text.count {
      let (scalar, end) = text.scalar(at: place)
      place = end
      kanaOrder.take(scalar)
      defer { last = scalar }
      // Nearly every character of a page, told at once.
      if (0x3041...0x3096).contains(scalar.value) || (0x4E00...0x9FFF).contains(scalar.value) {
        if Self.isAccented(last) { stray += 1 }
        lone.take(scalar, isJapanese: true)
        (visible, letters, japanese) = (visible + 1, letters + 1, japanese + 1)
        if scalar.value < 0x4E00 { kana += 1 }
        continue
      }
      let isJapanese = scalar.isKana || scalar.isKanji
      lone.take(scalar, isJapanese: isJapanese)
      // What a font's wrong table makes of kana stands among ideographs, not in a Latin word.
      if Self.isAccented(last), !scalar.isASCIIWord { stray += 1 }
      if Self.isAccented(scalar), last.isASCIIWord { stray -= 1 }
      guard !scalar.isBlank else { continue }
      visible += 1
      if scalar.isLetter { letters += 1 }
      if isJapanese {
        japanese += 1
      } else if !scalar.isASCII {
        strange += scalar.isLetter ? 1 : 0
      }
      if scalar.isKana { kana += 1 }
      if Self.isBroken(scalar) { bad += 1 }
    }
    numbers["visible"] = visible
    numbers["japanesePerMille"] = share(japanese, of: letters)
    // Normalising takes them out, and with them what a font's table had no character for.
    let controls = Self.controls(in: raw)
    bad += controls
    numbers["brokenPerMille"] = share(bad, of: visible + controls)
    numbers["unknownPerMille"] = share(analysis.unknown, of: analysis.words.count)
    numbers["costPerCharacter"] = visible > 0 ? analysis.cost / visible : 0
    numbers["nouns"] = nouns
    let ideographs = Ideographs(text, analysis, isUnknown: isUnknown)
    numbers["looseKanjiPerMille"] = share(ideographs.loose, of: ideographs.count)
    if visible >= 20, japanese * 10 < letters { raised.insert("foreign-language") }
    if ideographs.areForeign(besideKana: kana) {
      raised.insert("foreign-language")
    } else if ideographs.areGarbled {
      raised.insert("garbled")
    }
    if bad * 5 > visible + controls || stray * 100 > visible && japanese >= 50 {
      raised.insert("garbled")
    }
    if japanese >= 50, lone.areSpoilt(of: visible) { raised.insert("garbled") }
    if kanaOrder.areSpoilt(of: visible) { raised.insert("garbled") }
    if isMixedUp(visible: visible, strange: strange) { raised.insert("garbled") }
    // A searchable scan's lines lean as the sheet lay; they are read along themselves.
    if let slanted = numbers["slantedPerMille"], slanted > 500, !raised.contains("searchable-scan")
    {
      raised.insert("slanted")
    }
    if let hidden = numbers["white"], hidden > 0 { raised.insert("white-text") }
    // A text recogniser lays its text invisibly over the picture of the page.
    if let hidden = numbers["invisible"], hidden > 0, !raised.contains("searchable-scan") {
      raised.insert("invisible-text")
    }
    if let hidden = numbers["offPage"], hidden > 0 { raised.insert("off-page-text") }
    if let hidden = numbers["tiny"], hidden > 0 { raised.insert("tiny-text") }
  }

  /// Whether a font's wrong table made letters of every script of the text.
  ///
  /// Measured: lists of codes and of single Latin letters cost up to 9500 a character and are unknown up to 95 %, but
  /// have no strange letters; names of Vietnam have 22 % of these, but cost 3800; wrong tables cost from 8700, are
  /// unknown from 75 % and have from 18 %.
  private func isMixedUp(visible: Int, strange: Int) -> Bool {
    visible >= 20 && strange * 10 > visible && numbers["unknownPerMille", default: 0] > 600
      && numbers["costPerCharacter", default: 0] > 6000
  }

  private func share(_ part: Int, of whole: Int) -> Int { whole > 0 ? part * 1000 / whole : 0 }

  /// How many control characters a text in UTF-8 has, but for those that part lines and columns.
  private static func controls(in text: [UInt8]) -> Int {
    var (count, last) = (0, UInt8(0))
    for byte in text {
      let isSecond = last == 0xC2
      let isControl = byte < 0x20 || byte == 0x7F || isSecond && (0x80..<0xA0).contains(byte)
      let parts = (0x09...0x0D).contains(byte) || isSecond && byte == 0x85
      if isControl && !parts { count += 1 }
      last = byte
    }
    return count
  }

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
