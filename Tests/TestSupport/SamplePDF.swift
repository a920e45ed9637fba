/// Small PDFs written by hand.
public enum SamplePDF {
  /// A PDF of the objects given, the first of which is the catalogue.
  public static func file(_ objects: [String]) -> [UInt8] {
    var file = "%PDF-1.4\n"
    var offsets: [Int] = []
    for (index, object) in objects.enumerated() {
      offsets.append(file.utf8.count)
      file += "\(index + 1) 0 obj\n\(object)\nendobj\n"
    }
    let start = file.utf8.count
    file += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
    for offset in offsets {
      let digits = String(offset)
      file += String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
    }
    file += "trailer\n<</Size \(objects.count + 1)/Root 1 0 R>>\nstartxref\n\(start)\n%%EOF\n"
    return Array(file.utf8)
  }

  /// A stream object.
  public static func stream(_ content: String) -> String {
    "<</Length \(content.utf8.count)>>stream\n\(content)\nendstream"
  }

  /// One page with `content`, in Japanese fonts that are not embedded: /H across, /V down, both in UTF-16.
  public static func page(
    _ content: String, page extra: String = "", more: [String] = [],
    resources: String = "", kids: String = "[3 0 R]/Count 1"
  ) -> [UInt8] {
    func font(_ encoding: String) -> String {
      "<</Type/Font/Subtype/Type0/BaseFont/Ryumin-Light/Encoding/\(encoding)/DescendantFonts[7 0 R]>>"
    }
    return file(
      [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids\(kids)>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
          + "/Resources<</Font<</H 5 0 R/V 6 0 R>>\(resources)>>\(extra)>>",
        stream(content),
        font("UniJIS-UTF16-H"),
        font("UniJIS-UTF16-V"),
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/Ryumin-Light/DW 1000"
          + "/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 5>>"
          + "/FontDescriptor 8 0 R>>",
        "<</Type/FontDescriptor/FontName/Ryumin-Light/Flags 4/FontBBox[0 -120 1000 880]"
          + "/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 700/StemV 80>>",
      ] + more)
  }

  /// The operators that show `text` at a place.
  public static func show(
    _ text: String, x: Double, y: Double, size: Double = 10, font: String = "H",
    spacing: Double = 0
  ) -> String {
    let hex = text.utf16.map { unit in
      let digits = String(unit, radix: 16, uppercase: true)
      return String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
    return "BT /\(font) \(size) Tf \(spacing) Tc 1 0 0 1 \(x) \(y) Tm <\(hex)> Tj ET\n"
  }

  /// The lines of a text, one below the other.
  public static func lines(
    _ lines: [String], x: Double = 50, top: Double = 780, size: Double = 10, pitch: Double = 16,
    spacing: Double = 0
  ) -> String {
    lines.enumerated().map {
      show(
        $0.element, x: x, y: top - Double($0.offset) * pitch, size: size, spacing: spacing)
    }.joined()
  }
}
