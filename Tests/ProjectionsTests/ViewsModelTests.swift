import EventStore
import Foundation
import Projections
import TestSupport
import Testing

/// Something that is done to a log's views.
private enum ViewOperation: Sendable, Hashable {
  /// Events of these streams.
  case append([UInt8])
  case catchUp
  /// Another process goes on, with other portions.
  case reopen(portion: Int)
  case loseTheFolder
  case rebuild
  case changeTheCode
  /// Somebody is registered and erased.
  case erase
  case backUp
  /// The log is lost, and what the last backup and the escrow give takes its place under the views.
  case restore

  static func random(using random: inout SplitMix64) -> ViewOperation {
    switch Int.random(in: 0..<17, using: &random) {
    case 0..<5:
      .append(
        (0..<Int.random(in: 1...400, using: &random)).map { _ in .random(in: 1...9, using: &random)
        })
    case 5..<8: .catchUp
    case 8, 9: .reopen(portion: 1 << Int.random(in: 6...20, using: &random))
    case 10: .loseTheFolder
    case 11, 12: .erase
    case 13, 14: .backUp
    case 15: .restore
    default: Bool.random(using: &random) ? .rebuild : .changeTheCode
    }
  }
}

/// Views of a log beside what a list of its events gives.
private struct ViewRun {
  struct Difference: Error, CustomStringConvertible {
    let description: String
  }

  let folder: String
  var log: EventLog
  /// How often the log was restored.
  var restored = 0
  var backups = 0
  /// What the last backup holds.
  var backup: [String]?
  var streams: [String] = []
  var version = 1
  var portion = 1 << 16
  var totals = Totals("totals")
  var views: Views?

  static func failure(of operations: [ViewOperation]) async throws -> String? {
    try await withTemporaryDirectory { folder in
      var run = ViewRun(folder: folder, log: try EventLog.open(folder + "/data-0"))
      defer { run.log.close() }
      do {
        try await run.log.keepEscrow(at: run.escrow)
        try run.open()
        for operation in operations { try await run.perform(operation) }
        try run.compare()
        return nil
      } catch {
        return "\(error)"
      }
    }
  }

  private var escrow: String { "\(folder)/escrow-\(restored)" }

  private static func paid(
    _ account: UInt8, _ type: String = "paid", _ more: JSONObject = [:]
  ) -> EventDraft {
    var data = more
    data["amount"] = 1
    return EventDraft(stream: "account:\(account)", type: type, data: .object(data))
  }

  private mutating func open() throws {
    views = nil
    totals = Totals("totals", version: version)
    views = try Views(
      directory: folder + "/views", log: log, projections: [totals], portion: portion)
  }

  private mutating func perform(_ operation: ViewOperation) async throws {
    switch operation {
    case .append(let accounts):
      var append = Append(actor: "user:1", via: "test")
      for account in accounts {
        append.events.append(Self.paid(account))
        streams.append("account:\(account)")
      }
      _ = try await log.append(append)
    case .catchUp: try compare()
    case .reopen(let portion):
      self.portion = portion
      try open()
    case .loseTheFolder:
      views = nil
      try FileManager.default.removeItem(atPath: folder + "/views")
      try open()
    case .rebuild:
      guard try views?.rebuild().rawValue == UInt64(streams.count) else {
        throw Difference(description: "Rebuilding ends ahead of the log's end.")
      }
    case .changeTheCode:
      version += 1
      try open()
    case .erase:
      let person = log.makeSubject()
      var append = Append(actor: "user:1", via: "test")
      append.events = [Self.paid(7)]
      append.subjects = [person]
      _ = try await log.append(append)
      append.subjects = []
      append.events = [Self.paid(7, "account.erased", ["subject": .string(person.id.hex)])]
      _ = try await log.erase([person.id], recording: append)
      streams += ["account:7", "account:7"]
    case .backUp:
      backups += 1
      _ = try await log.backup(to: "\(folder)/backup-\(backups)")
      backup = streams
    case .restore: try await restore()
    }
  }

  private mutating func restore() async throws {
    guard let backup else { return }
    log.close()
    let before = (log: "\(folder)/backup-\(backups)", escrow: escrow)
    restored += 1
    (log, _) = try await EventLog.restore(
      before.log, escrow: before.escrow, to: "\(folder)/data-\(restored)"
    ) { restoration in
      var append = Append(actor: "user:1", via: "test")
      append.events = [
        Self.paid(
          8, "log.restored",
          [
            "knownRoot": .string(restoration.knownRoot),
            "knownSize": .integer(Int64(restoration.knownSize)),
            "origin": .string(restoration.formerOrigin), "size": .integer(Int64(restoration.size)),
          ])
      ]
      return append
    }
    try await log.keepEscrow(at: escrow)
    streams = backup + ["account:8"]
    self.backup = nil
    try open()
  }

  private func compare() throws {
    guard let views else { return }
    try views.catchUp()
    var counts: [String: UInt64] = [:]
    for (index, stream) in streams.enumerated() {
      counts[stream, default: 0] += 1
      guard index % 37 == 0 || index == streams.count - 1 else { continue }
      for (stream, count) in counts {
        let position = Position(rawValue: UInt64(index + 1))
        let row = try totals.table.row(for: stream, asOf: position, in: views)
        guard row?.total == count else {
          let found = row.map { "\($0.total)" } ?? "nothing"
          throw Difference(
            description: "\(stream) as of \(position) gives \(found), and should give \(count).")
        }
      }
    }
  }
}

/// Whatever becomes of their folder, views must say what the events say.
@Suite struct ViewsModelTests {
  @Test(arguments: 0..<4) func randomOperationsGiveWhatTheEventsGive(run: Int) async throws {
    let seed = UInt64.random(in: 0..<(1 << 32))
    var random = SplitMix64(seed: seed)
    let operations = (0..<40).map { _ in ViewOperation.random(using: &random) }
    guard let failure = try await ViewRun.failure(of: operations) else { return }
    let shortest = try await shrunk(operations) { try await ViewRun.failure(of: $0) != nil }
    Issue.record("seed \(seed): \(failure); at its shortest, \(shortest)")
  }
}
