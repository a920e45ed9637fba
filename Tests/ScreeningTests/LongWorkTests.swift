import EventStore
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Screening

/// If these fail, nobody sees how far long work has come, requests wait for it, or it goes on for nobody.
@Suite struct LongWorkTests {
  /// Everything that takes about as long as training, by name.
  private typealias Work =
    @Sendable (Office, @escaping @Sendable (WorkProgress) -> Void) async throws -> Void

  private let works: [(name: String, parts: Set<WorkProgress.Part>, work: Work)] = [
    (
      "train", [.applicants, .solves],
      { office, progress in _ = try await office.train(by: .commandLine, progress: progress) }
    ),
    (
      "replay", [.applicants, .solves, .replays],
      { office, progress in
        let opening = try Opening("engineer")
        _ = try await office.replay(ReplayRequest(opening: opening), progress: progress)
      }
    ),
    (
      "card", [.applicants, .solves],
      { office, progress in _ = try await office.card(of: ModelNumber(1), progress: progress) }
    ),
    (
      "drift", [.applicants, .solves],
      { office, progress in _ = try await office.drift(of: ModelNumber(1), progress: progress) }
    ),
    (
      "excluded words", [.solves],
      { office, progress in
        _ = try await office.excludedWords(
          of: ApplicantNumber(1), by: .commandLine, progress: progress)
      }
    ),
    (
      "verify", [.applicants, .solves, .models, .events],
      { office, progress in
        let report = try await office.verify(retrain: true, progress: progress)
        #expect(report.ok)
      }
    ),
    (
      "check of the store", [.events],
      { office, progress in
        let report = try await office.verify(retrain: false, progress: progress)
        #expect(report.ok)
      }
    ),
    (
      "reading audit", [.applicants],
      { office, progress in
        _ = try await office.auditReading(
          of: try Opening("engineer"), by: .commandLine, progress: progress)
      }
    ),
    (
      "group audit", [.applicants],
      { office, progress in
        _ = try await office.auditGroups(
          of: try Opening("engineer"), by: .commandLine, progress: progress)
      }
    ),
    (
      "dossier", [.models, .screenings],
      { office, progress in
        _ = try await office.dossier(of: ApplicantNumber(1), by: .commandLine, progress: progress)
      }
    ),
  ]

  private func withModel(_ body: (Office) async throws -> Void) async throws {
    try await withOffice { office in
      try await ModelCardTests.fill(office, 40)
      _ = try await office.train(by: .commandLine)
      _ = try await office.screen(by: .commandLine)
      try await body(office)
    }
  }

  @Test func longWorkTellsHowFarItHasComeAndGivesWayToRequests() async throws {
    try await withModel { office in
      for (name, parts, work) in works {
        let told = Mutex<[(progress: WorkProgress, niceness: Int32)]>([])
        try await work(office) { progress in
          let niceness = getpriority(Int32(PRIO_PROCESS.rawValue), 0)
          told.withLock { $0.append((progress, niceness)) }
        }
        let steps = told.withLock { $0 }
        #expect(steps.allSatisfy { $0.niceness >= 10 }, "\(name) runs before requests")
        #expect(steps.allSatisfy { 0...$0.progress.total ~= $0.progress.done }, "\(name)")
        for part in parts {
          let own = steps.map(\.progress).filter { $0.part == part }
          #expect(own.contains { $0.done == $0.total }, "\(name) does not tell all \(part)")
        }
      }
    }
  }

  @Test func aBackupTellsWhatIsCopiedAndHowFarItsCheckHasCome() async throws {
    try await withModel { office in
      let told = Mutex<[WorkProgress]>([])
      let backup = try await office.backup(to: office.configuration.directory + "-backup") { step in
        told.withLock { $0.append(step) }
      }
      #expect(backup.verification.ok)
      let steps = told.withLock(\.self)
      for part in [WorkProgress.Part.documents, .events] {
        #expect(steps.last { $0.part == part }.map { $0.done == $0.total } == true, "\(part)")
      }
      #expect(steps.contains { $0.part == .documents && $0.total == 40 })
    }
  }

  @Test func foldingAnewTellsHowFarItHasCome() async throws {
    try await withModel { office in
      let told = Mutex<[WorkProgress]>([])
      let position = try office.rebuild { step in told.withLock { $0.append(step) } }
      let steps = told.withLock(\.self)
      #expect(steps.allSatisfy { $0.part == .events && $0.total == Int(position.rawValue) })
      #expect(steps.map(\.done) == steps.map(\.done).sorted())
      #expect(steps.last?.done == Int(position.rawValue))
    }
  }

  @Test func workForNobodyStops() async throws {
    try await withModel { office in
      let head = try office.log.head
      let backup: Work = { office, progress in
        let folder = office.configuration.directory + "-backup"
        _ = try await office.backup(to: folder, progress: progress)
      }
      for (name, work) in works.map({ ($0.name, $0.work) }) + [("backup", backup)] {
        let task = Task {
          // Ends at once when the task is cancelled, so that the work begins in a task that was.
          try? await Task.sleep(for: .seconds(600))
          try await work(office) { _ in }
        }
        task.cancel()
        let result = await task.result
        let error = #expect(throws: ScreeningError.self, "\(name) goes on") { try result.get() }
        #expect(error?.kind == .cancelled, "\(name)")
      }
      let after = try office.log.events(from: head.next, limit: 10).map(\.type)
      #expect(after.allSatisfy { $0 == PersonalAccessed.type }, "something else was recorded")
    }
  }
}
