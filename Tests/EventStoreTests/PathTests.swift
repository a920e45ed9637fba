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

  /// A slip in a path is told as one, with the path, and not as a disk that fails.
  @Test func aFolderThatCannotBeMadeIsNamed() async throws {
    try await withTemporaryDirectory { directory in
      let (file, backup, escrow) = (
        directory + "/file", directory + "/backup", directory + "/escrow"
      )
      try Files.write([], to: file)
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      _ = try await log.append(notes(1))
      try await log.backup(to: backup)
      try await log.keepEscrow(at: escrow)
      for (path, what) in [
        (directory + "/absent/inner", "cannot be made"), (file + "/inner", "cannot be made"),
        (file, "is no folder"),
      ] {
        let errors = [
          #expect(throws: EventLogError.self) { try EventLog.open(path) },
          #expect(throws: EventLogError.self) { try log.export(to: path) },
          #expect(throws: EventLogError.self) { try Witness(directory: path, name: "auditor") },
          await #expect(throws: EventLogError.self) { try await log.backup(to: path) },
          await #expect(throws: EventLogError.self) {
            try await EventLog.restore(backup, escrow: escrow, to: path) { _ in notes(1) }
          },
        ]
        for error in errors {
          guard case .invalid(let reason) = error else {
            Issue.record("\(path): \(error as Any)")
            continue
          }
          #expect(reason.contains("'\(path)") && reason.contains(what), "\(reason)")
        }
      }
    }
  }
}
