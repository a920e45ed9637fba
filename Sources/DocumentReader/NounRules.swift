/// Which words count as nouns, and under which spelling.
enum NounRules {
  /// The version of the rules, part of the fingerprint.
  static let version = "2"

  /// The tokens of an analysed text: every word, and compounds of nouns in a row.
  static func tokens(from words: [Analyser.Word]) -> [Token] {
    var tokens: [Token] = []
    tokens.reserveCapacity(words.count * 3 / 2)
    var run: [Analyser.Word] = []
    var start = 0
    for word in words {
      if let last = run.last, last.offset + last.length != word.offset || !joins(word, after: run) {
        close(&run, from: start, into: &tokens)
      }
      if joins(word, after: run) {
        if run.isEmpty { start = tokens.count }
        run.append(word)
      }
      tokens.append(
        Token(
          offset: word.offset, length: word.length, term: term(of: word), kind: .word,
          kept: isNoun(word), partOfSpeech: partOfSpeech(of: word)))
    }
    close(&run, from: start, into: &tokens)
    return tokens
  }

  /// Puts the compound of a run behind its first word, whose token is at `start`: tokens are in the order of
  /// their offsets, the shorter first.
  private static func close(
    _ run: inout [Analyser.Word], from start: Int, into tokens: inout [Token]
  ) {
    defer { run.removeAll(keepingCapacity: true) }
    guard run.count >= 2, run.contains(where: isNoun), let first = run.first, let last = run.last
    else { return }
    let term = run.map { $0.technology ?? Self.term(ofSurface: $0.surface) }.joined()
    tokens.insert(
      Token(
        offset: first.offset, length: last.offset + last.length - first.offset, term: term,
        kind: .compound, kept: !stopWords.contains(Spelling(term)) && !run.contains(where: isName),
        partOfSpeech: "compound"), at: start + 1)
  }

  /// Whether `word` goes on a run of nouns: a prefix begins one, a suffix joins to the left.
  private static func joins(_ word: Analyser.Word, after run: [Analyser.Word]) -> Bool {
    guard hasLetter(word.surface) else { return false }
    if word.technology != nil { return true }
    if word.isUnknown { return word.feature.kind == "名詞" }
    switch word.feature.role {
    case .noun, .name: return true
    case .prefix: return run.isEmpty
    case .suffix: return run.contains { $0.feature.kind == "名詞" }
    case .otherNoun, .other: return false
    }
  }

  private static func isNoun(_ word: Analyser.Word) -> Bool {
    if word.technology != nil { return true }
    guard word.feature.kind == "名詞", hasLetter(word.surface),
      !stopWords.contains(Spelling(word.surface))
    else { return false }
    // An unknown word's subclass is noise; that it has a letter is what counts.
    if word.isUnknown { return true }
    return word.feature.role == .noun || word.feature.role == .name && !isName(word)
  }

  /// Whether the dictionary takes it for the name of a person or place; common words among them are nouns.
  private static func isName(_ word: Analyser.Word) -> Bool {
    word.technology == nil && !word.isUnknown && word.feature.role == .name
      && !ExclusionLexicon.misfiled.contains(term(of: word))
  }

  private static func term(of word: Analyser.Word) -> String {
    if let technology = word.technology { return technology }
    return term(ofSurface: word.isUnknown ? word.surface : word.feature.base ?? word.surface)
  }

  /// Small letters, and no long vowel at the end of a katakana word of four characters or more.
  private static func term(ofSurface surface: String) -> String {
    let scalars = surface.unicodeScalars
    if scalars.count >= 4, scalars.last == "ー", scalars.allSatisfy({ $0.isKana }) {
      return String(scalars.dropLast())
    }
    return lowercasedASCII(surface)
  }

  private static func partOfSpeech(of word: Analyser.Word) -> String {
    if word.technology != nil { return "名詞-固有名詞-技術" }
    return word.isUnknown ? word.feature.unknown : word.feature.partOfSpeech
  }

  private static func hasLetter(_ text: String) -> Bool {
    // A long vowel's sign alone stands for a dash.
    text.unicodeScalars.contains { $0.isLetter && $0 != "ー" }
  }

  /// Labels of forms, which stand on every résumé and say nothing.
  static let stopWords: Set<Spelling> = Set(
    [
      "年", "月", "日", "年月", "年月日", "月日", "名", "氏", "氏名", "現在", "以上", "入社", "退社", "退職", "卒業", "入学",
      "学歴",
      "職歴", "電話", "履歴書", "職務経歴書", "住所", "生年月日", "性別", "男", "女", "ふりがな", "フリガナ",
      "連絡先", "写真", "満", "歳", "才", "様", "御中",
    ].map(Spelling.init))
}
