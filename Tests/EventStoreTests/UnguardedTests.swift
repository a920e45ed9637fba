import Foundation
import Glibc
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// An auditor may be let read the folder of a log in use, and no more: nobody waits for such a reader.
@Suite struct UnguardedTests {
  private func start(_ arguments: String...) throws -> (process: Process, output: Pipe) {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: product("fault-subject"))
    process.arguments = arguments
    process.standardOutput = pipe
    try process.run()
    return (process, pipe)
  }

  @Test func whatIsWrittenOverMeanwhileIsNoDamage() async throws {
    try await withTemporaryDirectory { directory in
      let prepared = try start("prepare", directory)
      try await waiting { prepared.process.waitUntilExit() }
      let data = directory + "/data"
      do {
        let log = try EventLog.open(data)
        for _ in 0..<4 { _ = try await log.append(notes(2_500)) }
        log.close()
      }
      let writer = try start("soak", directory, "1")
      defer { kill(writer.process.processIdentifier, SIGKILL) }
      let written = writer.output.fileHandleForReading
      #expect(try await waiting { !written.availableData.isEmpty })
      written.readabilityHandler = { _ = $0.availableData }
      // Whoever is not in the table of readers already cannot be from now on, whatever else they may do.
      let lock = data + "/log/lock.mdb"
      try FileManager.default.moveItem(atPath: lock, toPath: directory + "/lock.mdb")
      try #require(unsafe symlink("lock.mdb", lock) == 0)
      #expect(!Environment.registersReaders(in: data + "/log"))
      func look() async throws -> VerifyReport {
        try await waiting { try verifyInChild(worker: product("senko-worker"), directory: data) }
      }
      for _ in 0..<3 {
        do {
          let report = try await look()
          #expect(report.problems.isEmpty, "\(report.problems)")
        } catch EventLogError.unsteady {}
      }
      kill(writer.process.processIdentifier, SIGKILL)
      try await waiting { writer.process.waitUntilExit() }
      let report = try await look()
      #expect(report.problems.isEmpty && report.events > 10_000, "\(report.problems)")
    }
  }
}
