import EventStore
import Projections
import TestSupport
import Testing

@testable import Screening

/// If these fail, what a screen shows depends on how an event was read or on when the views were folded.
@Suite struct FoldingTests {
  /// What `facts` hold, whatever the order in which a dictionary tells its members.
  private static func words(of facts: RecordsFacts) -> [Substring] {
    String(reflecting: facts).split { !$0.isLetter && !$0.isNumber }.sorted()
  }

  /// Events that come by the million are read from their bytes in a shorter way; both ways must say the same.
  @Test func theShortWayToReadAnEventSaysWhatTheWholeEventSays() throws {
    var short: Set<String> = []
    for example in EventCodingTests.examples {
      for draft in [
        example.draft(),
        example.draft(happened: "2026-03-01T09:00:00+09:00", onBehalfOf: UserNumber(2)),
      ] {
        let event = try stored(draft)
        var (brief, whole) = (RecordsFacts(), RecordsFacts())
        try brief.read(try EventLine(event.bytes.span))
        try whole.read(whole: event)
        #expect(Self.words(of: brief) == Self.words(of: whole), "\(event.type)")
        let line = try EventLine(event.bytes.span)
        if ApplicantRow(brief: line) != nil || ApplicantChange.brief(line) != nil {
          short.insert(event.type)
        }
      }
    }
    #expect(
      short == [
        "applicant.registered", "applicant.screened", "applicant.opened", "applicant.labelled",
        "document.added", "document.read",
      ])
  }

  @Test(arguments: [[], ["garbled"], ["foreign-language", "white-text"]])
  func theShortWayFindsEveryFlagOfAReading(flags: [String]) throws {
    var read = try #require(
      EventCodingTests.examples.lazy.compactMap { $0 as? DocumentRead }.first)
    read.flags = flags
    let event = try stored(read.draft())
    let (_, change) = try #require(ApplicantChange.brief(try EventLine(event.bytes.span)))
    #expect(String(reflecting: change) == String(reflecting: try ApplicantChange(event)))
    if case .read(_, _, let found) = change { #expect(found == flags) }
  }

  /// What a newer program recorded is not read as what this one would have meant by it.
  @Test func anEventOfALaterVersionIsRefusedByName() throws {
    for example in EventCodingTests.examples {
      let event = try stored(example.draft(), version: 2)
      let decoding = #expect(throws: ScreeningError.self) { try type(of: example).init(event) }
      #expect(decoding?.description.contains("Event 42") == true)
      #expect(decoding?.description.contains("newer senko") == true)
      let line = try EventLine(event.bytes.span)
      #expect(ApplicantRow(brief: line) == nil)
      #expect(ApplicantChange.brief(line) == nil)
      guard event.stream.hasPrefix("applicant:"), event.type != "attributes.declared" else {
        continue
      }
      var facts = RecordsFacts()
      #expect(throws: ScreeningError.self, "\(event.type)") { try facts.read(line) }
    }
  }

  /// The event as the log would store it.
  private func stored(_ draft: EventDraft, version: Int = 1) throws -> Event {
    let time = "\"2026-11-23T04:12:09.120Z\""
    var line = "{\"actor\":\"user:7\",\"at\":\(time),\"clock\":\(time),\"data\":"
    line += String(decoding: draft.data.encoded(), as: UTF8.self)
    if let happened = draft.happened { line += ",\"happened\":\"\(happened)\"" }
    line += ",\"n\":42"
    if let named = draft.onBehalfOf { line += ",\"onBehalfOf\":\"\(named)\"" }
    line +=
      ",\"stream\":\"\(draft.stream)\",\"type\":\"\(draft.type)\",\"v\":\(version),\"via\":\"cli\"}"
    return try Event(decoding: Array(line.utf8).span)
  }

  /// An event that lacks a member, or holds another kind of value, is refused by either way.
  @Test func whatIsNoEventOfItsTypeIsRefused() throws {
    for data in [
      #"{"applicant":0}"#, #"{"applicant":"17"}"#, #"{}"#,
      #"{"applicant":17,"label":"maybe","purpose":"decision","screening":0}"#,
      #"{"applicant":17,"label":"ok","purpose":"decision","screening":"0"}"#,
    ] {
      let time = "\"2026-11-23T04:12:09.120Z\""
      let line =
        "{\"actor\":\"user:7\",\"at\":\(time),\"clock\":\(time),\"data\":\(data),\"n\":42,"
        + "\"stream\":\"applicant:17\",\"type\":\"applicant.labelled\",\"v\":1,\"via\":\"cli\"}"
      #expect(throws: ScreeningError.self) {
        var facts = RecordsFacts()
        try facts.read(try EventLine(Array(line.utf8).span))
      }
    }
  }

  @Test func rebuildingGivesTheRowsThatFollowingGave() async throws {
    let seed = UInt64.random(in: 0..<(1 << 32))
    var random = SplitMix64(seed: seed)
    try await withOffice { office in
      let openings = ["engineer", "sales"]
      for index in 1...12 {
        _ = try await office.register(
          Application(
            name: "応募者 \(index)", opening: try Opening(openings[index % 2]),
            received: index % 3 == 0 ? "2026-03-01T09:00:00+09:00" : nil,
            documents: [.init(bytes: Array(resume(skilled: index % 2 == 0, index).utf8))]),
          by: .commandLine)
        for _ in 0..<6 {
          let number = ApplicantNumber(UInt64.random(in: 1...UInt64(index), using: &random))
          switch Int.random(in: 0..<6, using: &random) {
          case 0: _ = try await office.openApplicant(number, by: .commandLine)
          case 1: _ = try await office.label(number, .ok, by: .commandLine)
          case 2: _ = try await office.label(number, .hold, by: .commandLine)
          case 3: _ = try await office.setState(number, .duplicate, by: .commandLine)
          case 4:
            let opening = try Opening(openings[Int.random(in: 0..<2, using: &random)])
            _ = try await office.correct(number, Correction(opening: opening), by: .commandLine)
          default: _ = try await office.screen(by: .commandLine)
          }
        }
      }
      _ = try office.catchUp(withVocabulary: true)
      let followed = try tables(of: office)
      #expect(followed.count > 200)
      _ = try office.rebuild()
      #expect(try tables(of: office) == followed, "seed \(seed)")
    }
  }

  /// Every entry of every table, as text.
  private func tables(of office: Office) throws -> [String] {
    var entries: [String] = []
    let projections: [any Projection] = [
      RecordsProjection(), WordingsProjection(log: office.log),
      VocabularyProjection(log: office.log),
    ]
    for table in projections.flatMap(\.tables) {
      try office.views.forEach(in: table) { entry in
        entries.append("\(table.name) \(entry.key) \(entry.value)")
        return true
      }
    }
    return entries
  }
}
