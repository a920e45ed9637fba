extension BehaviourProbe {
  /// Pages in the encodings and layouts that résumés come in, none of whose fonts is embedded: what is read of them
  /// depends on poppler's libraries and tables.
  static var pages: [UInt8] {
    let fonts = encodings.indices.map { "/F\($0) \(firstFont + $0) 0 R" }.joined()
    let firstPage = firstFont + encodings.count
    let kids = contents.indices.map { "\(firstPage + 2 * $0) 0 R" }.joined(separator: " ")
    var objects = [
      "<</Type/Catalog/Pages 2 0 R>>",
      "<</Type/Pages/Kids[\(kids)]/Count \(contents.count)/MediaBox[0 0 595 842]"
        + "/Resources<</Font<<\(fonts)/L 3 0 R/D 4 0 R>>>>>>",
      "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
      "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Type/Encoding"
        + "/Differences[65/afii10017/Lslash/hungarumlaut/fi/a1/uni5B66/u5B66]>>>>",
      "<</Type/Font/Subtype/CIDFontType0/BaseFont/Ryumin-Light/DW 1000"
        + "/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 5>>"
        + "/FontDescriptor 6 0 R>>",
      "<</Type/FontDescriptor/FontName/Ryumin-Light/Flags 4/FontBBox[0 -120 1000 880]"
        + "/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 700/StemV 80>>",
    ]
    objects += encodings.map {
      "<</Type/Font/Subtype/Type0/BaseFont/Ryumin-Light/Encoding/\($0)/DescendantFonts[5 0 R]>>"
    }
    for (index, content) in contents.enumerated() {
      objects.append(
        "<</Type/Page/Parent 2 0 R/Contents \(firstPage + 2 * index + 1) 0 R"
          + "\(extras[index] ?? "")>>")
      objects.append(PlainPDF.stream(content))
    }
    return PlainPDF.file(objects)
  }

  private static let firstFont = 7
  private static let encodings = [
    "90ms-RKSJ-H", "90ms-RKSJ-V", "EUC-H", "Identity-H", "UniJIS-UCS2-H",
  ]

  /// What a page has besides its content, by its index.
  private static let extras = [5: "/Rotate 90"]

  private static var contents: [String] {
    // The first ideographs of JIS X 0208, in columns, and running down.
    let ideographs = (0..<6).map { Array((0x889F + $0 * 10)..<(0x889F + $0 * 10 + 10)) }
    let columns = lines(ideographs, "F0", x: 50) + lines(ideographs, "F0", x: 320)
    let vertical = ideographs.enumerated().map { column, codes in
      show(codes, "F1", x: 500 - 20 * column, y: 780)
    }.joined()
    let western =
      "BT /L 10 Tf 50 700 Td (Java, C++ and \\344\\366 - fi) Tj 0 -14 Td 2 Tc (TOEIC 850) Tj "
      + "/D 10 Tf 0 -14 Td (ABCDEFG) Tj ET\n"
    // A form: labels that are spread, and values in cells beside them.
    let labels = lines(
      [[0x6C0F, 0x3000, 0x540D], [0x5B66, 0x3000, 0x6B74], [0x8077, 0x6B74]], "F4", x: 50)
    let values = lines(
      [
        [0x5C71, 0x7530], [0x5927, 0x5B66, 0x5352, 0x696D],
        [0x958B, 0x767A, 0x3068, 0x4FDD, 0x5B88],
      ], "F4", x: 150)
    return [
      columns, vertical,
      lines((0..<6).map { Array((0xB0A1 + $0 * 10)..<(0xB0A1 + $0 * 10 + 10)) }, "F2", x: 50),
      // Every thirteenth character of Adobe-Japan1, up to those of supplement 2.
      lines((0..<17).map { row in (0..<40).map { 1 + 13 * (40 * row + $0) } }, "F3", x: 50),
      western + labels + values, columns,
    ]
  }

  /// Codes of two bytes, one line below the other.
  private static func lines(_ lines: [[Int]], _ font: String, x: Int) -> String {
    lines.enumerated().map { show($1, font, x: x, y: 780 - 16 * $0) }.joined()
  }

  private static func show(_ codes: [Int], _ font: String, x: Int, y: Int) -> String {
    let hex = codes.map { code in
      let digits = String(code, radix: 16, uppercase: true)
      return String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
    return "BT /\(font) 10 Tf \(x) \(y) Td <\(hex)> Tj ET\n"
  }
}
