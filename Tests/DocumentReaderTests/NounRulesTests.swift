import Testing

@testable import DocumentReader

/// What counts as a noun: another rule makes another vocabulary, and models learn other words.
@Suite struct NounRulesTests {
  private func tokens(_ text: String) throws -> [Token] { try ReadText.reading(text).tokens }

  /// Kept words of a text, in their order; compounds between 〈〉.
  private func kept(_ text: String) throws -> [String] {
    try tokens(text).filter(\.kept).map { $0.kind == .compound ? "〈\($0.term)〉" : $0.term }
  }

  @Test(arguments: [
    // Pronouns, dependent nouns, times, numbers, negated stems.
    ("これを、設計", ["設計"]), ("するものを設計", ["設計"]), ("今日、設計", ["設計"]), ("それぞれ、設計", ["設計"]),
    ("3、設計", ["設計"]), ("2級、設計", ["設計"]), ("問題ない設計", ["設計"]),
    // Labels of forms.
    ("氏名、設計", ["設計"]), ("学歴、設計", ["設計"]), ("職務経歴書、設計", ["職務", "経歴", "設計"]),
    // Symbols, known and not.
    ("★、設計", ["設計"]), ("※設計", ["設計"]), ("➢設計", ["設計"]), ("+++、設計", ["設計"]), ("♨♨設計", ["設計"]),
    // The four classes that count.
    ("要件と設計とスムーズな東芝", ["要件", "設計", "スムーズ", "東芝"]),
  ])
  func onlyWordsThatSaySomethingCount(text: String, terms: [String]) throws {
    #expect(try kept(text) == terms)
  }

  @Test(arguments: [
    // A prefix begins a compound, a suffix joins to a noun on its left; alone they count for nothing.
    ("非機能要件を", ["〈非機能要件〉", "機能", "要件"]), ("管理者を", ["管理", "〈管理者〉"]),
    ("再構築を", ["〈再構築〉", "構築"]), ("3件を設計", ["設計"]),
    ("機械学習の設計", ["機械", "〈機械学習〉", "学習", "設計"]),
    // What stands between two nouns parts them.
    ("機械・学習", ["機械", "学習"]), ("機械 学習", ["機械", "学習"]), ("機械3学習", ["機械", "学習"]),
    // A compound with the name of a person or a place is that name.
    ("東京支社を", ["支社"]), ("山田部長を", ["部長"]),
  ])
  func nounsInARowAreACompoundAsWell(text: String, terms: [String]) throws {
    #expect(try kept(text) == terms)
  }

  @Test(arguments: [
    ("サーバーとサーバ", ["サーバ", "サーバ"]), ("コピーとカード", ["コピー", "カード"]),
    ("Kubeflowとkubeflow", ["kubeflow", "kubeflow"]), ("ＫＵＢＥＦＬＯＷ", ["kubeflow"]),
  ])
  func spellingsOfOneWordAreOne(text: String, terms: [String]) throws {
    #expect(try kept(text) == terms)
  }

  /// The dictionary guesses a subclass by the characters around: it tells nothing of the word.
  @Test(arguments: ["Kubeflow", "qwzx", "Zyxw", "ヌルポチカ", "ğüş"])
  func anUnknownWordWithALetterIsANoun(word: String) throws {
    for text in ["\(word)を設計", "設計、\(word)。", "\(word)する設計"] {
      let token = try #require(try tokens(text).first { $0.term == lowercasedASCII(word) })
      #expect(token.kept && token.partOfSpeech == "unknown-名詞", "\(token)")
    }
  }

  /// What is left out is recorded all the same, under the form that a dictionary lists.
  @Test func everyWordIsRecorded() throws {
    let all = try tokens("これを設計しました。")
    #expect(all.map(\.term) == ["これ", "を", "設計", "する", "ます", "た", "。"])
    #expect(all.filter(\.kept).map(\.term) == ["設計"])
  }
}
