import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// What somebody tries in a copy of the folder must not cost the log itself the only file that it can be restored with.
@Suite struct EscrowForkTests {
  /// A log with one person and an escrow, and a copy of its folder.
  private func fork(_ directory: String) async throws -> Registered {
    let log = try EventLog.open(directory + "/data")
    defer { log.close() }
    let person = try await Registered.append(log, name: "花子")
    _ = try await Registered.append(log, name: "太郎さん")
    try await log.keepEscrow(at: directory + "/escrow")
    log.close()
    try FileManager.default.copyItem(atPath: directory + "/data", toPath: directory + "/copy")
    return person
  }

  private func withFolder(
    _ path: String, _ body: (EventLog) async throws -> Void
  ) async throws {
    let log = try EventLog.open(path, create: false)
    defer { log.close() }
    try await body(log)
  }

  /// As if an older version had begun the escrow, or the disk as a whole had been copied.
  private func forgetKeeper(_ data: String) throws {
    try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
      try transaction.delete(MetaKey.escrowKeeper, in: tables.meta)
    }
  }

  @Test func aCopyChangesNothingOfTheEscrow() async throws {
    try await withTemporaryDirectory { directory in
      let person = try await fork(directory)
      let escrow = directory + "/escrow"
      let file = try Files.read(escrow)
      let forked = EventLogError.escrowForked(path: escrow)
      try await withFolder(directory + "/copy") { log in
        let head = try log.head
        await #expect(throws: forked) { try await person.erase(from: log) }
        await #expect(throws: forked) { try await log.rotateSigningKey { _ in notes(1) } }
        await #expect(throws: forked) { try await log.requireEscrow() }
        #expect(try log.head == head)
        #expect(try Files.read(escrow) == file)
        // With one of its own, it may do what it likes.
        #expect(try await log.keepEscrow(at: directory + "/own") == escrow)
        _ = try await person.erase(from: log)
        #expect(try Files.read(escrow) == file)
      }
      try await withFolder(directory + "/data") { log in
        _ = try await log.rotateSigningKey { _ in notes(1) }
        try await log.backup(to: directory + "/backup")
      }
      let (log, _) = try await EventLog.restore(
        directory + "/backup", escrow: escrow, to: directory + "/restored"
      ) { _ in notes(1) }
      defer { log.close() }
      #expect(try log.openDocument(person.file).count == 2000 * 6)
    }
  }

  @Test func aCopyMayGiveTheEscrowUp() async throws {
    try await withTemporaryDirectory { directory in
      let person = try await fork(directory)
      let file = try Files.read(directory + "/escrow")
      try await withFolder(directory + "/copy") { log in
        var append = notes(1)
        append.actor = "operator"
        _ = try await log.erase([person.subject.id], recording: append, withoutEscrow: true)
        #expect(try log.escrowPath() == nil)
      }
      #expect(try Files.read(directory + "/escrow") == file)
    }
  }

  /// A folder on its new disk goes on once somebody has said that it is not a copy.
  @Test func aFolderThatWasMovedTakesItsEscrowOver() async throws {
    try await withTemporaryDirectory { directory in
      let person = try await fork(directory)
      try FileManager.default.removeItem(atPath: directory + "/data")
      try await withFolder(directory + "/copy") { log in
        await #expect(throws: EventLogError.self) { try await person.erase(from: log) }
        #expect(try await log.keepEscrow(at: directory + "/escrow") == nil)
        _ = try await person.erase(from: log)
      }
      // To another place on the same disk it goes as it is.
      try FileManager.default.moveItem(atPath: directory + "/copy", toPath: directory + "/moved")
      try await withFolder(directory + "/moved") { log in
        _ = try await log.rotateSigningKey { _ in notes(1) }
      }
      let report = try verifyLog(directory: directory + "/moved")
      #expect(report.problems.isEmpty, "\(report.problems)")
    }
  }

  /// Nobody runs a command for its escrow's sake after an update, and everybody makes copies to try something.
  @Test func whoKeepsTheEscrowOfAnEarlierVersionIsNotedAtTheNextStart() async throws {
    try await withTemporaryDirectory { directory in
      let person = try await fork(directory)
      let (data, copy) = (directory + "/data", directory + "/copy")
      try forgetKeeper(data)
      try await withFolder(data) { _ in }
      try FileManager.default.removeItem(atPath: copy)
      try FileManager.default.copyItem(atPath: data, toPath: copy)
      let forked = EventLogError.escrowForked(path: directory + "/escrow")
      try await withFolder(copy) { log in
        await #expect(throws: forked) { try await person.erase(from: log) }
      }
      try await withFolder(data) { log in _ = try await person.erase(from: log) }
    }
  }

  /// Of two that no inode tells apart, what the escrow holds does.
  @Test(arguments: [false, true]) func whatACopyHasWrittenIsNotWrittenOver(
    rotating: Bool
  ) async throws {
    try await withTemporaryDirectory { directory in
      let person = try await fork(directory)
      let escrow = directory + "/escrow"
      for data in ["data", "copy"] { try forgetKeeper(directory + "/" + data) }
      try await withFolder(directory + "/copy") { log in
        if rotating {
          _ = try await log.rotateSigningKey { _ in notes(1) }
        } else {
          _ = try await person.erase(from: log)
        }
      }
      let file = try Files.read(escrow)
      try await withFolder(directory + "/data") { log in
        let forked = EventLogError.escrowForked(path: escrow)
        await #expect(throws: forked) { try await person.erase(from: log) }
        await #expect(throws: forked) { try await log.keepEscrow(at: escrow) }
        try await log.keepEscrow(at: directory + "/own")
        _ = try await person.erase(from: log)
      }
      #expect(try Files.read(escrow) == file)
    }
  }

  @Test func whatTheTableSaysOfTheEscrowIsChecked() async throws {
    try await withTemporaryDirectory { directory in
      _ = try await fork(directory)
      #expect(try verifyLog(directory: directory + "/copy").problems.isEmpty)
      for key in [MetaKey.escrow, MetaKey.escrowKeeper] {
        let data = directory + "/data"
        try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
          var row = try transaction.value(at: key, in: tables.meta) ?? []
          row[3] ^= 1
          try transaction.put(row, at: key, in: tables.meta)
        }
        #expect(try verifyLog(directory: data).problems.count == 1)
        try FileManager.default.removeItem(atPath: data)
        try FileManager.default.copyItem(atPath: directory + "/copy", toPath: data)
      }
    }
  }
}
