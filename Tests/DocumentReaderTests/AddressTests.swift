import Testing

@testable import DocumentReader

/// If these fail, a model learns where people live, or a word that stands in an address is lost to everybody.
@Suite struct AddressTests {
  private func nouns(_ text: String, under lexicon: ExclusionLexicon = .standard) throws -> Set<
    String
  > {
    let reading = try ReadText.reading(text)
    return Set(lexicon.select(in: reading.text, tokens: reading.tokens).nouns.map(\.term))
  }

  /// The lexicon before there were classes of addresses.
  private let first = ExclusionLexicon.formerStandards[0]

  @Test(arguments: [
    "現住所 清水川市橋詰4-15", "現住所\n清水川市橋詰4-15", "清水川市橋詰4-15", "住所:清水川市橋詰",
    "100-0001 清水川市橋詰", "氏名 高橋 現住所 清水川市橋詰アパート201 電話", "東京都橋詰2番地",
    "東京都清水川市橋詰2丁目7番1号", "清水川市橋詰12-3 コーポ", "清水川市橋詰1234-5", "清水川市橋詰二丁目",
    "清水川市 橋詰 9-13", "現住所 清水川市 橋詰 9-13", "清水川市橋詰7番1号", "さいたま市橋詰6-4-4",
  ])
  func anAddressLeavesNoNoun(line: String) throws {
    let found = try nouns("履歴書\n\(line)\n設計と開発の経験。\n")
    #expect(found.isSuperset(of: ["設計", "開発"]))
    #expect(!found.contains { $0.contains("橋詰") }, "\(line) left \(found)")
  }

  @Test func theSameWordElsewhereStays() throws {
    let found = try nouns("現住所 清水川市中央4-15\n中央システムの設計を担当。\n住所録を作成。\n東京で橋詰を補修。\n")
    #expect(found.isSuperset(of: ["システム", "設計", "担当", "作成", "補修"]))
    #expect(found.contains { $0.contains("橋詰") })
  }

  /// Work that is done at a place, and counted, is no address.
  @Test(arguments: [
    "名古屋工場のライン保守で2号機の改善を担当", "横浜市営業部3課で受注を2-3倍に改善",
    "大阪支店で3-5名の班を担当、保守を改善", "東京都庁2010-04入庁、予算を担当し改善",
    "横浜市中央図書館検索システム保守開発3-4名で改善を担当", "連絡先の管理を改善し、担当に周知",
    "川崎市内の工場で5番ラインの改善を担当", "渋谷区開発1-2年の改善", "大阪府監査3-4件の改善",
    "川崎市営業支援2-3 名の改善", "新宿区プロジェクト管理1番の改善", "東京都港区開発1-2年、改善の経験",
    "連絡先 大阪営業部法人営業設計開発改善", "勤務先住所 東京本社開発部設計担当改善", "横浜市設計2-3チームの改善",
    "横浜市港北区開発センター2番ライン改善", "大阪市経理2020-21年改善",
  ])
  func workAtAPlaceStays(line: String) throws {
    let (under, former) = (try nouns(line), try nouns(line, under: first))
    #expect(under == former, "\(former.subtracting(under)) is lost")
    #expect(under.contains { $0.contains("改善") })
  }

  /// A log keeps the lexicon that its models learnt under: to the letter, and with what it let pass.
  @Test func theFormerLexiconsAreAsTheyWere() throws {
    #expect(
      ExclusionLexicon.formerStandards.map(\.id) == [
        "6f4e79c1152457947f187999e835d4858cb845d576debdce57ed3e1fc15a1dd5",
        "7106aa78fb69839a78f27f6db2e5b681a7519679fb45e8ef8567738a82ca9500",
        "576834d6577cd4432ca284fc1cd5f0323253cefdb9f9f95bb4301d48a26a6522",
        "a8d76b189a88fba9b20cc2685fc39ad3d99665cc65c778256ac81cec7c2e3d67",
      ])
    let second = ExclusionLexicon.formerStandards[1]
    #expect(try nouns("清水川市橋詰4-15", under: first).contains("橋詰"))
    #expect(try nouns("現住所 清水川市橋詰4-15 コーポ", under: second).contains("コーポ"))
    #expect(try nouns("配偶者 有", under: second).contains("有"))
    #expect(try nouns("フリガナ タカハシ\nケイスケ\n", under: second).contains("ケイスケ"))
  }

  /// Where somebody lives is told by a building as well, but what follows the address is another matter.
  @Test(arguments: [
    "現住所 清水川市橋詰4-15 メゾン桜井203", "住所:清水川市橋詰4-15エスリード橋詰", "現住所 清水川市橋詰二丁目7番地 さくらマンション 805号",
    "100-0001 清水川市橋詰4-15 ノースゲートビル1203号室", "現住所\n清水川市橋詰4-15 コーポ桜井B",
  ])
  func aBuildingLeavesNoNoun(line: String) throws {
    let found = try nouns("履歴書\n\(line)\n設計と開発の経験。\n")
    #expect(found.isSuperset(of: ["設計", "開発"]))
    let parts = ["メゾン", "エスリード", "マンション", "ビル", "コーポ", "室", "号"]
    #expect(!found.contains { term in parts.contains { term.contains($0) } }, "\(found)")
  }

  @Test(arguments: [
    "現住所 清水川市橋詰4-15 電話 設計", "現住所 清水川市橋詰4-15\n設計", "清水川市橋詰4-15 設計センター", "現住所 清水川市橋詰4-15 設計、開発",
  ])
  func whatFollowsAnAddressStays(line: String) throws {
    #expect(try nouns(line).contains("設計"))
  }

  @Test func theNameOfAMunicipalityThatIsAnotherNameIsNoFeature() throws {
    #expect(!(try nouns("さいたま市で開発を担当。")).contains("さいたま"))
  }

  /// What a lexicon allows stays, in an address too.
  @Test func whatIsAllowedStays() throws {
    let lexicon = try ExclusionLexicon(
      parsing: ExclusionLexicon.standard.canonicalText + "allow 橋詰\n")
    #expect(try nouns("清水川市橋詰4-15", under: lexicon).contains("橋詰"))
  }
}
