/// What the dictionary says of texts while pages are laid out.
struct Language {
  let analyser: Analyser
  let technologies: TechnologyLexicon

  /// What MeCab makes of a text, for each character: much for what is no language.
  func cost(of text: [UInt8]) -> Int {
    let visible = Mask.hide(in: Normaliser.bytes(of: text, spread: true))
    var count = 0
    for byte in visible where byte > 0x20 && byte & 0xC0 != 0x80 { count += 1 }
    return count == 0 ? 0 : analyser.cost(of: visible) / count
  }

  /// Of more characters on either side of a joint the words at it are the same.
  private static let reach = 10

  /// Whether a word stands across the joint of two texts and makes both together likelier than each alone.
  ///
  /// Where words end at the joint anyway, the same words are read whether it is closed or not.
  func isWordBroken(_ head: [UInt8], _ tail: [UInt8]) -> Bool {
    guard !head.isEmpty, !tail.isEmpty else { return false }
    let last = head.scalar(at: head.start(of: 1)).scalar
    let first = tail.scalar(at: 0).scalar
    guard Self.isWordPart(last), Self.isWordPart(first) else { return false }
    let one = Normaliser.bytes(of: Array(head[head.start(of: Self.reach)...]))
    let other = Normaliser.bytes(of: Array(tail[..<tail.end(of: Self.reach)]))
    let whole = analyser.analyse(one + other)
    let across = whole.words.first { word in
      word.offset < one.count && word.offset + word.length > one.count
    }
    guard let across else { return false }
    // Any two runs of katakana make one that the dictionary does not know.
    if analyser.isUnknown(across), !last.isKana || !first.isKana { return false }
    return whole.cost < analyser.cost(of: one) + analyser.cost(of: other)
  }

  /// Whether ideographs make words of the dictionary, of which none is of one sign, or the last of three or more
  /// only.
  func areWords(_ scalars: [Unicode.Scalar]) -> Bool {
    guard scalars.allSatisfy(\.isKanji) else { return false }
    let text = Normaliser.bytes(of: Array(String(String.UnicodeScalarView(scalars)).utf8))
    let words = analyser.analyse(text).words
    // An ideograph is three bytes.
    return words.allSatisfy { !analyser.isUnknown($0) }
      && (words.count > 2 ? words.dropLast() : words[...]).allSatisfy { $0.length > 3 }
  }

  /// Whether what a label says makes words of the dictionary, at most a third of its signs ideographs that are words
  /// alone, and of three or fewer signs a prefix or suffix: 「配偶者」, 「学歴・職歴」.
  func areWordsOfLabel(_ scalars: [Unicode.Scalar]) -> Bool {
    let text = Normaliser.bytes(of: Array(String(String.UnicodeScalarView(scalars)).utf8))
    var alone = 0
    for word in analyser.analyse(text).words {
      let first = text.scalar(at: word.offset).scalar
      guard first.isKanji else { continue }
      if analyser.isUnknown(word) { return false }
      // An ideograph is three bytes.
      if word.length == 3 {
        alone += 1
        if scalars.count < 4, !analyser.isAffix(word) { return false }
      }
    }
    return alone * 3 <= scalars.count
  }

  /// Whether the name of a technology is broken at a space of its own: Power, BI.
  func isNameBroken(_ head: [UInt8], _ tail: [UInt8]) -> Bool {
    guard let last = head.last, let first = tail.first,
      Unicode.Scalar(last).isASCIIWord, Unicode.Scalar(first).isASCIIWord
    else { return false }
    let before = Array(head.suffix(Self.longestName))
    return technologies.matches(in: before + [0x20] + tail.prefix(Self.longestName))
      .contains { $0.range.contains(before.count) }
  }

  /// Whether the name of a technology or qualification is cut within: Git, Hub.
  func isNameCut(_ head: [UInt8], _ tail: [UInt8]) -> Bool {
    guard !head.isEmpty, !tail.isEmpty, !isNameBroken(head, tail) else { return false }
    let last = head.scalar(at: head.start(of: 1)).scalar
    let first = tail.scalar(at: 0).scalar
    guard
      (last.isASCIIWord || last == "/") && first.isASCIIWord
        || Self.isWordPart(last) && Self.isWordPart(first)
    else { return false }
    let before = Array(head[head.start(of: Self.longestName)...])
    return technologies.matches(in: before + tail[..<tail.end(of: Self.longestName)])
      .contains { $0.range.lowerBound < before.count && $0.range.upperBound > before.count }
  }

  private static let longestName = 30

  private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isLetter && (scalar.isKana || scalar.isKanji)
  }
}
