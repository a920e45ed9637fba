import EventStore
import HTTPTypes
import Screening
import Synchronization
import Testing

@testable import ScreeningServer

/// If these fail, a guesser is not slowed down, or an honest user is locked out.
@Suite struct RateLimiterTests {
  private final class Clock: Sendable {
    let seconds = Mutex(0.0)
    var now: Double { seconds.withLock { $0 } }
    func advance(_ by: Double) { seconds.withLock { $0 += by } }
  }

  @Test func attemptsRunOutAndComeBackWithTime() {
    let clock = Clock()
    let limiter = RateLimiter(burst: 3, interval: 6, now: { clock.now })
    for _ in 0..<3 { #expect(limiter.take(["a": 1, "b": 1]) == nil) }
    #expect(limiter.take(["a": 1]) == 6)
    #expect(limiter.take(["c": 1, "b": 1]) == 6)
    #expect(limiter.take(["c": 1]) == nil)
    clock.advance(6)
    #expect(limiter.take(["a": 1]) == nil)
    #expect(limiter.take(["a": 1]) != nil)
    clock.advance(1000)
    for _ in 0..<3 { #expect(limiter.take(["a": 1]) == nil) }
    #expect(limiter.take(["a": 1]) != nil)
  }

  @Test func successGivesBack() {
    let clock = Clock()
    let limiter = RateLimiter(burst: 2, interval: 6, now: { clock.now })
    for _ in 0..<50 {
      #expect(limiter.take(["a": 1]) == nil)
      limiter.giveBack(["a": 1])
    }
    for _ in 0..<2 { #expect(limiter.take(["a": 1]) == nil) }
    #expect(limiter.take(["a": 1]) != nil)
  }

  @Test func manyNamesDoNotFreeTheOneThatGuesses() {
    let clock = Clock()
    let limiter = RateLimiter(burst: 5, interval: 60, now: { clock.now })
    for _ in 0..<5 { #expect(limiter.take(["guesser": 1]) == nil) }
    for name in 0..<40_000 { #expect(limiter.take(["name \(name)": 1]) == nil) }
    #expect(limiter.take(["guesser": 1]) != nil)
  }
}

/// If these fail, whoever knows an owner's address keeps the owner out, or guesses as often as they like.
@Suite struct LoginLimitsTests {
  private func limits(burst: Int = 10) -> LoginLimits {
    LoginLimits(RateLimiter(burst: burst, interval: 6, now: { 0 }))
  }

  /// How many of `count` wrong passwords are let through.
  private func guess(
    _ limits: LoginLimits, at account: String = "owner@example.jp", from address: String,
    _ count: Int = 1000
  ) -> Int {
    (0..<count).count { _ in limits.begin(limits.attempt(at: account, from: address)) == nil }
  }

  @Test func aGuesserElsewhereDoesNotKeepTheOwnerOut() {
    let limits = limits()
    #expect(guess(limits, from: "198.51.100.7") == 10)
    #expect(guess(limits, at: "OWNER@example.jp", from: "198.51.100.7") == 0)
    // Not even at a place that is new to the account.
    #expect(guess(limits, from: "192.0.2.1") == 10)
  }

  @Test func manyGuessersLeaveTheOwnerTheKnownPlace() {
    let limits = limits()
    let home = limits.attempt(at: "owner@example.jp", from: "192.0.2.1")
    #expect(!home.isFromKnownPlace && limits.begin(home) == nil)
    limits.succeed(home)
    let guesses = (0..<200).map { guess(limits, from: "198.51.100.\($0)") }.reduce(0, +)
    #expect(guesses == 160)
    #expect(guess(limits, from: "203.0.113.1") == 0)
    #expect(limits.attempt(at: "Owner@example.jp", from: "192.0.2.1").isFromKnownPlace)
    #expect(guess(limits, from: "192.0.2.1") == 10, "the owner is kept out")
    #expect(guess(limits, at: "other@example.jp", from: "203.0.113.1") == 10)
  }

  @Test func anAddressTriesSoManyAccountsOnly() {
    let limits = limits()
    let guesses = (0..<100).map { guess(limits, at: "user\($0)@example.jp", from: "192.0.2.1", 1) }
    #expect(guesses.reduce(0, +) == 40)
    // An IPv6 user has as many addresses as they like.
    let six = (0..<100).map { guess(limits, from: "2001:db8:1:2::\(String($0, radix: 16))", 1) }
    #expect(six.reduce(0, +) == 10)
    #expect(guess(limits, from: "2001:db8:1:3::1") == 10)
    #expect(guess(limits, at: "user0@example.jp", from: "::ffff:192.0.2.1") == 0)
  }

  @Test func whatWasNotTriedIsTakenBack() {
    let limits = limits(burst: 1)
    for _ in 0..<50 {
      let attempt = limits.attempt(at: "a", from: "192.0.2.1")
      #expect(limits.begin(attempt) == nil)
      limits.takeBack(attempt)
    }
  }
}

/// If these fail, clients show stale pages, or load unchanged ones again and again.
@Suite struct EntityTagTests {
  private func tag(_ text: String, namesMoment: Bool = false) -> EntityTag {
    EntityTag(of: Array((text + "\n").utf8), namesMoment: namesMoment)
  }

  @Test func tagsFollowEveryByteThatIsSaid() {
    #expect(tag(#"{"position":12,"threshold":65}"#) != tag(#"{"position":34,"threshold":65}"#))
    #expect(tag(#"{"a":[{"position":1}]}"#) != tag(#"{"a":[{"position":2}]}"#))
    #expect(tag(#"{"label":"ok"}"#) != tag(#"{"label":"ng"}"#))
    // SHA-256 of `{}` and a line feed: the same in every process.
    #expect(tag("{}").description == #"W/"ca3d163bab055381827226140568f3be""#)
  }

  @Test func pagesAreTheSameWhereverTheLogStood() {
    func page(_ next: String, _ position: Int, _ label: String = "ok") -> EntityTag {
      tag(
        #"{"applicants":[{"label":"\#(label)","position":3}],"next":\#(next),"position":\#(position)}"#,
        namesMoment: true)
    }
    #expect(page(#""9.4""#, 9) == page(#""12.4""#, 12))
    #expect(page("null", 9) == page("null", 12))
    #expect(page("null", 9) != page(#""9.4""#, 9), "a page that has got a next one is another")
    #expect(page(#""9.4""#, 9) != page(#""9.5""#, 9))
    #expect(page("null", 9) != page("null", 9, "ng"))
  }

  @Test func conditionsAreListsComparedWeakly() {
    let tag = tag("x")
    let strong = String(tag.description.dropFirst(2))
    for field in ["*", tag.description, strong, "\"a\", \(tag) ,\"b\"", " \(strong)\t"] {
      #expect(tag.matches(field), "\(field)")
    }
    for field in ["", "\"a\"", "W/\"a\", \"b\"", String(strong.dropFirst())] {
      #expect(!tag.matches(field), "\(field)")
    }
  }
}

/// If this fails, clients get lines of progress that they cannot read, or never any.
@Suite struct AcceptanceTests {
  @Test(arguments: [
    ("application/x-ndjson", true), ("application/x-ndjson, */*;q=0.1", true),
    ("application/json;q=0.5, application/x-ndjson;q=0.9", true),
    ("Application/X-NDJSON", true), ("application/*, application/json;q=0", true),
    ("*/*", false), ("application/json", false), ("", false), ("text/html", false),
    ("application/json, application/x-ndjson", false), ("application/x-ndjson;q=0", false),
    ("application/x-ndjson;q=0.2, application/*;q=0.3", false), (";;q=,", false),
  ]) func linesAreForThoseWhoPreferThem(_ field: String, _ prefers: Bool) {
    #expect(
      Acceptance(field).prefers("application/x-ndjson", to: "application/json") == prefers)
  }

  @Test func whoSaysNothingTakesAnything() {
    #expect(!Acceptance(nil).prefers("application/x-ndjson", to: "application/json"))
  }
}

/// If this fails, a page of a list begins where another ended, or a forged cursor reaches the store.
@Suite struct CursorTests {
  @Test func cursorsComeBackAndOthersAreRefused() throws {
    let cursor = Cursor(position: 1234, place: 56)
    #expect(try Cursor(cursor.text) == cursor)
    for text in ["", "a", "x.y", "1", "1.2.3", "01.2", "+1.2", "1.", "選"] {
      #expect(throws: Problem.self) { try Cursor(text) }
    }
  }
}

/// If this fails, the server answers networks that it was told to keep out.
@Suite struct NetworkTests {
  @Test func addressesLieWithinOrNot() throws {
    for (network, inside, outside) in [
      ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"), ("192.0.2.128/25", "192.0.2.200", "192.0.2.5"),
      ("2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1"),
      ("127.0.0.1", "127.0.0.1", "127.0.0.2"),
      ("10.0.0.0/8", "::ffff:10.1.2.3", "::ffff:11.1.2.3"), ("::1/128", "::1", "127.0.0.1"),
    ] {
      let range = try #require(Network(network))
      #expect(range.contains(inside), "\(network)")
      #expect(!range.contains(outside), "\(network)")
    }
    #expect(Network("0.0.0.0/0")?.contains("unknown") == false)
    for (node, address) in [
      ("10.0.0.2", "10.0.0.2"), ("10.0.0.2:1000", "10.0.0.2"), ("2001:db8::1", "2001:db8::1"),
      ("[2001:db8::1]", "2001:db8::1"), ("[2001:db8::1]:1000", "2001:db8::1"), ("unknown", nil),
      ("_hidden:80", nil), ("[", nil), (":", nil), ("", nil),
    ] { #expect(Network.address(in: node) == address, "\(node)") }
    for text in ["", "x", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/-1", "::/129", "10.0.0.0/8/8"] {
      #expect(Network(text) == nil, "\(text)")
    }
  }
}

/// If this fails, exports that broke off keep their places until nobody can export any more.
@Suite struct GateTests {
  @Test func placesComeBackHoweverTheyWereLost() async throws {
    let gate = Gate(2, "It is full.")
    for _ in 0..<5 {
      let first = try gate.enter()
      let second = try gate.enter()
      #expect(throws: Problem.self) { try gate.enter() }
      withExtendedLifetime((first, second)) {}
    }
    struct Failure: Error {}
    for _ in 0..<5 { try? await gate.run { throw Failure() } }
    #expect(try await gate.run { 7 } == 7)
  }
}

/// If these fail, somebody sees a list as it was before the last decision, or the name of an erased person.
@Suite struct AnswerCacheTests {
  private func key(_ target: String, user: UInt64 = 1, hour: Int = 5) -> AnswerCache.Key {
    AnswerCache.Key(target: target, user: UserNumber(user), hour: hour)
  }

  private func answer(_ size: Int) -> Answer {
    Answer(body: .bytes(Array(repeating: 0x61, count: size)))
  }

  private func compute(
    _ answer: Answer, _ key: AnswerCache.Key, in cache: AnswerCache
  ) async {
    #expect(await cache.answer(key, at: 7) == nil)
    cache.settle(answer, for: key, at: 7)
  }

  @Test func answersHoldOnlyWhileTheLogStandsStill() async {
    let cache = AnswerCache(capacity: 8192)
    await compute(answer(10), key("/models"), in: cache)
    #expect(await cache.answer(key("/models"), at: 7) != nil)
    #expect(await cache.answer(key("/models"), at: 8) == nil)
    #expect(await cache.answer(key("/models", user: 2), at: 7) == nil)
    #expect(await cache.answer(key("/models", hour: 6), at: 7) == nil)
    await compute(Answer(.created, body: .bytes([1])), key("/policy"), in: cache)
    #expect(await cache.answer(key("/policy"), at: 7) == nil)
  }

  @Test func anErasureDropsEverything() async {
    let cache = AnswerCache(capacity: 8192)
    cache.observe(generation: 1)
    await compute(answer(10), key("/applicants"), in: cache)
    cache.observe(generation: 1)
    #expect(await cache.answer(key("/applicants"), at: 7) != nil)
    cache.observe(generation: 2)
    #expect(await cache.answer(key("/applicants"), at: 7) == nil)
    // What was being computed meanwhile may hold the name as well.
    cache.observe(generation: 3)
    cache.settle(answer(10), for: key("/applicants"), at: 7)
    #expect(await cache.answer(key("/applicants"), at: 7) == nil)
  }

  @Test func memoryStaysBounded() async {
    let cache = AnswerCache(capacity: 8192)
    await compute(answer(1000), key("/large"), in: cache)
    #expect(await cache.answer(key("/large"), at: 7) == nil)
    // A URL takes memory as well.
    let long = key("/" + String(repeating: "a", count: 1000))
    await compute(answer(1), long, in: cache)
    #expect(await cache.answer(long, at: 7) == nil)
    for page in 0..<100 { await compute(answer(100), key("/\(page)"), in: cache) }
    var kept = 0
    for page in 0..<100 where await cache.answer(key("/\(page)"), at: 7) != nil { kept += 1 }
    #expect(kept <= 8192 / 600)
    #expect(await cache.answer(key("/99"), at: 7) != nil)
  }

  @Test func whatSomebodyComputesIsComputedOnce() async {
    let cache = AnswerCache(capacity: 8192)
    #expect(await cache.answer(key("/models"), at: 7) == nil)
    await withTaskGroup(of: Answer?.self) { group in
      for _ in 0..<10 { group.addTask { await cache.answer(key("/models"), at: 7) } }
      // Others are not held up.
      #expect(await cache.answer(key("/models"), at: 8) == nil)
      cache.settle(answer(10), for: key("/models"), at: 7)
      for await answer in group { #expect(answer != nil) }
    }
    // What fails is computed by everybody who waited.
    #expect(await cache.answer(key("/policy"), at: 7) == nil)
    async let other = cache.answer(key("/policy"), at: 7)
    cache.settle(nil, for: key("/policy"), at: 7)
    #expect(await other == nil)
  }
}

/// If this fails, which document is the first differs between two processes, and a key's second try is a conflict.
@Suite struct RequestFormTests {
  @Test func documentsStandInOneList() throws {
    func form(_ json: String) throws -> RequestForm { try RequestForm(json: Array(json.utf8)) }
    for other in ["document", "documents[]"] {
      #expect(throws: Problem.self) { try form(#"{"\#(other)":["Yg=="],"documents":["YQ=="]}"#) }
      #expect(try form(#"{"\#(other)":["Yg==","YQ=="]}"#).documents.map(\.bytes) == [[98], [97]])
    }
    #expect(try form(#"{"document":null,"documents":["YQ=="]}"#).documents.count == 1)
  }
}

/// If this fails, a server whose first fold met a full disk is kept out of service for ever.
@Suite struct ReadinessTests {
  @Test func whatFailsAtFirstIsTriedAgainUntilItIsDone() async throws {
    let readiness = Readiness()
    var tries = 0
    for _ in 0..<4 {
      try? await readiness.reach {
        tries += 1
        if tries < 3 { throw CancellationError() }
      }
      #expect(readiness.isReady == (tries == 3))
    }
    #expect(tries == 3)
  }
}

/// If this fails, a mistyped variable leaves the server open without a word.
@Suite struct EnvironmentTests {
  private func configuration(_ environment: [String: String]) throws -> ServerConfiguration {
    var configuration = ServerConfiguration(
      secrets: try TokenSecrets(current: String(repeating: "s", count: 32)))
    try configuration.apply(environment: environment)
    return configuration
  }

  @Test func variablesAreTakenOrRefused() throws {
    let given = try configuration([
      "SENKO_ALLOWED_ORIGINS": "https://a.example, https://b.example:8443",
      "SENKO_ALLOWED_NETWORKS": "10.0.0.0/8,::1", "SENKO_MAXIMUM_BODY": "4096",
      "SENKO_TRUST_FORWARDED_FOR": "true",
    ])
    #expect(given.allowedOrigins == ["https://a.example", "https://b.example:8443"])
    #expect(given.allowedNetworks.count == 2)
    #expect(given.maximumBodySize == 4096)
    #expect(given.trustsForwardedFor)
    #expect(try configuration(["SENKO_TRUST_FORWARDED_FOR": "1"]).trustsForwardedFor)
    #expect(try !configuration(["SENKO_TRUST_FORWARDED_FOR": "0"]).trustsForwardedFor)
    for (name, value) in [
      ("SENKO_ALLOWED_ORIGINS", "*"), ("SENKO_ALLOWED_ORIGINS", "https://a.example/"),
      ("SENKO_ALLOWED_NETWORKS", "10.0.0.0/8;x"), ("SENKO_MAXIMUM_BODY", "many"),
      ("SENKO_TRUST_FORWARDED_FOR", "yes"), ("SENKO_TRUST_FORWARDED_FOR", ""),
    ] {
      #expect(throws: ServerConfiguration.Failure.self) { try configuration([name: value]) }
    }
  }
}
