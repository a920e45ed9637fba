import EventStore
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Screening

/// If these fail, somebody's data is kept longer than the company said, or goes while it is needed.
@Suite struct RetentionTests {
  private static let day: Int64 = 86_400_000

  /// An office whose clock the test moves.
  private func withOffice(
    _ body: (_ office: Office, _ wait: (_ days: Int64) -> Void) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { directory in
      let now = Mutex<Int64>(1_780_000_000_000)
      var configuration = OfficeConfiguration(
        directory: directory + "/data", worker: product("senko-worker"))
      configuration.clock = WallClock { Timestamp(milliseconds: now.withLock(\.self)) }
      let office = try Office.open(configuration, create: true)
      defer { office.close() }
      try await body(office) { days in now.withLock { $0 += days * Self.day } }
    }
  }

  private func retain(
    _ office: Office, _ opening: Opening? = nil, rehearsing: Bool = false, key: String? = nil
  ) async throws -> RetentionReport {
    var origin = Origin.commandLine
    origin.terms.key = key
    return try await office.retain(opening: opening, rehearsing: rehearsing, by: origin)
  }

  @Test func theTimeOfKeepingBeginsWhenTheSelectionIsOver() async throws {
    try await withOffice { office, wait in
      let engineer = try Opening("engineer")
      var numbers: [ApplicantNumber] = []
      for seed in 1...6 { numbers.append(try await office.register(seed)) }
      wait(100)
      let none = await #expect(throws: ScreeningError.self) { try await retain(office) }
      #expect(none?.kind == .notFound)
      _ = try await office.adoptPolicy(
        retention: RetentionRule(opening: engineer, days: 30), by: .commandLine)
      // Nobody has decided: they wait, however long ago they applied.
      let waiting = try await retain(office)
      #expect(waiting.applicants == [] && waiting.undecided == [1, 2, 3, 4, 5, 6])
      #expect(!waiting.erased)
      #expect(waiting.rules == [RetentionRule(opening: engineer, days: 30)])

      _ = try await office.label(numbers[0], .ng, by: .commandLine)
      _ = try await office.label(numbers[1], .ok, by: .commandLine)
      _ = try await office.label(numbers[2], .hold, by: .commandLine)
      _ = try await office.setState(numbers[3], .withdrawn, by: .commandLine)
      _ = try await office.setState(numbers[4], .withdrawn, by: .commandLine)
      _ = try await office.setState(numbers[4], .active, by: .commandLine)
      wait(29)
      _ = try await office.label(numbers[1], .ng, by: .commandLine)
      // To withdraw what is withdrawn begins nothing anew.
      _ = try await office.setState(numbers[3], .withdrawn, by: .commandLine)
      #expect(try await retain(office).applicants == [])
      wait(2)
      _ = try await office.placeHold(on: numbers[3], reason: "lawsuit", by: .commandLine)
      let rehearsed = try await retain(office, rehearsing: true)
      #expect(rehearsed.applicants == [1] && rehearsed.held == [4] && !rehearsed.erased)
      let done = try await retain(office, engineer)
      #expect(done.erased && done.applicants == [1] && done.held == [4])
      #expect(done.undecided == [3, 5, 6], "whoever waits for a decision was erased")
      wait(29)
      #expect(try await retain(office).applicants == [2])
      #expect(try await office.verify(retrain: false).problems == [])
    }
  }

  /// A request that was not answered for lack of the escrow goes on only with those who are still due.
  @Test func aSecondTryErasesNobodyWhoIsKeptByNow() async throws {
    try await withOffice { office, wait in
      let opening = try Opening("engineer")
      func adopt(_ days: Int) async throws {
        _ = try await office.adoptPolicy(
          retention: RetentionRule(opening: opening, days: days), by: .commandLine)
      }
      func begin(_ numbers: [ApplicantNumber], key: String) async throws {
        var origin = Origin.commandLine
        origin.terms.key = key
        _ = try await office.append(Command("retain", ["opening": nil]), by: origin) { (_) in
          Origin.commandLine.append(
            numbers.map {
              ErasureRequested(applicant: $0, reason: "retention").draft(onBehalfOf: nil)
            })
        }
      }
      try await adopt(30)
      var numbers: [ApplicantNumber] = []
      for seed in 1...4 {
        numbers.append(try await office.register(seed))
        _ = try await office.label(numbers[seed - 1], .ng, by: .commandLine)
      }
      wait(32)
      try await begin(numbers, key: "march")
      try await begin(numbers, key: "april")
      _ = try await office.placeHold(on: numbers[0], reason: "lawsuit", by: .commandLine)
      _ = try await office.label(numbers[1], .ok, by: .commandLine)
      try await adopt(3_000)
      let none = try await retain(office, key: "march")
      #expect(none.applicants == [] && none.kept == [1, 2, 3, 4] && !none.erased)
      try await adopt(30)
      let some = try await retain(office, key: "march")
      #expect(some.applicants == [3, 4] && some.kept == [1, 2] && some.erased)
      // What was answered stays so, though the others become due.
      _ = try await office.liftHold(on: numbers[0], by: .commandLine)
      wait(32)
      let again = try await retain(office, key: "march")
      #expect(again.applicants == [3, 4] && again.kept == [1, 2] && again.erased)
      #expect(try await retain(office, rehearsing: true).applicants == [1, 2])
      // What somebody else erased meanwhile is no failure.
      #expect(try await retain(office, key: "april").applicants == [1, 2])
      #expect(try await office.verify(retrain: false).problems == [])
    }
  }

  /// What is recorded between the decision to erase and the erasure itself may be what keeps somebody.
  @Test func anErasureThatWasDecidedBeforeAChangeErasesNobody() async throws {
    try await withOffice { office, _ in
      let number = try await office.register(1)
      let request = try await office.requestErasure(
        reason: "retention", as: Command("retain"), by: .commandLine
      ) { (_) in ([number], [PolicyAdopted.stream]) }
      func decide() throws -> DecidedErasure {
        try office.erasure(
          of: [number], request: request, relyingOn: [PolicyAdopted.stream],
          at: try office.catchUp(), by: .commandLine)
      }
      let beforeLabel = try decide()
      _ = try await office.label(number, .ok, by: .commandLine)
      #expect(try await office.carryOut(beforeLabel)?.applicants == nil)
      let beforePolicy = try decide()
      _ = try await office.adoptPolicy(threshold: 7_000, by: .commandLine)
      #expect(try await office.carryOut(beforePolicy)?.applicants == nil)
      #expect(try office.livingRow(number).label?.label == .ok)
      #expect(try await office.carryOut(try decide())?.applicants == [1])
    }
  }

  @Test func nothingIsAskedForWhileTheEscrowCannotBeReached() async throws {
    try await withTemporaryDirectory { directory in
      try await withOffice { office, wait in
        let number = try await office.register(1)
        _ = try await office.label(number, .ng, by: .commandLine)
        _ = try await office.adoptPolicy(
          retention: RetentionRule(opening: try Opening("engineer"), days: 30), by: .commandLine)
        wait(32)
        try await office.keepEscrow(at: directory + "/escrow")
        try FileManager.default.moveItem(
          atPath: directory + "/escrow", toPath: directory + "/away")
        let head = try office.log.head
        await #expect(throws: ScreeningError.self) { try await retain(office, key: "march") }
        #expect(try office.log.head == head, "a request was recorded that could not be answered")
        try FileManager.default.moveItem(
          atPath: directory + "/away", toPath: directory + "/escrow")
        #expect(try await retain(office, key: "march").applicants == [1])
      }
    }
  }

  /// The letter names a day: on that day, in Japan, everything is still there.
  @Test(arguments: [nil, "2026-05-30T05:00:00+09:00"])
  func nobodyGoesBeforeTheEndOfTheDayThatTheLetterNames(received: String?) async throws {
    try await withOffice { office, wait in
      let opening = try Opening("engineer")
      var application = Application(
        name: "応募者", opening: opening,
        documents: [.init(bytes: Array(resume(skilled: true, 1).utf8))])
      // Arrived after the decision: as where the past was imported.
      application.received = received
      _ = try await office.register(application, by: .commandLine)
      _ = try await office.label(ApplicantNumber(1), .ng, by: .commandLine)
      _ = try await office.adoptPolicy(
        retention: RetentionRule(opening: opening, days: 30), by: .commandLine)
      // It is 2026-05-29 05:26:40 in Japan.
      let days: Int64 = received == nil ? 30 : 31
      let disclosure = try await office.disclose(ApplicantNumber(1), by: .commandLine)
      let day = received == nil ? "2026-06-28" : "2026-06-29"
      #expect(disclosure.keeping.until == day + "T14:59:59.999Z")
      let told = received == nil ? "2026年6月28日" : "2026年6月29日"
      #expect(disclosure.text(in: .ja).contains("\(told)まで保存し"))
      wait(days)
      #expect(try await retain(office, rehearsing: true).applicants == [])
      wait(1)
      #expect(try await retain(office).applicants == [1])
    }
  }

  @Test func whoCameBackOrCameToAnotherOpeningIsKeptAnew() async throws {
    try await withOffice { office, wait in
      let sales = try Opening("sales")
      _ = try await office.adoptPolicy(
        retention: RetentionRule(opening: try Opening("engineer"), days: 100), by: .commandLine)
      _ = try await office.adoptPolicy(
        retention: RetentionRule(opening: sales, days: 30), by: .commandLine)
      var numbers: [ApplicantNumber] = []
      for seed in 1...3 {
        numbers.append(try await office.register(seed))
        _ = try await office.label(numbers[seed - 1], .ok, by: .commandLine)
      }
      _ = try await office.setState(numbers[0], .withdrawn, by: .commandLine)
      wait(99)
      _ = try await office.setState(numbers[0], .active, by: .commandLine)
      _ = try await office.correct(
        numbers[1], Correction(opening: sales), by: .commandLine)
      wait(3)
      #expect(try await retain(office).applicants == [3])
      wait(29)
      #expect(try await retain(office).applicants == [2])
      wait(100)
      #expect(try await retain(office).applicants == [1])
    }
  }

  @Test func aRuleForAnOpeningThatNobodyAppliedForIsNamed() async throws {
    try await withOffice { office, _ in
      _ = try await office.register(1)
      for slug in ["engineer", "engineeer"] {
        _ = try await office.adoptPolicy(
          retention: RetentionRule(opening: try Opening(slug), days: 30), by: .commandLine)
      }
      #expect(try await retain(office, rehearsing: true).unknownOpenings == ["engineeer"])
    }
  }

  @Test func aRunByDaysIsAnsweredAgainAtAnotherTime() async throws {
    try await withOffice { office, wait in
      let opening = try Opening("engineer")
      _ = try await office.register(1)
      wait(31)
      _ = try await office.register(2)
      var origin = Origin.commandLine
      origin.terms.key = "once"
      let first = try await office.retain(
        opening: opening, olderThan: 30, rehearsing: false, by: origin)
      #expect(first.applicants == [1] && first.erased)
      wait(40)
      let head = try office.log.head
      let again = try await office.retain(
        opening: opening, olderThan: 30, rehearsing: false, by: origin)
      #expect(again.applicants == [1] && again.erased)
      #expect(try office.log.head == head)
    }
  }

  /// Whoever asks what is held is told for how long.
  @Test func theApplicantIsToldHowLongTheApplicationIsKept() async throws {
    try await withOffice { office, _ in
      let number = try await office.register(1)
      func told() async throws -> (Disclosure.Keeping, String) {
        let disclosure = try await office.disclose(number, by: .commandLine)
        return (disclosure.keeping, disclosure.text(in: .ja))
      }
      let (none, unlimited) = try await told()
      #expect(none.days == nil && unlimited.contains("保存期間の定めはありません"))
      _ = try await office.adoptPolicy(
        retention: RetentionRule(opening: try Opening("engineer"), days: 30), by: .commandLine)
      let (waiting, open) = try await told()
      #expect(waiting.days == 30 && waiting.until == nil)
      #expect(open.contains("選考が終わってから 30 日間保存し"))
      _ = try await office.label(number, .ng, by: .commandLine)
      let (decided, dated) = try await told()
      // 2026-05-28T20:26:40Z and thirty days: to the end of the next day in Japan.
      #expect(decided.until == "2026-06-28T14:59:59.999Z")
      #expect(dated.contains("2026年6月28日まで保存し"))
    }
  }

  @Test func rulesAreToldWithThePolicyAsOfAMomentAndEnd() async throws {
    try await withOffice { office, _ in
      let (engineer, sales) = (try Opening("engineer"), try Opening("sales"))
      func adopt(_ opening: Opening, _ days: Int?) async throws -> CommandResult {
        try await office.adoptPolicy(
          retention: RetentionRule(opening: opening, days: days), by: .commandLine)
      }
      _ = try await office.adoptPolicy(threshold: 7_000, scores: .afterLabel, by: .commandLine)
      let first = try await adopt(sales, 180)
      _ = try await adopt(engineer, 365)
      _ = try await adopt(sales, 90)
      let now = try office.policy()
      #expect(now.retention.map(\.opening) == [engineer, sales])
      #expect(now.retention.map(\.days) == [365, 90])
      #expect(now.threshold == 7_000 && now.scores == .afterLabel, "a rule changed the threshold")
      let then = try office.policy(asOf: .position(Position(rawValue: first.position)))
      #expect(then.retention == [RetentionRule(opening: sales, days: 180)])
      _ = try await adopt(sales, nil)
      #expect(try office.policy().retention == [RetentionRule(opening: engineer, days: 365)])
      #expect(try office.policies().map { $0.rule.retention.count } == [0, 0, 1, 2, 2, 1])
      for (opening, days) in [(sales, nil), (sales, 0), (sales, 36_501)] as [(Opening, Int?)] {
        await #expect(throws: ScreeningError.self) { try await adopt(opening, days) }
      }
      // The views may go at any time.
      _ = try office.rebuild()
      #expect(try office.policy().retention == [RetentionRule(opening: engineer, days: 365)])
    }
  }

  @Test func aRunIsAnsweredAgainByTheRulesOfThen() async throws {
    try await withOffice { office, wait in
      let opening = try Opening("engineer")
      _ = try await office.adoptPolicy(
        retention: RetentionRule(opening: opening, days: 30), by: .commandLine)
      for seed in 1...3 { _ = try await office.register(seed) }
      for number in [1, 2] as [UInt64] {
        _ = try await office.label(ApplicantNumber(number), .ng, by: .commandLine)
      }
      _ = try await office.placeHold(on: ApplicantNumber(2), reason: "lawsuit", by: .commandLine)
      wait(31)
      let first = try await retain(office, key: "march")
      #expect(first.applicants == [1])
      _ = try await office.adoptPolicy(
        retention: RetentionRule(opening: opening, days: 3_000), by: .commandLine)
      let head = try office.log.head
      let again = try await retain(office, key: "march")
      #expect(again.applicants == first.applicants && again.held == [2] && again.undecided == [3])
      #expect(again.rules == first.rules)
      #expect(try office.log.head == head)
    }
  }

  /// A screening stands for what it says, which no rule of keeping changes.
  @Test func adoptingARuleMakesNoScreeningAnew() async throws {
    try await withOffice { office, _ in
      try await office.registerLabelled(0..<24)
      _ = try await office.train(by: .commandLine)
      _ = try await office.screen(by: .commandLine)
      _ = try await office.adoptPolicy(
        retention: RetentionRule(opening: try Opening("engineer"), days: 365), by: .commandLine)
      let head = try office.log.head
      _ = try await office.screen(by: .commandLine)
      #expect(try office.log.head == head)
    }
  }
}
