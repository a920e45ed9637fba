import Foundation
import TestSupport
import Testing

@testable import EventStore

/// An operator who restores yesterday's folder, or rewrites it, must be found out.
@Suite struct WitnessTests {
  private func cosign(_ witness: Witness, _ log: EventLog) throws -> String {
    let key = try #require(VerifierKey(log.publicKey))
    return try witness.cosign(try log.checkpoint(), by: key) {
      (first, second) throws(EventLogError) in
      try log.consistency(from: first, to: second)
    }
  }

  @Test func growthIsCosignedAndReportedByVerify() async throws {
    try await withTemporaryDirectory { directory in
      let clock = WallClock { Timestamp(milliseconds: 1_795_406_400_000) }
      let witness = try Witness(directory: directory + "/w", name: "w.example", clock: clock)
      var note = ""
      do {
        let log = try EventLog.open(directory + "/data")
        _ = try await log.append(notes(5))
        _ = try cosign(witness, log)
        _ = try await log.append(notes(6))
        note = try cosign(witness, log)
        _ = try await log.append(notes(2))
        log.close()
      }
      #expect(witness.key.time(of: try #require(SignedNote(note))) == clock.now())
      var options = VerifyOptions(against: note)
      options.witnesses = [witness.key]
      let report = try verifyLog(directory: directory + "/data", options: options)
      #expect(report.problems.isEmpty)
      #expect(report.covered == 11)
      #expect(
        report.witnessed == [.init(name: "w.example", size: 11, at: clock.now())])

      // What the operator alone has signed is no witness's word, nor is one that no key can check.
      var uncosigned = ""
      do {
        let log = try EventLog.open(directory + "/data")
        uncosigned = try log.checkpoint()
        log.close()
      }
      for (given, witnesses) in [(uncosigned, [witness.key]), (note, [])] {
        var options = VerifyOptions()
        options.witnessed = [given]
        options.witnesses = witnesses
        let report = try verifyLog(directory: directory + "/data", options: options)
        #expect(report.problems.map(\.description).joined().contains("cosigned by no witness"))
        #expect(report.covered == nil)
      }
    }
  }

  @Test func aFolderThatWasSetBackIsRefused() async throws {
    try await withTemporaryDirectory { directory in
      let witness = try Witness(directory: directory + "/w", name: "w.example")
      var note = ""
      do {
        let log = try EventLog.open(directory + "/data")
        _ = try await log.append(notes(5))
        log.close()
      }
      try FileManager.default.copyItem(
        atPath: directory + "/data", toPath: directory + "/yesterday")
      do {
        let log = try EventLog.open(directory + "/data")
        _ = try await log.append(notes(6))
        note = try cosign(witness, log)
        log.close()
      }
      do {
        let log = try EventLog.open(directory + "/yesterday")
        #expect(throws: EventLogError.self) { try cosign(witness, log) }
        // The same length, another history.
        _ = try await log.append(notes(7))
        #expect(throws: EventLogError.self) { try cosign(witness, log) }
        log.close()
      }
      let report = try verifyLog(
        directory: directory + "/yesterday", options: VerifyOptions(against: note))
      #expect(!report.problems.isEmpty)
      #expect(report.covered == nil)
      #expect(try witness.newest() == note)
    }
  }
}
