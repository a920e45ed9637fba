import Foundation
import TestSupport

extension SamplePDF {
  /// A page as Chromium writes it: in a font of drawings (Type 3) whose matrix is upside down, each character alone.
  ///
  /// Poppler gives the characters of such a page back to front where the page or its text is turned.
  ///
  /// - Parameters:
  ///   - turn: by how many degrees the page is turned.
  ///   - lean: by how many degrees the lines climb.
  ///   - pitch: from one line to the next, in points.
  static func drawn(
    _ lines: [String], turn: Int, lean: Double = 0, pitch: Double = 16
  ) -> [UInt8] {
    let characters = Array(Set(lines.joined().unicodeScalars)).sorted()
    func hexadecimal(_ value: Int, _ digits: Int) -> String {
      let text = String(value, radix: 16, uppercase: true)
      return "<" + String(repeating: "0", count: digits - text.count) + text + ">"
    }
    let codes = Dictionary(
      uniqueKeysWithValues: characters.enumerated().map {
        ($0.element, hexadecimal($0.offset + 1, 2))
      })
    let (cosine, sine) = (cos(lean * .pi / 180), sin(lean * .pi / 180))
    var content = "\(cosine) \(sine) \(-sine) \(cosine) 50 700 cm 1 0 0 -1 0 0 cm\n"
    for (index, line) in lines.enumerated() {
      content += "BT /T 10 Tf 1 0 0 -1 0 \(Double(index) * pitch) Tm "
      content += line.unicodeScalars.map { "\(codes[$0] ?? "") Tj 10 0 Td" }.joined(separator: " ")
      content += " ET\n"
    }
    let count = characters.count
    let font =
      "<</Type/Font/Subtype/Type3/FontBBox[48 120 954 -880]/FontMatrix[.001 0 0 -.001 0 0]"
      + "/CharProcs<</b 10 0 R>>/Encoding<</Type/Encoding/Differences[1"
      + String(repeating: "/b", count: count) + "]>>/FirstChar 1/LastChar \(count)/Widths["
      + String(repeating: "1000 ", count: count) + "]/Resources<<>>/ToUnicode 11 0 R>>"
    let pairs = characters.map { "\(codes[$0] ?? "") \(hexadecimal(Int($0.value), 4))" }
    // A table has a hundred entries at most.
    let tables = stride(from: 0, to: count, by: 100).map { start in
      let part = pairs[start..<min(count, start + 100)]
      return "\(part.count) beginbfchar\n\(part.joined(separator: "\n"))\nendbfchar\n"
    }
    let unicode =
      "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def "
      + "1 begincodespacerange <00> <FF> endcodespacerange\n\(tables.joined())endcmap end end"
    let bytes = page(
      content, page: turn == 0 ? "" : "/Rotate \(turn)",
      more: [font, stream("1000 0 0 -120 1000 880 d1 100 0 800 800 re f"), stream(unicode)])
    let text = String(decoding: bytes, as: UTF8.self)
    return Array(text.replacing("/V 6 0 R>>", with: "/V 6 0 R/T 9 0 R>>").utf8)
  }
}
