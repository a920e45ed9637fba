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

  @Test(arguments: [
    "浄土真宗", "仏教徒", "氏子", "檀家", "民主党", "共産主義", "右翼", "日教組", "ストライキ", "文藝春秋", "週刊文春", "中日新聞", "日本人",
    "ハーフ", "難民", "帰国子女", "士族", "家系", "精神疾患", "うつ", "鬱", "喘息", "難聴", "自閉症", "色弱", "パニック障害", "不妊治療",
    "寡婦",
    "バツイチ", "内縁", "嫁", "婿", "実父", "義母", "里親", "共働き", "世帯主", "母子", "社宅", "寮", "一戸建て", "アパート",
    "分譲マンション",
    "女子高",
    "創価大学", "神学校", "老後", "修道院", "維新の会", "君が代", "労働争議", "琉球新報", "在日コリアン", "私生児", "跡継ぎ", "親の介護",
    "奨学金", "死生観", "紅一点", "再雇用", "寿退社", "既往症", "病気", "腰痛", "メンタル不調", "裸眼", "執行猶予",
  ])
  func aForbiddenWordLeavesNoNoun(phrase: String) throws {
    let found = try nouns("職務経歴\n・\(phrase)\n・設計\n")
    #expect(found.isSubset(of: ["職務経歴", "職務", "経歴", "設計"]), "\(phrase) left \(found)")
  }

  @Test(arguments: [
    ("配偶者 有\n扶養家族 なし", ["有"]), ("配偶者\n有", ["有"]), ("血液型 A型", ["a型", "型"]), ("最寄駅 恵比寿", ["恵比寿"]),
    ("最寄駅 JR山手線 恵比寿駅", ["恵比寿", "線", "jr"]), ("家族 父(公務員) 母(看護師)", ["公務員", "看護師", "看護"]),
    ("父 会社員 母 主婦", ["会社員", "会社"]), ("身長 175cm", ["cm"]), ("健康状態:良好", ["良好"]),
    ("購読新聞 日経", ["日経"]),
  ])
  func theValueOfAForbiddenMatterLeavesNoNoun(line: String, values: [String]) throws {
    let found = try nouns("\(line)\n設計と開発。\n")
    #expect(found.isDisjoint(with: values), "\(found)")
    #expect(found.contains("設計"))
  }

  /// A word is a label only where one stands, and what follows its value is another matter.
  @Test(arguments: [
    "血液型 A型 設計", "家族\n設計", "父の会社で設計", "顧客の家族、設計", "健康状態\n設計", "配偶者 有、設計", "日経平均の設計",
  ])
  func whatIsNoValueStays(line: String) throws {
    #expect(try nouns("\(line)\n").contains("設計"))
  }

  @Test func languagesExaminationsAndRegionsStay() throws {
    let found = try nouns("宅建\n英検2級 漢検\n中国語 韓国語 スペイン語\n関西支社 東南アジア市場\nルビー\n")
    #expect(
      found.isSuperset(of: [
        "宅建", "英検", "漢検", "中国語", "韓国語", "スペイン語", "関西", "東南アジア", "ルビー",
      ]), "\(found)")
    let within = try nouns("住宅建設の計画と日英検討会\n")
    #expect(within.isSuperset(of: ["住宅", "建設"]) && !within.contains("英検"), "\(within)")
  }

  /// Words of a trade that only look like a forbidden matter: without them an applicant's work says less.
  @Test(arguments: [
    "固定資産", "金融資産", "連合学習", "日系企業", "家庭用品", "家庭教師", "青年海外協力隊", "定期購読", "団体交渉", "精神科", "建築学会員",
    "認知症ケア", "寺院建築", "信用調査", "技能実習生", "選挙管理", "システム障害", "代理店", "老年看護",
    "Archive", "archive設計", "精神学部", "ハーフタイム", "年間取引",
  ])
  func aWordOfATradeStays(word: String) throws {
    let reading = try reading("\(word)を担当しました。")
    let phrases = lexicon.exclusions(in: reading.text, tokens: reading.tokens).map(\.phrase)
    #expect(phrases.isEmpty, "\(word) lost \(phrases)")
  }

  @Test(arguments: ["小鳥遊 陽葵", "小鳥遊　陽葵", "小鳥遊\n陽葵"])
  func aNameWithASpaceIsTheOneWithout(name: String) throws {
    let found = try nouns("氏名 \(name)\n設計", own: ["小鳥遊陽葵"])
    #expect(found.contains("設計") && !found.contains { "小鳥遊陽葵".contains($0) }, "\(found)")
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

  /// A lexicon that came from another system and was taken for one comment would let everything teach.
  @Test(arguments: ["\n", "\r\n", "\r", "\u{2028}"])
  func aLexiconOfAnotherSystemStatesTheSame(lineEnd: String) throws {
    let lines = [
      "# made by hand", "", "name ours", "class person", "exclude birthplace 本籍",
      "exclude family 妻",
    ]
    let expected = try ExclusionLexicon(parsing: lines.joined(separator: "\n"))
    #expect(expected.name == "ours" && expected.phrases.count == 2)
    let foreign = lines.map { $0 + lineEnd }.joined()
    #expect(try ExclusionLexicon(parsing: foreign) == expected)
    #expect(try ExclusionLexicon(parsing: "\u{FEFF}" + foreign) == expected)
    #expect(
      try ExclusionLexicon(parsing: "\u{FEFF}" + foreign.dropFirst(lines[0].count)) == expected)
  }

  /// If this fails, a phrase with a note behind it is found in no résumé, and nobody is told that it keeps nothing out.
  @Test(arguments: [
    "exclude birthplace 本籍 # 14 事項", "exclude birthplace 本籍 #note", "allow ツール ＃メモ",
  ])
  func aNoteBehindAStatementIsRefused(_ line: String) throws {
    let error = #expect(throws: CodingError.self) { try ExclusionLexicon(parsing: line) }
    #expect(error?.description.contains("on a line of its own") == true)
    _ = try ExclusionLexicon(recorded: line)
    let phrases = try ExclusionLexicon(parsing: "exclude hobby #読書\nallow C#").phrases
    #expect(phrases.map(\.text) == ["#読書"])
  }

  @Test(arguments: ["", "\n\n", "# exclude birthplace 本籍\r\n# class person\r\n", "\u{FEFF}"])
  func aTextThatStatesNothingIsNoLexicon(text: String) {
    #expect(throws: CodingError.self) { try ExclusionLexicon(parsing: text) }
  }

  /// What goes on behind a phrase need not be another word, and what stands around it need not be Japanese.
  @Test(arguments: [
    "自民党員", "共産党員", "元自民党", "奈良女子大学", "神戸女学院", "既婚者", "外国人", "ハーフ", "HIV", "HIV感染", "LGBTQ", "LGBT",
    "AB型とB型肝炎",
  ])
  func aPhraseBesideOthersIsOne(word: String) throws {
    let reading = try reading("\(word)、設計。")
    let phrases = lexicon.exclusions(in: reading.text, tokens: reading.tokens).map(\.phrase)
    #expect(phrases.contains { !$0.isEmpty }, "\(word) is not excluded")
  }

  @Test func aPhraseWithinAnotherWordIsNone() throws {
    #expect(try nouns("存在日数の管理").contains("存在"))
  }

  @Test func namesPlacesAndNumbersAreDroppedByClass() throws {
    let found = try nouns("田中は東京で2018年に開発を担当した。")
    #expect(found.isDisjoint(with: ["田中", "東京", "2018"]))
    #expect(found.contains("開発"))
  }

  /// The dictionary files ハード and リード among the names of persons, and products among organisations.
  @Test(arguments: ["ツール", "ハード", "リード", "Docker", "AWS", "東芝"])
  func aWordThatTheDictionaryTakesForANameStays(word: String) throws {
    #expect(try nouns("\(word)、設計").contains(lowercasedASCII(word)))
  }

  @Test func theApplicantsOwnStringsAreDropped() throws {
    let text = "髙橋一郎 タカハシ イチロウ 千駄ヶ谷ハイツで設計を学ぶ"
    let found = try nouns(text, own: ["高橋 一郎", "たかはし いちろう", "千駄ヶ谷ハイツ"])
    #expect(!found.contains { $0.contains("ハイツ") || $0.contains("橋") || $0.contains("ハシ") })
    #expect(found.contains("設計"))
  }

  /// Without this, whoever is called 学 has learnt no machine learning.
  @Test(arguments: [
    ("田中 学", "機械学習と科学計算を大学で学習"), ("林 健", "健康保険、健全性、森林管理、森林 健康診断の設計"),
    ("Bo Li", "Linux client reliability bootstrap"), ("鈴木 マイ", "マイクロサービスとマイクロ波"),
    ("広 大地", "拡大\n地方と広域"),
  ])
  func aWordThatHoldsAPartOfTheNameStays(name: String, text: String) throws {
    let reading = try reading(text)
    let own = lexicon.ownStrings(ofName: name)
    let exclusions = lexicon.exclusions(in: reading.text, tokens: reading.tokens, own: own)
    let lost = exclusions.filter { $0.category == "own" }.map { reading.tokens[$0.token].term }
    #expect(lost.isEmpty, "\(name) loses \(lost)")
  }

  @Test(arguments: [
    ("田中 学", "田中学"), ("田中 学", "田 中\n学"), ("田中 学", "田中さん"), ("田中 学", "学、"), ("林 健", "林 健"),
    ("林 健", "林健"),
    ("Bo Li", "Bo Li"), ("Bo Li", "BO LI、"), ("Bo Li", "Li、"), ("鈴木 マイ", "スズキ マイ"),
    ("鈴木 マイ", "鈴木まい"),
  ])
  func theNameAndItsPartsAreDropped(name: String, text: String) throws {
    let found = try nouns("氏名 \(text)\n設計", own: lexicon.ownStrings(ofName: name))
    let parts = name.split(separator: " ").map { lowercasedASCII($0) }
    #expect(found.contains("設計") && !found.contains { parts.contains($0) }, "\(found)")
  }

  /// A model goes on dropping what it dropped when it learnt: its lexicon says how it is matched.
  @Test func howALexiconIsMatchedIsAPartOfIt() throws {
    #expect(lexicon.canonicalText.contains("\nmatching 2\n"))
    let former = try #require(ExclusionLexicon.formerStandards.last)
    #expect(!former.canonicalText.contains("matching"))
    let recorded = try ExclusionLexicon(recorded: former.canonicalText)
    #expect(recorded.id == former.id && recorded.matching == .first)
    // Whoever adopts that text now is given today's matching, and the text then says so.
    let adopted = try ExclusionLexicon(parsing: former.canonicalText)
    #expect(adopted.matching == .second && adopted.id != former.id)
    #expect(try ExclusionLexicon(recorded: adopted.canonicalText) == adopted)
    let stated = try ExclusionLexicon(parsing: former.canonicalText + "matching 1\n")
    #expect(stated.id == former.id)
    #expect(throws: CodingError.self) { try ExclusionLexicon(parsing: "matching 3") }
    let own = former.ownStrings(ofName: "田中 学")
    #expect(own == ["田中 学", "田中", "学"])
    let reading = try reading("機械学習の設計")
    let words = former.exclusions(in: reading.text, tokens: reading.tokens, own: own)
      .map { reading.tokens[$0.token].term }
    #expect(words.contains("機械学習"))
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

  /// Who allows a word writes it as it stands in documents.
  @Test func aWordIsAllowedAsItIsWritten() throws {
    let reading = try reading("オリバー、設計")
    func terms(_ statements: String) throws -> [String] {
      let lexicon = try ExclusionLexicon(parsing: lexicon.canonicalText + statements)
      return lexicon.select(in: reading.text, tokens: reading.tokens).nouns.map(\.term)
    }
    #expect(try terms("") == ["設計"])
    #expect(try terms("allow ｵﾘﾊﾞｰ\n") == ["オリバ", "設計"])
  }

  /// What would do nothing, or other than it says, is told to whoever writes it, by its line.
  @Test(arguments: [
    "exclude x a", "name again", "matching 2\nmatching 2", "exclude own 秘密事項", "exclude x \u{200B}",
    "exclude x ¨¨", "allow \u{A8}",
    "excl x 本籍",
  ])
  func aStatementThatDoesNothingIsRefused(statement: String) throws {
    let text = "name ours\n" + statement
    let error = #expect(throws: CodingError.self) { try ExclusionLexicon(parsing: text) }
    let line = statement.split(separator: "\n").last ?? ""
    #expect(error?.description.contains("'\(line)'") == true, "\(error?.description ?? "")")
  }

  /// A lexicon that was adopted when nothing was refused goes on being read, and hides nothing from an audit.
  @Test func whatWasRecordedIsReadAsItIs() throws {
    let lexicon = try ExclusionLexicon(recorded: "name ours\nexclude own 秘密事項\nexclude x a\n")
    #expect(lexicon.phrases.count == 2)
    let reading = try reading("秘密事項、山田太郎")
    let exclusions = lexicon.exclusions(
      in: reading.text, tokens: reading.tokens, own: ["山田太郎"])
    #expect(exclusions.contains { !$0.isOwn } && exclusions.contains { $0.isOwn })
    #expect(exclusions.allSatisfy { $0.category == "own" })
  }

  @Test func aTextComesBackAsTheSameLexicon() throws {
    let back = try ExclusionLexicon(parsing: lexicon.canonicalText)
    #expect(back.id == lexicon.id)
    #expect(throws: CodingError.self) { try ExclusionLexicon(parsing: "exclude birthplace") }
    #expect(throws: CodingError.self) { try ExclusionLexicon(parsing: "class everything") }
  }
}
