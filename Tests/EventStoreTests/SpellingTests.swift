import TestSupport
import Testing

@testable import EventStore

/// Whoever has the signing key can sign a tree over anything: that its events are events, in their places and in order
/// of time, only reading them shows.
@Suite struct SpellingTests {
  /// What the third event's text is changed to, and what is said of it by the store and by the independent verifier.
  struct Change: CustomTestStringConvertible {
    let text: String
    let other: String
    var problem = "Event 3 is no event: "
    var answer = "event 3 is not in the one encoding"
    var testDescription: String { other }
  }

  static let changes = [
    Change(
      text: "\"n\":3,", other: "\"n\":4,", problem: "Event 3 calls itself 4.",
      answer: "event 3 calls itself 4"),
    Change(
      text: "\"at\":\"2026-11-23T04:12:09.120Z\"", other: "\"at\":\"2026-11-23T04:12:09.119Z\"",
      problem: "Event 3 is dated before the one ahead of it.", answer: "event 3 is out of order"),
    Change(text: ",\"via\"", other: ", \"via\""),
    Change(text: "\"cli\"}", other: "\"cli\"}\n"),
    Change(text: "\"type\":\"a.noted\",\"v\":1", other: "\"v\":1,\"type\":\"a.noted\""),
    Change(text: "注", other: "\\u6ce8"),
    Change(text: "{\"text\"", other: "{ \"text\""),
    Change(text: "{\"text\"", other: "{\"text\":1,\"text\""),
    Change(text: "{\"text\"", other: "{\"a\":-0,\"text\""),
    Change(text: "{\"text\"", other: "{\"a\":1.0,\"text\""),
    Change(text: "{\"text\"", other: "{\"a\":1e0,\"text\""),
    Change(text: "{\"text\"", other: "{\"a\":9007199254740992,\"text\""),
    Change(text: "{\"text\"", other: "{\"a\":null,\"text\""),
    Change(text: "{\"text\"", other: "{\"é\":1,\"text\""),
  ]

  @Test(arguments: changes)
  func aSignedLogOfOtherSpellingIsRefused(change: Change) async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      let clock = WallClock { Timestamp(milliseconds: 1_795_407_129_120) }
      do {
        let log = try EventLog.open(data, clock: clock)
        _ = try await log.append(notes(5))
        log.close()
      }
      let key = try #require(SigningKey(file: Files.read(LogFolder(path: data).signingKey) ?? []))
      try Forgery.rewrite(
        data, event: 3, change.text, to: change.other, droppingNotes: true, signingWith: key)
      let problems = try verifyLog(directory: data).problems.filter { $0.position == 3 }
      #expect(problems.contains { $0.description.hasPrefix(change.problem) }, "\(problems)")

      let log = try EventLog.open(data)
      try log.export(to: directory + "/export")
      log.close()
      let (status, answer) = try runTool(
        "verify-log.py", [directory + "/export", "--key", key.verifier.description])
      #expect(status == 3 && answer.contains(change.answer), "\(answer)")
    }
  }

  /// What the test above rests on: signed like this, a log of the one spelling is taken.
  @Test func aSignedLogOfTheOneSpellingIsTaken() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      do {
        let log = try EventLog.open(data)
        _ = try await log.append(notes(5))
        log.close()
      }
      let key = try #require(SigningKey(file: Files.read(LogFolder(path: data).signingKey) ?? []))
      try Forgery.rewrite(
        data, event: 3, "注", to: "駐", droppingNotes: true, signingWith: key)
      #expect(try verifyLog(directory: data).problems.isEmpty)
      let log = try EventLog.open(data)
      try log.export(to: directory + "/export")
      log.close()
      #expect(try runTool("verify-log.py", [directory + "/export"]).status == 0)
    }
  }
}
