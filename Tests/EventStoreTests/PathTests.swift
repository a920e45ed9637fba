import TestSupport
import Testing

@testable import EventStore

/// One folder has one path, however it was written.
@Suite struct PathTests {
  @Test func aPathIsTheSameHoweverItEnds() async throws {
    try await withTemporaryDirectory { directory in
      for path in [directory, directory + "/absent", directory + "/absent/further"] {
        #expect(Files.resolved(path + "/") == Files.resolved(path))
        #expect(Files.resolved(path + "//") == Files.resolved(path))
      }
    }
  }
}
