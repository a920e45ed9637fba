import Testing
import TestSupport

@testable import DocumentReader

/// Forms made with spreadsheets spread their labels over the cell: the last character must not go to the value.
struct DistributedLabelTests {
  /// A label from 50 to 140 points, and its value three points further right.
  private func row(_ label: String, _ value: String, y: Double) -> String {
    let step = 80 / Double(label.count - 1)
    let characters = label.enumerated().map {
      SamplePDF.show(String($0.element), x: 50 + Double($0.offset) * step, y: y)
    }
    return characters.joined() + SamplePDF.show(value, x: 143, y: y)
  }

  private func lines(_ content: String) throws -> [String] {
    try ReadText.reading(SamplePDF.page(content)).text.split(separator: "\n").map(String.init)
  }

  @Test func eachLabelAndItsValueAreTwoCells() throws {
    let rows = [
      ("氏名", "御手洗"), ("生年月日", "平成六年生"), ("電話", "内線番号"), ("配偶者", "有"), ("現住所", "仙台"),
      ("免許・資格", "看護師"),
    ]
    let content = rows.enumerated().map {
      row($0.element.0, $0.element.1, y: 780 - 24 * Double($0.offset))
    }
    let found = try lines(content.joined())
    #expect(found == rows.flatMap { [$0.0, $0.1] })
  }

  /// Two characters alone say too little.
  @Test func whatStandsAloneIsNoLabel() throws {
    let content = row("氏名", "御手洗", y: 780) + SamplePDF.show("看護師として勤務しました。", x: 60, y: 740)
    #expect(try lines(content).contains("御手洗") == false)
  }

  @Test func cellsThatMakeNoWordAreNone() throws {
    let content = (0..<4).map { row("有無良", "看護師", y: 780 - 24 * Double($0)) }
    #expect(try lines(content.joined()).contains("有無良") == false)
  }
}
