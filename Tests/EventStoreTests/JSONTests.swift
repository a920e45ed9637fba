import Testing

@testable import EventStore

/// There is one encoding of each value; any other spelling would let two logs say the same.
@Suite struct JSONTests {
  @Test(arguments: [
    "{}", "[]", "\"\"", "0", "-1", "9007199254740991", "{\"a\":1,\"b\":[\"x\",{\"c\":\"\\n\"}]}",
    "\"\\u0000\\u001f\\b\\t\\f\\r\\\"\\\\/é選考\u{7F}\"",
  ])
  func canonicalTextsComeBackAsTheyWere(text: String) throws {
    let bytes = Array(text.utf8)
    #expect(try JSONValue(canonical: bytes.span).encoded() == bytes)
  }

  @Test(arguments: [
    "", " {}", "{} ", "{\"b\":1,\"a\":2}", "{\"a\":1,\"a\":1}", "01", "-0", "1.0", "1e3", "+1",
    "9007199254740992", "\"\\/\"", "\"\\u000a\"", "\"\\u0041\"", "\"\\u001F\"", "\"\n\"", "true",
    "null", "[1,]", "{\"a\":1,}", "[1 ,2]", "{\"é\":1}", "\"abc", "{\"a\"}", "nul", "\"\\ud83d\"",
  ])
  func otherSpellingsAreRefused(text: String) {
    let bytes = Array(text.utf8)
    #expect(throws: JSONError.self) { try JSONValue(canonical: bytes.span) }
  }

  /// The data lies one deep within the event, which may be 32 deep.
  @Test func anEventIsNoDeeperThanTheFormatSays() async throws {
    func line(_ count: Int) -> [UInt8] {
      let lists = String(repeating: "[", count: count) + String(repeating: "]", count: count)
      let time = "2026-11-23T04:12:09.120Z"
      return Array(
        #"{"actor":"a","at":"\#(time)","clock":"\#(time)","data":{"x":\#(lists)},"n":1,"stream":"a:1","type":"a.b","v":1,"via":"cli"}"#
          .utf8)
    }
    #expect(try EventLine(line(30).span).position == 1)
    #expect(throws: EventCodingError.self) { try EventLine(line(31).span).position }
    // What is written is read.
    try await withLog { log, _ in
      var lists = JSONValue.array([])
      for _ in 0..<28 { lists = .array([lists]) }
      var append = Append(actor: "operator", via: "cli")
      append.events = [EventDraft(stream: "a:1", type: "a.b", data: ["x": lists])]
      _ = try await log.append(append)
      #expect(try log.event(at: 1)?.data["x"] == lists)
      append.events[0].data = ["x": .array([.array([lists])])]
      await #expect(throws: EventLogError.self) { try await log.append(append) }
    }
  }

  @Test func invalidUTF8IsRefused() {
    let bytes: [UInt8] = [0x22, 0xC0, 0x80, 0x22]
    #expect(throws: JSONError.self) { try JSONValue(canonical: bytes.span) }
  }

  @Test(arguments: [
    ("2026-11-23T04:12:09.120Z", "2026-11-23T04:12:09.120Z"),
    ("2026-11-23T13:12:09+09:00", "2026-11-23T04:12:09.000Z"),
    ("2024-02-29", "2024-02-29T00:00:00.000Z"),
    ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
  ])
  func timesAreReadAndWritten(text: String, written: String) {
    #expect(Timestamp(parsing: text)?.description == written)
  }

  @Test(arguments: ["2023-02-29", "2026-13-01", "2026-11-23T24:00:00Z", "2026-11-23T04:12:09", "x"])
  func badTimesAreRefused(text: String) {
    #expect(Timestamp(parsing: text) == nil)
  }
}
