import TestSupport
import Testing

@testable import DocumentReader

/// Labels whose characters are parted by ideographic spaces, as are the values behind them: their gaps do not tell
/// where the value begins.
struct TypedLabelTests {
  private func lines(_ content: String) throws -> [String] {
    try ReadText.reading(SamplePDF.page(content)).text.split(separator: "\n").map(String.init)
  }

  @Test func valuesKeepTheirFirstCharacter() throws {
    let rows = [
      ("氏　名", "高橋一郎"), ("住　所", "東京都千代田区"), ("学　歴", "東京大学卒業"), ("職　歴", "株式会社山田商店"),
      ("資　格", "基本情報技術者"), ("特　技", "書道"), ("言　語", "英語中国語"), ("学　部", "情報工学科"),
    ]
    let content = rows.enumerated().map {
      SamplePDF.show("\($0.element.0)　\($0.element.1)", x: 60, y: 780 - 30 * Double($0.offset))
    }
    let found = try lines(content.joined())
    #expect(found == rows.flatMap { [$0.0.replacing("　", with: ""), $0.1] })
  }

  @Test(arguments: ["英語中国語", "情報工学科"])
  func compoundsStayWhole(value: String) throws {
    let label = value == "英語中国語" ? "言　語" : "学　部"
    let reading = try ReadText.reading(
      SamplePDF.page(SamplePDF.show("\(label)　\(value)", x: 60, y: 780)))
    #expect(reading.nouns.map(\.term).contains(value))
  }

  @Test func cellsOfOneCharacterAreNoLabelOfTheNext() throws {
    let rows = [["読", "書", "会話"], ["優", "良", "可"], ["年", "月", "学歴・職歴"], ["有", "無", "有"]]
    var content = ""
    for (line, row) in rows.enumerated() {
      for (column, cell) in row.enumerated() {
        content += SamplePDF.show(cell, x: 60 + 60 * Double(column), y: 780 - 30 * Double(line))
      }
    }
    let values: Set = ["会話", "優", "良", "可", "学歴・職歴", "有", "無"]
    let found = Set(try lines(content))
    #expect(found.isSuperset(of: values))
  }
}
