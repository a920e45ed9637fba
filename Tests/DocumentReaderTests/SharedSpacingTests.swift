import TestSupport
import Testing

@testable import DocumentReader

/// Letter-spacing that is counted within the pieces of a line and not between them: a line of short pieces must not
/// fall apart into characters.
@Suite struct SharedSpacingTests {
  /// Pieces with three tenths of a character between their characters and nothing between each other.
  private func line(_ pieces: [String], y: Double) -> String {
    var x = 50.0
    return pieces.map { piece in
      defer { x += 13 * Double(piece.count) - 3 }
      return SamplePDF.show(piece, x: x, y: y, spacing: 3)
    }.joined()
  }

  @Test func aLineOfShortPiecesStaysWhole() throws {
    let long = [["看護学校を卒業後", "総合病院の循環器内科"], ["病棟に勤務し服薬指導", "退院支援を担当しました。"]]
    let short = ["電", "子カ", "ル", "テの導", "入に伴う", "記", "録様", "式の", "見直", "し"]
    let content =
      long.enumerated().map { line($0.element, y: 780 - 20 * Double($0.offset)) }.joined()
      + line(short, y: 700)
    let found = try ReadText.reading(SamplePDF.page(content)).text
    #expect(found.contains("電子カルテの導入に伴う記録様式の見直し"))
  }

  /// Between words there is a blank with a spacing on either side.
  @Test func aNameOfTwoWordsIsOneWhereALineEndsWithinIt() throws {
    let lines = [
      "・基幹システム刷新におけるプロジェクトの管理と運用", "・クラウド基盤とGitHub", "onsを用いた基盤構築",
      "・認証の維持審査への対応とその後の教育",
    ]
    let end = 50 + 15 * Double(lines[1].count) - 5
    let content =
      SamplePDF.lines(lines, pitch: 17, spacing: 5)
      + SamplePDF.show("Acti", x: end + 15, y: 763, spacing: 5)
    let reading = try ReadText.reading(SamplePDF.page(content))
    #expect(reading.nouns.map(\.term).contains("github actions"))
  }

  /// Labels before a colon are no wider spread than the rest of their page.
  @Test func labelsOfASpacedPageCutNoOtherLine() throws {
    let lines = [
      "専門学校を卒業後、食品メーカーの情報システム部門", "に配属され、受発注システムの保守と社内の運用支援", "を担当しました。", "■職務要約",
    ]
    let entries = [("言語：", "Ｊａｖａ"), ("環境：", "Ｄｏｃｋｅｒ"), ("工程：", "要求定義、基本設計")]
    let content =
      SamplePDF.lines(lines, spacing: 3)
      + entries.enumerated().map { row, entry in
        let y = 700 - 16 * Double(row)
        return SamplePDF.show(entry.0, x: 50, y: y, spacing: 3)
          + SamplePDF.show(entry.1, x: 90.5, y: y, spacing: 3)
      }.joined()
    let found = try ReadText.reading(SamplePDF.page(content)).text
    #expect(found.hasPrefix(lines[0...2].joined() + "\n" + lines[3]))
  }
}
