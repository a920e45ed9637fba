import TestSupport
import Testing

@testable import DocumentReader

/// How lines are set: flush right, shadowed, turned, spread.
///
/// Each kind came from a browser or a word processor and cost an applicant words.
@Suite struct LayoutTests {
  private let sentences = [
    "基幹システムの設計と開発を担当し、要件定義から運用保",
    "守まで一貫して従事しました。機械学習を用いた需要予測",
    "の構築を行い、品質の改善を進めました。",
  ]

  private func text(_ content: String) throws -> String {
    try ReadText.reading(SamplePDF.page(content)).text
  }

  /// Lines that end at one place, as far as their characters are of full width.
  private func flushRight(_ lines: [String]) -> String {
    lines.enumerated().map {
      SamplePDF.show(
        $0.element, x: 560 - Double($0.element.count) * 10, y: 780 - Double($0.offset) * 14)
    }.joined()
  }

  @Test func linesSetFlushRightDoNotLean() throws {
    let short = ["設計", "要件定義と開発", "運用", "品質改善と予測", "構築", "機械学習と統計"]
    let found = try text(flushRight(short + sentences + short))
    #expect(
      found.split(separator: "\n").map(String.init).filter { short.contains($0) } == short + short)
  }

  @Test func aParagraphSetFlushRightIsJoined() throws {
    let found = try text(flushRight(sentences))
    #expect(found == sentences.joined())
  }

  @Test func aShortLineAboveALongOneEndsByItself() throws {
    let lines = ["２０２６年４月１日現在", "志望職種"] + sentences
    #expect(try text(SamplePDF.lines(lines)).hasPrefix("2026年4月1日現在\n志望職種\n"))
  }

  /// Parts of a line with a space between them that is as narrow as many fonts have it.
  private func spaced(_ parts: [String], y: Double) -> String {
    var x = 50.0
    return parts.map { part in
      defer { x += Double(part.count) * 10 + 2.3 }
      return SamplePDF.show(part, x: x, y: y)
    }.joined()
  }

  @Test func aSpaceBetweenWordsStays() throws {
    let rows = [["九州工業大学", "情報工学部", "機械情報工学科", "入学"], ["山本", "太郎"]]
    let found = try text(
      spaced(rows[0], y: 700) + spaced(rows[1], y: 660) + spaced("職務経歴書".map(String.init), y: 740))
    #expect(
      found.split(separator: "\n")
        == ["職務経歴書"] + rows.map { Substring($0.joined(separator: " ")) })
  }

  /// Headings between brackets and labels before colons are spread as often as those that stand alone.
  @Test(arguments: [
    ("【学　歴】", "【学歴】"), ("■職　歴", "■職歴"), ("１．免　許・資　格", "1.免許・資格"),
    ("氏　名（ふりがな）", "氏名(ふりがな)"), ("資　格：応用情報技術者", "資格:応用情報技術者"),
    ("言　語：英　語", "言語:英語"), ("＜志　望　動　機＞", "<志望動機>"),
  ])
  func aSpreadWordBesideASignIsOne(label: String, word: String) throws {
    #expect(try text(SamplePDF.show(label, x: 50, y: 700)) == word)
    #expect(try ReadText.reading(label).text == word)
    // Labels of one form begin below each other, and so do their second characters.
    let form = ["資　格：簿記二級", "特　技：水泳", label, "趣　味：読書"]
    #expect(try text(SamplePDF.lines(form)).split(separator: "\n").contains(Substring(word)))
  }

  @Test func aValueIsNoPartOfTheNextLabel() throws {
    #expect(try text(SamplePDF.show("英語：可　車：有", x: 50, y: 700)).contains("可車") == false)
    #expect(try ReadText.reading("英語：可　車：有").text == "英語:可 車:有")
  }

  /// Characters spread to the width of the longest label, as word processors and forms do.
  @Test func labelsAsWideAsTheirColumnAreWhole() throws {
    let labels = [("資格", "応用情報技術者"), ("自己紹介", "開発を担当"), ("趣味", "登山"), ("氏名", "山本圭介")]
    let page = labels.enumerated().map { row, entry in
      let y = 700 - Double(row) * 20
      let step = 90 / Double(entry.0.count - 1)
      return entry.0.enumerated().map {
        SamplePDF.show(String($0.element), x: 50 + Double($0.offset) * step, y: y)
      }.joined() + SamplePDF.show(entry.1, x: 180, y: y)
    }.joined()
    let lines = try text(page).split(separator: "\n")
    for label in labels { #expect(lines.contains(Substring(label.0)), "\(label.0)") }
  }

  @Test func entriesBehindTheirLabelsStayApart() throws {
    let lines = ["趣味：登山、読書、映画鑑賞、音楽", "特技：料理", "資格：応用情報技術者試験合格", "言語：英語、中国語"]
    #expect(
      try text(SamplePDF.lines(lines)).split(separator: "\n").map { $0.prefix(2) }
        == ["趣味", "特技", "資格", "言語"])
  }

  /// A font that holds nothing but kana of half width tells no em.
  @Test func kanaOfHalfWidthStayInTheirLine() {
    let boxes = "ﾌﾟﾛｼﾞｪｸﾄ".unicodeScalars.enumerated().map { place, scalar in
      let x = 50 + Double(place) * 5
      let isLong = scalar == "ｪ"
      return Glyph(
        scalar: scalar, x1: x, y1: isLong ? 98 : 100, x2: x + 5, y2: 110, font: isLong ? 1 : 0)
    }
    #expect(Reflow(boxes, orientation: .horizontal).lines == ["ﾌﾟﾛｼﾞｪｸﾄ"])
  }

  @Test func rowsOfSeveralPartsAreNotJoined() throws {
    let rows = [
      ["２０１３年８月", "普通自動車第一種運転免許", "取得"], ["２０１６年１１月", "応用情報技術者試験", "合格"],
      ["２０１７年６月", "基本情報技術者試験", "合格"], ["２０１９年２月", "日商簿記検定二級", "合格"],
    ]
    let reading = try ReadText.reading(
      SamplePDF.page(SamplePDF.lines(rows.map { $0.joined(separator: "　") }, pitch: 20)))
    for row in rows {
      #expect(reading.text.split { $0.isWhitespace }.contains(Substring(row[1])), "\(row[1])")
    }
  }

  @Test func whatStandsFurtherBelowIsAnotherCell() throws {
    let cells = [
      ["勘定系システムの保守、開発標準の整備、新人", "教育の企画運営、障害対応の自動化の推進を担当"], ["一身上の都合により退職"],
    ]
    let found = try text(
      SamplePDF.lines(cells[0], top: 700, pitch: 14)
        + SamplePDF.lines(cells[1], top: 664, pitch: 14))
    #expect(found.split(separator: "\n") == cells.map { Substring($0.joined()) })
  }

  @Test func aShadowCountsOnce() throws {
    let shadow = SamplePDF.lines(sentences, x: 50.8, top: 778.2)
    let reading = try ReadText.reading(SamplePDF.page(shadow + SamplePDF.lines(sentences)))
    #expect(reading.text == sentences.joined())
  }

  @Test func whatIsWrittenTwiceCountsTwice() throws {
    let reading = try ReadText.reading(SamplePDF.page(SamplePDF.lines(["設計設計", "llll", "設計"])))
    #expect(reading.text == "設計設計\nllll\n設計")
  }

  @Test func aVerticalParagraphOnAHorizontalPageIsReadDownwards() throws {
    let before = SamplePDF.lines(["職務経歴", "営業戦略の立案と顧客管理の改善を担当"])
    let vertical = sentences.enumerated().map {
      SamplePDF.show($0.element, x: 300 - Double($0.offset) * 18, y: 700, font: "V")
    }.joined()
    let after = SamplePDF.lines(["資格は基本情報技術者試験"], top: 300)
    let lines = try text(after + before + vertical).split(separator: "\n").map(String.init)
    #expect(
      lines == ["職務経歴", "営業戦略の立案と顧客管理の改善を担当", sentences.joined(), "資格は基本情報技術者試験"])
  }

  @Test func theLabelOfATablesRowsIsReadDownwards() throws {
    let label = "志望動機".enumerated().map {
      SamplePDF.show(String($0.element), x: 50, y: 700 - Double($0.offset) * 12)
    }.joined()
    let found = try text(label + SamplePDF.lines(sentences, x: 100, top: 712))
    #expect(found.contains("志望動機") && found.contains("開発を担当し"))
  }

  /// The heads of narrow columns, one character below the other, or lying on their side.
  @Test(arguments: [false, true])
  func theHeadsOfNarrowColumnsAreWords(lieOnTheirSide: Bool) throws {
    let heads = ["要件定義", "基本設計", "詳細設計", "製造", "結合試験", "運用保守"]
    let content = heads.enumerated().map { column, head in
      let x = 160 + 24 * Double(column)
      if lieOnTheirSide {
        return SamplePDF.show(head, x: x, y: 640).replacing("1 0 0 1", with: "0 1 -1 0")
      }
      return head.enumerated().map {
        SamplePDF.show(String($0.element), x: x, y: 700 - Double($0.offset) * 11)
      }.joined()
    }.joined()
    let rows = ["契約管理", "配車計画"].enumerated().map { row, name in
      let y = 620 - 20 * Double(row)
      return SamplePDF.show(name, x: 50, y: y)
        + heads.indices.map { SamplePDF.show("○", x: 160 + 24 * Double($0), y: y) }.joined()
    }.joined()
    let lines = try text(content + rows + SamplePDF.lines(sentences, top: 500))
      .split(separator: "\n").map(String.init)
    for head in heads { #expect(lines.contains(head)) }
  }

  @Test func oneBelowTheOtherInColumnsIsNoLabel() throws {
    let cells = ["有", "無", "有", "無"].enumerated().map {
      SamplePDF.show($0.element, x: 50, y: 700 - Double($0.offset) * 18)
    }.joined()
    let found = try text(cells + SamplePDF.lines(sentences))
    #expect(found == sentences.joined() + "\n有\n無\n有\n無")
  }

  @Test func lettersWhoseBoxesHoldTheirSpacingStayTogether() {
    var (x, glyphs): (Double, [Glyph]) = (0, [])
    for scalar in "用いた経験、Node.js、設計".unicodeScalars {
      let width = scalar.isIdeographic ? 10.0 : 8.0
      glyphs.append(Glyph(scalar: scalar, x1: x, y1: 0, x2: x + width, y2: 10))
      // Ideographs leave the spacing beside their boxes, and so does the last letter before a break.
      x += width + (scalar.isIdeographic || scalar == "." ? 3 : 0)
    }
    #expect(Segment(glyphs).text == "用いた経験、Node.js、設計")
  }

  @Test func aShortLineIsAsSpreadAsThePage() throws {
    let found = try text(SamplePDF.lines(sentences + ["自己ＰＲ"], pitch: 24, spacing: 10))
    #expect(found.hasSuffix("自己PR"))
  }

  @Test func readingAidsStandUpToHalfACharacterAbove() throws {
    let content =
      SamplePDF.show("情報処理の専門", x: 50, y: 700, size: 12)
      + SamplePDF.show("じょうほう", x: 50, y: 716, size: 5)
    #expect(try text(content) == "情報処理の専門")
  }

  /// 履歴書 on A3, two pages beside each other: one with the career, one with the licences and reasons.
  @Test func theTwoHalvesOfAnA3FormStayApart() throws {
    let left = [("2018", "4", "東西大学入学"), ("2022", "3", "東西大学卒業"), ("2022", "4", "株式会社南北入社")]
    let right = [("2019", "6", "基本情報技術者試験合格"), ("2021", "9", "日商簿記検定合格")]
    var content = ""
    for (x, rows) in [(60.0, left), (655.0, right)] {
      for (index, row) in rows.enumerated() {
        let y = 700 - Double(index) * 20
        content += SamplePDF.show(row.0, x: x, y: y)
        content += SamplePDF.show(row.1, x: x + 55, y: y)
        content += SamplePDF.show(row.2, x: x + 80, y: y)
      }
    }
    content += SamplePDF.lines(sentences, x: 655, top: 500)
    content += SamplePDF.lines(["志望職種は基盤の設計"], x: 60, top: 500)
    let page = String(decoding: SamplePDF.page(content), as: UTF8.self)
      .replacing("/MediaBox[0 0 595 842]", with: "/MediaBox[0 0 1191 842]")
    let lines = try ReadText.reading(Array(page.utf8)).text.split(separator: "\n").map(String.init)
    let cells = (left + right).map(\.2)
    #expect(lines.filter(cells.contains).sorted() == cells.sorted())
    #expect(lines.contains(sentences.joined()) && lines.contains("志望職種は基盤の設計"))
  }

  /// The second line of an entry stands below its text, not below its number.
  @Test(arguments: ["二、", "１．", "(3)"])
  func anEntrysLaterLinesStandBelowItsText(number: String) throws {
    let text = ["基幹システムの設計と開発を担当し、要件定義から運用保守までの業務に従", "事。機械学習を用いた需要予測の構築も担当しました。"]
    let x = 50 + 10 * Double(number.count)
    let content =
      SamplePDF.lines(sentences, top: 780) + SamplePDF.show(number + text[0], x: 50, y: 600)
      + SamplePDF.show(text[1], x: x, y: 584)
    #expect(try self.text(content).contains(text.joined()))
  }

  /// Squared paper has no spaces between letters.
  @Test func lettersInSquaresAreWords() {
    let glyphs = "・TypeScript と AWSを用いた開発".unicodeScalars.enumerated().compactMap { place, scalar in
      let half = scalar.isASCIIWord ? 2.5 : 5
      let middle = 50 + 11 * Double(place)
      return scalar == " "
        ? nil : Glyph(scalar: scalar, x1: middle - half, y1: 100, x2: middle + half, y2: 110)
    }
    #expect(Segment(glyphs).text.contains("TypeScript"))
    #expect(Segment(glyphs).text.contains("AWS"))
  }
}
