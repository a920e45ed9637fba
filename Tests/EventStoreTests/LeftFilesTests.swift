import Cryptography
import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// What a crash leaves takes space for ever unless it is collected; what a living person's event names is their only copy.
@Suite struct LeftFilesTests {
  private func files(_ data: String) throws -> Set<String> {
    let documents = LogFolder(path: data).documents
    return Set(
      try Files.names(in: documents).flatMap { try Files.names(in: documents + "/" + $0) })
  }

  private func intents(_ data: String) throws -> [String] {
    try Files.names(in: LogFolder(path: data).intents)
  }

  /// Starts a process that registers somebody when it is told to, and waits until it has opened the log.
  private func startRegistering(
    _ directory: String
  ) throws -> (process: Process, input: FileHandle) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: product("fault-subject"))
    process.arguments = ["await", directory]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    #expect(output.fileHandleForReading.availableData == Data("opened\n".utf8))
    return (process, input.fileHandleForWriting)
  }

  /// Waits until a condition holds, ten seconds at most.
  private func wait(_ condition: () throws -> Bool) throws -> Bool {
    for _ in 0..<1000 {
      if try condition() { return true }
      usleep(10_000)
    }
    return false
  }

  @Test func whatAKilledAppendHasWrittenIsCollectedByTheNextStart() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      let person: Registered
      do {
        let log = try EventLog.open(data)
        defer { log.close() }
        person = try await Registered.append(log, name: "花子")
        _ = try await Registered.append(log, name: "太郎")
      }
      let before = try files(data)
      let (process, input) = try startRegistering(directory)
      let identifier = process.processIdentifier
      try await waiting { [self] in
        // Whoever writes keeps the append from its event.
        try RepairTests.change(data) { (_, _) throws(LMDBError) in
          input.write(Data("\n".utf8))
          let isWritten = (try? wait { try files(data).count == before.count + 1 }) ?? false
          #expect(isWritten)
          let report = try? verifyInChild(worker: product("senko-worker"), directory: data)
          #expect(report?.problems == [])
          #expect(report?.notices.map { $0.contains("or were cut off: 1.") } == [true])
          kill(identifier, SIGKILL)
        }
      }
      process.waitUntilExit()
      #expect(try files(data).count == before.count + 1 && intents(data).count == 1)
      do {
        let log = try EventLog.open(data)
        defer { log.close() }
        #expect(try files(data) == before)
        #expect(try intents(data).isEmpty)
        #expect(try log.openDocument(person.file).count == 2000 * 6)
      }
      let report = try verifyLog(directory: data)
      #expect(report.problems.isEmpty && report.notices.isEmpty)
    }
  }

  /// An append of another process may wait for long between its files and its event.
  @Test func whatAnAppendUnderWayHasWrittenIsKept() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      let log = try EventLog.open(data)
      defer { log.close() }
      let document = log.sealDocument([1, 2, 3], for: log.makeSubject())
      do {
        let intent = try FileIntent([document.reference], in: log.folder, after: 0)
        let path = log.folder.document(document.reference.sealed)
        try Files.makeFolders(of: path)
        try Files.write(document.ciphertext, to: path)
        log.collectFiles()
        #expect(try files(data).count == 1 && intents(data).count == 1)
        withExtendedLifetime(intent) {}
      }
      log.collectFiles()
      #expect(try files(data).isEmpty && intents(data).isEmpty)
    }
  }

  /// Events of a log that was set back may come again, by a repair or when the newer file is put back.
  @Test func whatALogThatWasSetBackDoesNotListIsKept() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      let file = data + "/log/data.mdb"
      let later: Registered
      do {
        let log = try EventLog.open(data)
        defer { log.close() }
        _ = try await Registered.append(log, name: "花子")
        try await log.backup(to: directory + "/backup")
        later = try await Registered.append(log, name: "次郎さん")
        // As if the process had died between the commit and the answer.
        _ = try FileIntent(
          [later.file], in: log.folder, after: try log.lastTransaction())
      }
      let names = try files(data)
      #expect(try intents(data).count == 1)
      try FileManager.default.moveItem(atPath: file, toPath: directory + "/newer")
      try FileManager.default.copyItem(
        atPath: directory + "/backup/log/data.mdb", toPath: file)
      do {
        let log = try EventLog.open(data)
        defer { log.close() }
        #expect(try files(data) == names)
        // Nor later, when the log has grown beyond where it was.
        for count in 1...9 { _ = try await log.append(notes(count)) }
      }
      try EventLog.open(data).close()
      #expect(try files(data) == names && intents(data).isEmpty)
      let found = try verifyLog(directory: data)
      #expect(found.notices.contains { $0.contains("belong to no event: 1.") })

      try FileManager.default.removeItem(atPath: file)
      try FileManager.default.moveItem(atPath: directory + "/newer", toPath: file)
      let log = try EventLog.open(data)
      defer { log.close() }
      #expect(try log.openDocument(later.file).count == 2000 * 12)
    }
  }

  /// A committed append whose process died before it could say so.
  @Test func whatAnEventNamesIsKept() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      let log = try EventLog.open(data)
      defer { log.close() }
      let person = try await Registered.append(log, name: "花子")
      _ = try FileIntent([person.file], in: log.folder, after: 0)
      // One that was cut short names nothing.
      try Files.write(Array("senko intent v1\n0\nabcd".utf8), to: log.folder.intents + "/cut")
      log.collectFiles()
      #expect(try intents(data).isEmpty)
      #expect(try log.openDocument(person.file).count == 2000 * 6)
    }
  }

  @Test func whatWasRefusedOrNotReachedIsRemoved() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      let log = try EventLog.open(data)
      defer { log.close() }
      _ = try await Registered.append(log, name: "花子")
      let before = try files(data)
      var appends: [Append] = []
      for index in 0..<3 {
        let subject = log.makeSubject()
        let document = log.sealDocument([1, 2, 3], for: subject)
        var append = Append(actor: "operator", via: "cli")
        append.events = [
          EventDraft(
            stream: "b", type: "b.named", data: ["file": document.reference.json])
        ]
        append.subjects = [subject]
        append.documents = [document]
        if index == 1 { append.expecting = ["b": 99] }
        appends.append(append)
      }
      let results = await log.append(inOrder: appends)
      #expect(results.count == 2 && (try? results[0].get()) != nil)
      #expect(try files(data).count == before.count + 1)
      #expect(try intents(data).isEmpty)
      // The last one can be tried again as it is.
      _ = try await log.append(appends[2])
      #expect(try files(data).count == before.count + 2)
    }
  }
  /// A start of another process looks at every note, and may come upon one that is being made.
  @Test func aNoteThatAStartComesUponIsStillMade() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      let document = log.sealDocument([1, 2, 3], for: log.makeSubject())
      let file = document.reference.sealed
      let starts = Task.detached { while !Task.isCancelled { log.collectFiles() } }
      var unnamed = 0
      for _ in 0..<800 {
        let intent = try FileIntent([document.reference], in: log.folder, after: 0)
        if try !FileIntent.named(in: log.folder).contains(file) { unnamed += 1 }
        try intent.settle(log.environment, log.tables)
      }
      starts.cancel()
      await starts.value
      #expect(unnamed == 0)
    }
  }

  /// If this fails, whoever verifies beside a server is told of files that no event names, which are somebody's.
  @Test func whatIsRegisteredDuringACheckIsNotTakenForLeft() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      let log = try EventLog.open(data)
      defer { log.close() }
      let registering = (0..<16).map { part in
        Task.detached {
          for count in 0... {
            _ = try await Registered.append(log, name: "\(part)-\(count)")
            if Task.isCancelled { break }
          }
        }
      }
      var notices: [String] = []
      for _ in 0..<10 where notices.isEmpty {
        let report = try await waiting {
          try verifyInChild(worker: product("senko-worker"), directory: data)
        }
        notices += report.notices.filter { $0.contains("belong to no event") }
        #expect(report.problems.isEmpty)
      }
      for task in registering { task.cancel() }
      for task in registering { try await task.value }
      #expect(notices.isEmpty)
    }
  }
}
