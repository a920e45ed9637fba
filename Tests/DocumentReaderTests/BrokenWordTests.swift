import TestSupport
import Testing

@testable import DocumentReader

/// Words that a line, a column or a page breaks, where the places of the lines alone do not tell.
///
/// Narrow cells of tables break most words of a résumé; broken ones count as other words or as none.
@Suite struct BrokenWordTests {
  private func nouns(_ content: String) throws -> [String] {
    try nouns(SamplePDF.page(content))
  }

  private func nouns(_ document: [UInt8]) throws -> [String] {
    try ReadText.reading(document).tokens.filter { $0.kept && $0.kind == .word }.map(\.term)
  }

  /// A row of a table whose cells are wrapped.
  private func row(_ cells: [(x: Double, lines: [String])], top: Double) -> String {
    cells.map { SamplePDF.lines($0.lines, x: $0.x, top: top, pitch: 14) }.joined()
  }

  @Test func aWordBrokenInANarrowCellIsOne() throws {
    let found = try nouns(
      row([(50, ["2018年"]), (120, ["画像診", "断装置", "の営業"]), (220, ["営業担", "当"])], top: 780)
        + row([(50, ["2020年"]), (120, ["部門横", "断の会", "議資料"]), (220, ["企画リ", "ーダー"])], top: 700))
    for noun in ["診断", "装置", "担当", "会議", "リーダ"] { #expect(found.contains(noun), "\(noun)") }
  }

  /// The head of the next table stands right below a date in many forms.
  @Test func aDateTakesNoWordFromTheRowBelow() throws {
    let page = SamplePDF.page(
      row([(50, ["生年月日"]), (120, ["1982年10月3日"])], top: 780)
        + row([(50, ["年"]), (120, ["月"]), (150, ["学歴・職歴"])], top: 764))
    #expect(try ReadText.reading(page).text.contains("3日\n"))
    #expect(try !nouns(page).contains("日月"))
  }

  @Test func theNameOfAQualificationIsWholeWhereverItsLineEnds() throws {
    let found = try nouns(
      SamplePDF.lines([
        "基本情報技術者試験、日商簿記検定二級、普通自動車第一種運転", "免許", "■自己紹介",
        "非機能要件の検討や立案を得意とし、一方で方針の見直しにも柔軟に対応しながら改善します。",
      ]))
    #expect(found.contains("普通自動車第一種運転免許"))
  }

  @Test func entriesBelowEachOtherStayApart() throws {
    let page = SamplePDF.page(
      SamplePDF.lines(["営業部", "総務部", "経理部"], x: 120)
        + SamplePDF.lines(["Python", "Docker", "kubernetes", "terraform"], x: 300))
    let text = try ReadText.reading(page).text
    for entry in ["営業部", "総務部", "経理部", "Python", "Docker", "kubernetes", "terraform"] {
      #expect(text.split(whereSeparator: \.isWhitespace).contains(Substring(entry)), "\(entry)")
    }
  }

  @Test func lettersCutAtTheEdgeOfACellAreOneWord() throws {
    let found = try nouns(
      row([(50, ["環境"]), (120, ["Python、Postg", "reSQL、Tablea", "u、Docker"])], top: 780))
    for noun in ["python", "postgresql", "tableau", "docker"] {
      #expect(found.contains(noun), "\(noun)")
    }
  }

  @Test func aWordWithAHyphenAtTheEndOfItsLineIsOne() throws {
    let found = try nouns(SamplePDF.lines(["データ基盤の開発ではPost-", "greSQLを用いました。"]))
    #expect(found.contains("postgresql"))
  }

  @Test func wordsOfAWrappedNameStayApart() throws {
    let lines = ["売上の分析には表計算とPower", "BI を用いて報告しました。"]
    #expect(try nouns(SamplePDF.lines(lines)).contains("power bi"))
  }

  /// Lines of a cell, each in its middle.
  private func centred(_ lines: [String], around middle: Double) -> String {
    lines.enumerated().map {
      SamplePDF.show(
        $0.element, x: middle - Double($0.element.count) * 5, y: 740 - Double($0.offset) * 14)
    }.joined()
  }

  /// Of three words of one name, no two are a name of their own.
  @Test func aNameInThreeLinesIsOne() throws {
    let lines = ["Amazon", "Web", "Services"]
    for cells in [
      centred(lines, around: 120) + centred([".NET", "Framework"], around: 260),
      row([(50, lines), (260, ["GitHub", "Actions"])], top: 740),
    ] {
      #expect(try nouns(cells).contains("amazon web services"))
    }
    #expect(try nouns(centred([".NET", "Framework"], around: 260)).contains(".net framework"))
    #expect(try nouns(centred(["GitHub", "Angular", "JS"], around: 260)).contains("angularjs"))
  }

  /// Where a line has room for both, they are entries of a list.
  @Test func centredEntriesStayApart() throws {
    let lines = ["Kubernetes、PostgreSQL", ".NET", "Framework"]
    #expect(try !nouns(centred(lines, around: 260)).contains(".net framework"))
  }

  @Test func aWordBrokenBetweenColumnsIsOne() throws {
    let left = (0..<8).map { _ in "業務の改善と教育を続けました。" } + ["首都圏の病院に対する画像診"]
    let right = ["断装置の販売を任されました。"] + (0..<8).map { _ in "地域の団体を支援しました。" }
    let found = try nouns(SamplePDF.lines(left, x: 40) + SamplePDF.lines(right, x: 320))
    #expect(found.contains("診断"))
  }

  @Test(arguments: [false, true])
  func aWordBrokenBetweenPagesIsOne(hasHeads: Bool) throws {
    func withHead(_ content: String, _ page: Int) -> String {
      hasHeads
        ? SamplePDF.lines(["職務経歴書　山本圭介"], top: 796) + content
          + SamplePDF.lines(["\(page)/2"], top: 40) : content
    }
    let second =
      "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 10 0 R"
      + "/Resources<</Font<</H 5 0 R>>>>>>"
    let document = SamplePDF.page(
      withHead(SamplePDF.lines(["業務の改善と教育を続け、首都圏の病院に対する画像診"], top: 80), 1),
      more: [
        second,
        SamplePDF.stream(withHead(SamplePDF.lines(["断装置の販売を任されました。", "以上"]), 2)),
      ], kids: "[3 0 R 9 0 R]/Count 2")
    #expect(try nouns(document).contains("診断"))
  }

  @Test func textAcrossThePageBreaksNoLine() throws {
    let stamp = "CONFIDENTIAL".utf8.enumerated().map { offset, letter in
      let place = 120 + Double(offset) * 32
      let code = "00" + String(letter, radix: 16)
      return "BT /H 50 Tf .7 .7 -.7 .7 \(place) \(place + 250) Tm <\(code)> Tj ET\n"
    }
    let lines = (0..<30).map { _ in "製造工程の教育訓練と設備保全の計画を担当し、歩留まりを改善しました。" }
    let found = try nouns(stamp.joined() + SamplePDF.lines(lines, top: 760))
    #expect(found.count { $0 == "訓練" } == 30)
    #expect(found.contains("confidential"))
  }
}
