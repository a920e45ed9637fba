import EventStore
import TestSupport
import Testing

@testable import Screening

/// If these fail, a command that was sent twice is recorded twice, or one that was decided upon an old state
/// passes for one that knew the new.
@Suite struct TermsTests {
  private static let opening = "engineer"

  private func origin(_ key: String?, decidedAt: Position? = nil) -> Origin {
    Origin(
      actor: .operator, channel: .cli, terms: Terms(key: key, decidedAt: decidedAt))
  }

  /// The kinds of command about one applicant, each with another content.
  private typealias Try = @Sendable (Office, ApplicantNumber, Origin, Bool) async throws -> UInt64
  private static let commands: [(name: String, run: Try)] = [
    ("state", { try await $0.setState($1, $3 ? .withdrawn : .duplicate, by: $2).position }),
    ("label", { try await $0.label($1, $3 ? .ng : .ok, by: $2).position }),
    (
      "place-hold",
      { try await $0.placeHold(on: $1, reason: $3 ? "audit" : "lawsuit", by: $2).position }
    ),
    (
      "correct",
      {
        try await $0.correct($1, Correction(name: $3 ? "高橋" : "髙橋"), by: $2).position
      }
    ),
    ("declare", { try await $0.declare($1, ["sex": $3 ? "male" : "female"], by: $2).position }),
  ]

  @Test func aSecondTryRecordsNothingAndAnswersAsTheFirst() async throws {
    try await withOffice { office in
      for (name, run) in Self.commands {
        let number = try await office.register(1)
        let first = try await run(office, number, origin(name), false)
        // What happened since is no reason to refuse what was done already.
        _ = try await office.openApplicant(number, by: .commandLine)
        let head = try office.log.head
        let again = try await run(
          office, number, origin(name, decidedAt: Position(rawValue: first - 1)), false)
        #expect(again == first, "\(name)")
        let other = await #expect(throws: ScreeningError.self) {
          try await run(office, number, origin(name), true)
        }
        #expect(other?.kind == .conflict, "\(name)")
        let kind = await #expect(throws: ScreeningError.self) {
          try await office.disclose(number, by: origin(name))
        }
        #expect(kind?.kind == .conflict, "\(name): a key of another kind of command")
        #expect(try office.log.head == head, "\(name) recorded something")
      }
    }
  }

  /// Two people may both call their first decision "1".
  @Test func aKeyOfSomebodyElsesDecisionIsAConflict() async throws {
    try await withOffice { office in
      let number = try await office.register(1)
      let first = try await office.label(number, .ok, by: origin("1"))
      let somebodyElse = Origin(actor: .user(UserNumber(7)), channel: .http, terms: Terms(key: "1"))
      let other = await #expect(throws: ScreeningError.self) {
        try await office.label(number, .ok, by: somebodyElse)
      }
      #expect(other?.kind == .conflict)
      #expect(try office.log.head.rawValue == first.position)
    }
  }

  @Test func registeringAgainAnswersWithTheScreeningOfTheFirstTime() async throws {
    try await withOffice { office in
      try await office.registerLabelled(0..<24)
      _ = try await office.train(by: .commandLine)
      let application = Application(
        name: "山田", opening: try Opening(Self.opening),
        documents: [.init(bytes: Array(resume(skilled: true, 99).utf8))], idempotencyKey: "r")
      let first = try await office.register(application, by: .commandLine)
      var request = TrainRequest()
      request.c = 4
      let later = try await office.train(request, by: .commandLine)
      _ = try await office.promote(ModelNumber(later[0].model), by: .commandLine)
      let head = try office.log.head
      let again = try await office.register(application, by: .commandLine)
      #expect(again.screening?.position == first.screening?.position)
      #expect(again.screening?.model == 1)
      #expect(try office.log.head == head)
    }
  }

  @Test func whatWasDecidedUponAnOldStateIsRefused() async throws {
    try await withOffice { office in
      for (name, run) in Self.commands where name != "declare" {
        let number = try await office.register(1)
        let seen = try office.log.head
        _ = try await office.openApplicant(number, by: .commandLine)
        let stale = await #expect(throws: ScreeningError.self) {
          try await run(office, number, origin(nil, decidedAt: seen), false)
        }
        #expect(stale?.kind == .stale, "\(name)")
        // Other people's events do not concern it.
        let now = try office.log.head
        _ = try await office.register(2)
        _ = try await run(office, number, origin(nil, decidedAt: now), false)
      }
      let seen = try office.log.head
      _ = try await office.adoptPolicy(threshold: 6_000, by: origin("p", decidedAt: seen))
      _ = try await office.adoptPolicy(threshold: 6_000, by: origin("p", decidedAt: seen))
      let stale = await #expect(throws: ScreeningError.self) {
        try await office.adoptPolicy(threshold: 7_000, by: origin("q", decidedAt: seen))
      }
      #expect(stale?.kind == .stale)
    }
  }

  @Test func whatRulesATrainingOrAScreeningIsAPartOfItsGround() async throws {
    try await withOffice { office in
      try await office.registerLabelled(0..<24)
      let opening = try Opening(Self.opening)
      let number = ApplicantNumber(1)
      func expectStale(_ body: (Origin) async throws -> Void, after change: () async throws -> Void)
        async throws
      {
        let seen = try office.log.head
        try await change()
        let stale = await #expect(throws: ScreeningError.self) {
          try await body(origin(nil, decidedAt: seen))
        }
        #expect(stale?.kind == .stale)
        try await body(origin(nil, decidedAt: try office.log.head))
      }
      let screen = { _ = try await office.screen([number], by: $0) }
      try await expectStale({ _ = try await office.train(opening: opening, by: $0) }) {
        _ = try await office.adoptLexicon("name other\nclass person\n", by: .commandLine)
      }
      _ = try await office.train(opening: opening, TrainRequest(c: 4), by: .commandLine)
      try await expectStale(screen) {
        _ = try await office.adoptPolicy(threshold: 6_000, by: .commandLine)
      }
      try await expectStale(screen) {
        _ = try await office.promote(ModelNumber(2), by: .commandLine)
      }
    }
  }

  @Test func anErasureIsAnsweredAgain() async throws {
    try await withOffice { office in
      let numbers = [try await office.register(1), try await office.register(2)]
      let label = origin("label")
      _ = try await office.label(numbers[0], .ng, reason: "経験", by: label)
      let first = try await office.erase(numbers, reason: "request", by: origin("erase"))
      let head = try office.log.head
      let again = try await office.erase(numbers, reason: "request", by: origin("erase"))
      #expect(again.applicants == first.applicants)
      #expect(again.position == first.position)
      #expect(try office.log.head == head)
      let other = await #expect(throws: ScreeningError.self) {
        try await office.erase([numbers[0]], reason: "request", by: origin("erase"))
      }
      #expect(other?.kind == .conflict)
      let gone = await #expect(throws: ScreeningError.self) {
        try await office.label(numbers[0], .ng, reason: "経験", by: label)
      }
      #expect(gone?.kind == .erased, "what was said of the erased can still be compared")
    }
  }

  @Test func aRefusedErasureStaysRefusedUnderItsKey() async throws {
    try await withOffice { office in
      let number = try await office.register(1)
      _ = try await office.placeHold(on: number, reason: "lawsuit", by: .commandLine)
      for _ in 0..<2 {
        let refused = await #expect(throws: ScreeningError.self) {
          try await office.erase([number], reason: "request", by: origin("erase"))
        }
        #expect(refused?.kind == .conflict)
      }
      let head = try office.log.head
      _ = try await office.liftHold(on: number, by: .commandLine)
      await #expect(throws: ScreeningError.self) {
        try await office.erase([number], reason: "request", by: origin("erase"))
      }
      #expect(try office.log.head.rawValue == head.rawValue + 1)
    }
  }

  @Test func retentionIsAnsweredAgain() async throws {
    try await withOffice { office in
      let numbers = [
        try await office.register(1), try await office.register(2), try await office.register(3),
      ]
      _ = try await office.placeHold(on: numbers[1], reason: "lawsuit", by: .commandLine)
      let opening = try Opening(Self.opening)
      let limit = WallClock.system.now()
      func retain() async throws -> RetentionReport {
        try await office.retain(
          opening: opening, since: limit, rehearsing: false, by: origin("retain"))
      }
      let first = try await retain()
      #expect(first.applicants == [1, 3])
      #expect(first.held == [2])
      let head = try office.log.head
      let again = try await retain()
      #expect(again.applicants == first.applicants)
      #expect(again.held == first.held)
      #expect(again.erased)
      #expect(try office.log.head == head)
    }
  }

  @Test func trainingsPromotionsAuditsAndUsersAreAnsweredAgain() async throws {
    try await withOffice { office in
      try await office.registerLabelled(0..<24)
      let seen = try office.log.head
      let first = try await office.train(by: origin("train", decidedAt: seen))
      let head = try office.log.head
      let again = try await office.train(by: origin("train", decidedAt: seen))
      #expect(again.map(\.model) == first.map(\.model))
      #expect(again.map(\.digest) == first.map(\.digest))
      let other = await #expect(throws: ScreeningError.self) {
        try await office.train(TrainRequest(c: 0.5), by: origin("train"))
      }
      #expect(other?.kind == .conflict)
      #expect(try office.log.head == head)

      // A bound that is a time means another position as soon as something is recorded.
      let distant = try #require(Timestamp(parsing: "2999-01-01"))
      let bound = TrainRequest(
        c: 2, from: .time(Timestamp(milliseconds: 0)), until: .time(distant))
      let bounded = try await office.train(bound, by: origin("bounded"))
      _ = try await office.adoptPolicy(threshold: 6_100, by: .commandLine)
      #expect(
        try await office.train(bound, by: origin("bounded")).map(\.model) == bounded.map(\.model))

      _ = try await office.label(ApplicantNumber(1), .ng, by: .commandLine)
      let stale = await #expect(throws: ScreeningError.self) {
        try await office.train(by: origin("later", decidedAt: head))
      }
      #expect(stale?.kind == .stale)

      let opening = try Opening(Self.opening)
      let audit = try await office.auditReading(of: opening, sample: 3, by: origin("audit"))
      _ = try await office.label(ApplicantNumber(2), .ok, by: .commandLine)
      let same = try await office.auditReading(of: opening, sample: 3, by: origin("audit"))
      #expect(same.position == audit.position)
      #expect(same.through == audit.through)
      #expect(same.review.sample == audit.review.sample)

      let told = try await office.disclose(ApplicantNumber(3), by: origin("tell"))
      _ = try await office.label(ApplicantNumber(3), .ng, by: .commandLine)
      let retold = try await office.disclose(ApplicantNumber(3), by: origin("tell"))
      #expect(retold.position == told.position)
      #expect(retold.history.count == told.history.count)

      let user = try await office.addUser(
        email: "a@example.jp", name: "A", role: .reviewer, password: "long enough",
        by: origin("user"))
      let known = try await office.addUser(
        email: "a@example.jp", name: "A", role: .reviewer, password: "long enough",
        by: origin("user"))
      #expect(known == user)
      let guessed = await #expect(throws: ScreeningError.self) {
        try await office.addUser(
          email: "a@example.jp", name: "A", role: .reviewer, password: "another one",
          by: origin("user"))
      }
      #expect(guessed?.kind == .conflict)
    }
  }
}
