import Testing

@testable import DocumentReader

/// The traps of Japanese text: each was met in a real file, and each would cost an applicant nouns.
@Suite struct TextTrapTests {
  private func terms(_ text: String) throws -> Set<String> {
    Set(try ReadText.reading(text).nouns.map(\.term))
  }

  @Test func radicalsBecomeIdeographs() {
    let text = "⼤学・⾮機能・⾼い⽬標・⻑く・⻘⼭・⺠間・⿓・⼾籍・⿊板・⺏"
    #expect(Normaliser.normalise(text) == "大学・非機能・高い目標・長く・青山・民間・龍・戸籍・黒板・尣")
  }

  @Test func twinsOfTheMiddleDotSeparateWords() throws {
    #expect(try terms("経験‧知識‧技術").isSuperset(of: ["経験", "知識", "技術"]))
  }

  /// Producers write what looks alike: a range, a slash or a bracket must not be another one for each of them.
  @Test(arguments: [
    ("TCP\u{2215}IP", "TCP/IP"), ("\u{2329}設計\u{232A}", "〈設計〉"), ("\u{2035}設計", "`設計"),
    ("2018\u{301C}2022", "2018~2022"), ("2018\u{FF5E}2022", "2018~2022"),
    ("T\u{2212}SQL", "T-SQL"), ("T\u{2010}SQL", "T-SQL"), ("T\u{2011}SQL", "T-SQL"),
    ("T\u{2013}SQL", "T-SQL"), ("経験\u{2027}知識", "経験・知識"),
  ])
  func twinsOfPunctuationAreOne(text: String, normal: String) {
    #expect(Array(Normaliser.normalise(text).utf8) == Array(normal.utf8))
  }

  /// What no font's table names comes as a replacement character or a private one: a fifth of it spoils the rest.
  @Test(arguments: ["\u{FFFD}", "\u{E000}", "\u{F8FF}", "\u{F0000}"])
  func aShareOfBrokenCharactersIsMeasured(broken: String) throws {
    let few = try ReadText.reading(broken + "要件定義と開発を")
    #expect(few.quality["brokenPerMille"] == 111 && few.flags.isEmpty)
    let many = try ReadText.reading(broken + "要件" + broken + "定義と開発を")
    #expect(many.quality["brokenPerMille"] == 200 && many.flags.isEmpty)
    let most = try ReadText.reading(broken + "要件" + broken + broken + "定義と開発を")
    #expect(most.quality["brokenPerMille"] == 272 && most.flags == ["garbled"])
  }

  /// Some fonts' tables have control characters for what they do not name: no trace of them is left in the text.
  @Test func controlCharactersAreBroken() throws {
    let few = try ReadText.reading("\u{1}\u{1B}要件定義と開発を\t\r\n\u{85}")
    #expect(few.quality["brokenPerMille"] == 200 && few.flags.isEmpty)
    let most = try ReadText.reading("\u{1}要\u{7F}定義と\u{9F}開発を")
    #expect(most.text == "要定義と開発を")
    #expect(most.quality["brokenPerMille"] == 300 && most.flags == ["garbled"])
  }

  /// Whoever sets a hundred thousand marks on a letter must not keep the others waiting.
  @Test func marksWithoutEndAreFollowedAtOnce() throws {
    let text = "か" + String(repeating: "\u{301}\u{316}", count: 50_000)
    let bytes = Array(text.utf8)
    let took = try ContinuousClock().measure { _ = try PlainText.text(of: bytes) }
    #expect(took < .seconds(3))
  }

  @Test func widthsAndLigaturesAreFolded() throws {
    let found = try terms("ﾌﾟﾛｼﾞｪｸﾄﾏﾈｰｼﾞﾒﾝﾄ、Ｊａｖａ、oﬃceを使用")
    #expect(found.isSuperset(of: ["プロジェクト", "マネージメント", "java", "office"]))
  }

  @Test(arguments: [
    ("氏　　名", "氏名"), ("学 歴", "学歴"), ("職　歴", "職歴"), ("株 式 会 社", "株式会社"),
    ("氏 名 山田太郎", "氏名 山田太郎"), ("東京都 千代田区", "東京都 千代田区"),
  ])
  func spreadWordsAreClosedUpAndOthersAreNot(text: String, normal: String) {
    #expect(Normaliser.normalise(text) == normal)
  }

  /// A blank line after every line parts a label from what answers it.
  @Test(arguments: ["\r\n", "\r", "\u{2028}"])
  func linesEndAlikeHoweverASystemEndsThem(end: String) throws {
    let text = "履歴書\n健康状態\n良好\n\n設計\u{AD}と開発\n⾼い\n"
    let foreign = text.replacing("\n", with: end)
    #expect(Array(Normaliser.normalise(foreign).utf8) == Array(Normaliser.normalise(text).utf8))
    let reading = try ReadText.reading(foreign)
    let nouns = ExclusionLexicon.standard.select(in: reading.text, tokens: reading.tokens).nouns
    #expect(nouns.contains { $0.term == "設計" } && !nouns.contains { $0.term == "良好" })
  }

  @Test func aRecognisersSpacesGo() {
    let text = String(repeating: "情 報 処 理 の 設 計 と 開 発\n", count: 6)
    #expect(!Normaliser.normalise(text).contains(" "))
  }

  @Test func namesOfTechnologiesStayWhole() throws {
    let found = try terms("C++、C#、Node.js、ASP.NET、PL/SQL、Ｃ＋＋、.NET、TCP/IP、ISO27001")
    #expect(
      found.isSuperset(of: [
        "c++", "c#", "node.js", "asp.net", "pl/sql", ".net", "tcp/ip", "iso27001",
      ]))
    #expect(!found.contains { $0.hasPrefix("++") || $0 == "#" })
    #expect(
      try terms("使う Node.js と Spring Boot、基本情報技術者").isSuperset(
        of: ["node.js", "spring boot", "基本情報技術者"]))
  }

  @Test func aNameWithinAnotherIsNone() throws {
    let found = try terms("Google、Cisco、Rust、Django")
    #expect(found.isDisjoint(with: ["go", "c", "r"]))
  }

  @Test(arguments: [
    ("C++03とC#8.0", ["c++", "c#"]), (".NET6、.NET Framework4.8", [".net", ".net framework"]),
    ("Node.js18、Vue.js3系", ["node.js", "vue.js"]), ("A/B テストとA/Bテスト", ["a/bテスト"]),
    ("IT パスポート試験", ["itパスポート試験"]), ("ISO 9001、ISO9001", ["iso9001"]),
    ("R言語、Go言語、C/C++", ["r", "go", "c", "c++"]),
  ])
  func namesKeepTheirShapeWhateverStandsBeside(text: String, names: [String]) throws {
    let found = try ReadText.reading(text).tokens.filter {
      $0.kept && $0.partOfSpeech == "名詞-固有名詞-技術"
    }
    #expect(Set(found.map(\.term)) == Set(names))
  }

  @Test(arguments: [
    "H30.3.31", "Ｓ６３．１０．３", "R6年", "03ー1234ー5678", "03―1234―5678", "03‐1234‐5678",
    "github.com/taro/repo", "www.example.com", "example.co.jp", "昭和63年10月3日生",
    "\(String(repeating: "a", count: 5000))", "\(String(repeating: "1", count: 5000))",
  ])
  func whatBelongsToOnePersonIsNoNoun(text: String) throws {
    let nouns = try ReadText.reading("開発、" + text + "、設計").tokens.filter { $0.kept }.map(\.term)
    #expect(Set(nouns).isSubset(of: ["開発", "設計", "昭和"]))
  }

  @Test(arguments: ["ASP.NET/C#", "Socket.io/Redis", "2018年4月", "S3/EC2", "H.264", "T-SQL"])
  func namesAreNoAddresses(text: String) {
    let bytes = Array(text.utf8)
    #expect(Mask.hide(in: bytes) == bytes)
  }

  @Test func shapesOfNamesAreFoldedInTheNormalisedTextOnly() throws {
    let reading = try ReadText.reading("髙橋一郎、﨑山花子、𠮷田")
    #expect(reading.text == "高橋一郎、崎山花子、吉田")
    #expect(reading.rawText == "髙橋一郎、﨑山花子、𠮷田")
    #expect(!reading.tokens.contains { $0.kept })
  }

  @Test func kanaThatAFontsTableTurnsIntoLettersAreGarbled() throws {
    let text = "要件定義û基本設計ñ担当w~wた。開発öø構築を経験wた。品質ø改善ò進~た。"
    #expect(try ReadText.reading(text + text).flags.contains("garbled"))
    let latin = "Universität Zürichで要件定義を学び、Citroën社との会議を担当し、品質の改善を進めました。"
    #expect(try !ReadText.reading(latin + latin).flags.contains("garbled"))
  }

  @Test func addressesAndNumbersAreNoWords() throws {
    let text = """
      https://example.com/a/b?c=d taro.yamada@example.co.jp 03-1234-5678 090-1234-5678 \
      〒150-0001 2018/4/1 \(String(repeating: "a", count: 100)) 開発
      """
    let found = try terms(text)
    #expect(found.contains("開発"))
    #expect(!found.contains { $0.unicodeScalars.count == 1 })
    #expect(found.isDisjoint(with: ["https", "example", "com", "yamada", "taro", "a"]))
  }

  @Test func theDictionaryKnowsTheEraAndGroupsLetters() throws {
    let reading = try ReadText.reading("令和6年にDX推進、TOEIC850点。")
    let surfaces = reading.tokens.filter { $0.kind == .word }.map(\.term)
    #expect(Set(surfaces).isSuperset(of: ["令和", "dx", "推進", "toeic"]))
  }

  /// Word processors end a line within a paragraph so: what stands on either side are two words.
  @Test(arguments: ["\u{0B}", "\u{0C}", "\r", "\u{85}", "\u{2028}"])
  func linesEndHoweverTheyAreEnded(end: String) throws {
    #expect(Normaliser.normalise("営業" + end + "資格") == "営業\n資格")
    #expect(try ReadText.reading("営業\(end)資格").nouns.map(\.term) == ["営業", "資格"])
  }

  /// None of them has a shape, and each would cut a word in two.
  @Test(arguments: ["\u{34F}", "\u{17B4}", "\u{17B5}", "\u{1D173}", "\u{1D17A}"])
  func whatUnicodeSaysToIgnoreGoes(character: String) {
    #expect(Normaliser.normalise("機\(character)械学習") == "機械学習")
  }

  @Test func invisibleCharactersAndSelectorsGo() {
    #expect(Normaliser.normalise("葛\u{E0100}飾\u{200B}区\u{AD}役\u{FEFF}所") == "葛飾区役所")
  }

  @Test func theRawTextKeepsNamesAsTheyAre() throws {
    let name = "髙橋﨑\u{FA19}葛\u{E0100}"
    let reading = try ReadText.reading(name)
    // Strings that are canonically equivalent are equal: only their bytes tell them apart.
    #expect(Array(reading.rawText.utf8) == Array(name.utf8))
    #expect(Array(reading.text.utf8) == Array("高橋崎\u{795E}葛".utf8))
  }

  @Test func strangeBytesGiveValidTextOrAReason() throws {
    for text in ["゛", "\u{3099}", "\u{309B}か゛", "a\u{301}\u{302}", "ÐC++ Ð C#", "　", "\u{FDFA}C++"]
    {
      let outcome = try ReadText.outcome(Array(text.utf8))
      guard case .read(let reading) = outcome else { continue }
      #expect(reading.tokens.allSatisfy { $0.offset + $0.length <= reading.text.utf8.count })
    }
    #expect(throws: CodingError.self) { try ReadText.reading([0x61, 0, 0x62]) }
    #expect(throws: CodingError.self) { try ReadText.reading([0xC3, 0x28]) }
  }

  @Test func tokensStandWhereTheySay() throws {
    let reading = try ReadText.reading("基本設計、C++ と機械学習の Node.js。\n次の行の開発 担当")
    let bytes = Array(reading.text.utf8)
    for token in reading.tokens {
      let surface = String(
        decoding: bytes[token.offset..<token.offset + token.length], as: UTF8.self)
      #expect(surface.unicodeScalars.count >= 1)
      if token.kept { #expect(lowercasedASCII(surface).hasPrefix(token.term.prefix(1))) }
    }
    #expect(reading.tokens.contains { $0.kind == .compound && $0.term == "機械学習" })
  }

  @Test func aLongLineIsAnalysedInPieces() throws {
    let line = String(repeating: "設計と開発を担当した", count: 3000)
    let reading = try ReadText.reading(line)
    #expect(reading.nouns.first { $0.term == "設計" }?.count == 3000)
  }

  /// Only the address sanitizer sees it where memory happens to be there: `tools/faults/fuzz text`.
  @Test(arguments: ["設計と開発 \n", "設計と開発\n\t \u{B}", "設計と開発Ð", " \n \n設計と開発\n "])
  func blanksAtTheEndOfALineAddNoWords(text: String) throws {
    let analyser = try #require(Analyser())
    let words = analyser.analyse(Array(text.utf8)).words
    #expect(analyser.surfaces(of: words) == ["設計", "と", "開発"])
  }
}
