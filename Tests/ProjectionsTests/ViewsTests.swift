import EventStore
import Projections
import TestSupport
import Testing

/// If these fail, a list or a past state shows what the log does not say.
@Suite struct ViewsTests {
  private func append(
    _ count: Int, to log: EventLog, using random: inout SplitMix64
  ) async throws -> [(stream: String, amount: UInt64)] {
    var append = Append(actor: "user:1", via: "test")
    var added: [(String, UInt64)] = []
    for _ in 0..<count {
      let stream = "account:\(UInt64.random(in: 1...9, using: &random))"
      let amount = UInt64.random(in: 0...1_000, using: &random)
      append.events.append(
        EventDraft(stream: stream, type: "paid", data: ["amount": .integer(Int64(amount))]))
      added.append((stream, amount))
    }
    _ = try await log.append(append)
    return added
  }

  /// Enough events for several chunks decoded ahead, in appends that do not end where chunks do.
  @Test(arguments: [UInt64(7), 11]) func foldsEveryEventOnceAndInOrder(seed: UInt64) async throws {
    try await withTemporaryDirectory { folder in
      var random = SplitMix64(seed: seed)
      let log = try EventLog.open(folder + "/data", create: true)
      defer { log.close() }
      let (first, second) = (Totals("first"), Totals("second"))
      var events: [(stream: String, amount: UInt64)] = []
      do {
        let views = try Views(directory: folder + "/views", log: log, projections: [first])
        events += try await append(900, to: log, using: &random)
        #expect(try views.catchUp() == 900)
        #expect(try views.catchUp() == 900)
        #expect(first.counter.count == 900)
      }
      for _ in 0..<9 { events += try await append(999, to: log, using: &random) }

      // The second projection begins at the first event, the first one goes on.
      let views = try Views(directory: folder + "/views", log: log, projections: [first, second])
      #expect(try views.catchUp().rawValue == UInt64(events.count))
      #expect(first.counter.count == events.count)
      #expect(second.counter.count == events.count)

      var totals: [String: UInt64] = [:]
      for (index, event) in events.enumerated() {
        totals[event.stream, default: 0] += event.amount
        guard index % 97 == 0 else { continue }
        let position = Position(rawValue: UInt64(index + 1))
        for table in [first.table, second.table] {
          let row = try table.row(for: event.stream, asOf: position, in: views)
          #expect(row?.total == totals[event.stream], "seed \(seed), event \(position)")
        }
      }
      for (stream, total) in totals {
        #expect(try first.table.newest(for: stream, in: views)?.total == total, "seed \(seed)")
        #expect(try first.table.row(for: stream, asOf: .zero, in: views) == nil)
      }
    }
  }

  /// Without a look at the readers, the views of a server would fill the disk once a query has been killed.
  @Test func aKilledReaderDoesNotMakeTheViewsGrow() async throws {
    func size(killing: Bool) async throws -> Int {
      try await withTemporaryDirectory { folder in
        var random = SplitMix64(seed: 5)
        let log = try EventLog.open(folder + "/data", create: true)
        defer { log.close() }
        let views = try Views(
          directory: folder + "/views", log: log, projections: [Totals("totals")])
        for index in 0..<500 {
          if killing, index == 50 { try await killReader(of: folder + "/views") }
          _ = try await append(30, to: log, using: &random)
          try views.catchUp()
        }
        if killing {
          try await killReader(of: folder + "/views")
          #expect(try views.clearStaleReaders() == 1)
        }
        return try views.statistics(at: log.head).size
      }
    }
    let (alone, beside) = (try await size(killing: false), try await size(killing: true))
    #expect(beside < 2 * alone, "\(beside) bytes rather than \(alone)")
  }

  @Test func anotherVersionOrEpochFoldsAnewAndOnlyItself() async throws {
    try await withTemporaryDirectory { folder in
      var random = SplitMix64(seed: 3)
      let log = try EventLog.open(folder + "/data", create: true)
      defer { log.close() }
      _ = try await append(50, to: log, using: &random)
      func views(_ projections: [any Projection]) throws -> Views {
        try Views(directory: folder + "/views", log: log, projections: projections)
      }
      _ = try views([Totals("kept"), Totals("changed")]).catchUp()
      let (kept, changed) = (Totals("kept"), Totals("changed", version: 2))
      var other = Totals("other")
      other.currentEpoch = 1
      _ = try views([kept, changed, other]).catchUp()
      #expect(kept.counter.count == 0)
      #expect(changed.counter.count == 50)
      #expect(other.counter.count == 50)
      other.currentEpoch = 2
      #expect(try views([kept, changed, other]).folded() == .zero)
      _ = try views([kept, changed, other]).catchUp()
      #expect(other.counter.count == 100)
    }
  }

  @Test func whatIsPatientIsFoldedWhenItIsAskedFor() async throws {
    try await withTemporaryDirectory { folder in
      var random = SplitMix64(seed: 4)
      let log = try EventLog.open(folder + "/data", create: true)
      defer { log.close() }
      let prompt = Totals("prompt")
      var patient = Totals("patient")
      patient.isPatient = true
      let views = try Views(
        directory: folder + "/views", log: log, projections: [prompt, patient])
      let head = Position(rawValue: UInt64(try await append(50, to: log, using: &random).count))
      #expect(try views.folded() == .zero)
      try views.catchUp(through: head)
      #expect(prompt.counter.count == 50)
      #expect(patient.counter.count == 0)
      #expect(try views.statistics(at: head).lag == 0)
      #expect(try views.folded() == head)
      try views.catchUpPatient(through: head)
      #expect(patient.counter.count == 50)
      #expect(try views.rebuild() == head)
      #expect(prompt.counter.count == 100 && patient.counter.count == 100)
    }
  }

  @Test func rebuildingGivesTheSameRows() async throws {
    try await withTemporaryDirectory { folder in
      var random = SplitMix64(seed: 5)
      let log = try EventLog.open(folder + "/data", create: true)
      defer { log.close() }
      let totals = Totals("totals")
      let views = try Views(directory: folder + "/views", log: log, projections: [totals])
      func rows() throws -> [ViewEntryCopy] {
        var rows: [ViewEntryCopy] = []
        for table in totals.tables {
          try views.forEach(in: table) { entry in
            rows.append(ViewEntryCopy(key: entry.key, value: entry.value))
            return true
          }
        }
        return rows
      }
      for _ in 0..<20 {
        _ = try await append(7, to: log, using: &random)
        try views.catchUp()
      }
      let before = try rows()
      #expect(before.count > 140)
      #expect(try views.rebuild() == 140)
      #expect(try rows() == before)
    }
  }

  @Test func aFoldThatFailsNamesTheEventAndLeavesTheRest() async throws {
    struct Refusing: Projection {
      struct No: Error {}
      let name = "refusing"
      let version = 1
      let tables: [ViewTable] = []
      func facts() -> any Facts { Refusal() }
    }
    struct Refusal: Facts {
      var last = Position.zero
      mutating func read(_ event: EventLine) { last = event.position }
      func fold(into writer: inout ViewWriter) throws {
        for position in 1...last.rawValue {
          writer.position = Position(rawValue: position)
          if position == 3 { throw Refusing.No() }
        }
      }
    }
    try await withTemporaryDirectory { folder in
      var random = SplitMix64(seed: 6)
      let log = try EventLog.open(folder + "/data", create: true)
      defer { log.close() }
      _ = try await append(5, to: log, using: &random)
      let views = try Views(directory: folder + "/views", log: log, projections: [Refusing()])
      let error = #expect(throws: ViewError.self) { try views.catchUp() }
      #expect(error?.description.contains("event 3") == true)
    }
  }
}

private struct ViewEntryCopy: Equatable {
  var key: [UInt8]
  var value: [UInt8]
}
