import Testing

@testable import DocumentReader

/// What the boxes of single characters tell, where poppler gives odd ones or a page sets each in a place of its own.
@Suite struct CharacterBoxTests {
  /// Upright letters of a vertical line, as a browser writes them: poppler takes 「C」 and 「+」 for a word across, since
  /// the second begins further to the right, and gives each the height of both.
  @Test func lettersBelowEachOtherHaveBoxesOfTheirOwn() {
    func glyph(_ scalar: Unicode.Scalar, _ x1: Double, _ x2: Double, _ y: Double, _ below: Double)
      -> Glyph
    {
      Glyph(scalar: scalar, x1: x1, y1: y, x2: x2, y2: y + 27.3 + below * 10.5)
    }
    var glyphs = "開発経験".unicodeScalars.enumerated().map { place, scalar in
      glyph(scalar, 630.81, 641.31, 42.54 + Double(place) * 10.5, 0)
    }
    glyphs += [
      glyph("、", 630.81, 641.31, 84.54, 0), glyph("C", 632.71, 633.14, 95.04, 1),
      glyph("+", 633.14, 638.97, 95.04, 1), glyph("+", 633.14, 638.97, 116.04, 0),
      glyph("、", 630.81, 641.31, 126.54, 0), glyph("N", 632.26, 639.85, 137.04, 0),
      glyph("o", 632.88, 639.24, 147.54, 0), glyph("d", 632.8, 633.15, 158.04, 2),
      glyph("e", 633.15, 634.6, 158.04, 2), glyph(".", 634.6, 637.52, 158.04, 2),
      glyph("j", 634.61, 637.5, 189.54, 0), glyph("s", 633.6, 638.52, 200.04, 0),
      glyph("を", 630.81, 641.31, 210.54, 0), glyph("2", 633.06, 633.06, 221.04, 1),
      glyph("0", 633.06, 638.89, 221.04, 1), glyph("い", 630.81, 630.81, 242.04, 1),
      glyph("た", 630.81, 641.31, 242.04, 1), glyph("1", 640, 645, 300, 0),
      glyph("2", 645, 650, 300, 0),
    ]
    let across = Array(glyphs.suffix(2))
    StackedCharacters.part(&glyphs)
    #expect(glyphs.filter(\.isSqueezed).isEmpty)
    #expect(glyphs.filter { abs($0.height - 27.3) > 0.01 }.isEmpty)
    #expect(glyphs.suffix(2).map(\.x1) == across.map(\.x1))
    let lines = Reflow(Array(glyphs.dropLast(2)), orientation: .vertical).lines
    #expect(lines == ["開発経験、C++、Node.jsを20いた"])
  }

  /// Squared paper that is filled by a program: each letter at the left side of its square.
  @Test func lettersAtTheLeftOfTheirSquaresAreWords() {
    let lines = ["・JavaとC++とC#の開発経験", "・AWSの設計とJavaの実装", "・TOEICは850点、DBの運用"]
    let glyphs = lines.enumerated().flatMap { row, line in
      line.unicodeScalars.enumerated().map { place, scalar in
        let (x, y) = (50 + 11 * Double(place), 100 + 17 * Double(row))
        return Glyph(
          scalar: scalar, x1: x, y1: y, x2: x + (scalar.isIdeographic ? 10.5 : 5), y2: y + 10.5)
      }
    }
    let text = Reflow(glyphs, orientation: .horizontal).lines.joined(separator: "\n")
    for word in ["Java", "C++", "C#", "AWS", "TOEIC", "850点"] { #expect(text.contains(word)) }
  }

  /// A line that begins with a mark of half width, and a kana that stands in another one.
  @Test func aMarkBelongsToTheKanaBesideIt() {
    let kana = Glyph(scalar: "ｼ", x1: 300, y1: 500, x2: 305, y2: 510)
    #expect(kana.takes(mark: Glyph(scalar: "ﾞ", x1: 305, y1: 500, x2: 310, y2: 510)))
    #expect(!kana.takes(mark: Glyph(scalar: "ﾞ", x1: 282, y1: 100, x2: 287, y2: 110)))
    #expect(kana.takes(mark: Glyph(scalar: "\u{3099}", x1: 0, y1: 0, x2: 0, y2: 0)))
  }

  /// The first characters of lines whose spacing is a whole character are no label beside them.
  @Test func firstCharactersOfSpacedLinesDoNotStandAlone() {
    let lines = ["看護学校を卒業", "性期の患者対応", "看護計画を立案", "治医との連携も"]
    let glyphs = lines.enumerated().flatMap { row, line in
      line.unicodeScalars.enumerated().map { place, scalar in
        // All but the first hold their spacing.
        let (x, y) = (50 + 20.13 * Double(place), 100 + 13.8 * Double(row))
        return Glyph(
          scalar: scalar, x1: x, y1: y, x2: x + (place == 0 ? 10 : 20.13), y2: y + 10)
      }
    }
    #expect(TurnedBlocks.find(in: glyphs, fitted: glyphs).filter(\.isAlone).isEmpty)
  }

  /// Lines that are stretched and squeezed a little have three widths, not two: no letter is narrowed.
  @Test func linesSetEvenAreNotTakenForSpaced() {
    var x = 50.0
    var glyphs = "開発環境構築設計管理".unicodeScalars.enumerated().map { place, scalar in
      let width = place == 0 ? 9.7 : place == 1 ? 10.27 : 10
      defer { x += width }
      return Glyph(scalar: scalar, x1: x, y1: 100, x2: x + width, y2: 110)
    }
    let widths = glyphs.map(\.width)
    LetterSpacing.takeOut(of: &glyphs, sizes: glyphs.map { _ in 10 })
    #expect(glyphs.map(\.width) == widths)
  }
}
