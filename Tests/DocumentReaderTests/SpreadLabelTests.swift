import TestSupport
import Testing

@testable import DocumentReader

/// Forms made with spreadsheets spread their labels over the cell (均等割り付け), right before the value: its last character
/// must not go to the value, and no value's first to the label.
@Suite struct SpreadLabelTests {
  /// A text whose characters stand from one place to another.
  private func spread(_ text: String, from left: Double = 50, to right: Double, y: Double) -> String
  {
    let step = (right - left - 10) / Double(text.count - 1)
    return text.enumerated().map {
      SamplePDF.show(String($0.element), x: left + Double($0.offset) * step, y: y)
    }.joined()
  }

  /// Labels from 50 to 140 points, and their values 3 points further right.
  private func form(_ rows: [(String, String)]) -> String {
    rows.enumerated().map { row, texts in
      let y = 780 - 24 * Double(row)
      return spread(texts.0, to: 140, y: y) + SamplePDF.show(texts.1, x: 143, y: y)
    }.joined()
  }

  private let sentences = [
    "基幹システムの設計と開発を担当し、要件定義から運用保守まで", "一貫して従事しました。機械学習を用いた需要予測の構築を行い",
    "品質の改善を進めました。",
  ]

  /// The lines of a page that ends with some sentences, without these.
  private func lines(_ content: String) throws -> [String] {
    let page = SamplePDF.page(content + SamplePDF.lines(sentences, top: 200))
    let lines = try ReadText.reading(page).text.split(separator: "\n").map(String.init)
    #expect(lines.last == sentences.joined())
    return lines.dropLast()
  }

  @Test func labelsOfOneColumnAndTheirValuesAreCells() throws {
    let rows = [
      ("氏名", "御手洗"), ("生年月日", "平成六年生"), ("電話", "内線番号"), ("配偶者", "有"), ("現住所", "仙台"),
      ("免許・資格", "看護師"), ("ふりがな", "みたらい"),
    ]
    #expect(try lines(form(rows)) == rows.flatMap { [$0.0, $0.1] })
  }

  /// The dictionary has each of them, and the values stand in one column as well.
  @Test func labelsOfTwoCharactersEachAreCells() throws {
    let rows = [("氏名", "御手洗"), ("住所", "仙台市内"), ("電話", "内線番号")]
    #expect(try lines(form(rows)) == rows.flatMap { [$0.0, $0.1] })
  }

  /// A label as long as its cell is wide, in two lines beside those of its value.
  @Test func aLabelThatFillsItsCellIsNoPartOfItsValue() throws {
    let rows = [("氏名", "御手洗"), ("生年月日", "平成六年生")]
    let content =
      form(rows) + SamplePDF.lines(["得意な分野と専門科", "目など"], x: 50, top: 700, pitch: 12)
      + SamplePDF.lines(["循環器の看護に長く携わりました", "ので得意です。"], x: 143, top: 700, pitch: 12)
    let found = try lines(content)
    #expect(found.contains("得意な分野と専門科目など"))
    #expect(found.contains("循環器の看護に長く携わりましたので得意です。"))
  }

  /// Two characters alone say too little.
  @Test func whatStandsAloneIsNoLabel() throws {
    let content = form([("氏名", "御手洗")]) + SamplePDF.show("看護師として勤務しました。", x: 60, y: 700)
    #expect(try lines(content).contains("御手洗") == false)
  }

  @Test func cellsThatMakeNoWordAreNone() throws {
    let rows = [("有無良", "看護師"), ("有無", "看護師"), ("有無良", "保健師"), ("良可", "助産師")]
    #expect(try lines(form(rows)).contains("有無良") == false)
  }

  @Test func headingsAsWideAsThePageAreWords() throws {
    let content =
      spread("履歴書", to: 540, y: 800) + spread("学歴・職歴", from: 150, to: 540, y: 760)
      + SamplePDF.show("年", x: 60, y: 760) + SamplePDF.show("月", x: 95, y: 760)
      + SamplePDF.show("看護師として総合病院に勤務しました。", x: 150, y: 740)
    let found = try lines(content)
    #expect(found.contains("履歴書") && found.contains("学歴・職歴"))
  }

  /// Their first characters stand below each other, as do their last ones and those in the middle: none is a label that
  /// is set vertically.
  @Test func labelsOfOneColumnAreNotReadDownwards() throws {
    let labels = ["通勤時間", "扶養家族数", "配偶者", "本人希望記入欄"]
    let content = labels.enumerated().map { row, label in
      let y = 780 - 15 * Double(row)
      return spread(label, to: 200, y: y) + SamplePDF.show("希望いたします", x: 215, y: y)
    }.joined()
    #expect(try lines(content) == labels.flatMap { [$0, "希望いたします"] })
  }

  /// A page may be spaced: where its lines begin with words up to a letter, these are no labels.
  @Test(arguments: [3.0, 10])
  func linesOfASpacedPageAreNotCut(spacing: Double) throws {
    let lines = ["設計開発にJavaを用いた", "運用保守の経験を積みました", "応用情報技術者の資格を取得", "要件定義から担当しました"]
    let content = SamplePDF.lines(lines, pitch: 20, spacing: spacing)
    let reading = try ReadText.reading(SamplePDF.page(content))
    for line in lines { #expect(reading.text.contains(line)) }
  }

  private func table(_ rows: [[String]], columns: [Double]) -> String {
    rows.enumerated().map { line, row in
      zip(row, columns).map { cell, x in
        SamplePDF.show(
          cell, x: x - 5 * Double(cell.unicodeScalars.count), y: 780 - 20 * Double(line))
      }.joined()
    }.joined()
  }

  /// 「年月」 is a word as well, but each heads a column of its own.
  @Test(arguments: [[60.0, 110, 250], [60, 140, 300]])
  func charactersThatHeadColumnsAreNoWord(columns: [Double]) throws {
    let rows = [
      ["年", "月", "学歴・職歴"], ["2012", "3", "高等学校卒業"], ["2012", "4", "専門学校入学"],
    ]
    let found = try lines(table(rows, columns: columns))
    #expect(found.contains("年") && found.contains("月") && !found.contains("年月"))
  }

  /// 「読書」 and 「優良」 are words as well.
  @Test(arguments: [
    [["言語", "読", "書", "会話"], ["英語", "優", "良", "不可"], ["仏語", "良", "優", "不可"]],
    [["読", "書"], ["優", "良"]],
  ])
  func cellsOfOneCharacterAreNoWord(rows: [[String]]) throws {
    let found = try lines(table(rows, columns: [60, 120, 180, 240]))
    #expect(found.contains("読") && found.contains("書") && !found.contains("読書"))
    #expect(found.contains("優") && !found.contains("優良"))
  }
}
