import Foundation
import TestSupport
import Testing

@testable import DocumentReader

/// Whether tesseract and its Japanese data are on this machine; with `SENKO_STRICT` they must be.
let hasTesseract = isStrict || Tesseract() != nil

/// Scans: without recognition an applicant who sends one is never judged, and with it nobody may mistake what was
/// guessed for what was written.
@Suite(.enabled(if: hasTesseract, "tesseract-ocr and tesseract-ocr-jpn are not installed"))
struct RecognitionTests {
  private let worker = product("senko-worker")

  private func outcome(
    _ document: [UInt8], limits: Limits = Limits(), recognised: Bool = true,
    by program: String? = nil
  ) async throws -> ReadingOutcome {
    let pool = ReaderPool(
      worker: program ?? worker, workers: 1, limits: limits, recognisesScans: recognised)
    defer { pool.shutdown() }
    return try await pool.read(document)
  }

  private func reading(_ outcome: ReadingOutcome) throws -> Reading {
    guard case .read(let reading) = outcome else {
      Issue.record("unreadable: \(self.reason(outcome) ?? "")")
      throw CancellationError()
    }
    return reading
  }

  private func reason(_ outcome: ReadingOutcome) -> String? {
    if case .unreadable(let reason, _) = outcome { reason } else { nil }
  }

  @Test func aScanIsReadWhenThatIsAskedForAndSaysSo() async throws {
    let scan = SamplePDF.scan()
    #expect(try await reason(outcome(scan, recognised: false)) == "no-text")
    let reading = try await reading(outcome(scan))
    let nouns = Set(reading.nouns.map(\.term))
    #expect(nouns.isSuperset(of: ["基幹システム", "設計", "開発", "要件定義", "運用", "保守"]))
    #expect(reading.flags == ["recognised"])
    #expect(reading.quality["recognisedPages"] == 1)
    #expect(try #require(reading.quality["confidencePerMille"]) >= 800)
    let recogniser = try #require(reading.recogniser)
    #expect(recogniser.keys.sorted() == ["recogniser", "tesseract", "tesseract/jpn.traineddata"])
    #expect(recogniser["tesseract/jpn.traineddata"]?.count == 64)
    // One analysis: a model judges what was recognised, and training may use it.
    let plain = try await self.reading(outcome(Array("設計".utf8), recognised: false))
    #expect(reading.fingerprint == plain.fingerprint)
  }

  @Test func twoRunsGiveTheSameReading() async throws {
    let first = try await reading(outcome(SamplePDF.scan()))
    let second = try await reading(outcome(SamplePDF.scan()))
    #expect(ReadingOutcome.read(first).encoded == ReadingOutcome.read(second).encoded)
    #expect(first.recogniser == second.recogniser)
  }

  @Test func aDocumentWithTextIsReadAsEver() async throws {
    let texts = [
      SamplePDF.page(SamplePDF.lines(["基幹システムの設計と開発", "要件定義と試験を担当"])),
      Array("平文の職務経歴".utf8),
    ]
    for document in texts {
      let without = try await reading(outcome(document, recognised: false))
      let with = try await reading(outcome(document))
      #expect(ReadingOutcome.read(without).encoded == ReadingOutcome.read(with).encoded)
      #expect(with.recogniser == nil)
    }
  }

  @Test func aScannedPageBehindOneOfTextIsRead() async throws {
    let document = SamplePDF.textAndScan(SamplePDF.lines(["添付の書類を送付します"]))
    let without = try await reading(outcome(document, recognised: false))
    #expect(!without.text.contains("設計"))
    let with = try await reading(outcome(document))
    #expect(with.text.contains("添付") && with.text.contains("設計"))
    #expect(with.flags.contains("recognised"))
  }

  @Test func aStampOfTheScannersDoesNotHideThePage() async throws {
    // Drawing a font that is not embedded looks for another in the machine's folders.
    let stamped = SamplePDF.scan(SamplePDF.show("Page 1", x: 280, y: 20))
    #expect(try await reading(outcome(stamped)).text.contains("設計"))
  }

  /// A machine may have no list of its fonts yet, no place for one, or no fonts at all.
  @Test(
    .enabled(if: canMount),
    arguments: [
      "-o rw none /var/cache/fontconfig", "-o ro none /var/cache/fontconfig",
      "none /usr/share/fonts",
    ])
  func aStampOfTheScannersHidesNoPageWhereFontsAreNotListed(mount: String) async throws {
    let stamped = SamplePDF.scan(SamplePDF.show("Page 1", x: 280, y: 20))
    try await withTemporaryDirectory { folder in
      let program = folder + "/without-list"
      try writeProgram(
        """
        #!/bin/sh
        exec unshare --map-root-user --mount sh -c 'mount -t tmpfs \(mount) && exec "$0" "$@"' \
          \(worker) "$@"
        """, to: program)
      let outcome = try await outcome(stamped, by: program)
      #expect(try reading(outcome).text.contains("設計"))
    }
  }

  @Test(arguments: [90, 180, 270]) func aPageThatLiesOnItsSideIsRead(angle: Int) async throws {
    let turned = SamplePDF.scan(page: "/Rotate \(angle)")
    #expect(try await reading(outcome(turned)).text.contains("設計"))
  }

  @Test func whatIsOnlyGuessedIsNoReading() async throws {
    let mirrored = SamplePDF.scan(matrix: "-595 0 0 842 595 0")
    #expect(try await reason(outcome(mirrored)) == "poorly-recognised")
    #expect(try await reason(outcome(SamplePDF.page(""))) == "no-text")
  }

  @Test func aPageThatTakesTooLongEndsAndTheNextDocumentIsRead() async throws {
    var limits = Limits()
    limits.recognitionProcessorMilliseconds = 30
    let pool = ReaderPool(worker: worker, workers: 1, limits: limits, recognisesScans: true)
    defer { pool.shutdown() }
    #expect(try await reason(pool.read(SamplePDF.scan())) == "timeout")
    let mixed = SamplePDF.textAndScan(SamplePDF.lines(["添付の書類を送付します"]))
    let reading = try await reading(pool.read(mixed))
    #expect(reading.text.contains("添付") && reading.flags.contains("scans-left-out"))
    #expect(reading.recogniser == nil)
  }

  @Test func noMorePagesAreRecognisedThanTheLimitSays() async throws {
    var limits = Limits()
    limits.scannedPages = 0
    #expect(try await reason(outcome(SamplePDF.scan(), limits: limits)) == "too-large")
  }

  @Test func aHugePageIsDrawnWithinTheLimit() throws {
    func picture(_ box: String) throws -> PagePicture? {
      let page = "<</Type/Page/Parent 2 0 R/MediaBox[\(box)]>>"
      let document = SamplePDF.file([
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", page,
      ])
      return try PDFDocument(document).picture(of: 0, atMost: 1 << 20)
    }
    let poster = try #require(try picture("0 0 14400 14400"))
    #expect(poster.pixels.count <= 1 << 20 && poster.resolution == 5)
    #expect(try picture("0 0 14400000 14400000") == nil)
    #expect(try picture("0 0 9000000 1") == nil)
  }
}
