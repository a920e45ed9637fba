import Testing
import TestSupport

@testable import DocumentReader

/// White words that nobody can read are a trick; white headings on whatever is dark are an applicant's taste.
struct WhiteTextTests {
  private let sentences = ["要件定義と基本設計を担当しました。", "チームの管理と顧客との調整も経験しました。"]
  private let heading = "1 g " + SamplePDF.show("機械学習", x: 50, y: 100)

  private func flags(_ content: String, resources: String = "", more: [String] = []) throws
    -> [String]
  {
    try ReadText.reading(
      SamplePDF.page(
        SamplePDF.lines(sentences) + content, more: more, resources: resources)
    ).flags
  }

  /// What differs from the paper by a shade is as hidden as what is white.
  @Test(arguments: [
    ("0.96 g", true), ("0.93 g", true), ("1 1 0.8 rg", true), ("0 0 0.04 0 k", true),
    ("0.85 g", false), ("0.7 0.8 1 rg", false), ("1 0.8 0 rg", false),
  ])
  func whatIsNearlyWhiteIsFlagged(colour: String, isPale: Bool) throws {
    let words = "\(colour) " + SamplePDF.show("機械学習", x: 50, y: 100)
    #expect(try flags(words) == (isPale ? ["white-text"] : []))
    #expect(try flags("0.1 0.2 0.5 rg 0 90 595 30 re f " + words).isEmpty)
  }

  /// Squeezed to a fiftieth of its width, a line of words is a stroke.
  @Test func whatIsSqueezedToNothingIsTiny() throws {
    let words = SamplePDF.show("機械学習", x: 50, y: 100)
    #expect(try flags("2 Tz " + words) == ["tiny-text"])
    #expect(try flags("60 Tz " + words).isEmpty)
    #expect(try flags("q 1 0 0 0.02 0 98 cm " + words + " Q\n") == ["tiny-text"])
    let scan = SamplePDF.scan("3 Tr " + SamplePDF.lines(sentences) + "4 Tz " + words)
    #expect(try ReadText.reading(scan).flags == ["searchable-scan"])
  }

  private static let shading =
    "/Shading<</S<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 300 0]/Extend[true true]"
    + "/Function<</FunctionType 2/Domain[0 1]/C0[0]/C1[1]/N 1>>>>>>"
  private static let picture =
    "<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray"
    + "/Filter/ASCIIHexDecode/Length 3>>stream\n00>\nendstream"

  /// How dark a gradient or a picture is, only drawing it would tell.
  @Test(arguments: [
    ("q 20 80 400 60 re W n /S sh Q\n", "hidden-text-unchecked"),
    ("q 400 0 0 60 20 80 cm /I Do Q\n", "hidden-text-unchecked"),
    ("q 400 0 0 60 20 80 cm BI /W 1/H 1/BPC 1/CS/G ID 0 EI Q\n", "hidden-text-unchecked"),
    ("q 400 0 0 60 20 280 cm /I Do Q q 20 280 400 60 re W n /S sh Q\n", "white-text"),
  ])
  func onWhatOnlyDrawingWouldTellItIsUnchecked(ground: String, flag: String) throws {
    let flags = try flags(
      ground + heading, resources: "/XObject<</I 9 0 R>>" + Self.shading, more: [Self.picture])
    #expect(flags == [flag])
  }

  /// Words in outlines are white within, and legible; so is what has no body but a line.
  @Test(arguments: [
    ("2 Tr 1 g 0 G\n", nil), ("2 Tr 1 g 0 0 .5 RG\n", nil), ("6 Tr 1 1 1 rg 0 0 0 1 K\n", nil),
    ("1 Tr 1 g 0 G\n", nil), ("/A gs 1 Tr 0 G\n", nil), ("/B gs 0 g\n", nil),
    ("2 Tr 1 g 1 G\n", "white-text"), ("1 Tr 0 g 1 G\n", "white-text"),
    ("2 Tr 1 g 0.9 1 1 RG\n", "white-text"), ("/B gs 2 Tr 1 g 0 G\n", "white-text"),
    ("/B gs 1 Tr 0 G\n", "invisible-text"), ("/A gs /B gs 2 Tr 0 g\n", "invisible-text"),
    ("/A gs 0 Tr 0 g\n", "invisible-text"),
  ])
  func linesOfLettersCountAsTheyAreDrawn(operators: String, flag: String?) throws {
    let found = try flags(
      operators + SamplePDF.show("機械学習", x: 50, y: 100),
      resources: "/ExtGState<</A<</ca 0>>/B<</CA 0>>>>")
    #expect(found == (flag.map { [$0] } ?? []))
  }

  /// Words in the colour of what they stand on are as hidden as white ones on paper.
  @Test(arguments: [
    ("0 g 40 80 300 60 re f\n", true), ("0 0 .4 rg 40 80 300 60 re f 0 0 0.41 rg\n", true),
    ("1 0 0 rg 30 80 m 350 80 l 380 110 l 150 150 l 30 130 l f\n", true),
    ("0 1 1 0 k 40 80 300 60 re f 1 0 0 rg\n", true),
    ("/CS cs .2 .5 .3 sc 40 80 300 60 re f\n", true),
    ("0 0 .4 rg 40 80 300 60 re f 0 0 0 rg\n", false),
    ("0 0 .4 rg 40 80 300 60 re f .9 g 45 90 200 30 re f 0 0 .4 rg\n", false),
    ("0 g 40 80 300 18 re f\n", false), ("/A gs 0 g 40 80 300 60 re f\n", false),
    ("q 0 0 10 10 re W n 0 g 40 80 300 60 re f Q\n", false),
    ("0 g 40 80 300 60 re f q 100 0 0 60 40 80 cm /I Do Q\n", false),
    // Frames and an ornament, within which nothing is painted.
    ("0 g 30 70 400 90 re 31 71 398 88 re f*\n", false),
    ("0 g 30 70 400 1 re 30 160 400 1 re 30 70 1 91 re 429 70 1 91 re f\n", false),
    ("0 g 30 60 m 400 60 l 400 65 l 35 65 l 35 180 l 30 180 l h f\n", false),
  ])
  func wordsInTheColourOfTheirGroundAreFlagged(operators: String, isHidden: Bool) throws {
    let found = try flags(
      operators + SamplePDF.show("機械学習", x: 50, y: 100),
      resources: "/ExtGState<</A<</ca .5>>>>/XObject<</I 9 0 R>>/ColorSpace<</CS/DeviceRGB>>",
      more: [Self.picture])
    #expect(found == (isHidden ? ["invisible-text"] : []))
  }

  /// What is painted over white words afterwards shows nobody what they say.
  @Test(arguments: [
    "q 100 0 0 60 40 80 cm /I Do Q\n", "/A gs 0 g 40 80 200 60 re f\n",
  ])
  func whatIsPaintedOverWhiteShowsItToNobody(cover: String) throws {
    let flags = try flags(
      heading + cover, resources: "/XObject<</I 9 0 R>>/ExtGState<</A<</BM/Multiply>>>>",
      more: [Self.picture])
    #expect(flags == ["white-text"])
  }

  /// To draw this page would take longer than reading it may.
  @Test func aPageThatTakesLongToDrawIsRead() throws {
    let shades = "/A gs 0.3 g\n" + String(repeating: "0 0 595 842 re f\n", count: 60_000)
    let flags = try flags(
      "q\n\(shades)Q " + heading, resources: "/ExtGState<</A<</ca .5/BM/Multiply>>>>")
    #expect(flags == ["hidden-text-unchecked"])
  }

  @Test(arguments: [
    ("/DA(/H 10 Tf 1 g)", "white-text"), ("/DA(/H 10 Tf 1 1 1 rg)", "white-text"),
    ("/DA(/H 0.5 Tf 0 g)", "tiny-text"), ("/DA(/H 10 Tf 0 g)", nil), ("/DA(/H 0 Tf 0 g)", nil),
    ("/DA(/H 10 Tf 1 g)/MK<</BG[0 0 .4]>>/C[0 0 .4]", nil),
  ])
  func valuesAreShownAsTheirDefaultAppearanceSays(appearance: String, flag: String?) throws {
    let text = "<FEFF6A5F68B05B667FD2>"
    let place = "/Rect[50 600 300 620]/F 4\(appearance)"
    for object in [
      "<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V\(text)\(place)>>",
      "<</Type/Annot/Subtype/FreeText/Contents\(text)\(place)>>",
    ] {
      let bytes = SamplePDF.page(
        SamplePDF.lines(sentences), page: "/Annots[9 0 R]", more: [object])
      let file = String(decoding: bytes, as: UTF8.self).replacing(
        "/Pages 2 0 R>>", with: "/Pages 2 0 R/AcroForm<</Fields[9 0 R]>>>>")
      let reading = try ReadText.reading(Array(file.utf8))
      #expect(reading.text.contains("機械学習"))
      #expect(reading.flags == (flag.map { [$0] } ?? []))
      if flag != nil { #expect([reading.quality["white"], reading.quality["tiny"]].contains(4)) }
    }
  }

  private static let value = "<FEFF6A5F68B05B667FD2>"
  private static let widget = "<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/F 4/Rect[50 600 300 620]"

  private func ofField(_ objects: [String], content: String = "") throws -> Reading {
    let number = 8 + objects.count
    let bytes = SamplePDF.page(
      content + SamplePDF.lines(sentences), page: "/Annots[\(number) 0 R]", more: objects)
    let file = String(decoding: bytes, as: UTF8.self).replacing(
      "/Pages 2 0 R>>", with: "/Pages 2 0 R/AcroForm<</Fields[\(number) 0 R]>>>>")
    return try ReadText.reading(Array(file.utf8))
  }

  /// The field comes last, behind what it refers to.
  @Test(arguments: [
    [value, widget + "/V 9 0 R/DA(/H 10 Tf 1 g)>>"],
    ["(/H 10 Tf 1 g)", widget + "/V\(value)/DA 9 0 R>>"],
    [
      "<</T(c)/V\(value)/DA(/H 10 Tf 1 g)>>", "<</T(b)/Parent 9 0 R>>",
      widget + "/Parent 10 0 R>>",
    ],
    [widget.replacing("Widget", with: "Widge#74") + "/V\(value)/DA(/H 10 Tf 1 g)>>"],
    ["null", widget + "/V\(value)/DA(/H 10 Tf 1 g)/AP 9 0 R>>"],
  ])
  func valuesAreCountedHoweverTheyAreReferredTo(objects: [String]) throws {
    let reading = try ofField(objects)
    #expect(reading.flags == ["white-text"])
    #expect(reading.quality["white"] == 4)
  }

  @Test func moreFieldsThanAreLookedAtAreSaidToBeUnchecked() throws {
    let others = [String](repeating: "<</X/Widget>>", count: 2001)
    let reading = try ofField(others + [Self.widget + "/V\(Self.value)/DA(/H 10 Tf 1 g)>>"])
    #expect(reading.flags == ["hidden-text-unchecked"])
  }

  @Test func anAppearanceThatIsReferredToIsWhatIsShown() throws {
    let shown = SamplePDF.stream(SamplePDF.show("機械学習", x: 2, y: 5)).replacing(
      "<</Length",
      with: "<</Type/XObject/Subtype/Form/BBox[0 0 250 20]/Resources<</Font<</H 5 0 R>>>>/Length")
    let field = Self.widget + "/V\(Self.value)/DA(/H 10 Tf 1 g)/AP 10 0 R>>"
    #expect(try ofField([shown, "<</N 9 0 R>>", field]).flags.isEmpty)
  }

  /// A form that shows a field is drawn as large as the field is (ISO 32000-1, 12.5.5), and shows its value or hides
  /// it.
  @Test(arguments: [
    ("/BBox[0 0 250 20]", SamplePDF.show("機械学習", x: 2, y: 5), []),
    ("/BBox[0 0 2500 200]", SamplePDF.show("機械学習", x: 20, y: 50), ["tiny-text"]),
    ("/BBox[0 0 25 2]", SamplePDF.show("機械学習", x: 0.2, y: 0.5, size: 1), []),
    ("/BBox[0 0 250 20]/Matrix[.1 0 0 .1 0 0]", SamplePDF.show("機械学習", x: 2, y: 5), []),
    ("/BBox[0 0 250 20]", "", ["invisible-text"]),
    ("/BBox[0 0 250 20]", "3 Tr " + SamplePDF.show("機械学習", x: 2, y: 5), ["invisible-text"]),
  ])
  func whatAnAppearanceShowsOfAValueCounts(box: String, shown: String, flags: [String]) throws {
    let form = SamplePDF.stream(shown).replacing(
      "<</Length",
      with: "<</Type/XObject/Subtype/Form\(box)/Resources<</Font<</H 5 0 R>>>>/Length")
    let field = Self.widget + "/V\(Self.value)/DA(/H 10 Tf)/AP<</N 9 0 R>>>>"
    #expect(try ofField([form, field]).flags == flags)
  }

  /// The page may be dark below a field that names no ground of its own.
  @Test func aWhiteValueOnWhatAPagePaintsIsUnchecked() throws {
    let field = Self.widget + "/V\(Self.value)/DA(/H 10 Tf 1 g)>>"
    let band = "0 0 .3 rg 40 590 300 40 re f 0 g\n"
    #expect(try ofField([field], content: band).flags == ["hidden-text-unchecked"])
    let elsewhere = "0 0 .3 rg 40 390 300 40 re f 0 g\n"
    #expect(try ofField([field], content: elsewhere).flags == ["white-text"])
  }

  @Test func aFormsOwnDefaultHoldsForItsFields() throws {
    let field =
      "<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V<FEFF6A5F68B05B667FD2>/Rect[50 600 300 620]>>"
    let bytes = SamplePDF.page(
      SamplePDF.lines(sentences), page: "/Annots[9 0 R]", more: [field])
    let file = String(decoding: bytes, as: UTF8.self).replacing(
      "/Pages 2 0 R>>", with: "/Pages 2 0 R/AcroForm<</Fields[9 0 R]/DA(/H 9 Tf 1 g)>>>>")
    #expect(try ReadText.reading(Array(file.utf8)).flags == ["white-text"])
  }
}
