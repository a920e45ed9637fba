import EventStore
import Glibc
import Projections
import TestSupport
import Testing

/// What a long story says of each stream, in a row that grows and shrinks anywhere.
private struct StoryRow: ViewRow, Equatable {
  var parts: [String] = []
  var length: UInt64 = 0

  func encode(into encoder: inout RowEncoder) {
    encoder.encode(length)
    encoder.encode(list: parts) { $1.encode($0) }
  }
  init() {}
  init(from decoder: inout RowDecoder) throws(RowCodingError) {
    length = try decoder.number()
    parts = try decoder.list { (decoder) throws(RowCodingError) in try decoder.text() }
  }

  mutating func take(_ type: String, _ data: JSONValue) {
    let part = data["part"]?.integer ?? 0
    length += UInt64(part)
    switch type {
    case "told": parts.append(String(repeating: "x", count: Int(part) % 23) + "\(part)")
    case "retold": if !parts.isEmpty { parts[Int(part) % parts.count] = "again \(part)" }
    case "forgotten": if !parts.isEmpty { parts.remove(at: Int(part) % parts.count) }
    default: break
    }
  }
}

/// Rows by stream, counts by type that are read back, and an index that follows from the rows.
private struct Stories: Projection {
  static let stories = TemporalTable<String, StoryRow>("stories")
  static let counts = ViewTable("counts")
  static let index = ViewTable("index")

  let name = "stories"
  let version = 1
  let tables = stories.tables + [counts, index]
  /// The event at which the process is killed.
  var end = Position.zero

  func facts() -> any Facts { Chapters(end: end) }

  func settle(_ portion: inout Portion) throws {
    Self.stories.forEachChange(in: &portion) { old, new, portion in
      if let old { portion.remove(in: Self.index) { old.length.write(to: &$0) } }
      portion.add(in: Self.index) { new.length.write(to: &$0) }
    }
  }
}

private struct Chapters: Facts {
  let end: Position
  var events: [Event] = []

  init(end: Position) { self.end = end }

  mutating func read(_ event: EventLine) throws { events.append(try Event(event)) }

  func fold(into writer: inout ViewWriter) throws {
    for event in events {
      writer.position = event.position
      if event.position == end { kill(getpid(), SIGKILL) }
      let key = Array(event.type.utf8)
      let count = try writer.value(at: key, in: Stories.counts).map { number(in: $0, at: 0) } ?? 0
      writer.put((count + 1).viewKey, at: key, in: Stories.counts)
      let isThere = try Stories.stories.change(event.stream, in: &writer) {
        $0.take(event.type, event.data)
      }
      if !isThere {
        var row = StoryRow()
        // Lengths are unique, so that no two rows share a place in the index.
        row.length = event.position.rawValue << 32
        row.take(event.type, event.data)
        try Stories.stories.put(row, for: event.stream, in: &writer)
      }
    }
  }
}

/// If these fail, what a list shows depends on when the views were brought up to date.
@Suite struct PortionTests {
  private struct Stored: Equatable {
    var table: String
    var key: [UInt8]
    var value: [UInt8]
  }

  private func stored(_ views: Views) throws -> [Stored] {
    var stored: [Stored] = []
    for table in Stories().tables {
      try views.forEach(in: table) { entry in
        stored.append(Stored(table: table.name, key: entry.key, value: entry.value))
        return true
      }
    }
    return stored
  }

  private func append(
    _ count: Int, to log: EventLog, using random: inout SplitMix64
  ) async throws -> [EventDraft] {
    var append = Append(actor: "user:1", via: "test")
    for _ in 0..<count {
      let type = ["told", "told", "told", "retold", "forgotten"].randomElement(using: &random)
      append.events.append(
        EventDraft(
          stream: "story:\(UInt64.random(in: 1...60, using: &random))", type: type ?? "told",
          data: ["part": .integer(Int64.random(in: 0...5_000, using: &random))]))
    }
    _ = try await log.append(append)
    return append.events
  }

  /// Portions of one chunk each are written while the next is folded over them.
  @Test func rowsDependOnTheEventsAndNotOnWhereTheyWereCut() async throws {
    let seed = UInt64.random(in: 0..<(1 << 32))
    var random = SplitMix64(seed: seed)
    try await withTemporaryDirectory { folder in
      let log = try EventLog.open(folder + "/data", create: true)
      defer { log.close() }
      func views(_ name: String, portion: Int) throws -> Views {
        try Views(
          directory: folder + "/" + name, log: log, projections: [Stories()], portion: portion)
      }
      let followed = try views("followed", portion: 32 << 20)
      var events: [EventDraft] = []
      while events.count < 9_000 {
        let count = Int.random(in: 1...700, using: &random)
        events += try await append(count, to: log, using: &random)
        if Bool.random(using: &random) { try followed.catchUp() }
      }
      try followed.catchUp()
      let expected = try stored(followed)
      #expect(expected.count > 9_000)
      for portion in [1, Int.random(in: 10_000...500_000, using: &random), 32 << 20] {
        let folded = try views("folded-\(portion)", portion: portion)
        #expect(try folded.catchUp().rawValue == UInt64(events.count))
        #expect(try stored(folded) == expected, "seed \(seed), portion \(portion)")
        #expect(try folded.rebuild().rawValue == UInt64(events.count))
        #expect(try stored(folded) == expected, "seed \(seed), rebuilt in portions of \(portion)")
      }
      try check(followed, events, seed: seed, using: &random)
    }
  }

  @Test func aKilledFoldGoesOnWhereItsLastPortionEnded() async throws {
    try await withTemporaryDirectory { folder in
      var random = SplitMix64(seed: 8)
      do {
        let log = try EventLog.open(folder + "/data", create: true)
        defer { log.close() }
        for _ in 0..<10 { _ = try await append(600, to: log, using: &random) }
      }
      await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
        let log = try EventLog.open(folder + "/data", create: false)
        try Views(
          directory: folder + "/killed", log: log, projections: [Stories(end: 5_000)], portion: 1
        ).catchUp()
      }
      let log = try EventLog.open(folder + "/data", create: false)
      defer { log.close() }
      let killed = try Views(
        directory: folder + "/killed", log: log, projections: [Stories()])
      #expect(try (1_000..<5_000).contains(6_000 - killed.statistics(at: 6_000).lag))
      try killed.catchUp()
      let whole = try Views(directory: folder + "/whole", log: log, projections: [Stories()])
      try whole.catchUp()
      #expect(try stored(killed) == stored(whole))
    }
  }

  /// Rows of the past are what folding up to there would give.
  private func check(
    _ views: Views, _ events: [EventDraft], seed: UInt64, using random: inout SplitMix64
  ) throws {
    var rows: [String: StoryRow] = [:]
    for (index, event) in events.enumerated() {
      let position = Position(rawValue: UInt64(index + 1))
      var row = rows[event.stream] ?? StoryRow()
      if rows[event.stream] == nil { row.length = position.rawValue << 32 }
      row.take(event.type, event.data)
      rows[event.stream] = row
      if Int.random(in: 0..<20, using: &random) == 0 {
        let found = try Stories.stories.row(for: event.stream, asOf: position, in: views)
        #expect(found == row, "seed \(seed), event \(position)")
      }
      guard Int.random(in: 0..<1_500, using: &random) == 0 else { continue }
      for backwards in [false, true] {
        var found: [StoryRow] = []
        try Stories.stories.forEach(asOf: position, backwards: backwards, in: views) { row, _ in
          found.append(row)
          return true
        }
        let expected = rows.sorted { $0.key < $1.key }.map(\.value)
        #expect(
          found == (backwards ? expected.reversed() : expected),
          "seed \(seed), as of \(position), backwards: \(backwards)")
      }
    }
    for (stream, row) in rows {
      #expect(try Stories.stories.newest(for: stream, in: views) == row, "seed \(seed)")
    }
  }
}
