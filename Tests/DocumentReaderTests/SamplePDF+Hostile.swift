import TestSupport

extension SamplePDF {
  /// Text that is shown so often, at so many places, that laying it out takes minutes.
  static var bomb: [UInt8] {
    var content = "BT /H 10 Tf\n"
    for index in 0..<120_000 {
      content += "1 0 0 1 \(index * 37 % 590) \(index * 91 % 840) Tm <65E5> Tj\n"
    }
    return page(content + "ET")
  }

  /// A document that asks for a password: its encryption dictionary accepts none that is empty.
  static var encrypted: [UInt8] {
    let zeros = String(repeating: "00", count: 32)
    let plain = String(
      decoding: page(
        lines(["秘密"]),
        more: [
          "<</Filter/Standard/V 1/R 2/O<\(zeros)>/U<\(zeros)>/P -44>>"
        ]), as: UTF8.self)
    let id = "<00112233445566778899AABBCCDDEEFF>"
    let trailer = plain.replacing(
      "/Root 1 0 R>>", with: "/Root 1 0 R/Encrypt 9 0 R/ID[\(id)\(id)]>>")
    return Array(trailer.utf8)
  }
}
