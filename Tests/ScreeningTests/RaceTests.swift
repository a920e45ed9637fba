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
}
