/// Which words count as nouns, and under which spelling.
enum NounRules {
  /// The version of the rules, part of the fingerprint.
  static let version = "2"

  /// Nouns that follow each other without anything between them.
  private struct Run {
    /// Their places among the words.
    var words = 0..<0
    /// Where the token of the first one stands.
    var token = 0
    var hasNounClass = false
    var hasNoun = false
    var hasName = false
  }

  /// The tokens of an analysed text: every word, and compounds of nouns in a row; their spellings by number.
  static func tokens(
    from words: [Analyser.Word], _ lexemes: inout Lexemes
  ) -> [TokenTable.Entry] {
    var tokens: [TokenTable.Entry] = []
    tokens.reserveCapacity(words.count * 3 / 2)
    var run = Run()
    for (index, word) in words.enumerated() {
      let lexeme = lexemes.all[word.lexeme]
      let isTechnology = word.technology != nil
      if !run.words.isEmpty {
        let last = words[index - 1]
        if last.offset + last.length != word.offset || !joins(lexeme, isTechnology, after: run) {
          close(&run, of: words, into: &tokens, &lexemes)
        }
      }
      if joins(lexeme, isTechnology, after: run) {
        if run.words.isEmpty { (run.words, run.token) = (index..<index, tokens.count) }
        add(lexeme, isTechnology, to: &run)
      }
      tokens.append(
        TokenTable.Entry(
          offset: word.offset, length: word.length, term: word.technology ?? Int(lexeme.term),
          partOfSpeech: isTechnology ? lexemes.technologyClass : Int(lexeme.partOfSpeech),
          kind: .word,
          kept: isTechnology || lexeme.isNoun))
    }
    close(&run, of: words, into: &tokens, &lexemes)
    return tokens
  }

  private static func add(_ lexeme: Lexeme, _ isTechnology: Bool, to run: inout Run) {
    run.words = run.words.lowerBound..<run.words.upperBound + 1
    if lexeme.isOfNouns { run.hasNounClass = true }
    if isTechnology {
      run.hasNoun = true
    } else {
      if lexeme.isNoun { run.hasNoun = true }
      if lexeme.isName { run.hasName = true }
    }
  }

  /// Puts the compound of a run behind its first word: tokens are in the order of their offsets, the shorter
  /// first.
  private static func close(
    _ run: inout Run, of words: [Analyser.Word], into tokens: inout [TokenTable.Entry],
    _ lexemes: inout Lexemes
  ) {
    defer { run = Run() }
    guard run.words.count >= 2, run.hasNoun else { return }
    let (first, last) = (words[run.words.lowerBound], words[run.words.upperBound - 1])
    let term = lexemes.compound(of: words[run.words])
    tokens.append(
      TokenTable.Entry(
        offset: first.offset, length: last.offset + last.length - first.offset, term: term,
        partOfSpeech: lexemes.compoundClass, kind: .compound,
        kept: !run.hasName && !lexemes.isStopWord(term)))
    var place = tokens.count - 1
    while place > run.token + 1 {
      tokens.swapAt(place, place - 1)
      place -= 1
    }
  }

  /// Whether a word goes on a run of nouns: a prefix begins one, a suffix joins to the left.
  private static func joins(_ lexeme: Lexeme, _ isTechnology: Bool, after run: Run) -> Bool {
    guard lexeme.hasLetter else { return false }
    if isTechnology { return true }
    if lexeme.isUnknown { return lexeme.isOfNouns }
    switch lexeme.role {
    case .noun, .name: return true
    case .prefix: return run.words.isEmpty
    case .suffix: return run.hasNounClass
    case .otherNoun, .other: return false
    }
  }

  /// Small letters, and no long vowel at the end of a katakana word of four characters or more.
  static func term(ofSurface surface: String) -> String {
    let scalars = surface.unicodeScalars
    if scalars.count >= 4, scalars.last == "ー", scalars.allSatisfy({ $0.isKana }) {
      return String(scalars.dropLast())
    }
    return lowercasedASCII(surface)
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
