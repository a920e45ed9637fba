import EventStore
import Foundation
import TestSupport
import Testing

@testable import Screening

/// If these fail, evidence is destroyed that a court asked for, or a refused request leaves no trace.
@Suite struct HoldTests {
  private func register(_ office: Office) async throws -> ApplicantNumber {
    let registration = try await office.register(
      Application(name: "A", documents: [.init(bytes: Array(resume(skilled: true, 1).utf8))]),
      by: .commandLine)
    return ApplicantNumber(registration.applicant)
  }

  @Test func aHoldRefusesAnErasureAndTheAnswerIsRecorded() async throws {
    try await withOffice { office in
      let held = try await register(office)
      let other = try await register(office)
      let hold = try await office.placeHold(on: held, reason: "lawsuit", by: .commandLine)
      await #expect(throws: ScreeningError.self) {
        try await office.placeHold(on: held, reason: "again", by: .commandLine)
      }
      let refusal = await #expect(throws: ScreeningError.self) {
        try await office.erase([other, held], reason: "request", by: .commandLine)
      }
      #expect(refusal?.kind == .conflict)
      #expect(refusal?.description.contains("'lawsuit'") == true)
      let answer = try #require(try office.log.event(at: try office.log.head))
      let refused = try ErasureRefused(answer)
      #expect(refused.applicant == held)
      #expect(refused.hold.rawValue == hold.position)
      #expect(answer.cause == refused.request)
      #expect(try await office.applicant(other, by: .commandLine).summary.state == .active)
      #expect(try await office.applicant(held, by: .commandLine).hold == "lawsuit")

      _ = try await office.liftHold(on: held, by: .commandLine)
      _ = try await office.erase([held], reason: "request", by: .commandLine)
      await #expect(throws: ScreeningError.self) {
        try await office.placeHold(on: held, reason: "late", by: .commandLine)
      }
      #expect(try await office.verify(retrain: false).problems == [])
    }
  }

  @Test func retentionLeavesThoseUnderHold() async throws {
    try await withOffice { office in
      let held = try await register(office)
      let other = try await register(office)
      _ = try await office.placeHold(on: held, reason: "lawsuit", by: .commandLine)
      let future: Timestamp = try #require(Timestamp(parsing: "2999-01-01"))
      await #expect(throws: ScreeningError.self) {
        try await office.retain(
          opening: .general, since: future, rehearsing: false, by: .commandLine)
      }
      // A moment on, both applications lie before now.
      try await Task.sleep(for: .milliseconds(5))
      let limit = WallClock.system.now()
      let report = try await office.retain(
        opening: .general, since: limit, rehearsing: false, by: .commandLine)
      #expect(report.applicants == [other.rawValue])
      #expect(report.held == [held.rawValue])
      #expect(try await office.applicant(held, by: .commandLine).summary.state == .active)
    }
  }
}
