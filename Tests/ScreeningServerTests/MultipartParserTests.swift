import TestSupport
import Testing

@testable import ScreeningServer

/// If these fail, a browser's upload arrives cut, mixed up, or not at all.
@Suite struct MultipartParserTests {
  private func parse(
    _ body: [UInt8], boundary: String = "XYZ", cuts: [Int] = []
  ) throws -> [MultipartParser.Part] {
    var parser = try MultipartParser(boundary: boundary)
    var start = 0
    for end in cuts.sorted() + [body.count] {
      try parser.consume(body[start..<end])
      start = end
    }
    return try parser.finish()
  }

  private func body(_ text: String) -> [UInt8] {
    Array(text.replacing("\n", with: "\r\n").utf8)
  }

  private let form = """
    a preamble that nobody reads
    --XYZ
    Content-Disposition: form-data; name="name"

    山田 花子
    --XYZ
    content-disposition: form-data; name="documents"; filename="職務\\"経歴.pdf"
    Content-Type: application/pdf

    %PDF-1.4
    --XY not a delimiter
    \n--XYZ  \t
    Content-Disposition: form-data; name=empty


    --XYZ--
    an epilogue
    --XYZ
    """

  @Test func aFormComesApart() throws {
    let parts = try parse(body(form))
    #expect(parts.map(\.name) == ["name", "documents", "empty"])
    #expect(parts.map(\.fileName) == [nil, "職務\"経歴.pdf", nil])
    #expect(String(decoding: parts[0].content, as: UTF8.self) == "山田 花子")
    #expect(
      String(decoding: parts[1].content, as: UTF8.self)
        == "%PDF-1.4\r\n--XY not a delimiter\r\n")
    #expect(parts[2].content.isEmpty)
  }

  @Test func everyWayOfCuttingGivesTheSame() throws {
    let bytes = body(form)
    let whole = try parse(bytes)
    for cut in 0...bytes.count { #expect(try parse(bytes, cuts: [cut]) == whole, "cut at \(cut)") }
    #expect(try parse(bytes, cuts: Array(0..<bytes.count)) == whole)
  }

  @Test func anyContentComesThrough() throws {
    var generator = SystemRandomNumberGenerator()
    let seed = UInt64.random(in: 0 ... .max, using: &generator)
    var random = SplitMix64(seed: seed)
    // Many line breaks, dashes and boundary letters make near misses.
    let alphabet = Array("\r\n--XYZ\u{0}a".utf8)
    for _ in 0..<200 {
      let content = (0..<Int(random.next() % 60)).map { _ in
        alphabet[Int(random.next() % UInt64(alphabet.count))]
      }
      guard String(decoding: content, as: UTF8.self).firstRange(of: "\r\n--XYZ") == nil else {
        continue
      }
      let head = body("--XYZ\nContent-Disposition: form-data; name=\"d\"\n\n")
      let bytes = head + content + body("\n--XYZ--\n")
      let cuts = (0..<3).map { _ in Int(random.next() % UInt64(bytes.count)) }
      #expect(try parse(bytes, cuts: cuts).map(\.content) == [content], "seed \(seed)")
    }
  }

  @Test(arguments: [
    "", "--XYZ", "--XYZ\n", "--XYZ\nContent-Disposition: form-data; name=a\n\nx",
    "--XYZ\nContent-Disposition: form-data; name=a\n\nx\n--XYZ",
    "--XYZ\nContent-Disposition: form-data; name=a\n\nx\n--XYZ-",
    "--XYZ\nContent-Type: text/plain\n\nx\n--XYZ--", "--XYZ\nnonsense\n\nx\n--XYZ--",
    "--XYZ\nContent-Disposition: form-data\n\nx\n--XYZ--",
    "--XYZ\nContent-Disposition: attachment; name=a\n\nx\n--XYZ--",
    "--XYZ trailing\nContent-Disposition: form-data; name=a\n\nx\n--XYZ--",
    "--XYZ\nContent-Disposition: form-data; name=\"a\n\nx\n--XYZ--",
  ]) func brokenBodiesAreRefused(_ text: String) {
    #expect(throws: MultipartParser.Fault.self) { try parse(body(text)) }
  }

  @Test func hostileBodiesStayWithinLimits() throws {
    let part = "--XYZ\nContent-Disposition: form-data; name=a\n\n\n"
    #expect(throws: MultipartParser.Fault.self) {
      try parse(body(String(repeating: part, count: 65)))
    }
    #expect(throws: MultipartParser.Fault.self) {
      try parse(body("--XYZ\n" + String(repeating: "x", count: 9000)))
    }
    #expect(throws: MultipartParser.Fault.self) {
      try parse(body("--XYZ" + String(repeating: " ", count: 9000)))
    }
    for boundary in ["", String(repeating: "b", count: 71), "a\r\nb", "境"] {
      #expect(throws: MultipartParser.Fault.self) { try MultipartParser(boundary: boundary) }
    }
  }

  @Test func contentTypesAreReadAsBrowsersWriteThem() throws {
    let type = try #require(ContentType(#"Multipart/Form-Data; charset=utf-8; Boundary="a b;c""#))
    #expect(type.name == "multipart/form-data")
    #expect(type.parameters == ["charset": "utf-8", "boundary": "a b;c"])
    for broken in ["", "json", "a/b; x", "a/b; x=\"y", "a/b; x=1; X=2"] {
      #expect(ContentType(broken) == nil, "\(broken)")
    }
  }
}
