import Testing

@testable import DocumentReader

/// A percentage for a text that is not Japanese, or that no one wrote, would be a number about nothing.
struct LanguageTests {
  @Test(arguments: [
    "我在北京的公司担任软件工程师，负责开发和测试工作，拥有十年的经验。我会说英语和日语。",
    "教育背景 清华大学 计算机科学与技术 本科 工作经历 高级软件工程师 负责电商平台后端系统的设计与开发 使用分布式架构",
    "姓名 王大明 性別 男 學歷 國立台灣大學 專長 系統設計 資料庫管理 專案管理 工作經歷 台北科技公司 工程師 語言 英語 日語",
    "我畢業於國立清華大學電機系,曾任職於公司擔任製程工程師五年,主要負責半導體製程改善與良率提升。",
  ])
  func chineseIsForeign(text: String) throws {
    #expect(try ReadText.reading(text).flags == ["foreign-language"])
  }

  @Test(arguments: [
    "履歴書 氏名 高橋一郎 生年月日 昭和六十年五月一日 性別 男 現住所 東京都千代田区丸内 学歴 東京都立戸山高等学校卒業 早稲田大学法学部入学 賞罰 無 資格 普通自動車免許",
    "職務経歴書 要件定義 基本設計 詳細設計 製造 単体試験 結合試験 運用保守 顧客折衝 予算管理 進捗管理 品質管理 人材育成 業務改善",
    "2018年4月 入学 2022年3月 卒業 2022年4月 入社 2024年5月 昇進 2025年6月 退社 2025年7月 現在",
    "國學院大學文學部卒業。澤田と齋藤の下で営業を担当しました。",
  ])
  func japaneseWithFewKanaIsNot(text: String) throws {
    #expect(try ReadText.reading(text).flags.isEmpty)
  }

  @Test func textReadAsAnotherEncodingIsGarbled() throws {
    // 「履歴書 職務経歴 設計と開発を担当した。」 and more, in UTF-8, taken for Shift-JIS.
    let text = "螻･豁ｴ譖ｸ 閨ｷ蜍咏ｵ梧ｭｴ 險ｭ險医髢狗匱縲∬ｩｦ鬨薙驕狗畑縲∝霧讌ｭ縲∵署譯医∝･醍ｴ縲∝譫舌∫ｵｱ險医∵蕗閧ｲ縲"
    #expect(try ReadText.reading(text).flags == ["garbled"])
  }

  /// What fonts say whose tables are wrong, or that have none.
  @Test(arguments: [
    "氏à高±一¡ æ÷çMÙ¤力ßÑ{ æNÇᮺ山8?#íæ5.0=WÆ門ãÂ1⁄4Þz生ᶆã.0=WæbÆ3Ã|用ñ öß 3⁄4ÑÏöÏ×{.Ä>s6Ps0æa行I0 立ÏzÍ止Ö ìEÏöÏ×{ ðñ±Æ門àÉ力ÏÞ工|æ自îX",
    "╭TÒ音ã ¥0ûIỾ^Äᘰþጵ用ભ Úþጵ෢5用ᅺJ v¶ᵴI子og日ᮺÇNᒮ月 ᮺ入ᵴI子og日ᮺÇNᒮ月 Æ^工෢5ÄᘰÆ^工෢5^大工9ਚ月",
  ])
  func lettersOfEveryScriptAreGarbled(text: String) throws {
    #expect(try ReadText.reading(text).flags == ["garbled"])
  }

  /// What costs the dictionary much is none the less what somebody wrote.
  @Test(arguments: [
    "a b c d e f g h i j k l m n o p q r s t\n項目 一覧 設定\n",
    "XJ-2040 AB-33 型番 QZ7\n部品 KX-901/B 図番 3F-22\nFX5U GOT2000\n",
    "Nguyễn Văn An Trần Thị Bích Lê Hoàng Phạm Quốc\nHà Nội Đà Nẵng ホーチミン\n日本語能力試験N2 通訳\n",
    "2019/04 XYZ Inc. PM/PL 5名 Java8 AWS(EC2,RDS,S3,ELB)\n2020/04 ABC K.K. SE 3名 TS/React18 GCP(GKE,BQ)\n担当:要件定義・設計\n",
    "ポリエチレンテレフタレート ヘキサメチレンジアミン ジメチルホルムアミド アクリロニトリル NMR GC-MS HPLC\n合成 分析\n",
    "タカハシ ケイスケ\nササキ ハナコ\nグエン ヴァン アン\n",
  ])
  func rareWordsAreNotGarbled(text: String) throws {
    for text in [text, text + text + text] {
      #expect(try ReadText.reading(text).flags.isEmpty)
    }
  }

  /// A rewriting that renumbers a font's kana makes single signs of them: such a text looks like one, and is none.
  @Test func kanaThatBecameSignsAreGarbled() throws {
    let text =
      "クラウド移行~計画を立案し1費用試算と危険分析を~とめ~し2移行{監視項目を整理し1呼出件数を半分{減1してい~す2新入社員研修~講師xしv1"
      + "設計書~書き方や単体試験~考え方を教え~し2受講者~満足度w高く1翌年度も講師を依頼され~し2"
    #expect(try ReadText.reading(text).flags == ["garbled"])
  }

  /// A table that exchanges kana leaves small ones where nothing can be spoken so; the second is EUC-JP, taken for
  /// Shift-JIS.
  @Test(arguments: [
    "職務経歴書。エボツブおと移行と計画ゅ立案ぼ、費用と試算ざ危険と分析ゅむざくむぼき。監視と項目ゅ整理ぼう、呼ぁ出ぼと件数ゅ半分ち減わぼうびむぶ。新入社員と研修と講師ざぼう、設計書と書え方さ単体試験とさね方ゅ教ぉむぼき。",
    "ｿｦﾌｳｷﾐﾎ｣･ｯ･鬣ｦ･ﾉ､ﾘ､ﾎｰﾜｹﾔ､ﾎｷﾗｲ隍ｩｰﾆ､ｷ｡｢ﾈﾑ､ﾎｻ錥ｻ､ﾈｴ昤ｱ､ﾎﾊｬﾀﾏ､ﾞ､ﾈ､皃ﾞ､ｷ､ｿ｡｣ｴﾆｻ､ﾎｹ猯ﾜ､ｰﾍ､ｷ､ﾆ｡｢ｸﾆ､ﾓｽﾐ､ｷ､ﾎｷｿｾﾊｬ､ﾋｸｺ､鬢ｷ､ﾆ､､､ﾞ､ｹ｡｣",
    "ｴﾐｭﾉｴｭﾉﾗﾂﾐﾉｻﾐｻｻﾉｭｻﾗﾂﾉｦｭｦｻﾗｦｭｭｴｻﾉｻｻﾐｭﾗﾐﾉﾗｭｴﾂｻｻｻｻﾗﾗﾉｦｦｴﾂﾂﾉｻｦﾐｻﾗﾉｴﾐｭﾉｦｴﾐﾐｭｦｻﾉｻｻﾂｴｻｦﾂｭﾉｦｦﾐﾉｴｻｴﾂｭｦｦｭﾗﾂｻｦｴｭｻﾉｻﾐﾉﾗｭ",
  ])
  func kanaThatNobodyCanSpeakAreGarbled(text: String) throws {
    #expect(try ReadText.reading(text).flags == ["garbled"])
  }

  @Test(arguments: [
    "まぁ、そうですねぇ。じゃぁ、フォローやファイルのアップロードもやっちゃおうって、ヴァイオリンの先生がおっしゃったぁ。",
    "ア、イ、ウ、エの順に、フィードバックとウェブのデューデリジェンスを進め、クォータとスィッチの設定を終えました。・・・・・・・",
    "シェフ、ジェル、チェロ、ティー、トゥール、ドゥーラ、ツァー、ヒュー、ミュート、リョウ、ビュー、ピョン、ギャップ、ニュース、テュー、フュー、ヴュー",
  ])
  func kanaOfEveryStyleAreNotGarbled(text: String) throws {
    #expect(try ReadText.reading(text).flags.isEmpty)
  }

  @Test func rangesAndBarsAreNotGarbled() throws {
    let jobs = "2012年4月~現在 要件定義|基本設計|詳細設計|製造|試験、平成30年~令和元年 教育|研修|評価を担当しました。"
    let text = Array(repeating: jobs, count: 4).joined(separator: "\n")
    #expect(try ReadText.reading(text + "\n関数のx軸とy軸の説明を続けました。").flags.isEmpty)
  }
}
