import Foundation
import Synchronization
import TestSupport
import Testing

@testable import EventStore

/// A check takes minutes on a large store: whoever waits wants to see that it goes on, and nobody may be left
/// behind when they leave.
@Suite struct VerifyChildTests {
  private let worker = product("senko-worker")

  private func makeLog(_ directory: String, events: Int) async throws {
    let log = try EventLog.open(directory)
    _ = try await log.append(notes(events))
    _ = try await Registered.append(log, name: "花子")
    log.close()
  }

  @Test func howFarACheckHasComeIsTold() async throws {
    try await withTemporaryDirectory { directory in
      try await makeLog(directory + "/data", events: 9_000)
      var steps: [(done: Int, total: Int)] = []
      let report = try verifyInChild(
        worker: worker, directory: directory + "/data", progress: { steps.append(($0, $1)) })
      #expect(report.problems.isEmpty && report.events == 9_001)
      #expect(steps.count == 3, "one for each chunk")
      #expect(steps.allSatisfy { $0.total == 9_001 })
      #expect(steps.contains { $0.done == 9_001 })
    }
  }

  @Test func aCheckThatNobodyWaitsForEnds() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      try await makeLog(data, events: 10)
      try holdVerification(of: data)
      let isGone = Flag()
      let worker = worker
      let report = Task {
        try await waiting {
          try verifyInChild(
            worker: worker, directory: data, isCancelled: { isGone.isRaised })
        }
      }
      #expect(try await waits(untilVerified: true, data))
      isGone.raise()
      let error = await #expect(throws: EventLogError.self) { try await report.value }
      #expect(error == .cancelled)
      #expect(verifiers(of: data).isEmpty)
    }
  }

  /// A server that died of writing to a worker that had died would take every other request with it.
  @Test func aWorkerThatEndsAtOnceIsSaid() async throws {
    let note = String(repeating: "x", count: 1 << 20)
    let error = #expect(throws: EventLogError.self) {
      try verifyInChild(
        worker: "/bin/true", directory: "/nowhere", options: VerifyOptions(against: note))
    }
    guard case .program(path: "/bin/true", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  /// A worker that is ended by an operator, or killed where memory runs out, says nothing about the store.
  @Test(arguments: [SIGTERM, SIGKILL])
  func aWorkerThatIsEndedFromOutsideIsNoDamage(signal: Int32) async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      try await makeLog(data, events: 10)
      try holdVerification(of: data)
      let worker = worker
      let report = Task {
        try await waiting { try verifyInChild(worker: worker, directory: data) }
      }
      #expect(try await waits(untilVerified: true, data))
      for pid in verifiers(of: data) { kill(pid, signal) }
      let error = await #expect(throws: EventLogError.self) { try await report.value }
      #expect(error?.description.contains("ended from outside") == true, "\(error as Any)")
    }
  }

  @Test func aBackupTellsHowFarItHasComeAndStops() async throws {
    try await withLog { log, directory in
      for name in ["一", "二二", "三三三"] { _ = try await Registered.append(log, name: name) }
      let told = Mutex<[(part: CopiedPart, done: Int, total: Int)]>([])
      try await log.backup(
        to: directory + "-backup",
        progress: { part, done, total in told.withLock { $0.append((part, done, total)) } })
      defer { try? FileManager.default.removeItem(atPath: directory + "-backup") }
      let documents = told.withLock(\.self).filter { $0.part == .documents }
      #expect(documents.map(\.done) == [0, 1, 2, 3])
      #expect(documents.allSatisfy { $0.total == 3 })
      let error = await #expect(throws: EventLogError.self) {
        try await log.backup(to: directory + "-stopped", isCancelled: { true })
      }
      defer { try? FileManager.default.removeItem(atPath: directory + "-stopped") }
      #expect(error == .cancelled)
      // What was stopped is no backup.
      #expect(!FileManager.default.fileExists(atPath: directory + "-stopped/checkpoint"))
    }
  }
}
