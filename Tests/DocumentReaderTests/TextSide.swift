@testable import DocumentReader

/// Everything that makes words of characters, as properties of any bytes: it never ends the process, loses no
/// character by the layout, and names only places that there are.
///
/// The tests feed it random input; `tools/faults/fuzz text` feeds it to libFuzzer.
enum TextSide {
  /// The first property that `input` breaks; `nil` when all hold.
  ///
  /// - Parameter analyser: MeCab, loaded once.
  static func problem(with input: [UInt8], _ analyser: Analyser) -> String? {
    guard let kind = input.first else { return nil }
    let rest = Array(input.dropFirst())
    switch kind % 4 {
    case 0: return words(rest, analyser)
    case 1: return layout(rest, analyser)
    case 2: return lexicons(rest, analyser)
    default: return messages(rest)
    }
  }

  private static let technologies = TechnologyLexicon()

  private static func words(_ input: [UInt8], _ analyser: Analyser) -> String? {
    let text = Normaliser.normalise(
      String(decoding: input, as: UTF8.self), spread: input.count % 2 == 1)
    let bytes = Array(text.utf8)
    let visible = Mask.hide(in: bytes)
    if visible.count != bytes.count { return "hiding moves characters" }
    if String(validating: visible, as: UTF8.self) == nil { return "hiding cuts a character" }
    let names = technologies.matches(in: visible)
    for (one, next) in zip(names, names.dropFirst())
    where one.range.upperBound > next.range.lowerBound {
      return "two names share a character"
    }
    let words = analyser.analyse(visible, keeping: names).words
    guard let tokens = try? TokenCoding.decode(analyser.encodedTokens(of: words).bytes)
    else { return "tokens cannot be decoded" }
    for token in tokens {
      let range = token.offset..<token.offset + token.length
      guard range.upperBound <= bytes.count,
        String(validating: bytes[range], as: UTF8.self) != nil
      else { return "a token stands on no characters" }
    }
    guard let decoded = try? TokenCoding.decode(TokenCoding.encode(tokens)), decoded == tokens
    else { return "tokens do not come back" }
    let excluded = ExclusionLexicon.standard.exclusions(in: text, tokens: tokens, own: [text])
    return excluded.allSatisfy { tokens.indices.contains($0.token) }
      ? nil : "what is no token is excluded"
  }

  /// Each glyph is five bytes: which character, its place, its size.
  private static func layout(_ input: [UInt8], _ analyser: Analyser) -> String? {
    let characters: [Unicode.Scalar] = ["漢", "字", "あ", "ア", "ー", "a", "W", "9", "。", "・", "("]
    let glyphs = stride(from: 0, to: min(input.count, 4000) / 5 * 5, by: 5).map { start in
      let (x, y) = (Double(input[start + 1]) * 2.5, Double(input[start + 2]) * 3.5)
      let size = input[start + 3]
      return Glyph(
        scalar: characters[Int(input[start]) % characters.count], x1: x, y1: y,
        x2: x + Double(size % 32), y2: y + Double(size / 8), font: Int(input[start + 4] % 4))
    }
    let parts = TurnedBlocks.find(in: glyphs, fitted: EmBoxes.fit(glyphs))
    let places = parts.flatMap(\.indices)
    if Set(places).count != places.count { return "two parts share a character" }
    let slanted = SlantedText.find(in: glyphs).flatMap { $0 }
    if Set(slanted).count != slanted.count || !slanted.allSatisfy(glyphs.indices.contains) {
      return "two slanted texts share a character"
    }
    var close = glyphs
    LetterSpacing.takeOut(of: &close, sizes: glyphs.map { Float($0.font) })
    StackedCharacters.part(&close)
    if close.map(\.scalar) != glyphs.map(\.scalar) { return "mending boxes changes a character" }
    let language = Language(analyser: analyser, technologies: technologies)
    let expected = glyphs.map(\.scalar).sorted()
    for orientation in Orientation.allCases {
      let apart = orientation == .horizontal ? parts : []
      var reflow = Reflow(glyphs, orientation: orientation, apart: apart)
      reflow.joinBrokenWords(language)
      let aids = ([reflow] + reflow.turned).flatMap { $0.readingAids.flatMap(\.glyphs) }
      let read = reflow.lines.joined().unicodeScalars.filter { !$0.isBlank } + aids.map(\.scalar)
      if read.sorted() != expected { return "the layout loses or doubles a character" }
    }
    return nil
  }

  /// The input is a lexicon, a text that every lexicon is matched with, and in its first words somebody's name.
  private static func lexicons(_ input: [UInt8], _ analyser: Analyser) -> String? {
    let text = String(decoding: input, as: UTF8.self)
    let normal = Normaliser.normalise(text)
    let words = analyser.analyse(Array(normal.utf8), keeping: []).words
    guard let tokens = try? TokenCoding.decode(analyser.encodedTokens(of: words).bytes) else {
      return "tokens cannot be decoded"
    }
    let given = try? ExclusionLexicon(parsing: text)
    if let given, (try? ExclusionLexicon(recorded: given.canonicalText))?.id != given.id {
      return "a lexicon does not come back from the log"
    }
    let name = normal.split(separator: " ").prefix(2).joined(separator: " ")
    for lexicon in ExclusionLexicon.formerStandards + [.standard] + [given].compactMap(\.self) {
      let excluded = lexicon.exclusions(
        in: normal, tokens: tokens, own: lexicon.ownStrings(ofName: name))
      if !excluded.allSatisfy({ tokens.indices.contains($0.token) }) {
        return "what is no token is excluded"
      }
    }
    if let own = try? OwnTechnologies(parsing: text) {
      _ = TechnologyLexicon(adding: own).matches(in: input)
    }
    return nil
  }

  /// What workers send each other, and what is looked at in files.
  private static func messages(_ input: [UInt8]) -> String? {
    if let tokens = try? TokenCoding.decode(input),
      let again = try? TokenCoding.decode(TokenCoding.encode(tokens)), again != tokens
    {
      return "tokens change when they are sent on"
    }
    _ = try? ReadingOutcome(decoding: input)
    _ = try? PageExplanation.decode(input)
    _ = try? RecognisedPage(decoding: input)
    var area = PageArea()
    area.add(PageArea(x1: 0, y1: 0, x2: 595, y2: 842))
    _ = HiddenText(in: input, area: area)
    _ = ImageSearch.mayHoldScan(input)
    return nil
  }
}
