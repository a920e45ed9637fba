import TestSupport
import Testing

@testable import DocumentReader

/// The traps of pages: what poppler alone gives in the wrong order, or not at all.
@Suite struct LayoutTrapTests {
  private let sentences = [
    "基幹システムの設計と開発を担当し、要件定義から運用保守まで",
    "一貫して従事しました。機械学習を用いた需要予測の構築を行い",
    "品質の改善を進めました。",
  ]

  private func terms(_ page: [UInt8]) throws -> Set<String> {
    Set(try ReadText.reading(page).nouns.map(\.term))
  }

  /// Which share of the sentences' nouns a page has.
  private func recall(_ page: [UInt8]) throws -> Double {
    ReadText.recall(
      of: try ReadText.reading(sentences.joined()), in: try ReadText.reading(page))
  }

  private var expected: Set<String> { ["基幹", "設計", "開発", "要件定義", "機械学習", "需要予測"] }

  @Test func wrappedLinesAreJoined() throws {
    let page = SamplePDF.page(
      SamplePDF.lines(["貴社の事業内容である人材紹介サービスのシ", "ステムに魅力を感じ、これからの仕事でウェ", "ブアプリケーションの知識を活かします。"]))
    let text = try ReadText.reading(page).text
    #expect(text.contains("サービスのシステムに"))
    #expect(text.contains("ウェブアプリケーションの知識"))
  }

  @Test func cellsOfATableStayApart() throws {
    let rows = [("2018", "4", "東西大学入学"), ("2022", "3", "東西大学卒業"), ("2022", "4", "株式会社南北入社")]
    var content = ""
    for (index, row) in rows.enumerated() {
      let y = 700 - Double(index) * 20
      content += SamplePDF.show(row.0, x: 50, y: y)
      content += SamplePDF.show(row.1, x: 105, y: y)
      content += SamplePDF.show(row.2, x: 130, y: y)
    }
    let lines = try ReadText.reading(SamplePDF.page(content)).text.split(separator: "\n")
    #expect(!lines.contains { $0.contains("20184") }, "\(lines)")
    #expect(lines.contains("東西大学入学") && lines.contains("株式会社南北入社"))
  }

  @Test func columnsAreReadOneByOne() throws {
    let left = SamplePDF.lines(sentences, x: 40, size: 8)
    let right = SamplePDF.lines(["営業戦略の立案", "顧客管理の改善"], x: 320, size: 8)
    let found = try ReadText.reading(SamplePDF.page(right + left))
    let plain = try ReadText.reading(sentences.joined() + "\n営業戦略の立案\n顧客管理の改善")
    #expect(ReadText.recall(of: plain, in: found) >= 0.95)
  }

  @Test(arguments: [3.0, 5.0])
  func letterSpacingIsNoSpace(spacing: Double) throws {
    let page = SamplePDF.page(SamplePDF.lines(sentences, size: 9, pitch: 24, spacing: spacing))
    #expect(try recall(page) >= 0.95)
  }

  @Test func verticalWritingIsRead() throws {
    let content = sentences.enumerated().map {
      SamplePDF.show($0.element, x: 500 - Double($0.offset) * 20, y: 780, font: "V")
    }.joined()
    let page = SamplePDF.page(content)
    #expect(try recall(page) >= 0.95)
    #expect(try ReadText.reading(page).flags == ["vertical"])
  }

  @Test func charactersPlacedOneByOneDownThePageAreRead() throws {
    var content = ""
    for (column, sentence) in sentences.enumerated() {
      for (row, character) in sentence.enumerated() {
        content += SamplePDF.show(
          String(character), x: 500 - Double(column) * 20, y: 780 - Double(row) * 11)
      }
    }
    #expect(try recall(SamplePDF.page(content)) >= 0.95)
  }

  @Test(arguments: [90, 180, 270])
  func rotatedPagesAreReadOrFlagged(turn: Int) throws {
    let lines = sentences + sentences.map { $0 + "経験" }
    let page = SamplePDF.page(SamplePDF.lines(lines), page: "/Rotate \(turn)")
    let reading = try ReadText.reading(page)
    #expect(Set(reading.nouns.map(\.term)).isSuperset(of: expected))
    #expect(reading.flags == ["rotated"])
  }

  /// Vertical writing is vertical on a page that was laid on its side and is shown upright.
  @Test(arguments: [
    ("q 0 -1 1 0 0 842 cm", "H", 0, "rotated"), ("q 0 1 -1 0 595 0 cm", "V", 90, "vertical"),
  ])
  func whatRunsDownIsVerticalOnlyIfItsCharactersStand(
    matrix: String, font: String, turn: Int, flag: String
  ) throws {
    let lines = sentences + sentences
    let content = lines.enumerated().map { line in
      let along = Double(line.offset) * 20
      return font == "H"
        ? SamplePDF.show(line.element, x: 50, y: 560 - along)
        : SamplePDF.show(line.element, x: 700 - along, y: 560, font: font)
    }.joined()
    let page = SamplePDF.page(matrix + "\n" + content + "Q", page: "/Rotate \(turn)")
    #expect(try ReadText.reading(page).flags == [flag])
  }

  /// The operators of all pages tell together how most characters lie: not what one page among others is.
  @Test func aTurnedPageOfVerticalWritingMayFollowOneThatRunsAcross() throws {
    let across = SamplePDF.lines(sentences + sentences + sentences + sentences)
    let down = sentences.enumerated().map {
      SamplePDF.show($0.element, x: 700 - Double($0.offset) * 20, y: 560, font: "V")
    }.joined()
    let page = SamplePDF.page(
      across,
      more: [
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 10 0 R/Rotate 90"
          + "/Resources<</Font<</H 5 0 R/V 6 0 R>>>>>>",
        SamplePDF.stream("q 0 1 -1 0 595 0 cm\n\(down)Q"),
      ], kids: "[3 0 R 9 0 R]/Count 2")
    #expect(try ReadText.reading(page).flags == ["vertical"])
  }

  /// Windows prints vertical writing as lines on their side, in fonts whose characters lie on theirs.
  @Test(arguments: [
    ("Ryumin-Light", "rotated"), ("@MS-Mincho", "vertical"), ("ABCDEF+@MS-Mincho", "vertical"),
  ])
  func linesOnTheirSideAreVerticalInFontsThatAreTurned(font: String, flag: String) throws {
    let lines = SamplePDF.lines(sentences + sentences, top: 560)
    let page = SamplePDF.page("q 0 -1 1 0 0 842 cm\n\(lines)Q")
    let file = String(decoding: page, as: UTF8.self).replacing(
      "/BaseFont/Ryumin-Light", with: "/BaseFont/\(font)")
    #expect(try ReadText.reading(Array(file.utf8)).flags == [flag])
  }

  @Test func textThatRunsUpsideDownIsTurned() throws {
    let lines = sentences + sentences + sentences
    let content = "q -1 0 0 -1 595 842 cm\n" + SamplePDF.lines(lines) + "Q"
    let reading = try ReadText.reading(SamplePDF.page(content))
    #expect(Set(reading.nouns.map(\.term)).isSuperset(of: expected))
    #expect(reading.flags == ["rotated"])
  }

  @Test func formValuesWithoutAppearanceAreRead() throws {
    let field =
      "<</Type/Annot/Subtype/Widget/FT/Tx/T(memo)/V<FEFF8A2D8A08958B767A>/Rect[50 600 300 620]/P 3 0 R>>"
    let bytes = SamplePDF.page(
      SamplePDF.lines(["職務経歴"]), page: "/Annots[9 0 R]", more: [field])
    let text = String(decoding: bytes, as: UTF8.self).replacing(
      "/Pages 2 0 R>>", with: "/Pages 2 0 R/AcroForm<</Fields[9 0 R]>>>>")
    #expect(try ReadText.reading(Array(text.utf8)).text.contains("設計"))
  }

  /// A value tells what it is by the label beside it, and an excluded one is found by it.
  @Test func formValuesStandBehindTheirLabels() throws {
    let labels = ["フリガナ", "氏名", "志望動機"]
    let values = ["30E430DE30E230C8", "5C71672C", "8A2D8A08958B767A"]
    func field(_ row: Int) -> String {
      let y = 780 - row * 24
      return "<</Type/Annot/Subtype/Widget/FT/Tx/T(f\(row))/V<FEFF\(values[row])>"
        + "/Rect[157 \(y - 7) 500 \(y + 15)]/P 3 0 R>>"
    }
    let bytes = SamplePDF.page(
      SamplePDF.lines(labels, pitch: 24), page: "/Annots[9 0 R 10 0 R 11 0 R]",
      more: [field(1), field(2), field(0)])
    let text = String(decoding: bytes, as: UTF8.self).replacing(
      "/Pages 2 0 R>>", with: "/Pages 2 0 R/AcroForm<</Fields[9 0 R 10 0 R 11 0 R]>>>>")
    #expect(
      try ReadText.reading(Array(text.utf8)).text.split(separator: "\n")
        == ["フリガナ", "ヤマモト", "氏名", "山本", "志望動機", "設計開発"])
  }

  @Test func remarksOnThePageAreRead() throws {
    let remark =
      "<</Type/Annot/Subtype/FreeText/Contents<FEFF8FFD8A18FF1A0054004F004500490043>"
      + "/Rect[50 600 300 620]/DA(/H 10 Tf)>>"
    let page = SamplePDF.page(
      SamplePDF.lines(["職務経歴"]), page: "/Annots[9 0 R]", more: [remark])
    #expect(try terms(page).contains("toeic"))
  }

  @Test func hiddenTextIsCountedAndFlagged() throws {
    let content =
      SamplePDF.lines(sentences) + "1 1 1 rg\n" + SamplePDF.show("機械学習", x: 50, y: 100)
      + "0 0 0 rg\n" + SamplePDF.show("深層学習", x: 50, y: 80, size: 0.5)
    let reading = try ReadText.reading(SamplePDF.page(content))
    #expect(reading.flags.contains("white-text") && reading.flags.contains("tiny-text"))
    #expect(reading.quality["white"] == 4 && reading.quality["tiny"] == 4)
  }

  @Test func invisibleTextIsCountedAndFlagged() throws {
    let content =
      SamplePDF.lines(sentences) + "q 3 Tr\n" + SamplePDF.show("機械学習", x: 50, y: 100) + "Q\n"
      + SamplePDF.show("基幹", x: 50, y: 80)
    let reading = try ReadText.reading(SamplePDF.page(content))
    #expect(reading.flags == ["invisible-text"])
    #expect(reading.quality["invisible"] == 4)
  }

  @Test(arguments: ["0", "0.0", ".005"])
  func textWithoutOpacityIsCountedAndFlagged(alpha: String) throws {
    let content =
      SamplePDF.lines(sentences) + "q /Clear gs\n" + SamplePDF.show("機械学習", x: 50, y: 100) + "Q\n"
      + "/Faint gs\n" + SamplePDF.show("基幹", x: 50, y: 80)
    let states = ["<</Type/ExtGState/ca \(alpha)/CA 1>>", "<</Type/ExtGState/ca 0.5>>"]
    let page = SamplePDF.page(
      content, more: states, resources: "/ExtGState<</Clear 9 0 R/Faint 10 0 R>>")
    let reading = try ReadText.reading(page)
    #expect(reading.flags == ["invisible-text"])
    #expect(reading.quality["invisible"] == 4)
    let within = SamplePDF.page(
      content, resources: "/ExtGState<</Clear<</ca \(alpha)>>/Faint<</ca 1>>>>")
    #expect(try ReadText.reading(within).quality["invisible"] == 4)
  }

  @Test func textThatIsMerelyFaintIsNoTrick() throws {
    let page = SamplePDF.page(
      "/Faint gs\n" + SamplePDF.lines(sentences), more: ["<</Type/ExtGState/ca 0.25>>"],
      resources: "/ExtGState<</Faint 9 0 R>>")
    #expect(try ReadText.reading(page).flags.isEmpty)
  }

  @Test func textBesideThePageIsCountedAndFlagged() throws {
    let content = SamplePDF.lines(sentences) + SamplePDF.show("機械学習", x: -900, y: 100)
    let reading = try ReadText.reading(SamplePDF.page(content))
    #expect(reading.flags == ["off-page-text"])
    #expect(reading.quality["offPage"] == 4)
    #expect(reading.nouns.filter { $0.term == "機械学習" }.map(\.count) == [1])
  }

  @Test(arguments: [
    // Under a white rectangle, under a picture, cut away, and under a rectangle through two matrices.
    "HIDDEN q 1 1 1 rg 40 90 200 30 re f Q\n", "HIDDEN q 595 0 0 440 0 0 cm /I Do Q\n",
    "q 300 300 100 100 re W n HIDDEN Q\n",
    "q 2 0 0 2 0 0 cm .5 0 0 .5 0 0 cm HIDDEN 0 g 40 90 200 30 re f Q\n",
  ])
  func coveredAndClippedTextIsCountedAndFlagged(trick: String) throws {
    let hidden = SamplePDF.show("機械学習", x: 50, y: 100)
    let page = SamplePDF.page(
      SamplePDF.lines(sentences) + trick.replacing("HIDDEN", with: hidden)
        + SamplePDF.show("基幹", x: 50, y: 60),
      more: [Self.dot], resources: "/XObject<</I 9 0 R>>")
    let reading = try ReadText.reading(page)
    #expect(reading.flags == ["invisible-text"])
    #expect(reading.quality["invisible"] == 4)
  }

  @Test(arguments: [
    // A background, a frame, a rule, a marker that shines through, a clip around the text, a portrait.
    "0 0 .5 rg 40 90 200 30 re f 1 1 1 rg TEXT 0 g\n", "TEXT 40 90 200 30 re 42 92 196 26 re f*\n",
    "TEXT 40 98 200 1 re f\n", "TEXT q /Faint gs 1 1 0 rg 40 90 200 30 re f Q\n",
    "q 40 90 200 30 re W n TEXT Q\n", "TEXT q 85 0 0 113 40 90 cm /I Do Q\n",
  ])
  func whatIsMerelyDrawnBesideTextIsNoTrick(drawing: String) throws {
    let text = SamplePDF.show("機械学習", x: 50, y: 100)
    let page = SamplePDF.page(
      SamplePDF.lines(sentences) + drawing.replacing("TEXT", with: text),
      more: [Self.dot, "<</Type/ExtGState/ca .4>>"],
      resources: "/XObject<</I 9 0 R>>/ExtGState<</Faint 10 0 R>>")
    #expect(try !ReadText.reading(page).flags.contains("invisible-text"))
  }

  /// A picture of one pixel.
  private static let dot =
    "<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray"
    + "/Length 1>>stream\nA\nendstream"

  @Test func theInvisibleTextOverAScannedPageIsNoTrick() throws {
    let image =
      "<</Type/XObject/Subtype/Image/Width 1000/Height 1000/BitsPerComponent 1/ColorSpace/DeviceGray"
      + "/Filter/RunLengthDecode/Length 1>>stream\n\u{00}\nendstream"
    let content = "q 595 0 0 842 0 0 cm /I Do Q 3 Tr\n" + SamplePDF.lines(sentences)
    let page = SamplePDF.page(content, more: [image])
    let bytes = Array(
      String(decoding: page, as: UTF8.self)
        .replacing("/V 6 0 R>>", with: "/V 6 0 R>>/XObject<</I 9 0 R>>").utf8)
    let reading = try ReadText.reading(bytes)
    #expect(reading.flags == ["searchable-scan"])
    #expect(Set(reading.nouns.map(\.term)).isSuperset(of: expected))
  }

  @Test func whatIsDrawnTwiceCountsOnce() throws {
    let content = SamplePDF.show("要件定義", x: 50, y: 700) + SamplePDF.show("要件定義", x: 50.3, y: 700)
    let reading = try ReadText.reading(SamplePDF.page(content))
    #expect(reading.nouns.first { $0.term == "要件定義" }?.count == 1)
  }

  /// Producers that know no ruby set it in the line, where it must part no sentence.
  @Test func rubyInTheLineIsNoNoun() throws {
    func line(_ parts: [(text: String, isRuby: Bool)], y: Double) -> String {
      var x = 50.0
      return parts.map { text, isRuby in
        defer { x += (isRuby ? 5 : 10) * Double(text.count) }
        return SamplePDF.show(text, x: x, y: y, size: isRuby ? 5 : 10)
      }.joined()
    }
    let content =
      line([("大学を卒業", false), ("そつぎょう", true), ("した後に設計を", false)], y: 780)
      + line([("担当", false), ("たんとう", true), ("しました。開発の経験もあります。", false)], y: 764)
    let reading = try ReadText.reading(SamplePDF.page(content))
    #expect(reading.text == "大学を卒業した後に設計を\n担当しました。開発の経験もあります。")
    #expect(reading.quality["ruby"] == 9)
  }

  @Test func rubyIsNoNoun() throws {
    let content =
      SamplePDF.show("情報処理の専門", x: 50, y: 700, size: 12)
      + SamplePDF.show("じょうほう", x: 50, y: 713, size: 5)
    let reading = try ReadText.reading(SamplePDF.page(content))
    #expect(reading.text == "情報処理の専門")
    #expect(reading.quality["ruby"] == 5)
  }

  @Test func anotherLanguageIsFlagged() throws {
    let page = SamplePDF.page(
      SamplePDF.lines(["Experienced software engineer with many years of practice in banking"]))
    #expect(try ReadText.reading(page).flags.contains("foreign-language"))
  }

  @Test func moreThanTheLimitIsLeftOutAndSaidSo() throws {
    let text = String(repeating: "設計", count: 200_000)
    #expect(try ReadText.reading(text).flags.contains("text-left-out"))
  }
}
