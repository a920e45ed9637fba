import Foundation
import TestSupport
import Testing

@testable import EventStore

/// Several processes share a folder: the server, and whoever uses the command line.
@Suite struct ProcessTests {
  private func start(_ arguments: String...) throws -> (process: Process, output: Pipe) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: product("fault-subject"))
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    return (process, pipe)
  }

  private func lines(_ pipe: Pipe) -> [String] {
    String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      .split(separator: "\n").map(String.init)
  }

  /// What another process acknowledges, without the heads.
  private func perform(_ scenario: String, _ directory: String) throws -> [String] {
    let (process, output) = try start(scenario, directory)
    defer { process.waitUntilExit() }
    return lines(output).map { $0.components(separatedBy: " under ")[0] }
  }

  @Test func processesAppendSideBySideAndOneIsKilled() async throws {
    try await withTemporaryDirectory { directory in
      let (prepared, output) = try start("prepare", directory)
      _ = lines(output)
      prepared.waitUntilExit()
      var acknowledged: Set<Int> = []
      for round in 0..<4 {
        let first = try start("race", directory)
        let second = try start("race", directory)
        if round % 2 == 1 {
          usleep(UInt32.random(in: 1000..<60_000))
          kill(second.process.processIdentifier, SIGKILL)
        }
        for line in lines(first.output) + lines(second.output) where line.hasPrefix("ack ") {
          let position = try #require(Int(line.dropFirst(4)))
          #expect(acknowledged.insert(position).inserted, "position \(position) was given twice")
        }
        first.process.waitUntilExit()
        second.process.waitUntilExit()
        #expect(first.process.terminationStatus == 0)
      }
      let log = try EventLog.open(directory + "/data")
      let head = Int(try log.head.rawValue)
      #expect(acknowledged.max().map { $0 <= head } == true)
      // A killed process may have committed one append that it could not acknowledge.
      #expect(head - 23 - acknowledged.count <= 2)
      var next: UInt64 = 1
      try log.forEach(from: 1) { position, _ in
        if position.rawValue != next { return false }
        next += 1
        return true
      }
      #expect(Int(next) == head + 1)
      log.close()
      let report = try verifyInChild(
        worker: product("senko-worker"), directory: directory + "/data")
      #expect(report.problems.isEmpty)
    }
  }

  /// Keys that another process has changed must not be used any more, neither to sign nor to wrap.
  @Test func whatAnotherProcessRotatesAndErasesIsSeenAtOnce() async throws {
    try await withTemporaryDirectory { directory in
      _ = try perform("prepare", directory)
      let log = try EventLog.open(directory + "/data")
      let old = log.publicKey
      #expect(try perform("rotate", directory) == ["ack rotate"])
      let note = try #require(SignedNote(try await log.append(notes(1)).checkpoint))
      #expect(log.publicKey != old)
      #expect(VerifierKey(log.publicKey)?.verifies(note) == true)
      #expect(VerifierKey(old)?.verifies(note) == false)

      let erased = try #require(
        try log.event(at: 21)?.data["name"].flatMap { SealedReference($0) })
      #expect(try log.open(erased, purpose: "name") == Array("hanako".utf8))
      #expect(try perform("erase", directory) == ["ack erase"])
      #expect(throws: EventLogError.erased(erased.subject)) {
        try log.open(erased, purpose: "name")
      }
      _ = try await Registered.append(log, name: "花子")
      log.close()
      let report = try verifyInChild(
        worker: product("senko-worker"), directory: directory + "/data")
      #expect(report.problems.isEmpty)
      #expect(report.events == 28)
    }
  }

  /// What an erasure prepared that was answered as a repetition would lock everybody's key away for ever.
  @Test func aRepeatedErasureChangesNoKey() async throws {
    try await withTemporaryDirectory { directory in
      _ = try perform("prepare", directory)
      let log = try EventLog.open(directory + "/data")
      var append = notes(1)
      append.idempotency = Idempotency(key: "erase", content: [1], subject: nil)
      _ = try await log.append(append)
      let third = try #require(
        try log.event(at: 23)?.data["name"].flatMap { SealedReference($0) })
      let receipt = try await log.erase([third.subject], recording: append)
      #expect(receipt.repeated)
      #expect(try perform("erase", directory) == ["ack erase"])
      let person = try await Registered.append(log, name: "花子")
      #expect(try log.open(person.name, purpose: "name") == Array("花子".utf8))
      #expect(try log.open(third, purpose: "name") == Array("jiro".utf8))
      log.close()
      let report = try verifyInChild(
        worker: product("senko-worker"), directory: directory + "/data")
      #expect(report.problems.isEmpty, "\(report.problems)")
    }
  }

  /// A bounded part of what `tools/faults/run` does in full.
  @Test func afterAFaultAtASystemCallEverythingAcknowledgedIsThere() async throws {
    try await expectNoProblems("run", "--every", "17")
  }

  /// A folder that cannot be listed to its end is not an emptier one: its backup would lack documents.
  @Test(arguments: ["backup", "restore"])
  func aFolderThatCannotBeListedIsNotCopied(scenario: String) async throws {
    try await expectNoProblems("run", "--scenario", scenario, "--call", "getdents64")
  }

  /// A bounded part of what `tools/faults/crash-images` does in full.
  @Test(.enabled(if: canRun("/usr/bin/strace")))
  func whatAPowerCutLeavesHoldsEverythingAcknowledged() async throws {
    try await expectNoProblems("crash-images", "--at-most", "50")
  }

  /// A passing fault of the disk must not need somebody to restart the server.
  @Test func afterAFailedCommitTheSameProcessGoesOn() async throws {
    try await expectNoProblems("run", "--scenario", "recover", "--every", "3")
  }

  /// Without blocks for the table of readers, a full disk would end the process by a signal.
  @Test(.enabled(if: canRun("/usr/bin/strace")))
  func aFullDiskIsSaidWhenTheLogIsOpened() async throws {
    try await withTemporaryDirectory { directory in
      let (prepared, output) = try start("prepare", directory)
      _ = lines(output)
      prepared.waitUntilExit()
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/strace")
      process.arguments = [
        "-f", "-qq", "-o", "/dev/null", "-e", "trace=fallocate", "-e",
        "inject=fallocate:error=ENOSPC", product("fault-subject"), "append", directory,
      ]
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      #expect(lines(pipe) == ["error \(EventLogError.diskFull)"])
      process.waitUntilExit()
      #expect(process.terminationStatus == 1)
    }
  }

  /// The disk fills under a log that is open, and is made larger: nobody has to mend anything.
  @Test(.enabled(if: canMount)) func aDiskThatWasFullIsWrittenToAgain() async throws {
    try await expectNoProblems("full-disk")
  }

  /// A bounded part of what `tools/faults/soak` does for as long as one likes.
  @Test func aLogThatIsKilledAgainAndAgainHoldsEverythingAcknowledged() async throws {
    try await expectNoProblems("soak", "--worker", product("senko-worker"), "--rounds", "60")
  }

  /// A bounded part of what `tools/faults/flips` does to every live bit.
  @Test func aFlippedBitAnywhereInTheTablesIsFound() async throws {
    try await expectNoProblems("flips", "--worker", product("senko-worker"), "--at-most", "200")
  }

  private func expectNoProblems(_ tool: String, _ arguments: String...) async throws {
    let (status, report) = try await waiting {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("tools/faults/" + tool)
      process.arguments = ["--subject", product("fault-subject")] + arguments
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let report = lines(pipe).joined(separator: "\n")
      process.waitUntilExit()
      return (process.terminationStatus, report)
    }
    #expect(status == 0, "\(report)")
    #expect(report.contains(" 0 problems"))
  }
}
