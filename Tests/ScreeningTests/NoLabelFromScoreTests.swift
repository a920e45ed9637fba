import EventStore
import TestSupport
import Testing

@testable import Screening

/// If this fails, somebody is turned down, or let through, by a number.
@Suite struct NoLabelFromScoreTests {
  /// Everything that computes or rules over scores is done, and the labels stay those that a person gave.
  @Test func whateverIsComputedTheLabelsStayAPersons() async throws {
    try await withOffice { office in
      let reader = try await office.addReviewer()
      let opening = try Opening("engineer")
      try await office.registerLabelled(0..<30, by: Origin(actor: .user(reader), channel: .http))
      for unlabelled in 30..<34 { _ = try await office.register(unlabelled) }
      func labels() throws -> [Event] {
        try office.log.events(from: 1).filter { $0.type == "applicant.labelled" }
      }
      let given = try labels()
      #expect(given.count == 30)
      #expect(given.allSatisfy { $0.actor == "user:\(reader)" })

      let before = try office.log.head
      _ = try await office.train(by: .commandLine)
      let results = try await office.screen(by: .commandLine)
      #expect(Set(results.map(\.outcome)).isSuperset(of: [.review, .secondLook]))
      _ = try await office.adoptPolicy(threshold: 9_999, by: .commandLine)
      _ = try await office.train(opening: opening, TrainRequest(c: 4), by: .commandLine)
      _ = try await office.promote(ModelNumber(2), by: .commandLine)
      _ = try await office.screen(by: .commandLine)
      _ = try await office.adoptPolicy(threshold: 100, scores: .afterLabel, by: .commandLine)
      _ = try await office.screen([ApplicantNumber(33)], by: .commandLine)
      _ = try await office.replay(
        ReplayRequest(opening: opening, training: TrainRequest(c: 0.5), threshold: 9_999))
      _ = try await office.auditReading(of: opening, by: .commandLine)
      _ = try await office.reread(by: .commandLine)
      #expect(try office.log.head > before)
      #expect(try labels().map(\.position) == given.map(\.position))
      let undecided = try await office.applicants(
        filter: ApplicantFilter(unlabelled: true), by: .commandLine)
      #expect(undecided.map(\.applicant).sorted() == [31, 32, 33, 34])
    }
  }
}
