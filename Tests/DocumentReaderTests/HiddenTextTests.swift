import Testing
import TestSupport

@testable import DocumentReader

/// An applicant who hides words where only a machine reads them must not go unnoticed, and who hides none must not be
/// suspected.
struct HiddenTextTests {
  private let sentences = ["要件定義と基本設計を担当しました。", "チームの管理と顧客との調整も経験しました。"]
  private let hidden = SamplePDF.show("機械学習", x: 50, y: 100)

  private func page(
    _ content: String, page extra: String = "", more: [String] = [], resources: String = ""
  ) throws -> Reading {
    try ReadText.reading(
      SamplePDF.page(
        SamplePDF.lines(sentences) + content, page: extra, more: more, resources: resources))
  }

  @Test(arguments: 0..<4)
  func encryptionHidesNothing(way: Int) throws {
    let reading = try ReadText.reading(SamplePDF.encryptedWithInvisibleLine[way])
    #expect(reading.flags == ["invisible-text"])
    #expect(reading.quality["invisible"] == 22)
    #expect(reading.text.contains("金融機関"))
  }

  /// Many mentions of one large object must not cost its reading each.
  @Test func anObjectThatIsNamedOftenIsLookedAtOnce() {
    let names = String(repeating: "<</XObject 9 0 R>>\n", count: 100)
    let streams = ContentStreams(
      Array("9 0 obj\n<</A 4 0 R/B 5 0 R>>\nendobj\n10 0 obj\n[\(names)]\nendobj\n".utf8),
      atMost: 1 << 20)
    #expect(streams.resources(named: "/XObject").map(\.name).sorted() == ["A", "B"])
  }

  @Test func whatCannotBeDecryptedIsSaidToBeUnchecked() throws {
    let text = String(decoding: SamplePDF.page(SamplePDF.lines(sentences)), as: UTF8.self)
    let locked = HiddenText(
      in: Array((text + "/Encrypt<</Filter/Other/V 1>>").utf8), area: PageArea())
    #expect(locked.isUnchecked)
    #expect(try ReadText.reading(SamplePDF.ownerOnly).flags.isEmpty)
  }

  @Test(arguments: [
    ("3 Tr\n", "HIDDEN"), ("HIDDEN", "1 g 40 90 200 30 re f\n"),
    ("q 300 300 100 100 re W n\n", "HIDDEN Q\n"),
  ])
  func theStreamsOfAPageAreOne(first: String, second: String) throws {
    let parts = [first, second].map { $0.replacing("HIDDEN", with: hidden) }
    let bytes = SamplePDF.page(
      SamplePDF.lines(sentences) + parts[0], more: [SamplePDF.stream(parts[1])])
    let text = String(decoding: bytes, as: UTF8.self)
      .replacing("/Contents 4 0 R", with: "/Contents[4 0 R 9 0 R]")
    let reading = try ReadText.reading(Array(text.utf8))
    #expect(reading.flags == ["invisible-text"])
    #expect(reading.quality["invisible"] == 4)
  }

  @Test(arguments: [
    ("/F 2/Rect[50 600 300 620]", "invisible-text"),
    ("/F 32/Rect[50 600 300 620]", "invisible-text"),
    ("/CA 0/Rect[50 600 300 620]", "invisible-text"),
    ("/Rect[50 600 50 600]", "invisible-text"), ("/Rect[-900 -900 -500 -800]", "off-page-text"),
  ])
  func remarksThatNobodySeesAreFlagged(place: String, flag: String) throws {
    let remark =
      "<</Type/Annot/Subtype/FreeText/Contents<FEFF6A5F68B05B667FD2>/DA(/H 10 Tf)\(place)>>"
    let reading = try page("", page: "/Annots[9 0 R]", more: [remark])
    #expect(reading.flags == [flag])
    #expect(reading.quality[flag == "off-page-text" ? "offPage" : "invisible"] == 4)
  }

  @Test(arguments: [
    ("/OC 10 0 R", "/OFF[10 0 R]", true), ("/OC 11 0 R", "/OFF[10 0 R]", true),
    ("/OC 10 0 R", "/BaseState/OFF", true), ("/OC 10 0 R", "/BaseState/OFF/ON[10 0 R]", false),
    ("/OC 10 0 R", "/Order[10 0 R]", false), ("", "/OFF[10 0 R]", false),
  ])
  func remarksOfLayersThatAreNotShownAreFlagged(
    layer: String, view: String, isHidden: Bool
  ) throws {
    let remark =
      "<</Type/Annot/Subtype/FreeText/Contents<FEFF6A5F68B05B667FD2>/DA(/H 10 Tf)"
      + "/Rect[50 600 300 620]\(layer)>>"
    let bytes = SamplePDF.page(
      SamplePDF.lines(sentences), page: "/Annots[9 0 R]",
      more: [remark, "<</Type/OCG/Name(A)>>", "<</Type/OCMD/OCGs[10 0 R]>>"])
    let text = String(decoding: bytes, as: UTF8.self).replacing(
      "/Pages 2 0 R>>", with: "/Pages 2 0 R/OCProperties<</OCGs[10 0 R]/D<<\(view)>>>>>>")
    let reading = try ReadText.reading(Array(text.utf8))
    #expect(reading.flags == (isHidden ? ["invisible-text"] : []))
    #expect(reading.quality["invisible"] == (isHidden ? 4 : 0))
  }

  @Test(arguments: [true, false])
  func fieldsThatNobodySeesAreFlagged(isHidden: Bool) throws {
    let field =
      "<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V<FEFF6A5F68B05B667FD2>/Rect[50 600 300 620]"
      + "/DA(/H 10 Tf)\(isHidden ? "/F 2" : "/F 4")>>"
    let bytes = SamplePDF.page(
      SamplePDF.lines(sentences), page: "/Annots[9 0 R]", more: [field])
    let text = String(decoding: bytes, as: UTF8.self).replacing(
      "/Pages 2 0 R>>", with: "/Pages 2 0 R/AcroForm<</Fields[9 0 R]>>>>")
    let reading = try ReadText.reading(Array(text.utf8))
    #expect(reading.text.contains("機械学習"))
    #expect(reading.flags == (isHidden ? ["invisible-text"] : []))
  }

  @Test(arguments: [
    "40 90 m 240 90 l 240 120 l 40 120 l h f\n", "40 90 100 30 re 140 90 100 30 re f\n",
    "1 G 40 90 200 30 re b\n", "40 90 200 30 re b*\n", "q 40 90 200 30 re W n /S sh Q\n",
    "30 80 m 250 80 l 260 110 l 150 150 l 30 130 l f\n",
    "20 60 m 20 130 l 20 160 260 160 260 130 c 260 60 l h f\n", "1 G 30 w 40 105 m 240 105 l S\n",
    "0.5 G 3 w q 10 0 0 10 0 0 cm 24 10.5 m 4 10.5 l s Q\n",
  ])
  func coversOfEveryShapeAreSeen(cover: String) throws {
    let shading = "/Shading<</S<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 1 0]>>>>"
    let reading = try page(hidden + "1 g " + cover, resources: shading)
    #expect(reading.flags == ["invisible-text"])
    #expect(reading.quality["invisible"] == 4)
  }

  /// What lies between two bends, on both sides of a line, or under one that lets it shine through, is to be seen.
  @Test(arguments: [
    "40 90 m 240 90 l 45 95 l 240 130 l 40 130 l f\n", "2 w 40 105 m 240 105 l S\n",
    "30 w 40 105 m 240 106 l S\n", "30 w 40 105 m 240 105 l 240 400 l S\n",
    "/A gs 30 w 40 105 m 240 105 l S\n", "40 120 m 40 160 260 160 260 120 c h f\n",
  ])
  func whatCoversNoLetterHidesNone(figure: String) throws {
    let reading = try page(
      hidden + "1 g 1 G " + figure, resources: "/ExtGState<</A<</CA .5>>>>")
    #expect(reading.flags.isEmpty)
  }

  @Test func whiteOnAThickDarkLineIsNoTrick() throws {
    #expect(try page("0.3 G 30 w 40 105 m 300 105 l S 1 g\n" + hidden).flags.isEmpty)
    #expect(try page("0.9 G 30 w 40 105 m 300 105 l S 1 g\n" + hidden).flags == ["white-text"])
  }

  @Test func aStateThatSaysNothingOfOpacityChangesNone() throws {
    let states = "/ExtGState<</A<</ca 0>>/B<</LW 1>>/C<</ca 1>>>>"
    let reading = try page(
      "/A gs /B gs\n" + hidden + "/C gs\n" + SamplePDF.show("基幹", x: 50, y: 60),
      resources: states)
    #expect(reading.quality["invisible"] == 4)
  }

  /// Browsers set a state before whatever they draw; what a state darkens that is not understood, nobody can tell.
  @Test(arguments: [
    ("/ca 1", true, true), ("/ca 1.0/BM/Normal/SMask/None", true, true), ("/LW 1", true, true),
    ("/ca 0.85", false, true), ("/ca .3", false, false), ("/ca 1/BM/Multiply", false, false),
    ("/ca 1/SMask<</S/Alpha>>", false, false), (nil, false, false),
  ])
  func aStateCoversOnlyIfItIsOpaque(state: String?, covers: Bool, darkens: Bool) throws {
    let states = state.map { "/ExtGState<</A<<\($0)>>>>" } ?? ""
    let white = try page(hidden + "/A gs 1 g 0 90 595 30 re f\n", resources: states)
    #expect(white.flags == (covers ? ["invisible-text"] : []))
    let dark = try page(
      "/A gs 0.1 0.2 0.5 rg 0 90 595 30 re f 1 g\n" + hidden, resources: states)
    #expect(dark.flags == (darkens ? [] : ["hidden-text-unchecked"]))
  }

  /// What only drawing would tell is said to be unchecked: how light a pattern is, what a mask leaves, and what black
  /// becomes of that is mixed so as to lighten.
  @Test(arguments: [
    ("/Pattern cs /P scn\n", true), ("/Q cs 1 1 1 /P scn\n", true), ("/A gs\n", true),
    ("/B gs\n", true), ("/C gs\n", true), ("/D gs\n", false), ("/E gs\n", false),
    ("/Pattern cs /P scn 0 g\n", false), ("/B gs /E gs\n", false),
  ])
  func textThatMayBeDrawnUnseenIsSaidToBeUnchecked(operators: String, isUnchecked: Bool) throws {
    let states =
      "/A<</SMask<</S/Luminosity/G 9 0 R>>>>/B<</BM/Screen>>/C<</BM[/Overlay]>>/D<</BM/Multiply>>"
      + "/E<</BM/Normal/SMask/None>>"
    let white =
      "<</PatternType 2/Shading<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 1 0]"
      + "/Extend[true true]/Function<</FunctionType 2/Domain[0 1]/C0[1]/C1[1]/N 1>>>>>>"
    let form = SamplePDF.stream("0 g 0 0 595 842 re f").replacing(
      "<</Length",
      with: "<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Group<</S/Transparency>>/Length")
    let reading = try page(
      operators + hidden, more: [form],
      resources: "/ExtGState<<\(states)>>/ColorSpace<</Q[/Pattern/DeviceRGB]>>"
        + "/Pattern<</P \(white)>>")
    #expect(reading.flags == (isUnchecked ? ["hidden-text-unchecked"] : []))
  }

  /// Two pages, whose resources give different things one name.
  private func pages(
    _ first: String, _ firstResources: String, _ second: String, _ secondResources: String
  ) throws -> Reading {
    let form = SamplePDF.stream(SamplePDF.show("経理", x: 50, y: 200))
    let forms = [form, form.replacing("7D4C7406", with: "6A5F68B0")].map {
      $0.replacing(
        "<</Length",
        with: "<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</H 5 0 R>>>>/Length"
      )
    }
    let other =
      "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 12 0 R"
      + "/Resources<</Font<</H 5 0 R>>\(secondResources)>>>>"
    return try ReadText.reading(
      SamplePDF.page(
        SamplePDF.lines(sentences) + first,
        more: forms + [other, SamplePDF.stream(SamplePDF.lines(sentences) + second)],
        resources: firstResources, kids: "[3 0 R 11 0 R]/Count 2"))
  }

  @Test(arguments: [
    ("3 Tr /X Do\n", true), ("q 0 0 .1 .1 re W n /X Do Q\n", false), ("/X Do\n", false),
    ("q -9 -9 1 1 re W n /X Do Q\n", true),
  ])
  func aFormOfSeveralOfOneNameIsNotHiddenUnseen(operators: String, isUnchecked: Bool) throws {
    let reading = try pages(
      "/X Do\n", "/XObject<</X 9 0 R>>", operators, "/XObject<</X 10 0 R>>")
    #expect(reading.flags == (isUnchecked ? ["hidden-text-unchecked"] : []))
  }

  /// Some producers number the states of each page anew.
  @Test func aStateThatHidesOnAnotherPageHidesNothingForCertain() throws {
    let (clear, full) = ("/ExtGState<</A<</ca 0>>>>", "/ExtGState<</A<</ca 1>>>>")
    let figure = "/A gs 9 9 9 9 re f\n"
    #expect(
      try pages("/A gs\n" + hidden, full, figure, clear).flags == ["hidden-text-unchecked"])
    #expect(try pages(hidden, full, figure, clear).flags.isEmpty)
    #expect(try pages("/A gs\n" + hidden, clear, figure, clear).flags == ["invisible-text"])
  }

  /// The checksum of RFC 1950.
  private func adler(_ bytes: [UInt8]) -> [UInt8] {
    var (one, other) = (1, 0)
    for byte in bytes {
      one = (one + Int(byte)) % 65_521
      other = (other + one) % 65_521
    }
    return [other >> 8, other & 255, one >> 8, one & 255].map { UInt8($0) }
  }

  @Test func aStateInAnObjectStreamIsFound() {
    let packed = Array("7 0 8 14 <</ca 0.5>>   <</ca 1>>".utf8)
    let size = UInt8(packed.count)
    // Deflated in one block that is stored as it is.
    let stored = [0x78, 0x01, 0x01, size, 0, ~size, 0xFF] + packed + adler(packed)
    let file =
      "1 0 obj\n<</ExtGState<</A 7 0 R/B 8 0 R/C 7 0 R>>>>\nendobj\n2 0 obj\n"
      + "<</Type/ObjStm/N 2/First 9>>\nstream\n"
    let streams = ContentStreams(
      Array(file.utf8) + stored + Array("\nendstream".utf8),
      atMost: 1 << 20)
    let states = GraphicsStates(streams)
    #expect(states.change(named: Array("A".utf8)[...])?.alpha == 0.5)
    #expect(states.change(named: Array("B".utf8)[...])?.alpha == 1)
    #expect(states.change(named: Array("D".utf8)[...]) == nil)
  }

  @Test(arguments: [
    ("/ASCIIHexDecode", 0), ("/AHx", 0), ("/RunLengthDecode", 1), ("/ASCII#48exDecode", 0),
    ("[/AHx/AHx]", 2),
    ("/ASCIIHexDecode/Note(\(String(repeating: "x", count: 3000)))/Font/Image", 0),
  ])
  func everyFilterOfTextIsUnpacked(filter: String, packing: Int) throws {
    let content = Array((SamplePDF.lines(sentences) + "3 Tr\n" + hidden).utf8)
    let hexadecimal = content.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
      .joined()
    let packed =
      switch packing {
      case 0: hexadecimal + ">"
      case 1: content.map { "\u{0}" + String(Unicode.Scalar($0)) }.joined()
      default:
        (hexadecimal + ">").utf8.map { String($0, radix: 16) }.joined() + ">"
      }
    let plain = SamplePDF.page(packed)
    let text = String(decoding: plain, as: UTF8.self).replacing(
      "<</Length \(packed.utf8.count)>>", with: "<</Length \(packed.utf8.count)/Filter\(filter)>>")
    let reading = try ReadText.reading(Array(text.utf8))
    #expect(reading.flags == ["invisible-text"])
    #expect(reading.quality["invisible"] == 4)
  }

  @Test(arguments: [
    ("1 0 0 1 0", false), ("0 1 -1 0 842", false), ("0.9999 0.0105 -0.0105 0.9999 0", false),
    ("0.9976 0.0698 -0.0698 0.9976 0", true), ("1 0 0.3 1 0", false),
  ])
  func linesThatClimbAreNamed(matrix: String, isSlanted: Bool) throws {
    let content = "q \(matrix) 0 cm\n" + SamplePDF.lines(sentences) + "Q\n"
    let reading = try ReadText.reading(SamplePDF.page(content))
    #expect(reading.flags.contains("slanted") == isSlanted)
    let beside = SamplePDF.lines(sentences) + "q \(matrix) 0 cm\n" + hidden + "Q\n"
    #expect(try ReadText.reading(SamplePDF.page(beside)).flags.contains("slanted") == false)
  }

  @Test func contentsInAFilterOfPicturesAreSaidToBeUnchecked() throws {
    let text = String(decoding: SamplePDF.page("BT ET"), as: UTF8.self)
      .replacing("<</Length 5>>", with: "<</Length 5/Filter/JPXDecode>>")
    #expect(HiddenText(in: Array(text.utf8), area: PageArea()).isUnchecked)
    let beside = SamplePDF.page(
      SamplePDF.lines(sentences), page: "/Contents[4 0 R 9 0 R]",
      more: ["<</Length 5/Filter/JPXDecode>>stream\nBT ET\nendstream"])
    #expect(try ReadText.reading(beside).flags == ["hidden-text-unchecked"])
  }

  @Test func whiteOnSomethingDarkIsNoTrick() throws {
    let band = "0.1 0.2 0.5 rg 0 90 595 30 re f 1 g\n"
    #expect(try page(band + hidden).flags.isEmpty)
    let beside = try page(band + hidden + SamplePDF.show("深層学習", x: 50, y: 200))
    #expect(beside.flags == ["white-text"] && beside.quality["white"] == 8)
    let light = try page("0.95 g 0 90 595 30 re f 1 g\n" + hidden)
    #expect(light.flags == ["white-text"])
    let under = try page(band + "0 90 595 30 re f\n" + hidden)
    #expect(under.flags == ["white-text"])
  }

  /// Labels of skills and headings stand in rounded boxes; a figure that bends inwards may show paper.
  @Test(arguments: [
    (
      "40 100 m 40 90 40 90 60 90 c 220 90 l 240 90 240 90 240 110 c 220 120 l 60 120 l 40 120 40 120 40 100 c h",
      true
    ),
    ("40 80 m 240 80 l 260 100 l 240 130 l 40 130 l h", true),
    ("40 80 m 240 80 l 45 81 l 240 130 l 40 130 l h", false),
    ("40 130 m 60 80 150 80 240 130 c h", false),
    ("40 80 m 60 130 150 130 240 80 c 240 130 l 40 130 l h", false),
  ])
  func whiteInADarkFigureIsNoTrick(path: String, isLegible: Bool) throws {
    let reading = try page("0.1 0.2 0.5 rg \(path) f 1 g\n" + hidden)
    #expect(reading.flags == (isLegible ? [] : ["hidden-text-unchecked"]))
  }

  @Test func textThatIsDrawnOnceMoreOnItsCoverIsNoTrick() throws {
    let cover = "1 g 0 90 595 30 re f 0 g\n"
    #expect(try page(hidden + cover + hidden).flags.isEmpty)
    let other = SamplePDF.show("営業企画", x: 50, y: 100)
    #expect(try page(hidden + cover + other).flags == ["invisible-text"])
  }

  /// A form of the object number 9, drawn by the name /X.
  private func drawing(
    _ form: String, box: String = "0 0 595 842", by content: String
  ) throws -> Reading {
    try page(
      content,
      more: [
        SamplePDF.stream(form).replacing(
          "<</Length",
          with: "<</Type/XObject/Subtype/Form/BBox[\(box)]/Resources<</Font<</H 5 0 R>>>>/Length")
      ], resources: "/XObject<</X 9 0 R>>")
  }

  private let cover = "1 g 40 90 200 30 re f\n"

  @Test(arguments: [
    ("HIDDEN COVER", "0 0 595 842", "/X Do\n"), ("HIDDEN", "0 0 595 842", "/X Do COVER"),
    ("COVER", "0 0 595 842", "HIDDEN /X Do\n"), ("HIDDEN", "0 0 10 10", "/X Do\n"),
    ("HIDDEN", "0 0 595 842", "q 300 300 100 100 re W n /X Do Q\n"),
    ("HIDDEN", "0 0 595 842", "3 Tr /X Do 0 Tr\n"), ("HIDDEN COVER", "0 0 595 842", "/Y Do\n"),
  ])
  func formsAreLookedAtWhereTheyAreDrawn(form: String, box: String, content: String) throws {
    func filled(_ text: String) -> String {
      text.replacing("HIDDEN", with: hidden).replacing("COVER", with: cover)
    }
    let reading = try drawing(filled(form), box: box, by: filled(content))
    #expect(reading.quality["invisible"] == 4)
    #expect(reading.flags == ["invisible-text"])
  }

  @Test func aFormBesideThePageIsFlagged() throws {
    let reading = try drawing(hidden, by: "q 1 0 0 1 2000 0 cm /X Do Q\n")
    #expect(reading.flags == ["off-page-text"] && reading.quality["offPage"] == 4)
  }

  /// An operator of a form takes none of what stands before its name; nothing there may end the reading.
  @Test func whatStandsBeforeAFormIsNoneOfIt() throws {
    let text = "BT /H 10 Tf 1 0 0 1 50 100 Tm (\(String(repeating: "a", count: 5_000))) /X Do ET\n"
    #expect(try drawing("Tj 1 g 0 0 595 300 re f\n", by: text + text).flags.isEmpty)
    #expect(try drawing("Tr " + hidden, by: "3 /X Do\n").flags.isEmpty)
  }

  @Test func honestFormsRaiseNoAlarm() throws {
    let band = "0.1 0.2 0.5 rg 0 90 595 30 re f\n"
    #expect(try drawing("1 g " + hidden, by: band + "/X Do 0 g\n").flags.isEmpty)
    #expect(try drawing(band + "1 g " + hidden, by: "/X Do\n").flags.isEmpty)
    let scaled = "q 2 0 0 2 0 0 cm .5 0 0 .5 0 0 cm /X Do Q q 1 0 0 1 0 100 cm /X Do Q\n"
    #expect(try drawing(hidden, by: scaled).flags.isEmpty)
    #expect(try drawing("/X Do " + hidden, by: "/X Do\n").flags.contains("white-text") == false)
  }

  @Test(arguments: [("1 g ", true), ("0 g ", false), ("0 0 .5 rg 0 0 300 40 re f 1 g ", false)])
  func whiteRemarksAreFlagged(colour: String, isWhite: Bool) throws {
    let remark =
      "<</Type/Annot/Subtype/FreeText/Contents<FEFF6A5F68B05B667FD2>/DA(/H 10 Tf)"
      + "/Rect[50 600 350 640]/AP<</N 10 0 R>>>>"
    let shown = SamplePDF.stream(colour + SamplePDF.show("機械学習", x: 5, y: 5)).replacing(
      "<</Length",
      with: "<</Type/XObject/Subtype/Form/BBox[0 0 300 40]/Resources<</Font<</H 5 0 R>>>>/Length")
    let reading = try page("", page: "/Annots[9 0 R]", more: [remark, shown])
    #expect(reading.flags == (isWhite ? ["white-text"] : []))
  }
}
