import TestSupport
import Testing

@testable import DocumentReader

/// Pages whose characters poppler gives in a wrong order, or whose boxes tell none: a résumé read backwards has no
/// noun that a model knows.
@Suite struct TurnedPageTests {
  private let sentences = [
    "基幹システムの設計と開発を担当し、要件定義から運用保守まで", "一貫して従事しました。機械学習を用いた需要予測の構築を行い",
    "品質の改善を進めました。", "基幹システムの設計と開発を担当し、要件定義から運用保守まで経験",
    "一貫して従事しました。機械学習を用いた需要予測の構築を行い経験", "品質の改善を進めました。経験",
  ]

  private func drawnText(_ page: [UInt8]) throws -> String {
    try #require(PDFDocument(page).page(0, atMost: 10_000)).text
  }

  @Test(arguments: [(0, []), (90, ["rotated"]), (180, ["rotated"]), (270, ["rotated"])])
  func aTurnedPageInAFontOfDrawingsIsRead(turn: Int, flags: [String]) throws {
    let page = SamplePDF.drawn(sentences, turn: turn)
    #expect(try drawnText(page).contains(turn == 0 ? "システム" : "ムテスシ"))
    let reading = try ReadText.reading(page)
    #expect(reading.flags == flags)
    let plain = try ReadText.reading(sentences.joined(separator: "\n"))
    #expect(ReadText.recall(of: plain, in: reading) >= 0.95)
  }

  @Test func charactersThatRunFromRightToLeftAreRead() throws {
    let content = sentences.enumerated().map { row, sentence in
      sentence.enumerated().map { place, character in
        SamplePDF.show(
          String(character), x: 500 - Double(place) * 10, y: 780 - Double(row) * 16)
      }.joined()
    }.joined()
    let page = SamplePDF.page(content)
    #expect(try drawnText(page).contains("ムテスシ"))
    let reading = try ReadText.reading(page)
    #expect(reading.flags == ["rotated"])
    let plain = try ReadText.reading(sentences.joined(separator: "\n"))
    #expect(ReadText.recall(of: plain, in: reading) >= 0.95)
  }

  /// Boxes of lines that lean so much are in no rows.
  @Test func aLeaningPageThatRunsBackwardsIsTurnedRound() throws {
    let page = SamplePDF.drawn(sentences, turn: 180, lean: 8)
    #expect(try drawnText(page).contains("事従てし貫一"))
    let reading = try ReadText.reading(page)
    #expect(reading.flags.contains("reversed-mended") && reading.flags.contains("slanted"))
    #expect(reading.text.contains("一貫して従事") && !reading.text.contains("事従てし"))
  }

  /// Boxes of lines that lie over each other are in one row; the file has them one after the other.
  @Test(arguments: [1.0, 2]) func linesThatLieOverEachOtherAreReadAsDrawn(pitch: Double) throws {
    let reading = try ReadText.reading(
      SamplePDF.page(SamplePDF.lines(sentences, pitch: pitch)))
    #expect(reading.flags == ["as-drawn"])
    #expect(reading.text == sentences.joined(separator: "\n"))
  }

  /// As recognisers write what they have read on a sheet that lay askew: a space between any two characters, which a
  /// viewer never shows.
  @Test func aSearchableScanThatLeansIsRead() throws {
    let lines = [
      "職務要約", "大学卒業後、金融機関向けのウェブアプリケーションの開発に従事し、要件定義から",
      "設計、実装、試験、運用保守まで一貫して担当しました。近年は小規模な開発チームの",
      "リーダーとして進捗管理と品質改善に取り組み、顧客との折衝や若手の育成も", "経験しました。データ分析の基盤の構築では、需要予測の精度の向上に貢献しました。",
      "職務経歴", "生命保険会社の契約管理システムの再構築、請求処理の性能改善、監視の自動化",
      "信用金庫の融資審査システムの移行計画、帳票の設計、障害対応の手順の整備", "資格と得意分野",
      "基本情報技術者、簿記検定二級、業務分析、文書作成、情報セキュリティの教育",
    ]
    let spread = lines.map { $0.map(String.init).joined(separator: " ") }
    let content =
      "3 Tr\n0.9998 0.0209 -0.0209 0.9998 0 0 cm\n"
      + SamplePDF.lines(spread, size: 7, pitch: 18)
    let reading = try ReadText.reading(SamplePDF.scan(content))
    #expect(reading.flags == ["searchable-scan"])
    let plain = try ReadText.reading(lines.joined(separator: "\n"))
    #expect(ReadText.recall(of: plain, in: reading) >= 0.85)
  }
}
