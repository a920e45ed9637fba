import TestSupport
import Testing

@testable import DocumentReader

/// An applicant must not be judged by half of an application without anybody being told, nor be doubted for a portrait.
struct ScannedPageTests {
  private let sentences = ["添付の書類を送付します", "要件定義と開発を担当しました"]

  @Test func aScannedPageBesideOneOfTextIsSaidToBeLeftOut() throws {
    let reading = try ReadText.reading(SamplePDF.textAndScan(SamplePDF.lines(sentences)))
    #expect(reading.text.contains("添付"))
    #expect(reading.flags == ["scans-left-out"])
  }

  @Test func aPortraitIsNoScan() throws {
    let portrait = SamplePDF.scan(SamplePDF.lines(sentences), matrix: "85 0 0 113 450 680")
    #expect(try ReadText.reading(portrait).flags.isEmpty)
  }

  /// Where the characters of a page are too many, its picture is not all that it has.
  @Test func whatIsLeftOutForItsLengthIsNoScan() throws {
    var limits = Limits()
    limits.characters = sentences[0].unicodeScalars.count
    let reading = try ReadText.reading(SamplePDF.scan(SamplePDF.lines(sentences)), limits)
    #expect(reading.flags == ["searchable-scan", "text-left-out"])
  }
}
