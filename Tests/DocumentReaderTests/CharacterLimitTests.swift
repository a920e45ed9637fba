import Testing
import TestSupport

@testable import DocumentReader

/// What a document holds beyond the limit must cost nobody memory or time, wherever it stands, and nobody may take what
/// was read for all of it.
struct CharacterLimitTests {
  private func reading(_ bytes: [UInt8], atMost characters: Int) throws -> Reading {
    var limits = Limits()
    limits.characters = characters
    return try ReadText.reading(bytes, limits)
  }

  private func expectCut(_ reading: Reading, to limit: Int) {
    #expect(reading.rawText.unicodeScalars.count <= limit)
    #expect(reading.text.unicodeScalars.count <= limit)
    #expect(reading.flags == ["text-left-out"])
  }

  /// Normalising makes four ideographs of one sign, of three bytes each.
  @Test func aTextThatGrowsIsCutByItsCharacters() throws {
    let text = String(repeating: "㍿", count: 300)
    expectCut(try reading(Array(text.utf8), atMost: 1_000), to: 1_000)
    let whole = try reading(Array(text.utf8), atMost: 1_200)
    #expect(whole.flags.isEmpty && whole.text.unicodeScalars.count == 1_200)
  }

  @Test func remarksCountAsWell() throws {
    let text = String(repeating: "要件定義と開発を担当。", count: 10).utf16.map {
      String(0x10000 + Int($0), radix: 16).dropFirst()
    }
    let remark = "<</Type/Annot/Subtype/FreeText/Contents<FEFF\(text.joined())>"
    let remarks = (0..<30).map {
      "\(remark)/DA(/H 10 Tf)/Rect[50 \(20 * $0) 300 \(20 * $0 + 15)]>>"
    }
    let names = remarks.indices.map { "\($0 + 9) 0 R" }.joined(separator: " ")
    let document = SamplePDF.page(
      SamplePDF.lines(["職務経歴"]), page: "/Annots[\(names)]", more: remarks)
    expectCut(try reading(document, atMost: 1_000), to: 1_000)
    #expect(try reading(document, atMost: 4_000).flags.isEmpty)
  }

  @Test func pagesBehindTheLimitAreLeftOut() throws {
    let first = "要件定義と開発を担当しました"
    let document = SamplePDF.page(
      SamplePDF.lines([first]),
      more: [
        SamplePDF.stream(SamplePDF.lines(["機械学習の研究を行いました"])),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 9 0 R"
          + "/Resources<</Font<</H 5 0 R>>>>>>",
      ], kids: "[3 0 R 10 0 R]/Count 2")
    let cut = try reading(document, atMost: first.unicodeScalars.count)
    expectCut(cut, to: first.unicodeScalars.count)
    #expect(cut.text == first)
  }
}
