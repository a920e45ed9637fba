import TestSupport
import Testing

@testable import EventStore

/// A process that is gone must not fill the disk.
@Suite struct GrowthTests {
  private func size(after count: Int, killing: Bool) async throws -> Int {
    var size = 0
    try await withLog { log, directory in
      for index in 0..<count {
        if killing, index == count / 10 { try await killReader(of: directory + "/log") }
        _ = try await log.append(notes(1))
      }
      size = try log.statistics.size
    }
    return size
  }

  /// Without a look at the readers, each commit here would take another fifty kilobytes.
  @Test func aKilledReaderDoesNotMakeTheLogGrow() async throws {
    let alone = try await size(after: 1000, killing: false)
    let beside = try await size(after: 1000, killing: true)
    #expect(beside < 2 * alone, "\(beside) bytes rather than \(alone)")
  }

  @Test func aKilledReaderIsCleared() async throws {
    try await withLog { log, directory in
      _ = try await log.append(notes(1))
      try await killReader(of: directory + "/log")
      #expect(try log.clearStaleReaders() == 1)
      #expect(try log.clearStaleReaders() == 0)
    }
  }
}
