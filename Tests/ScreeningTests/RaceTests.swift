import Dispatch
import EventStore
import Synchronization
import TestSupport
import Testing

@testable import Screening

/// Two people act at once; each decision must rest on what was there when it was recorded.
@Suite struct RaceTests {
  private func register(_ name: String, _ office: Office) async throws -> ApplicantNumber {
    let document = DocumentFile(bytes: Array("システム開発の経験".utf8))
    return ApplicantNumber(
      try await office.register(
        Application(name: name, documents: [document]), by: .commandLine
      ).applicant)
  }

  @Test func registrationsAtOnceGetTheNumbersInARow() async throws {
    try await withOffice { office in
      let numbers = try await withThrowingTaskGroup(of: UInt64.self) { group in
        for index in 1...20 {
          group.addTask {
            try await register("応募\(index)", office).rawValue
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(numbers.sorted() == Array(1...20))
      let registered = try office.log.events(from: 1).filter { $0.type == "applicant.registered" }
      #expect(registered.map { $0.data["applicant"]?.integer } == Array(1...20))
    }
  }

  @Test func aDecisionThatWasOvertakenIsMadeAgain() async throws {
    try await withOffice { office in
      let number = try await register("花子", office)
      let decided = Mutex<[Position]>([])
      let receipt = try await office.append { (at) throws(ScreeningError) in
        let label = ApplicantLabelled(
          applicant: number, label: .ok, purpose: .decision, screening: .zero, reason: nil)
        let append = try office.change(label, by: .commandLine, at: at)
        let isFirst = decided.withLock { decided in
          decided.append(at)
          return decided.count == 1
        }
        if isFirst { overtake(number, office) }
        return append
      }
      let (first, second) = decided.withLock { ($0.first, $0.last) }
      #expect(decided.withLock { $0.count } == 2)
      #expect(try #require(first) < #require(second))
      #expect(receipt.first == second?.next)
      let labels = try office.log.events(from: 1).compactMap { $0.data["label"]?.string }
      #expect(labels == ["ng", "ok"])
    }
  }

  /// Has somebody else label the applicant, and waits for it.
  private func overtake(_ number: ApplicantNumber, _ office: Office) {
    let isDone = DispatchSemaphore(value: 0)
    Task {
      _ = try? await office.label(number, .ng, by: .commandLine)
      isDone.signal()
    }
    isDone.wait()
  }

  @Test func labelsThatRaceAreAllRecorded() async throws {
    try await withOffice { office in
      let number = try await register("花子", office)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<12 {
          group.addTask {
            _ = try await office.label(number, index % 2 == 0 ? .ok : .ng, by: .commandLine)
          }
        }
        try await group.waitForAll()
      }
      let labels = try office.log.events(from: 1).compactMap { $0.data["label"]?.string }
      #expect(labels.count { $0 == "ok" } == 6)
      #expect(labels.count { $0 == "ng" } == 6)
      let history = try await office.history(number, by: .commandLine)
      #expect(history.count { $0.type == "applicant.labelled" } == 12)
    }
  }

  /// If this fails, a request for erasure stays without an answer for ever, and whoever asked twice at once is told of a
  /// failure though the person is erased; another who was named with them stays.
  @Test func anErasureAnswersAllRequestsThatCameBesideIt() async throws {
    try await withOffice { office in
      let (one, other) = (try await register("花子", office), try await register("太郎", office))
      func ask(_ numbers: [ApplicantNumber], key: String) async throws -> Origin {
        var origin = Origin.commandLine
        origin.terms.key = key
        let command = Command(
          "erase",
          ["applicants": .array(numbers.map { JSONValue($0) }), "reason": .string("request")])
        _ = try await office.requestErasure(reason: "request", as: command, by: origin) { (_) in
          (numbers, [])
        }
        return origin
      }
      let (alone, both) = (try await ask([one], key: "1"), try await ask([one, other], key: "2"))
      let done = try await office.erase(
        [one], reason: "request", by: try await ask([one], key: "3"))
      let answered = try await office.erase([one], reason: "request", by: alone)
      #expect(answered.applicants == [one.rawValue] && answered.position == done.position)
      let size = answered.checkpoint.split(separator: "\n")[1]
      #expect(try #require(UInt64(size)) >= done.position)
      let rest = try await office.erase([one, other], reason: "request", by: both)
      #expect(rest.applicants == [other.rawValue])
      for origin in [alone, both] {
        let numbers = origin.terms.key == "1" ? [one] : [one, other]
        let again = try await office.erase(numbers, reason: "request", by: origin)
        #expect(again.applicants == (origin.terms.key == "1" ? [one] : [other]).map(\.rawValue))
      }
      let head = try office.log.head
      let late = await #expect(throws: ScreeningError.self) {
        try await office.erase([one], reason: "request", by: .commandLine)
      }
      #expect(late?.kind == .erased)
      #expect(try office.log.head == head)
      #expect(try await office.verify(retrain: false).problems == [])
    }
  }

  @Test func erasuresOfOnePersonAtOnceAreAllAnswered() async throws {
    try await withOffice { office in
      let number = try await register("花子", office)
      let refused = try await withThrowingTaskGroup(of: Bool.self) { group in
        for _ in 0..<6 {
          group.addTask {
            do {
              let receipt = try await office.erase([number], reason: "request", by: .commandLine)
              return receipt.applicants != [number.rawValue]
            } catch let error as ScreeningError where error.kind == .erased {
              return false
            }
          }
        }
        return try await group.reduce(into: false) { $0 = $0 || $1 }
      }
      #expect(!refused)
      let events = try office.log.events(from: 1)
      #expect(events.count { $0.type == "applicant.erased" } == 1)
      let erased = try #require(events.last { $0.type == "applicant.erased" }).position
      #expect(events.allSatisfy { $0.type != "erasure.requested" || $0.position < erased })
    }
  }
}
