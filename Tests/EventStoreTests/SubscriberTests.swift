import Foundation
import TestSupport
import Testing

@testable import EventStore

/// A view that misses an event is wrong for ever, and nobody sees it.
@Suite struct SubscriberTests {
  /// Runs a process that appends until it is killed, and returns the positions that it acknowledged.
  private func appendAndDie(_ directory: String, from start: Int) throws -> [UInt64] {
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: product("fault-subject"))
    process.arguments = ["soak", directory, "\(start)"]
    process.standardOutput = output
    try process.run()
    var said = output.fileHandleForReading.availableData
    usleep(.random(in: 1000..<80_000))
    kill(process.processIdentifier, SIGKILL)
    said += output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    // The last line may have been cut off.
    let lines = String(decoding: said, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    return lines.dropLast().compactMap { line in
      let words = line.split(separator: " ")
      return words.count > 2 && words[0] == "ack" ? UInt64(words[2]) : nil
    }
  }

  /// What a subscriber from the beginning on is given, in order, until nothing comes after the end.
  private func positions(of log: EventLog, until isOver: Flag) async throws -> [UInt64] {
    var seen: [UInt64] = []
    while true {
      let last = Position(rawValue: seen.last ?? 0)
      let ends = isOver.isRaised
      let head = try await log.waitForEvents(after: last, timeout: .milliseconds(200))
      if ends, head == last { return seen }
      let events = try log.events(from: last.next, through: head, limit: 40)
      seen += events.map(\.position.rawValue)
    }
  }

  @Test func nothingIsMissedOfProcessesThatAreKilled() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      let isOver = Flag()
      async let following = positions(of: log, until: isOver)
      let acknowledged = try await withThrowingTaskGroup(of: [UInt64].self) { group in
        for writer in 1...2 {
          group.addTask {
            var acknowledged: [UInt64] = []
            for round in 1...5 {
              acknowledged += try await waiting {
                try appendAndDie(directory, from: writer * 1_000_000 + round * 100_000)
              }
            }
            return acknowledged
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      isOver.raise()
      let seen = try await following
      let head = try log.head.rawValue
      #expect(seen == Array(1...head))
      #expect(!acknowledged.isEmpty)
      #expect(Set(acknowledged).isSubset(of: seen))
      log.close()
    }
  }
}
