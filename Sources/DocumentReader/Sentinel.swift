/// A small PDF in a font that is not embedded, in Shift-JIS.
///
/// Reading it shows that poppler's encoding data is there; keeping it open keeps poppler from searching
/// that data again for every document.
enum Sentinel {
  /// What it says.
  static let text = "日本語テスト"

  /// Its bytes.
  static var bytes: [UInt8] {
    let content = "BT /F 24 Tf 20 50 Td <93FA967B8CEA836583588367> Tj ET"
    let objects = [
      "<</Type/Catalog/Pages 2 0 R>>",
      "<</Type/Pages/Kids[3 0 R]/Count 1>>",
      "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/Contents 4 0 R"
        + "/Resources<</Font<</F 5 0 R>>>>>>",
      PlainPDF.stream(content),
      "<</Type/Font/Subtype/Type0/BaseFont/Ryumin-Light/Encoding/90ms-RKSJ-H"
        + "/DescendantFonts[6 0 R]>>",
      "<</Type/Font/Subtype/CIDFontType0/BaseFont/Ryumin-Light/DW 1000"
        + "/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>"
        + "/FontDescriptor 7 0 R>>",
      "<</Type/FontDescriptor/FontName/Ryumin-Light/Flags 4/FontBBox[0 -120 1000 880]"
        + "/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 700/StemV 80>>",
    ]
    return PlainPDF.file(objects)
  }
}
