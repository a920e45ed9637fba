import Foundation
import TestSupport
import Testing

@testable import DocumentReader

/// Documents made to hurt: each ends with a reading or a reason, and the one behind it is read as ever.
///
/// One applicant's file must not keep the others from being read.
@Suite struct HostileDocumentTests {
  private static var limits: Limits {
    var limits = Limits()
    limits.processorMilliseconds = 1_000
    limits.wallMilliseconds = 30_000
    return limits
  }

  private static let line = SamplePDF.lines(["要件定義と開発"])

  /// Documents by what is wrong with them, and how they end.
  private static let documents: [(name: String, end: End, bytes: [UInt8])] = [
    ("picture of a giant as contents", .without("no-text"), giantPicture),
    ("a hundred million spaces", .lineIfInTime, spaces),
    ("a form that draws itself", .lineIfInTime, form(drawing: "/X Do /X Do")),
    ("forms that draw ten of the next", .lineIfInTime, laughs),
    ("pages that are their own parents", .without("no-text"), cyclicPages),
    ("more pages than there are numbers", .without("no-text"), count("2147483648")),
    ("fewer pages than none", .without("no-text"), count("-1")),
    ("boxes of no size", .line, box("[0 0 0 0]")),
    ("a box of all space", .line, box("[-1e308 -1e308 1e308 1e308]")),
    (
      "a font as large as numbers go", .without("no-text"),
      SamplePDF.page("BT /H 1e300 Tf 50 700 Td <65E5> Tj ET")
    ),
    (
      "a hundred thousand arrays", .without("no-text"),
      SamplePDF.page(repeated("[", 100_000) + line)
    ),
    (
      "a hundred thousand saved states", .lineIfInTime,
      SamplePDF.page(repeated("q ", 100_000) + line)
    ),
    ("fields that are their own children", .line, cyclicFields),
    ("contents listed ten thousand times", .lineIfInTime, contents),
    ("filters without end", .without("no-text"), filters),
    ("letters without end", .textIfInTime, Array(repeated("a", 300_000).utf8)),
    ("figures without end", .textIfInTime, Array(repeated("1", 300_000).utf8)),
    (
      "marks on one letter", .textIfInTime, Array(("か" + repeated("\u{3099}", 100_000)).utf8)
    ),
    (
      "ligatures of eighteen letters", .textIfInTime, Array(repeated("\u{FDFA}", 90_000).utf8)
    ),
  ]

  /// How a document ends.
  private enum End {
    /// What an honest page says is read, whatever stands beside it.
    case line
    /// As `line`, or it takes longer than it may.
    case lineIfInTime
    /// There is a reading, or it takes longer than it may.
    case textIfInTime
    /// There is none, for this reason.
    case without(String)

    func allows(_ outcome: ReadingOutcome) -> Bool {
      switch (self, outcome) {
      case (.line, .read(let reading)), (.lineIfInTime, .read(let reading)):
        reading.text.contains("要件定義")
      case (.textIfInTime, .read): true
      case (.lineIfInTime, .unreadable("timeout", _)), (.textIfInTime, .unreadable("timeout", _)):
        true
      case (.without(let expected), .unreadable(let reason, _)): reason == expected
      default: false
      }
    }
  }

  /// Reads each of them and an honest one behind it.
  private static func readAll() async throws {
    let pool = ReaderPool(
      worker: product("senko-worker"), workers: 1, limits: limits)
    defer { pool.shutdown() }
    let documents = documents
    let grown = try await growth {
      for (name, end, bytes) in documents {
        let (outcome, usage) = try await pool.measure(bytes)
        #expect(end.allows(outcome), "\(name): \(outcome.summary)")
        #expect(usage.wallMicroseconds < 2_000 * limits.wallMilliseconds, "\(name)")
        guard case .read(let reading) = try await pool.read(Sentinel.bytes) else {
          Issue.record("After \(name), the next document is unreadable.")
          continue
        }
        #expect(reading.text == "日本語テスト", "after \(name)")
      }
    }
    #expect(grown < 50 << 20, "The process that asks took \(grown) bytes.")
  }

  /// In a process of its own, whose memory and messages are those of reading.
  @Test func eachEndsAndTheNextIsRead() async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) {
      try await HostileDocumentTests.readAll()
    }
    let said = try #require(result).standardErrorContent
    #expect(said.count < 1_000, "\(String(decoding: said.prefix(1_000), as: UTF8.self))")
  }

  @Test func ofTenThousandPagesTheFirstAreRead() throws {
    let page =
      "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
      + "/Resources<</Font<</H 5 0 R>>>>>>"
    let kids = (9..<10_009).map { "\($0) 0 R" }.joined(separator: " ")
    let document = SamplePDF.page(
      Self.line, more: Array(repeating: page, count: 10_000),
      kids: "[\(kids)]/Count 10000")
    let reading = try ReadText.reading(document)
    #expect(reading.flags.contains("pages-left-out"))
    #expect(reading.quality["pages"] == 10_000)
    #expect(reading.text.split(separator: "\n").count == 50)
  }

  /// What is decided on the first page alone must not look as if it were decided on all.
  @Test(arguments: [
    "null", "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[\(repeated("1 0 R ", 10_001))]>>",
  ])
  func aPageThatCannotBeReadIsSaidToBeLeftOut(page: String) throws {
    let reading = try ReadText.reading(
      SamplePDF.page(Self.line, more: [page], kids: "[3 0 R 9 0 R]/Count 2"))
    #expect(reading.text.contains("要件定義"))
    #expect(reading.flags == ["pages-left-out"])
  }

  @Test func aTextThatGrowsBeyondTheLimitIsCut() throws {
    let reading = try ReadText.reading(String(repeating: "\u{FDFA}", count: 90_000))
    #expect(reading.flags.contains("text-left-out"))
    #expect(reading.text.unicodeScalars.count <= Limits().characters)
  }

  @Test(arguments: [
    "<!-- 経歴 --><html><body>職務経歴書", "{\\rtf1 職務経歴書}", "%!PS-Adobe-3.0 職務経歴書",
    "\u{1B}$B?&L37PNr=q\u{1B}(B",
  ])
  func whatIsTextOnlyByItsBytesIsNone(text: String) throws {
    guard case .unreadable(let reason, _) = try ReadText.outcome(Array(text.utf8)) else {
      Issue.record("\(text) was read.")
      return
    }
    #expect(reason == "not-a-document")
  }

  @Test func aMarkOfByteOrderAloneIsEmpty() throws {
    guard case .unreadable(let reason, _) = try ReadText.outcome([0xEF, 0xBB, 0xBF, 0x0A]) else {
      Issue.record("Nothing was read as something.")
      return
    }
    #expect(reason == "empty")
  }
}

extension HostileDocumentTests {
  private static func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }

  /// A page whose contents claim to be a picture of a hundred thousand by a hundred thousand pixels.
  private static var giantPicture: [UInt8] {
    let segment =
      "00000000300001" + "00000013" + "000186A0000186A0" + "0000000000000000" + "000000>"
    let picture =
      "<</Filter[/ASCIIHexDecode/JBIG2Decode]/Length \(segment.utf8.count)>>stream\n\(segment)\nendstream"
    return SamplePDF.page(line, page: "/Contents[9 0 R 9 0 R 9 0 R]", more: [picture])
  }

  /// Runs of 128 spaces in two bytes each, written in four.
  private static var spaces: [UInt8] {
    let packed = repeated("8120", 800_000) + "80>"
    let stream =
      "<</Filter[/ASCIIHexDecode/RunLengthDecode]/Length \(packed.utf8.count)>>stream\n\(packed)\nendstream"
    return SamplePDF.page(line, page: "/Contents[9 0 R 4 0 R]", more: [stream])
  }

  private static func formObject(_ content: String, next: Int?) -> String {
    "<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</H 5 0 R>>"
      + (next.map { "/XObject<</X \($0) 0 R>>" } ?? "")
      + ">>/Length \(content.utf8.count)>>stream\n\(content)\nendstream"
  }

  private static func form(drawing content: String) -> [UInt8] {
    SamplePDF.page(
      "/X Do", more: [formObject(content + " " + line, next: 9)], resources: "/XObject<</X 9 0 R>>")
  }

  private static var laughs: [UInt8] {
    let levels = (0..<10).map { level in
      formObject(level == 9 ? line : repeated("/X Do ", 10), next: level == 9 ? nil : 10 + level)
    }
    return SamplePDF.page("/X Do", more: levels, resources: "/XObject<</X 9 0 R>>")
  }

  private static var cyclicPages: [UInt8] {
    SamplePDF.file([
      "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 3 0 R]/Count 9>>",
      "<</Type/Pages/Kids[2 0 R 3 0 R]/Count 9/Parent 3 0 R>>",
    ])
  }

  private static var cyclicFields: [UInt8] {
    SamplePDF.page(
      line, page: "/Annots[9 0 R]",
      more: [
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(x)/Kids[9 0 R 10 0 R]/Parent 10 0 R/Rect[0 0 9 9]>>",
        "<</FT/Tx/T(b)/Kids[9 0 R]/Parent 9 0 R>>",
      ])
  }

  private static var contents: [UInt8] {
    SamplePDF.page(line, page: "/Contents[\(repeated("4 0 R ", 10_000))]")
  }

  private static var filters: [UInt8] {
    let stream = "<</Filter[\(repeated("/FlateDecode", 10_000))]/Length 1>>stream\nx\nendstream"
    return SamplePDF.page(line, page: "/Contents 9 0 R", more: [stream])
  }

  private static func count(_ number: String) -> [UInt8] {
    SamplePDF.page(line, kids: "[3 0 R]/Count \(number)")
  }

  private static func box(_ box: String) -> [UInt8] {
    let page = String(decoding: SamplePDF.page(line), as: UTF8.self)
    return Array(page.replacing("[0 0 595 842]", with: box).utf8)
  }
}

extension ReadingOutcome {
  /// The reason why there is no reading, or how the reading begins.
  fileprivate var summary: String {
    switch self {
    case .read(let reading): "read, '\(reading.text.prefix(20))'"
    case .unreadable(let reason, _): reason
    }
  }
}
