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
    #expect(!found.contains { "イガラシミサキさきさき".contains($0) }, "\(found)")
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

  /// A wide space between the parts sets each in a line of its own.
  @Test(arguments: [
    "フリガナ\nイガラシ\nミサキ\n氏名\n", "フリガナ イガラシ\nミサキ\n氏名\n", "フリガナ イガラシ \n ミサキ\n", "カナ\nイガラシ\nミサキ\n",
    "氏名(カナ) イガラシ ミサキ\n", "カナ氏名 イガラシ ミサキ\n", "シメイ イガラシ ミサキ\n", "氏名カナ:イガラシ ミサキ\n",
    "フリガナ ラシ イガ ミサキ\n", "ふりがな さきさき みさき\nカナ氏名 イガラシ ミサキ\n", "フリガナ\nラシイ\nイガラ\nミサキ\n氏名\n",
  ])
  func everyPartInKanaLeavesNoNoun(text: String) throws {
    let found = try nouns(text + "設計と開発。ミサキの担当。\n")
    #expect(found.isSuperset(of: ["設計", "開発", "担当"]))
    #expect(!found.contains { "イガラシミサキさきさき".contains($0) }, "\(found)")
  }

  /// Words in kana below a name, and words that begin as a label, are no part of it.
  @Test(arguments: [
    "フリガナ イガラシ ミサキ\nシステムエンジニア\n", "フリガナ\nイガラシミサキ\nシステム\n", "カナダ システムの開発\n",
    "カタカナ システム\n",
  ])
  func aWordBelowANameStays(text: String) throws {
    #expect(try nouns(text + "設計\n").contains { $0.hasPrefix("システム") })
  }
}
