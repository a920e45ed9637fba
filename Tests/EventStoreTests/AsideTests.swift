import TestSupport
import Testing

@testable import EventStore

/// If these fail, what is kept outside the log outlives its person, or is taken for somebody else's.
@Suite struct AsideTests {
  @Test func opensForItsPersonAndPurposeUntilTheErasure() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data", create: true)
      defer { log.close() }
      let people = (0..<3).map { _ in log.makeSubject() }
      var append = Append(actor: "operator", via: "cli")
      append.events = [note("registered")]
      append.subjects = people
      _ = try await log.append(append)
      let values = people.enumerated().map {
        (subject: $1.id, plaintext: [UInt8](repeating: UInt8($0), count: 40_000 * $0))
      }
      let sealed = try log.sealAside(values, purpose: "words").map { try #require($0) }
      func opened(_ pairs: [(Int, Int)], _ purpose: String = "words") throws -> [[UInt8]]? {
        var bytes: [UInt8] = [1, 2, 3]
        let ranges = try log.openAside(
          pairs.map { (people[$0].id, sealed[$1]) }, purpose: purpose, into: &bytes)
        return ranges.map { $0.map { Array(bytes[$0]) } }
      }
      let own = [(0, 0), (1, 1), (2, 2)]
      #expect(try opened(own) == values.map(\.plaintext))
      #expect(try opened(own, "names") == nil)
      #expect(try opened([(0, 0), (1, 2)]) == nil)

      var erasure = Append(actor: "operator", via: "cli")
      erasure.events = [note("erased")]
      _ = try await log.erase([people[1].id], recording: erasure)
      #expect(try opened(own) == nil)
      #expect(try opened([(0, 0), (2, 2)]) == [values[0].plaintext, values[2].plaintext])
      #expect(
        try log.sealAside(values, purpose: "words").map { $0 == nil } == [false, true, false])
    }
  }
}
