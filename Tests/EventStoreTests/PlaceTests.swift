import Foundation
import TestSupport
import Testing

@testable import EventStore

/// A program that goes on with a folder that is not there any more acknowledges what nobody will find again.
@Suite struct PlaceTests {
  /// Whoever is told of another program looks for one in vain.
  @Test func aLogThatThisProgramHasOpenIsSaidToBe() async throws {
    try await withLog { log, directory in
      let expected = EventLogError.openAlready(directory: directory)
      #expect(throws: expected) { try EventLog.open(directory) }
      #expect(throws: expected) { try verifyLog(directory: directory) }
      _ = try await log.append(notes(1))
    }
  }

  @Test func nothingIsAcknowledgedInAFolderThatWasReplaced() async throws {
    try await withTemporaryDirectory { directory in
      let (data, away) = (directory + "/data", directory + "/away")
      let files = FileManager.default
      let log = try EventLog.open(data)
      defer { log.close() }
      let person = try await Registered.append(log, name: "花子")
      let head = try log.head
      try log.requireInPlace()

      try files.moveItem(atPath: data, toPath: away)
      let replaced = EventLogError.replaced(directory: data)
      await #expect(throws: replaced) { try await log.append(notes(1)) }
      do {
        let other = try EventLog.open(data)
        defer { other.close() }
        _ = try await other.append(notes(1))
        #expect(throws: replaced) { try log.requireInPlace() }
        await #expect(throws: replaced) { try await log.append(notes(1)) }
        await #expect(throws: replaced) { try await Registered.append(log, name: "太郎") }
        await #expect(throws: replaced) {
          try await log.erase([person.subject.id], recording: notes(1))
        }
        await #expect(throws: replaced) {
          try await log.rotateSigningKey { _ in notes(1) }
        }
        await #expect(throws: replaced) { try await log.backup(to: directory + "/backup") }
        await #expect(throws: replaced) { try await log.keepEscrow(at: directory + "/escrow") }
        #expect(try Files.names(in: data + "/documents").isEmpty)
        #expect(!Files.exists(data + "/wrapping-key.next"))
        #expect(!Files.exists(data + "/signing-key.next"))
        _ = try await other.append(notes(1))
      }
      // In its place again it goes on, with nothing of what was refused.
      try files.removeItem(atPath: data)
      try files.moveItem(atPath: away, toPath: data)
      #expect(try log.head == head)
      #expect(try await log.append(notes(1)).first == head.next)
      _ = try await log.erase([person.subject.id], recording: notes(1))
    }
  }

  @Test func anExportIntoTheFolderItselfIsRefused() async throws {
    try await withLog { log, directory in
      _ = try await log.append(notes(3))
      let data = log.folder.path
      for path in [data, data + "/export", data + "/log/../export", data + "/new/er"] {
        let error = #expect(throws: EventLogError.self) { try log.export(to: path) }
        #expect(error?.description.contains("An export does not belong") == true)
      }
      #expect(!Files.exists(data + "/export") && !Files.exists(data + "/checkpoint"))
      try log.export(to: directory + "-export")
      try FileManager.default.removeItem(atPath: directory + "-export")
    }
  }

  /// The names of an export's files are those of a witness's seed and of a backup's checkpoint.
  @Test func anExportTakesNobodysPlace() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      _ = try await log.append(notes(3))
      let before = try log.checkpoint()
      let witness = try Witness(directory: directory + "/witness", name: "w.example")
      try await log.backup(to: directory + "/backup")
      let other = try EventLog.open(directory + "/other")
      try other.export(to: directory + "/export-of-other")
      other.close()
      _ = try await log.append(notes(1))
      for folder in ["witness", "backup", "export-of-other"] {
        let path = "\(directory)/\(folder)"
        let names = try Files.names(in: path).sorted()
        let error = #expect(throws: EventLogError.self) { try log.export(to: path) }
        #expect(error?.description.contains("Give an empty folder") == true, "\(folder)")
        #expect(try Files.names(in: path).sorted() == names)
      }
      #expect(try Witness(directory: directory + "/witness", name: "w.example").key == witness.key)
      #expect(try Files.read(directory + "/backup/checkpoint") == Array(before.utf8))

      // Its own export is written anew, also one that was cut off before its first tile, and after a change of keys.
      let export = directory + "/export"
      try Files.makeFolder(export)
      let first = try log.export(to: export)
      _ = try await log.rotateSigningKey { _ in notes(1) }
      #expect(try log.export(to: export) != first)
      for name in ["checkpoint", "bridges", "tile"] {
        try FileManager.default.removeItem(atPath: export + "/" + name)
      }
      try log.export(to: export)
      #expect(try runTool("verify-log.py", [export]).status == 0)
    }
  }

  /// Whoever follows a log that is not there any more waits for what nobody will record.
  @Test func whoWaitsIsToldThatTheFolderWasReplaced() async throws {
    try await withTemporaryDirectory { directory in
      let (data, away) = (directory + "/data", directory + "/away")
      let log = try EventLog.open(data)
      defer { log.close() }
      let head = try await log.append(notes(1)).last
      let waiting = Task { try await log.waitForEvents(after: head, timeout: .seconds(20)) }
      try await Task.sleep(for: .milliseconds(100))
      try FileManager.default.moveItem(atPath: data, toPath: away)
      let replaced = EventLogError.replaced(directory: data)
      await #expect(throws: replaced) { try await waiting.value }
      await #expect(throws: replaced) {
        try await log.waitForEvents(after: .zero, timeout: .seconds(1))
      }
    }
  }
}
