import Cryptography
import EventStore
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Screening

/// If these fail, who was erased comes back as an applicant whom nobody can erase, and a restore leaves keys about.
@Suite struct RestoreTests {
  /// Makes a backup with two applicants, and an escrow that knows that the second was erased since.
  private func prepare(in directory: String) async throws {
    let office = try Office.open(configuration(directory + "/data"), create: true)
    defer { office.close() }
    for name in ["A", "B"] {
      _ = try await office.register(
        Application(
          name: name, documents: [.init(bytes: Array(resume(skilled: true, name.count).utf8))]),
        by: .commandLine)
    }
    try await office.keepEscrow(at: directory + "/escrow")
    _ = try await office.backup(to: directory + "/backup")
    _ = try await office.erase([ApplicantNumber(2)], reason: "request", by: .commandLine)
  }

  private func configuration(_ folder: String) -> OfficeConfiguration {
    OfficeConfiguration(directory: folder, worker: product("senko-worker"))
  }

  private func restore(
    in directory: String, _ configuration: OfficeConfiguration
  ) async throws -> RestoreReport {
    try await Office.restore(
      backup: directory + "/backup", escrow: directory + "/escrow", configuration)
  }

  private func isErased(_ number: UInt64, in office: Office) throws -> Bool {
    try office.catchUp()
    return try #require(try office.newestRow(ApplicantNumber(number))).erased != nil
  }

  /// Wherever a restore is cut off, a folder that is in its place tells of all the erased.
  @Test func nothingIsRecordedAfterTheFolderIsInItsPlace() async throws {
    try await withTemporaryDirectory { directory in
      try await prepare(in: directory)
      let again = directory + "/again"
      // The clock is read for every event.
      let inPlace = Mutex<[Bool]>([])
      var watched = configuration(again)
      watched.clock = WallClock {
        inPlace.withLock { $0.append(FileManager.default.fileExists(atPath: again + "/log")) }
        return WallClock.system.now()
      }
      #expect(try await restore(in: directory, watched).erased == [2])
      let readings = inPlace.withLock { $0 }
      #expect(readings.count >= 2 && !readings.contains(true))

      let office = try Office.open(configuration(again))
      defer { office.close() }
      #expect(try isErased(2, in: office))
      #expect(try !isErased(1, in: office))
      _ = try await office.erase([ApplicantNumber(1)], reason: "request", by: .commandLine)
      #expect(try await office.verify(retrain: false).problems == [])
    }
  }

  /// What is cut off before that is removed by the next try.
  @Test func aRestoreThatWasCutOffIsTriedAgain() async throws {
    try await withTemporaryDirectory { directory in
      try await prepare(in: directory)
      let again = directory + "/again"
      _ = try await EventLog.prepareRestore(
        directory + "/backup", escrow: directory + "/escrow", to: again
      ) { restoration in
        Origin.commandLine.append([
          LogRestored(
            origin: "ab12", knownSize: Int(restoration.knownSize), knownRoot: SHA256.hash([]),
            size: Int(restoration.size)
          ).draft()
        ])
      }
      #expect(throws: ScreeningError.self) { try Office.open(configuration(again)) }
      #expect(try await restore(in: directory, configuration(again)).erased == [2])
      #expect(!FileManager.default.fileExists(atPath: again + ".restoring"))
    }
  }

  @Test(arguments: ["again/", "again//", "./again/.", "link", "link/"])
  func theFolderMayBeWrittenInAnyWay(path: String) async throws {
    try await withTemporaryDirectory { directory in
      try await prepare(in: directory)
      let again = directory + "/again"
      try FileManager.default.createDirectory(
        atPath: again, withIntermediateDirectories: false)
      try FileManager.default.createSymbolicLink(
        atPath: directory + "/link", withDestinationPath: again)
      #expect(
        try await restore(in: directory, configuration(directory + "/" + path)).erased == [2])
      #expect(!FileManager.default.fileExists(atPath: again + ".restoring"))
      let office = try Office.open(configuration(again))
      defer { office.close() }
      #expect(try isErased(2, in: office))
    }
  }
}
