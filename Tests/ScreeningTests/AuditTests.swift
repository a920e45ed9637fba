import EventStore
import Foundation
import TestSupport
import Testing

@testable import Screening

/// If these fail, an audit says that people decided where none did, or finds bias where there is none.
@Suite struct AuditTests {
  /// The example of New York City's rule (6 RCNY § 5-301), in people scored above the median.
  @Test func theRulesOwnExampleGivesItsOwnRatios() throws {
    func ratios(_ counts: [(group: String, count: Int, selected: Int)]) -> [String] {
      GroupFigures.table(counts).map { figures in
        figures.impactRatio.map { String(format: "%.2f", $0) } ?? "—"
      }
    }
    #expect(ratios([("male", 92, 50), ("female", 76, 34)]) == ["1.00", "0.82"])
    #expect(
      ratios([
        ("hispanic", 28, 18), ("white", 40, 15), ("black", 32, 16), ("nhpi", 8, 5),
        ("asian", 24, 10),
      ]) == ["1.00", "0.58", "0.78", "0.97", "0.65"])
    let small = GroupFigures.table([("a", 200, 100), ("b", 3, 3), ("unknown", 50, 50)])
    #expect(small.map { $0.impactRatio } == [1, nil, nil])
    #expect(small.map(\.small) == [false, true, false])
    #expect(GroupFigures.table([("a", 40, 40), ("b", 40, 31)])[1].underFourFifths)
    #expect(!GroupFigures.table([("a", 40, 40), ("b", 40, 32)])[1].underFourFifths)
    #expect(GroupFigures.table([("a", 0, 0)])[0].rate == nil)
  }

  @Test func kappaIsCohens() throws {
    let agreement = Agreement(bothOK: 20, bothNG: 15, okThenNG: 5, ngThenOK: 10)
    // From the derivatives of κ by the four shares, taken numerically elsewhere.
    #expect(abs(try #require(agreement.margin) - 0.208890) < 1e-6)
    let other = Agreement(bothOK: 40, bothNG: 9, okThenNG: 3, ngThenOK: 8)
    #expect(abs(try #require(other.margin) - 0.209179) < 1e-6)
    #expect(abs(try #require(agreement.kappa) - 0.4) < 1e-12)
    #expect(abs(try #require(agreement.observed) - 0.7) < 1e-12)
    #expect(Agreement(bothOK: 9, bothNG: 0, okThenNG: 0, ngThenOK: 0).kappa == nil)
    #expect(Agreement().observed == nil)
    // Two readings alike are no proof that all are.
    #expect(Agreement(bothOK: 1, bothNG: 1, okThenNG: 0, ngThenOK: 0).kappa == 1)
    #expect(Agreement(bothOK: 1, bothNG: 1, okThenNG: 0, ngThenOK: 0).margin == nil)
    #expect(Agreement(bothOK: 20, bothNG: 20, okThenNG: 0, ngThenOK: 0).margin == nil)
    #expect(Agreement(bothOK: 10, bothNG: 10, okThenNG: 5, ngThenOK: 4).margin == nil)
  }

  /// The values are those of SciPy's `fisher_exact`.
  @Test func fishersTestIsFishers() {
    for (selected, count, otherSelected, otherCount, probability) in [
      (40, 40, 31, 40, 0.002358245188139414), (20, 40, 12, 40, 0.10950852418654558),
      (200, 394, 6, 6, 0.030500980456145257), (20, 30, 14, 30, 0.19231688624363905),
      (300, 1_000, 150, 1_000, 9.13232933472751e-16), (8, 10, 3, 10, 0.06977851869492736),
      (0, 0, 3, 5, 1), (0, 5, 0, 5, 1), (5, 5, 5, 5, 1),
    ] {
      let found = FisherTest.probability(
        selected, of: count, against: otherSelected, of: otherCount)
      #expect(abs(found - probability) <= 1e-9 * probability, "\(selected)/\(count): \(found)")
    }
  }

  /// Otherwise a few people's luck is told like discrimination, and discrimination like luck.
  @Test func aRatioIsToldWithWhatChanceGives() {
    let few = GroupFigures.table([("a", 40, 20), ("b", 40, 12)])
    #expect(few.map(\.underFourFifths) == [false, true])
    #expect(few.map(\.significant) == [false, false], "chance gives as much")
    let many = GroupFigures.table([("a", 400, 200), ("b", 400, 120), ("c", 400, 165)])
    #expect(many.map(\.significant) == [false, true, true])
    #expect(many.map(\.underFourFifths) == [false, true, false])
    #expect(many[1].interval[0] < 0.3 && many[1].interval[1] > 0.3 && many[1].interval[0] > 0.25)
    let unjudged = GroupFigures.table([("a", 400, 200), (GroupFigures.unknown, 40, 1)])
    #expect(unjudged[1].significant == nil && unjudged[1].impactRatio == nil)
    #expect(GroupFigures.table([("a", 0, 0)])[0].interval == [0, 1])
  }

  private func onBehalf(of reader: UserNumber) -> Origin {
    Origin(actor: .operator, channel: .cli, onBehalfOf: reader)
  }

  @Test func whoWasTurnedDownUnreadIsCounted() async throws {
    try await withOffice { office in
      let reader = try await office.addReviewer()
      let opening = try Opening("engineer")
      try await office.registerLabelled(0..<30, by: onBehalf(of: reader))
      _ = try await office.train(by: .commandLine)
      for seed in 30..<40 { _ = try await office.register(seed) }
      let unread = try await office.applicants(
        filter: ApplicantFilter(outcome: .secondLook, unread: true), by: .commandLine)
      let queued = try #require(unread.first)
      let number = ApplicantNumber(queued.applicant)
      let byReader = Origin(actor: .user(reader), channel: .http)
      _ = try await office.label(number, .ng, by: byReader)
      var audit = try await office.auditReading(of: opening, sample: 3, by: .commandLine)
      #expect(audit.secondLook.applicants == unread.count)
      #expect(audit.secondLook.ng == 1)
      #expect(audit.secondLook.ngUnopened == 1)
      #expect(audit.secondLook.opened == 0)
      #expect(audit.withoutScore.claimed == 30)
      #expect(audit.secondLook.sample.count == min(3, unread.count))
      let recorded = try #require(try office.log.event(at: Position(rawValue: audit.position)))
      #expect(recorded.type == "audit.reported")

      _ = try await office.openApplicant(number, by: byReader)
      _ = try await office.label(number, .ok, purpose: .secondReading, by: byReader)
      audit = try await office.auditReading(of: opening, by: .commandLine)
      #expect(audit.secondLook.ngUnopened == 1, "opening it afterwards mended the record")
      #expect(audit.secondLook.opened == 1)
      // Who has read somebody has read them, whatever score comes after.
      _ = try await office.adoptPolicy(threshold: 9_998, by: .commandLine)
      _ = try await office.screen([number], by: .commandLine)
      audit = try await office.auditReading(of: opening, by: .commandLine)
      #expect(audit.secondLook.opened == 1)
      #expect(audit.secondLook.agreement.count == 0, "one reader counts as two")
      let second = try await office.addUser(
        email: "b@example.jp", name: "B", role: .reviewer, password: "long enough",
        by: .commandLine)
      _ = try await office.label(
        number, .ok, purpose: .secondReading, by: Origin(actor: .user(second), channel: .http))
      audit = try await office.auditReading(of: opening, by: .commandLine)
      #expect(audit.secondLook.agreement.ngThenOK == 1)
      #expect(audit.review.agreement.count == 0 && audit.withoutScore.agreement.count == 0)
      let left = try await office.applicants(
        filter: ApplicantFilter(outcome: .secondLook, unread: true), by: .commandLine)
      #expect(left.count == unread.count - 1)
      await #expect(throws: ScreeningError.self) {
        try await office.auditReading(of: try Opening("nobody"), by: .commandLine)
      }
    }
  }

  /// Whoever applied stands in one class, and the classes add up.
  @Test func nobodyVanishesFromTheCounts() async throws {
    try await withOffice { office in
      let opening = try Opening("engineer")
      try await office.registerLabelled(0..<30)
      _ = try await office.train(by: .commandLine)
      var numbers: [ApplicantNumber] = []
      for seed in 30..<42 { numbers.append(try await office.register(seed)) }
      func set(_ index: Int, _ state: ApplicantState, _ label: Label? = nil) async throws {
        if let label { _ = try await office.label(numbers[index], label, by: .commandLine) }
        _ = try await office.setState(numbers[index], state, by: .commandLine)
      }
      try await set(0, .withdrawn)
      try await set(1, .withdrawn, .hold)
      try await set(2, .withdrawn, .ng)
      try await set(3, .duplicate)
      _ = try await office.label(numbers[4], .hold, by: .commandLine)
      _ = try await office.erase([numbers[5], numbers[6]], reason: "request", by: .commandLine)
      let audit = try await office.auditReading(of: opening, by: .commandLine)
      let sides = [audit.review, audit.secondLook, audit.withoutScore]
      for side in sides {
        let classes = [
          side.ok, side.ng, side.hold, side.undecided, side.withdrawn, side.duplicate,
        ]
        #expect(classes.reduce(0, +) == side.applicants)
      }
      func sum(_ count: KeyPath<ReadingAudit.Side, Int>) -> Int {
        sides.map { $0[keyPath: count] }.reduce(0, +)
      }
      #expect(sum(\.withdrawn) == 2 && sum(\.duplicate) == 1 && sum(\.hold) == 1)
      #expect(sum(\.ng) == 16, "a decision is one, though the applicant withdrew after it")
      #expect(sum(\.undecided) == 5 && audit.erased == 2)
      #expect(sum(\.applicants) + audit.erased == 42)

      let summary = try #require(try office.openingSummaries(by: .commandLine).first)
      let waiting = summary.queues.values.reduce(0, +)
      #expect(summary.withdrawn == 2 && summary.duplicate == 1 && summary.erased == 2)
      #expect(
        summary.labels.ok + summary.labels.ng + waiting + summary.withdrawn + summary.duplicate
          + summary.erased == summary.applicants)
    }
  }

  /// Else whoever is passed over could be moved out of the figure that is to show it.
  @Test func screeningAgainMovesNobodyWhoseDecisionIsMade() throws {
    func entry(_ outcome: Outcome, at position: UInt64) -> ApplicantChange {
      .screened(
        .init(position: Position(rawValue: position), outcome: outcome, probability: 5_000))
    }
    func label(_ label: Label, at position: UInt64) -> ApplicantChange {
      .labelled(
        .init(
          position: Position(rawValue: position), label: label, by: "user:1", claimed: false,
          shown: .zero, given: Moment.recorded(Timestamp(milliseconds: 0))),
        teaches: true)
    }
    func placed(_ changes: [ApplicantChange]) throws -> ApplicantRow {
      var row = ApplicantRow(
        number: ApplicantNumber(1), subject: EventCodingTests.subject,
        opening: try Opening("engineer"),
        received: Moment.recorded(Timestamp(milliseconds: 0)), registered: 1,
        state: .active, name: EventCodingTests.reference)
      for (index, change) in changes.enumerated() {
        row.take(change, at: Position(rawValue: UInt64(index) + 2))
      }
      return row
    }
    let under = entry(.secondLook, at: 2)
    #expect(try placed([under, entry(.review, at: 3)]).placed == .review)
    #expect(try placed([under, label(.ng, at: 3), entry(.review, at: 4)]).placed == .secondLook)
    #expect(try placed([label(.ng, at: 2), under, entry(.review, at: 4)]).placed == .secondLook)
    #expect(try placed([under, label(.hold, at: 3), entry(.review, at: 4)]).placed == .review)
    #expect(
      try placed([under, label(.ng, at: 3), entry(.review, at: 4), label(.ng, at: 5)]).placed
        == .review)
    let moved = ApplicantChange.corrected(
      ApplicantCorrected(applicant: ApplicantNumber(1), opening: try Opening("sales")))
    let row = try placed([under, moved])
    #expect(row.screening == nil && row.placed == nil)
    #expect(row.registeredScreening?.outcome == .secondLook)
    #expect(
      try placed([under, moved, entry(.review, at: 4)]).registeredScreening?.outcome == .secondLook)
  }

  /// What a group audit counts, it finds by the rows: other people's records are not touched.
  @Test func aGroupAuditIsAboutTheOpeningOfTheRegistration() async throws {
    try await withOffice { office in
      try await office.registerLabelled(0..<36)
      _ = try await office.train(by: .commandLine)
      _ = try await office.screen(by: .commandLine)
      for number in [1, 2] as [UInt64] {
        _ = try await office.correct(
          ApplicantNumber(number), Correction(opening: try Opening("sales")), by: .commandLine)
        _ = try await office.correct(
          ApplicantNumber(number), Correction(opening: try Opening("design")), by: .commandLine)
      }
      let audit = try await office.auditGroups(of: try Opening("engineer"), by: .commandLine)
      #expect(audit.applicants == 36)
      await #expect(throws: ScreeningError.self) {
        try await office.auditGroups(of: try Opening("design"), by: .commandLine)
      }
    }
  }

  @Test func groupsAreCountedFromThirtyUpwardAndShownNowhereElse() async throws {
    try await withOffice { office in
      let reader = try await office.addReviewer()
      let opening = try Opening("engineer")
      try await office.registerLabelled(0..<29, by: onBehalf(of: reader))
      let refusal = await #expect(throws: ScreeningError.self) {
        try await office.auditGroups(of: opening, by: .commandLine)
      }
      #expect(refusal?.kind == .conflict)
      try await office.registerLabelled(29..<40, by: onBehalf(of: reader))
      for number in 1...30 {
        _ = try await office.declare(
          ApplicantNumber(UInt64(number)),
          ["sex": number % 3 == 0 ? "male" : "female", "age": "thirties"], by: .commandLine)
      }
      // Without percentages there are not thirty to compare.
      await #expect(throws: ScreeningError.self) {
        try await office.auditGroups(of: opening, by: .commandLine)
      }
      _ = try await office.train(by: .commandLine)
      _ = try await office.screen(by: .commandLine)
      let audit = try await office.auditGroups(of: opening, by: .commandLine)
      #expect(audit.applicants == 40 && audit.waiting == 0)
      let people = try #require(audit.tables.first { $0.attribute == "sex" }).people
      #expect(people.map(\.group) == ["female", "male", "(unknown)"])
      // Those of an odd number are skilled, and all of them were labelled OK.
      #expect(people.map(\.rate) == [0.5, 0.5, 0.5])
      #expect(people.map(\.count) == [20, 10, 10])

      let history = try await office.history(ApplicantNumber(2), by: .commandLine)
      #expect(!history.contains { $0.type == "attributes.declared" })
      let page = try JSONEncoder().encode(
        try await office.applicant(ApplicantNumber(2), by: .commandLine))
      #expect(!String(decoding: page, as: UTF8.self).contains("female"))
      for wrong in [[:], ["sex": "Female"], ["a b": "c"]] {
        await #expect(throws: ScreeningError.self) {
          try await office.declare(ApplicantNumber(2), wrong, by: .commandLine)
        }
      }
      let told = try await office.disclose(ApplicantNumber(2), by: .commandLine)
      #expect(told.attributes == ["sex": "female", "age": "thirties"])

      // A report made after one more declaration, or an erasure, must not tell whose it was.
      _ = try await office.declare(ApplicantNumber(31), ["sex": "female"], by: .commandLine)
      _ = try await office.label(ApplicantNumber(22), .ok, by: .commandLine)
      let again = try await office.auditGroups(of: opening, by: .commandLine)
      #expect(again.through == audit.through)
      let counts = again.tables.map { $0.people.map { [$0.count, $0.selected] } }
      #expect(counts == audit.tables.map { $0.people.map { [$0.count, $0.selected] } })
      _ = try await office.erase([ApplicantNumber(2)], reason: "request", by: .commandLine)
      let after = try await office.auditGroups(of: opening, by: .commandLine)
      #expect(after.applicants == 40)
      #expect(counts == after.tables.map { $0.people.map { [$0.count, $0.selected] } })
      #expect(try await office.verify(retrain: false).problems == [])
    }
  }
}
