import Testing

@testable import DocumentReader

/// If these fail, a model learns what people are called.
@Suite struct FuriganaTests {
  private func nouns(_ text: String) throws -> Set<String> {
    let reading = try ReadText.reading(text)
    let selection = ExclusionLexicon.standard.select(in: reading.text, tokens: reading.tokens)
    return Set(selection.nouns.map(\.term))
  }

  @Test(arguments: ["フリガナ ", "フリガナ:", "ふりがな　", "(フリガナ)\n", "氏名(フリガナ) "])
  func aNameInKanaLeavesNoNoun(label: String) throws {
    let found = try nouns("\(label)イガラシ ミサキ\n氏名 五十嵐 美咲\n設計と開発。イガラシの担当。\n")
    #expect(found.isSuperset(of: ["設計", "開発", "担当"]))
    #expect(!found.contains { "イガラシミサキ".contains($0) }, "\(found)")
  }

  /// Two kana stand in too many words to be sought beyond the label.
  @Test func aShortNameTakesNoOtherWord() throws {
    let found = try nouns("フリガナ サカイ ケン\n氏名 酒井 健\nケンブリッジの試験、プリンタの設計。\n")
    #expect(found.isSuperset(of: ["試験", "設計"]))
    #expect(found.contains { $0.contains("ケンブリッジ") || $0.contains("プリンタ") })
  }

  @Test func aLabelWithoutANameTakesNothing() throws {
    let found = try nouns("フリガナ\n氏名 酒井 健\nシステムの設計。\n")
    #expect(found.isSuperset(of: ["システム", "設計"]))
  }
}
