import Foundation
import TestSupport
import Testing

@testable import EventStore

/// What reads a damaged file in a process of its own must not end the program that asked, nor fill its memory, nor leave
/// it to guess what went wrong.
@Suite struct ChildWorkTests {
  /// Writes a program that does what a shell is told to.
  private func program(_ text: String, in directory: String) throws -> String {
    let path = directory + "/worker"
    try "#!/bin/sh\n\(text)\n".write(toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    return path
  }

  @Test func aSignalIsToldAsOfAFileThatCannotBeRead() async throws {
    try await withLog { log, directory in
      let worker = try program("kill -SEGV $$", in: directory)
      let unreadable = EventLogError.unreadable(directory: directory, signal: SIGSEGV)
      #expect(throws: unreadable) {
        try repairInChild(worker: worker, directory: directory, from: [])
      }
      try await withTemporaryDirectory { backup in
        await #expect(throws: unreadable) { try await log.backup(to: backup, worker: worker) }
        let left = try Files.names(in: backup)
        #expect(left.isEmpty)
      }
      let report = try verifyInChild(worker: worker, directory: directory)
      #expect(!report.isReadable && report.problems.count == 1)
    }
  }

  /// A check for whom nobody waits would read the whole log for nothing.
  @Test(arguments: ["", "{}"])
  func whoHasGoneBeforeItsQuestionEndsIsNotAnswered(_ input: String) async throws {
    try await withLog { _, directory in
      try input.write(toFile: directory + "/input", atomically: false, encoding: .utf8)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: product("senko-worker"))
      process.arguments = ["verify", directory]
      process.standardInput = FileHandle(forReadingAtPath: directory + "/input")
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let told = try output.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      #expect(process.terminationStatus == 1 && told.isEmpty)
    }
  }

  /// A repair that has many backups to read must not be ended as one that goes in circles.
  @Test func aRepairHasTimeForItsBackups() async throws {
    try await withLog { log, directory in
      let backup = directory + "-backup"
      defer { try? Files.removeTree(backup) }
      try await log.backup(to: backup)
      let file = backup + "/log/data.mdb"
      try #require(unsafe truncate(file, 400_000_000) == 0)
      func seconds(_ work: ChildWork) -> Int { Int(LogWorker.seconds(for: work, in: directory)) }
      let alone = seconds(.repair(from: [], nil))
      #expect(alone < 20)
      for work in [
        ChildWork.repair(from: [backup, backup], nil),
        .backUpRest(to: directory + "/rest", from: [backup, backup]),
      ] {
        #expect(seconds(work) - alone >= 400)
      }
      #expect(seconds(.copy(to: directory + "/copy")) <= alone)
    }
  }

  /// Whoever waits for a repair can try again, and knows when.
  @Test func whatTheWorkerWasRefusedIsRefusedHere() async throws {
    try await withLog { _, directory in
      let worker = product("senko-worker")
      #expect(throws: EventLogError.locked(directory: directory)) {
        try repairInChild(worker: worker, directory: directory, from: [])
      }
      #expect(throws: EventLogError.locked(directory: directory)) {
        try repairInChild(worker: worker, directory: directory, from: [directory])
      }
    }
  }

  @Test func aProgramThatIsNoWorkerIsSaid() async throws {
    try await withLog { log, directory in
      for worker in ["/bin/true", "/bin/cat", directory + "/nowhere", directory] {
        func isSaid(_ error: (any Error)?) -> Bool {
          guard case .program(worker, _) = error as? EventLogError else { return false }
          return true
        }
        #expect(
          isSaid(
            #expect(throws: EventLogError.self) {
              try verifyInChild(worker: worker, directory: directory)
            }), "\(worker)")
        #expect(
          isSaid(
            #expect(throws: EventLogError.self) {
              try repairInChild(worker: worker, directory: directory, from: [])
            }), "\(worker)")
        try await withTemporaryDirectory { backup in
          let error = await #expect(throws: EventLogError.self) {
            try await log.backup(to: backup, worker: worker)
          }
          #expect(isSaid(error), "\(worker)")
          let left = try Files.names(in: backup)
          #expect(left.isEmpty)
        }
      }
    }
  }

  @Test func aLineWithoutAnEndIsNotKept() throws {
    let child = try ChildProcess("/bin/sh", ["-c", "yes | tr -d '\\n'"], input: [])
    #expect(child.wait(atMost: 1 << 20) { _ in } == .overlong)
  }

  /// A log that is wrong throughout must not end in an answer that nobody takes.
  @Test func ofVeryManyProblemsTheNumberIsTold() throws {
    var report = VerifyReport()
    for number in 1...(VerifyReport.mostTold + 7) {
      report.report("wrong", at: Position(rawValue: UInt64(number)))
    }
    let told = try #require(VerifyReport(report.json))
    #expect(told.problems.count == VerifyReport.mostTold + 1)
    #expect(told.problems.last?.description == "7 more problems were found.")
    #expect(told.problems.last?.position == nil)
  }

  @Test func errorsAreTheSameOnTheOtherSide() {
    let errors: [EventLogError] = [
      .absent(directory: "a"), .locked(directory: "b"), .diskFull, .damaged("c"), .invalid("d"),
      .storage(operation: "e", reason: "f"), .inconsistent("g"),
      .unopened(directory: "h", reason: "i"), .unsteady(directory: "j"),
    ]
    for error in errors { #expect(EventLogError(told: error.told) == error) }
    let other = EventLogError.keyFile(name: "h", reason: "i")
    #expect(EventLogError(told: other.told) == .inconsistent(other.description))
  }
}
