import Testing
import TestSupport

@testable import DocumentReader

/// Whoever shows a file follows its operators in one way; where words could be hidden by following them in another, no
/// reviewer would be told.
struct FollowedOperatorsTests {
  private let sentences = ["要件定義と基本設計を担当しました。", "チームの管理と顧客との調整も経験しました。"]
  private let hidden = SamplePDF.show("機械学習", x: 50, y: 100)

  private func page(_ content: String) throws -> Reading {
    try ReadText.reading(SamplePDF.page(SamplePDF.lines(sentences) + content))
  }

  /// Any blank may stand around a number, or none before a word (ISO 32000-1, 7.2.2).
  @Test(arguments: ["4 0\nobj", "4\t0\robj", "4 0obj "])
  func anObjectIsFoundHoweverItBegins(beginning: String) throws {
    let bytes = SamplePDF.page(SamplePDF.lines(sentences) + "3 Tr\n" + hidden)
    let text = String(decoding: bytes, as: UTF8.self)
      .replacing("4 0 obj", with: beginning)
    let reading = try ReadText.reading(Array(text.utf8))
    #expect(reading.flags == ["invisible-text"])
    #expect(reading.quality["invisible"] == 4)
  }

  /// Who shows a file takes 33 operands, and none from within another.
  @Test(arguments: [
    String(repeating: "0 ", count: 32) + "3 0 Tr\n",
    String(repeating: "/A ", count: 32) + "3 0 Tr\n",
    String(repeating: "[1 2] ", count: 32) + "3 0 Tr\n", "3 Tr /Span <</A 0 Tr>> BDC\n",
    "3 Tr [0 Tr] 0 d\n",
  ])
  func operandsThatNobodyTakesUncoverNothing(operators: String) throws {
    let reading = try page(operators + hidden)
    #expect(reading.flags == ["invisible-text"])
    #expect(reading.quality["invisible"] == 4)
  }

  /// A name may be written with escapes, and what it names may be an object of its own.
  @Test(arguments: [
    ("/A gs\n", "/ExtGState<</A<</ca 9 0 R>>>>"), ("/A gs\n", "/ExtGSt#61te<</A<</ca 0>>>>"),
    ("/#41 gs\n", "/ExtGState<</A<</c#61 0>>>>"), ("/X Do\n", "/XObj#65ct<</X 10 0 R>>"),
    ("/#58 Do\n", "/XObject<</X 10 0 R>>"),
  ])
  func namesCountHoweverTheyAreWritten(operators: String, resources: String) throws {
    let form = SamplePDF.stream("3 Tr " + hidden).replacing(
      "<</Length",
      with: "<</Subtype/F#6Frm/BBox[0 0 595 842]/Resources<</Font<</H 5 0 R>>>>/Length")
    let (content, isState) = (SamplePDF.lines(sentences) + operators, operators.hasSuffix("gs\n"))
    let reading = try ReadText.reading(
      SamplePDF.page(
        isState ? content + hidden : content, more: isState ? ["0"] : ["0", form],
        resources: resources))
    #expect(reading.text.contains("機械学習"))
    #expect(reading.flags == ["invisible-text"])
    #expect(reading.quality["invisible"] == 4)
  }

  @Test func statesThatAreNotFollowedAreSaidToBeUnchecked() throws {
    for (count, flags) in [
      (1_000, ["invisible-text"]), (5_000, ["hidden-text-unchecked", "invisible-text"]),
    ] {
      let saving = "3 Tr\n" + String(repeating: "q ", count: count)
      let reading = try page(
        saving + "0 Tr " + String(repeating: "Q ", count: count) + hidden)
      #expect(reading.flags == flags)
    }
  }

  /// Words that no operator was seen to draw may be drawn in any way: in an object that was not found, or in the place of
  /// others that stand on the page.
  @Test func whatWasNotSeenToBeDrawnIsSaidToBeUnchecked() throws {
    let bytes = SamplePDF.page(SamplePDF.lines(sentences) + "3 Tr\n" + hidden)
    let text = String(decoding: bytes, as: UTF8.self)
      .replacing("4 0 obj\n<<", with: "4 0%\nobj<<")
    let lost = try ReadText.reading(Array(text.utf8))
    #expect(lost.text.contains("機械学習"))
    #expect(lost.flags == ["hidden-text-unchecked"])
    let words = Array(repeating: "6A5F68B05B667FD2", count: 50).joined()
    let swapped = try page(
      "/Span <</ActualText <FEFF\(words)>>> BDC \(SamplePDF.show("あ", x: 50, y: 100)) EMC\n")
    #expect(swapped.text.contains("機械学習"))
    #expect(swapped.flags == ["hidden-text-unchecked", "invisible-text", "tiny-text"])
    let same = try page(
      "/Span <</ActualText <FEFF6A5F68B05B667FD2>>> BDC \(hidden) EMC\n")
    #expect(same.flags.isEmpty)
  }

  /// A font whose encoding nobody knows shows words that are nowhere in the text.
  @Test(arguments: [
    ("UniJIS-UTF99-H", 8, true), ("UniJIS-UTF16-H", 8, false), ("UniJIS-UTF99-H", 1, false),
  ])
  func aPageWhoseTextIsLostIsSaidToBeLeftOut(
    encoding: String, kinds: Int, isLost: Bool
  ) throws {
    let words = (0..<40).map { line in
      SamplePDF.show("\(line % kinds)番目の経験です", x: 50, y: 800 - 16 * Double(line))
    }
    let second =
      "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 11 0 R/Resources<</Font<</H 10 0 R>>>>>>"
    let font =
      "<</Type/Font/Subtype/Type0/BaseFont/Ryumin-Light/Encoding/\(encoding)/DescendantFonts[7 0 R]>>"
    let reading = try ReadText.reading(
      SamplePDF.page(
        SamplePDF.lines(sentences), more: [second, font, SamplePDF.stream(words.joined())],
        kids: "[3 0 R 9 0 R]/Count 2"))
    #expect(reading.text.contains("番目の経験") != (encoding == "UniJIS-UTF99-H"))
    #expect(reading.flags == (isLost ? ["text-left-out"] : []))
  }

  /// In a long text, what is said in the place of a sign is a small part.
  @Test func whatIsSaidInThePlaceOfLessIsFoundInALongText() throws {
    let text = SamplePDF.lines(Array(repeating: sentences[0], count: 40))
    func reading(_ words: String, _ sign: String) throws -> Reading {
      let mark = "/Span <</Lang (ja)/ActualText \(words)>> BDC "
      return try ReadText.reading(
        SamplePDF.page(text + mark + SamplePDF.show(sign, x: 50, y: 100) + "EMC\n"))
    }
    let word = "6A5F68B05B667FD2"
    let swapped = try reading("<FEFF\(String(repeating: word, count: 20))>", "あ")
    #expect(swapped.text.contains("機械学習"))
    #expect(swapped.flags.contains("invisible-text"))
    #expect(swapped.quality["invisible"] == 79)
    for (words, sign) in [
      ("(ffi)", "あ"), ("<FEFF\(word)>", "㍿"), ("(Telephone number)", "あ"),
      ("<FEFF\(String(repeating: word, count: 20))>", String(repeating: "機械学習", count: 20)),
    ] {
      let honest = try reading(words, sign)
      #expect(!honest.flags.contains("invisible-text"), "\(words)")
    }
  }

  /// The data of a picture may look like operators.
  @Test(arguments: ["E ((", "3 Tr EIEI BT", "\n(EI) Q", "[<</EI"])
  func aPictureAmongTheOperatorsHidesNothing(data: String) throws {
    let picture =
      "q 9 0 0 9 500 800 cm BI /W \(data.utf8.count) /H 1 /BPC 8 /CS /G ID \(data) EI Q\n"
    #expect(try page(picture).flags.isEmpty)
    let reading = try page(picture + "3 Tr\n" + hidden)
    #expect(reading.flags == ["invisible-text"])
    #expect(reading.quality["invisible"] == 4)
  }
}
