import EventStore
import Foundation
import TestSupport
import Testing

@testable import Screening

/// If these fail, an applicant who asks is told less than is held, or a correction loses what stood before.
@Suite struct RightsTests {
  @Test func aDisclosureTellsEverythingAndIsRecorded() async throws {
    try await withOffice { office in
      let reader = try await office.addUser(
        email: "sato@example.jp", name: "佐藤", role: .reviewer, password: "long enough",
        by: .commandLine)
      let registration = try await office.register(
        Application(
          name: "開示 花子", email: "hanako@example.jp",
          documents: [.init(bytes: Array(resume(skilled: true, 1).utf8))]),
        by: .commandLine)
      let number = ApplicantNumber(registration.applicant)
      _ = try await office.label(
        number, .ng, reason: "経験年数が足りない",
        by: Origin(actor: .operator, channel: .cli, onBehalfOf: reader))
      let disclosure = try await office.disclose(number, by: .commandLine)
      let event = try #require(
        try office.log.event(at: Position(rawValue: disclosure.position)))
      #expect(event.type == "disclosure.made")
      let text = disclosure.text(in: .ja)
      for told in ["開示 花子", "hanako@example.jp", "経験年数が足りない", "sato@example.jp", "判断：NG", "職務経歴書"] {
        #expect(text.contains(told), "\(told) is not told")
      }
      #expect(disclosure.text(in: .en).contains("decision: NG"))

      _ = try await office.erase([number], reason: "request", by: .commandLine)
      let refusal = await #expect(throws: ScreeningError.self) {
        try await office.disclose(number, by: .commandLine)
      }
      #expect(refusal?.kind == .erased)
    }
  }

  @Test func aCorrectionShowsFromThenOnAndTheHistoryKeepsWhatWas() async throws {
    try await withOffice { office in
      let registration = try await office.register(
        Application(name: "高橋", documents: [.init(bytes: Array(resume(skilled: true, 1).utf8))]),
        by: .commandLine)
      let number = ApplicantNumber(registration.applicant)
      let before = try office.log.head
      _ = try await office.correct(
        number, Correction(name: "髙橋 一郎", opening: try Opening("sales")), by: .commandLine)
      let now = try await office.applicant(number, by: .commandLine).summary
      #expect(now.name == "髙橋 一郎")
      #expect(now.opening == "sales")
      let then = try await office.applicant(
        number, asOf: .position(before), by: .commandLine
      ).summary
      #expect(then.name == "高橋")
      #expect(then.opening == "general")
      for wrong in [Correction(), Correction(name: " "), Correction(email: "nobody")] {
        let refusal = await #expect(throws: ScreeningError.self) {
          try await office.correct(number, wrong, by: .commandLine)
        }
        #expect(refusal?.kind == .invalid)
      }
      #expect(try await office.verify(retrain: false).problems == [])
    }
  }
}
