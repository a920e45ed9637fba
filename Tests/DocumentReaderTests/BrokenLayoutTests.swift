import TestSupport
import Testing

@testable import DocumentReader

/// Words that a layout spreads, cuts, stacks or leans.
///
/// Each of these cost applicants words, or gave them words that they never wrote.
@Suite struct BrokenLayoutTests {
  private let sentences = ["基幹システムの設計と開発を担当しました。", "機械学習を用いた需要予測の構築も行いました。"]

  private func text(_ content: String) throws -> String {
    try ReadText.reading(SamplePDF.page(content)).text
  }

  /// Characters below each other.
  private func stack(_ text: String, x: Double, top: Double, pitch: Double) -> String {
    text.enumerated().map {
      SamplePDF.show(String($0.element), x: x, y: top - Double($0.offset) * pitch)
    }.joined()
  }

  @Test(arguments: ["資格", "学歴", "志望動機"])
  func aLabelRightBesideItsTextIsReadDownwards(label: String) throws {
    let found = try text(
      stack(label, x: 50, top: 700, pitch: 12)
        + SamplePDF.lines(sentences, x: 67, top: 698, pitch: 14))
    #expect(found.split(separator: "\n").contains { $0 == label })
    #expect(found.contains(sentences[0]) && found.contains(sentences[1]))
  }

  @Test func oneBelowTheOtherBeforeFiguresIsNoLabel() throws {
    let rows = ["縦", "横"].enumerated().map { row in
      let y = 700 - Double(row.offset) * 14
      return SamplePDF.show(row.element, x: 50, y: y) + SamplePDF.show("40mm", x: 65, y: y)
    }.joined()
    let found = try text(rows + SamplePDF.lines(sentences))
    #expect(!found.contains("縦横"), "\(found)")
  }

  @Test(arguments: ["\u{2010}", "-"])
  func aWordPartedByAHyphenIsWhole(hyphen: String) throws {
    let lines = ["経験した職務はinfra\(hyphen)", "structureの設計と構築"]
    let found = try text(SamplePDF.lines(lines))
    #expect(found.contains("infrastructure"), "\(found)")
  }

  @Test(arguments: [
    ("ASP.N", "ET"), ("Spring", "Boot"), ("SQL", "Server"), ("PL/", "SQL"), ("scikit-le", "arn"),
  ])
  func theNameOfATechnologyIsWholeWhereverItsLineEnds(head: String, tail: String) throws {
    let lines = ["基盤の構築に使ったのはDocker、AWS、\(head)", "\(tail)、Linuxであり運用の改善も担当"]
    let reading = try ReadText.reading(SamplePDF.page(SamplePDF.lines(lines)))
    let hasSpace = head == "Spring" || head == "SQL"
    let name = (hasSpace ? "\(head) \(tail)" : head + tail).lowercased()
    #expect(reading.tokens.contains { $0.term == name }, "\(reading.text)")
  }

  /// A justified line parts its ideographs, and its spaces by more than a character.
  @Test(arguments: [2.5, 14])
  func theNameOfATechnologyIsWholeInAJustifiedLine(space: Double) throws {
    var x = 50.0
    let ideographs = "基盤の構築に使ったのは".map { character in
      defer { x += 12.5 }
      return SamplePDF.show(String(character), x: x, y: 700)
    }
    let name = SamplePDF.show("Spring", x: x, y: 700)
    let line = ideographs.joined() + name + SamplePDF.show("Boot", x: x + 60 + space, y: 700)
    let reading = try ReadText.reading(
      SamplePDF.page(line + SamplePDF.lines(sentences, top: 600)))
    #expect(reading.tokens.contains { $0.term == "spring boot" }, "\(reading.text)")
  }

  @Test func namesInAListOfTechnologiesStayApart() throws {
    let lines = ["JavaとPostgreSQL、AWS", "TypeScriptとReact、Docker"]
    let reading = try ReadText.reading(SamplePDF.page(SamplePDF.lines(lines)))
    #expect(reading.tokens.contains { $0.term == "typescript" }, "\(reading.text)")
  }

  @Test func aHeadingSpreadOverItsCellIsAWord() throws {
    func spread(_ text: String, y: Double) -> String {
      text.enumerated().map {
        SamplePDF.show(String($0.element), x: 50 + Double($0.offset) * 70, y: y)
      }.joined()
    }
    let found = try text(
      spread("職務経歴書", y: 760) + spread("職歴", y: 700) + spread("窓甲", y: 600)
        + SamplePDF.lines(sentences, top: 500))
    let lines = found.split(separator: "\n").map(String.init)
    #expect(lines.contains("職務経歴書") && lines.contains("職歴"))
    #expect(lines.contains("窓") && lines.contains("甲"))
  }

  @Test func aWordOnAStepOfALeaningLineIsWhole() throws {
    let found = try text(
      SamplePDF.show("営業企画部において新規取", x: 50, y: 700)
        + SamplePDF.show("引先の開拓を行いました", x: 170, y: 695)
        + SamplePDF.lines(sentences, top: 600))
    #expect(found.contains("新規取引先の開拓"))
  }

  @Test func aQuarterBetweenFigureAndCounterIsNoSpace() throws {
    let parts = [("第", 50.0), ("1", 62.5), ("期の決算", 70.0)]
    let found = try text(
      parts.map { SamplePDF.show($0.0, x: $0.1, y: 700) }.joined() + SamplePDF.lines(sentences))
    #expect(found.contains("第1期の決算"), "\(found)")
  }

  @Test func theLastLineOfACentredCellGoesOn() throws {
    let found = try text(
      SamplePDF.show("分析責任者として要望を整", x: 50, y: 700) + SamplePDF.show("理", x: 105, y: 686)
        + SamplePDF.lines(sentences, top: 600))
    #expect(found.contains("要望を整理"))
  }

  /// Poppler counts letter-spacing to a character's box, but not where it takes a word to end.
  @Test(arguments: [Float(0), 10])
  func letterSpacingIsTakenOutOfBoxes(size: Float) {
    var (x, glyphs): (Double, [Glyph]) = (0, [])
    for (index, scalar) in "改善に貢献しています".unicodeScalars.enumerated() {
      // Without a font's size the characters before gaps must tell.
      let isLast = size == 0 && [2, 5].contains(index)
      glyphs.append(Glyph(scalar: scalar, x1: x, y1: 0, x2: x + (isLast ? 10 : 14), y2: 10))
      x += 14
    }
    if size == 0 { glyphs[3].x2 = glyphs[3].x1 + 10 }
    LetterSpacing.takeOut(of: &glyphs, sizes: glyphs.map { _ in size })
    #expect(glyphs.dropLast().allSatisfy { abs($0.width - 10) < 0.01 })
    #expect(Segment(glyphs).text == "改善に貢献しています")
  }

  @Test func ideographsOfOtherWidthsKeepTheirBoxes() {
    var glyphs = "設計管理".unicodeScalars.enumerated().map { index, scalar in
      Glyph(
        scalar: scalar, x1: Double(index) * 12, y1: 0,
        x2: Double(index) * 12 + [12, 9, 11, 12][index], y2: 10)
    }
    let widths = glyphs.map(\.width)
    LetterSpacing.takeOut(of: &glyphs, sizes: glyphs.map { _ in 0 })
    #expect(glyphs.map(\.width) == widths)
  }
}
