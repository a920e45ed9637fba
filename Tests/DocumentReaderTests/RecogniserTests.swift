import Foundation
import TestSupport
import Testing

@testable import DocumentReader

/// The process that sees pictures of strangers: what it may not do, and what it makes of nonsense.
@Suite(.enabled(if: hasTesseract, "tesseract-ocr and tesseract-ocr-jpn are not installed"))
struct RecogniserTests {
  private let limits = Limits().ofRecogniser

  private func started() throws -> WorkerProcess {
    try WorkerProcess(recogniser: product("senko-worker"), limits, digests: [:])
  }

  @Test func itIsInItsSandboxBeforeItSeesAPicture() throws {
    // One more that it may not have, above the thousand wherever so many are allowed.
    var high = fcntl(0, F_DUPFD, 1500)
    if high < 0 { high = fcntl(0, F_DUPFD, 500) }
    try #require(high >= 500)
    defer { close(high) }
    let recogniser = try started()
    defer { recogniser.end() }
    #expect(recogniser.isSandboxed)
    let kernel = try Confinement(of: recogniser.pid)
    #expect(kernel.isFiltered && kernel.gainsNoPrivileges)
    for name in ["file size", "processes", "core file size"] {
      #expect(kernel.limit(name) == 0, "\(name) is not limited")
    }
    #expect(kernel.descriptors.isSubset(of: ["0", "1", "2"]))
  }

  @Test func nonsenseGivesNothing() throws {
    var recogniser = try started()
    defer { recogniser.end() }
    var lie = ByteWriter()
    lie.write(300)
    lie.write(60_000)
    lie.write(60_000)
    lie.write([UInt8](repeating: 0, count: 100))
    for request in [[], [1, 2, 3], lie.bytes] {
      #expect(try recogniser.ask([], about: request, limits).answer == [])
    }
  }

  @Test func noiseEndsWithinTheLimits() throws {
    var state: UInt64 = 42
    var picture = ByteWriter()
    picture.write(300)
    picture.write(1500)
    picture.write(1000)
    picture.write(
      (0..<1_500_000).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
      })
    var recogniser = try started()
    defer { recogniser.end() }
    let begun = ContinuousClock.now
    _ = try? recogniser.ask([], about: picture.bytes, limits)
    #expect(ContinuousClock.now - begun < .milliseconds(limits.wallMilliseconds + 1000))
  }

  @Test func aPictureIsNotBelievedToBeLargerThanItIs() throws {
    var writer = ByteWriter()
    for value in [300, 10, 10] { writer.write(value) }
    writer.write([UInt8](repeating: 255, count: 99))
    #expect(throws: CodingError.self) { try PagePicture(decoding: writer.bytes) }
  }

  @Test func wordsOutsideOfAllReasonAreRefused() throws {
    let word = Tesseract.Word(
      text: "設計", left: 10, top: 20, right: 110, bottom: 60, confidence: 90, beginsLine: true)
    let page = try RecognisedPage(decoding: RecognisedPage.encode([word], resolution: 300))
    #expect(page.segments.map(\.text) == ["設計"])
    var far = word
    far.right = 1 << 20
    var sure = word
    sure.confidence = 101
    for wrong in [far, sure] {
      #expect(throws: CodingError.self) {
        try RecognisedPage(decoding: RecognisedPage.encode([wrong], resolution: 300))
      }
    }
    #expect(throws: CodingError.self) {
      try RecognisedPage(decoding: RecognisedPage.encode([word], resolution: 0))
    }
  }

  @Test func whatIsMissingIsNoticed() {
    #expect(Tesseract(library: "libtesseract-of-nobody.so.0") == nil)
  }
}
