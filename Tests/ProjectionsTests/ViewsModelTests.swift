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

  static func random(using random: inout SplitMix64) -> ViewOperation {
    switch Int.random(in: 0..<12, using: &random) {
    case 0..<5:
      .append(
        (0..<Int.random(in: 1...400, using: &random)).map { _ in .random(in: 1...9, using: &random)
        })
    case 5..<8: .catchUp
    case 8, 9: .reopen(portion: 1 << Int.random(in: 6...20, using: &random))
    case 10: .loseTheFolder
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
  let log: EventLog
  var streams: [String] = []
  var version = 1
  var portion = 1 << 16
  var totals = Totals("totals")
  var views: Views?

  static func failure(of operations: [ViewOperation]) async throws -> String? {
    try await withTemporaryDirectory { folder in
      let log = try EventLog.open(folder + "/data")
      defer { log.close() }
      do {
        var run = ViewRun(folder: folder, log: log)
        try run.open()
        for operation in operations { try await run.perform(operation) }
        try run.compare()
        return nil
      } catch {
        return "\(error)"
      }
    }
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
        append.events.append(
          EventDraft(stream: "account:\(account)", type: "paid", data: ["amount": 1]))
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
    }
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
