import EventStore
import TestSupport
import Testing

@testable import Screening

/// If these fail, people who are to decide first have seen the score.
@Suite struct BlindFirstTests {
  private func prepare(_ office: Office) async throws -> ApplicantNumber {
    try await office.registerLabelled(0..<24)
    _ = try await office.train(by: .commandLine)
    _ = try await office.adoptPolicy(scores: .afterLabel, by: .commandLine)
    return try await office.register(24)
  }

  @Test func theScoreIsHiddenUntilTheLabel() async throws {
    try await withOffice { office in
      let number = try await prepare(office)
      let asked = try await office.screen([number], by: .commandLine)
      #expect(asked.first?.outcome == .unscored)
      #expect(asked.first?.reason == "shown-after-label")
      #expect(asked.first?.score == nil)

      let list = try await office.applicants(limit: 1, by: .commandLine)
      #expect(list.first?.probability == nil)
      #expect(list.first?.outcome == .unscored)
      for outcome in [Outcome.review, .secondLook] {
        let found = try await office.applicants(
          filter: ApplicantFilter(outcome: outcome), by: .commandLine)
        #expect(!found.contains { $0.applicant == number.rawValue }, "the filter tells the score")
      }
      #expect(try await office.applicant(number, by: .commandLine).screening?.score == nil)
      let history = try await office.history(number, by: .commandLine)
      let told = Set(history.flatMap(\.facts.keys))
      #expect(told.isDisjoint(with: ["probability", "score", "interval", "outcome"]))
      let refusal = await #expect(throws: ScreeningError.self) {
        try await office.why(number, by: .commandLine)
      }
      #expect(refusal?.kind == .conflict)

      let auditor = try await office.addUser(
        email: "kansa@example.jp", name: "監査", role: .auditor, password: "long enough",
        by: .commandLine)
      let origin = Origin(actor: .user(auditor), channel: .http)
      #expect(try await office.applicant(number, by: origin).screening?.probability != nil)

      // What is not a decision shows nothing, and the applicant is told everything.
      _ = try await office.label(number, .hold, by: .commandLine)
      _ = try await office.label(number, .ok, purpose: .secondReading, by: .commandLine)
      #expect(try await office.applicant(number, by: .commandLine).screening?.score == nil)
      await #expect(throws: ScreeningError.self) {
        try await office.dossier(of: number, by: .commandLine)
      }
      let disclosure = try await office.disclose(number, by: .commandLine)
      #expect(disclosure.applicant.screening?.score != nil)
      #expect(
        try await office.applicants(
          filter: ApplicantFilter(unread: true), by: .commandLine
        ).contains { $0.applicant == number.rawValue })
      let audit = try await office.auditReading(
        of: try Opening("engineer"), sample: 100, by: .commandLine)
      #expect(!(audit.review.sample + audit.secondLook.sample).contains(number.rawValue))
      // Totals at several thresholds would bracket the score.
      for threshold in [1, 5000, 9999] {
        let report = try await office.replay(
          ReplayRequest(
            opening: try Opening("engineer"), candidate: .model(ModelNumber(1)),
            threshold: threshold))
        #expect(report.applicants == 25)
        #expect(report.hidden == 1)
        #expect(report.bothReview + report.bothSecondLook + report.other == 24)
        #expect(report.shifts.map(\.count).reduce(0, +) <= 24)
      }

      let reviewer = Origin(actor: .user(try await office.addReviewer()), channel: .http)
      let label = try await office.label(number, .ok, by: reviewer)
      #expect(try screeningInView(at: label, office) == .zero, "the label does not count as blind")
      #expect(try await office.applicant(number, by: .commandLine).screening?.score != nil)
      #expect(try await office.why(number, by: .commandLine).explanation.probability != nil)
    }
  }

  private func screeningInView(at label: CommandResult, _ office: Office) throws -> Position {
    let event = try #require(try office.log.event(at: Position(rawValue: label.position)))
    return try ApplicantLabelled(event).screening
  }

  /// What an applicant is told has the score in it, and whoever asked for it has seen that.
  @Test func whoMadeADisclosureDecidesNoLongerBlind() async throws {
    try await withOffice { office in
      let number = try await prepare(office)
      let screening = try #require(
        try await office.screen([number], by: .commandLine).first?.position)
      _ = try await office.disclose(number, by: .commandLine)
      let label = try await office.label(number, .hold, by: .commandLine)
      #expect(try screeningInView(at: label, office).rawValue == screening)
      let somebodyElse = Origin(actor: .user(try await office.addReviewer()), channel: .http)
      let blind = try await office.label(number, .ok, by: somebodyElse)
      #expect(try screeningInView(at: blind, office) == .zero)
    }
  }

  /// A later policy that hides scores as the one before did shows nobody what was hidden.
  @Test func anotherThresholdShowsNoHiddenScore() async throws {
    try await withOffice { office in
      let number = try await prepare(office)
      _ = try await office.screen([number], by: .commandLine)
      _ = try await office.adoptPolicy(threshold: 6_400, by: .commandLine)
      let label = try await office.label(number, .ok, by: .commandLine)
      #expect(try screeningInView(at: label, office) == .zero)
    }
  }

  @Test func eachHalfOfThePolicyKeepsTheOther() async throws {
    try await withOffice { office in
      _ = try await office.adoptPolicy(threshold: 7000, by: .commandLine)
      _ = try await office.adoptPolicy(scores: .afterLabel, by: .commandLine)
      #expect(try office.policy().threshold == 7000)
      _ = try await office.adoptPolicy(threshold: 6000, by: .commandLine)
      #expect(try office.policy().scores == .afterLabel)
      await #expect(throws: ScreeningError.self) {
        try await office.adoptPolicy(by: .commandLine)
      }
    }
  }
}
