import Testing

@testable import DocumentReader

/// What must not decide about a person must not reach a model, however the analysis cuts it apart.
@Suite struct ExclusionLexiconTests {
  private let lexicon = ExclusionLexicon.standard

  private func reading(_ text: String) throws -> Reading { try ReadText.reading(text) }

  private func nouns(_ text: String, own: [String] = []) throws -> Set<String> {
    let reading = try reading(text)
    return Set(lexicon.select(in: reading.text, tokens: reading.tokens, own: own).nouns.map(\.term))
  }

  @Test(arguments: [
    "本籍", "出生地", "配偶者", "扶養家族", "父親", "母子家庭", "持ち家", "創価学会", "自民党", "座右の銘",
    "尊敬する人物", "労働組合", "学生運動", "朝日新聞", "愛読書", "男性", "女性", "女子大学", "独身", "既婚",
    "国籍", "在日", "障害者手帳", "妊娠", "年齢", "昭和", "生年月日", "最寄り駅", "通勤時間", "健康状態", "持病",
  ])
  func aForbiddenMatterLeavesNoNoun(phrase: String) throws {
    let found = try nouns("\(phrase)、設計と開発。")
    #expect(found.isSubset(of: ["設計", "開発"]), "\(phrase) left \(found)")
    #expect(found.contains("設計"))
  }

  /// Trainings read the lexicon from its text: if this fails, what is forbidden teaches all the same.
  @Test func aLexiconReadFromItsTextDropsTheSame() throws {
    let parsed = try ExclusionLexicon(parsing: lexicon.canonicalText)
    #expect(parsed.canonicalText == lexicon.canonicalText)
    let text = "本籍は東京、宗教は書かない。既婚、愛読書は設計の本、在日、尊敬する人物は父親。"
    let reading = try reading(text)
    let expected = lexicon.exclusions(in: reading.text, tokens: reading.tokens)
    #expect(expected.count { !$0.phrase.isEmpty } > 5)
    #expect(
      parsed.exclusions(in: reading.text, tokens: reading.tokens).map(\.token)
        == expected.map(\.token))
  }

  @Test func aPhraseWithinAnotherWordIsNone() throws {
    #expect(try nouns("存在日数の管理").contains("存在"))
  }

  @Test func namesPlacesAndNumbersAreDroppedByClass() throws {
    let found = try nouns("田中は東京で2018年に開発を担当した。")
    #expect(found.isDisjoint(with: ["田中", "東京", "2018"]))
    #expect(found.contains("開発"))
  }

  @Test func theApplicantsOwnStringsAreDropped() throws {
    let text = "髙橋一郎 タカハシ イチロウ 千駄ヶ谷ハイツで設計を学ぶ"
    let found = try nouns(text, own: ["高橋 一郎", "たかはし いちろう", "千駄ヶ谷ハイツ"])
    #expect(!found.contains { $0.contains("ハイツ") || $0.contains("橋") || $0.contains("ハシ") })
    #expect(found.contains("設計"))
  }

  @Test func whatWasDroppedSaysWhy() throws {
    let reading = try reading("愛読書は設計の本です。")
    let exclusions = lexicon.exclusions(in: reading.text, tokens: reading.tokens)
    #expect(!exclusions.isEmpty)
    #expect(exclusions.allSatisfy { $0.category == "reading" && $0.phrase == "愛読書" })
  }

  @Test func schoolsAreDroppedOnlyWhenSwitchedOn() throws {
    let reading = try reading("私立工業大学を出た。")
    var strict = lexicon
    strict.classes.insert(.school)
    func terms(_ lexicon: ExclusionLexicon) -> Set<String> {
      Set(lexicon.select(in: reading.text, tokens: reading.tokens).nouns.map(\.term))
    }
    #expect(terms(lexicon).contains("大学"))
    #expect(!terms(strict).contains { $0.hasSuffix("大学") })
  }

  @Test func aTextComesBackAsTheSameLexicon() throws {
    let back = try ExclusionLexicon(parsing: lexicon.canonicalText)
    #expect(back.id == lexicon.id)
    #expect(throws: CodingError.self) { try ExclusionLexicon(parsing: "exclude birthplace") }
    #expect(throws: CodingError.self) { try ExclusionLexicon(parsing: "class everything") }
  }
}
