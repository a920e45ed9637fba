import TestSupport
import Testing

@testable import DocumentReader

/// What an applicant chose and typed into a form: it stands in no text of the page, and is lost unless it is asked for.
@Suite struct FormFieldTests {
  private func utf16(_ text: String) -> String {
    "<FEFF"
      + text.utf16.map {
        let digits = String($0, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits
      }.joined() + ">"
  }

  /// The lines that a form's fields give, one below the other, behind a heading.
  private func values(of fields: [String]) throws -> [Substring] {
    let numbers = fields.indices.map { "\(9 + $0) 0 R" }.joined(separator: " ")
    let widgets = fields.enumerated().map { row, field in
      "<</Type/Annot/Subtype/Widget/T(f\(row))\(field)/Rect[50 \(600 - 30 * row) 300 \(620 - 30 * row)]/P 3 0 R>>"
    }
    let bytes = SamplePDF.page(
      SamplePDF.lines(["職務経歴"]), page: "/Annots[\(numbers)]", more: widgets)
    let text = String(decoding: bytes, as: UTF8.self).replacing(
      "/Pages 2 0 R>>", with: "/Pages 2 0 R/AcroForm<</Fields[\(numbers)]>>>>")
    let lines = try ReadText.reading(Array(text.utf8)).text.split(separator: "\n")
    #expect(lines.first == "職務経歴")
    return Array(lines.dropFirst())
  }

  @Test func passwordsAreNotRead() throws {
    #expect(
      try values(of: ["/FT/Tx/Ff 8192/V\(utf16("秘密の言葉"))", "/FT/Tx/V\(utf16("要件定義"))"])
        == ["要件定義"])
  }

  private var items: String {
    "/Opt[" + ["設計", "開発", "運用"].map(utf16).joined() + "]"
  }

  /// What shows a choice, by the flags of ISO 32000-1, 12.7.4.4; something can be typed into the last one.
  enum Kind: String, CaseIterable {
    case list = ""
    case combo = "/Ff 131072"
    case editable = "/Ff 393216"
  }

  @Test(arguments: Kind.allCases) func whatIsChosenIsRead(kind: Kind) throws {
    let field = "/FT/Ch\(kind.rawValue)\(items)"
    #expect(try values(of: [field + "/V\(utf16("開発"))"]) == ["開発"])
    #expect(try values(of: [field]) == [])
  }

  @Test func everythingThatIsChosenIsRead() throws {
    let field = "/FT/Ch/Ff 2097152\(items)/V[\(utf16("設計"))\(utf16("運用"))]"
    #expect(try values(of: [field]) == ["設計", "運用"])
  }

  @Test func whatIsTypedIntoAListIsRead() throws {
    let field = "/FT/Ch\(Kind.editable.rawValue)\(items)/V\(utf16("保守"))"
    #expect(try values(of: [field]) == ["保守"])
  }

  /// A form keeps one word for itself and shows another.
  @Test func aChoiceIsReadAsItIsShown() throws {
    let field = "/FT/Ch/Ff 131072/Opt[[(x)\(utf16("設計"))][(y)\(utf16("開発"))]]/V(y)"
    #expect(try values(of: [field]) == ["開発"])
  }

  /// Two employers, two periods, two skills may be named alike: each counts.
  @Test(arguments: ["/FT/Tx", "/FT/Ch/Ff 393216"])
  func equalValuesOfTwoFieldsCountTwice(kind: String) throws {
    let field = kind + (kind == "/FT/Tx" ? "" : items) + "/V\(utf16("開発"))"
    #expect(try values(of: [field, field]) == ["開発", "開発"])
  }
}
