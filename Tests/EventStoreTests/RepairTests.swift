import Cryptography
import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// A repair that puts in what nobody recorded would be worse than the damage.
@Suite struct RepairTests {
  /// Opens a folder's tables without the log's own care.
  static func change(
    _ directory: String,
    _ body: (inout WriteTransaction, LogTables) throws(LMDBError) -> Void
  ) throws {
    let environment = try Environment(
      path: directory + "/log", mapSize: EventLog.mapSize, maxTables: LogTables.count)
    let tables = try LogTables(environment, create: false)
    try environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
      try body(&transaction, tables)
    }
  }

  @Test func aBackupsForgedValueIsNotTaken() async throws {
    try await withTemporaryDirectory { directory in
      let (data, backup) = (directory + "/data", directory + "/backup")
      var key: [UInt8] = []
      var blob: [UInt8] = []
      do {
        let log = try EventLog.open(data)
        var append = Append(actor: "operator", via: "cli")
        append.blobs = [[1, 2, 3]]
        append.events = [
          EventDraft(
            stream: "a:1", type: "a.b",
            data: ["x": ["blob": .string(SHA256.hash([1, 2, 3]).hex)]])
        ]
        _ = try await log.append(append)
        let person = try await Registered.append(log, name: "花子")
        key = person.name.key
        blob = SHA256.hash([1, 2, 3]).bytes
        try await log.backup(to: backup)
        log.close()
      }
      try Self.change(data) { (transaction, tables) throws(LMDBError) in
        try transaction.delete(key.span, in: tables.sealed)
        try transaction.delete(blob.span, in: tables.blobs)
      }
      try Self.change(backup) { (transaction, tables) throws(LMDBError) in
        try transaction.put([9, 9, 9], at: key, in: tables.sealed)
        try transaction.put([9, 9, 9], at: blob, in: tables.blobs)
      }
      let report = try repairLog(directory: data, from: [backup])
      #expect(report.values == 0)
      #expect(report.unrepaired.count == 2)
      #expect(try verifyLog(directory: data).problems.count == 2)
    }
  }

  /// Makes a log of forty events, and a backup of it.
  private func makeLog(_ data: String, backup: String) async throws {
    let log = try EventLog.open(data)
    _ = try await log.append(notes(40))
    try await log.backup(to: backup)
    log.close()
  }

  @Test func aBackupsForgedEventIsNotTaken() async throws {
    try await withTemporaryDirectory { directory in
      let (data, backup) = (directory + "/data", directory + "/backup")
      try await makeLog(data, backup: backup)
      // The folder has lost event and leaf, and the backup has others that fit each other.
      let position = Position(rawValue: 8)
      try Self.change(data) { (transaction, tables) throws(LMDBError) in
        try transaction.put(
          [1], .init(exactly: [UInt8](repeating: 2, count: 32).span), at: position,
          in: tables.events)
      }
      try Self.change(backup) { (transaction, tables) throws(LMDBError) in
        let forged = try transaction.value(at: Position(rawValue: 9).key, in: tables.events) ?? []
        try transaction.put(forged, MerkleHash.leaf(forged.span), at: position, in: tables.events)
      }
      #expect(throws: EventLogError.self) { try repairLog(directory: data, from: [backup]) }
      try Self.change(data) { (transaction, tables) throws(LMDBError) in
        let event = try transaction.value(at: position.key, in: tables.events)
        #expect(event == [1])
      }
    }
  }

  /// Where nothing tells which of the two is right but the roots, both are tried.
  @Test func aForgedCopyKeepsNoEventFromVouchingForItself() async throws {
    try await withTemporaryDirectory { directory in
      let (data, backup) = (directory + "/data", directory + "/backup")
      try await makeLog(data, backup: backup)
      let position = Position(rawValue: 7)
      try Self.change(data) { (transaction, tables) throws(LMDBError) in
        var row = try transaction.value(at: position.key, in: tables.events.rows) ?? []
        row[row.count - 1] ^= 2
        try transaction.put(row, at: position.key, in: tables.events.rows)
      }
      try Self.change(backup) { (transaction, tables) throws(LMDBError) in
        let event = try transaction.value(at: position.key, in: tables.events) ?? []
        let forged = Array(
          String(decoding: event, as: UTF8.self).replacing("注 6", with: "注 9").utf8)
        try transaction.put(forged, MerkleHash.leaf(forged.span), at: position, in: tables.events)
      }
      let report = try repairLog(directory: data, from: [backup])
      #expect(report.events == [position] && report.unrepaired.isEmpty, "\(report)")
      #expect(try verifyLog(directory: data).problems.isEmpty)
    }
  }

  @Test func whatWasErasedStaysErasedInARepair() async throws {
    try await withTemporaryDirectory { directory in
      let (data, backup) = (directory + "/data", directory + "/backup")
      var person: Registered?
      do {
        let log = try EventLog.open(data)
        person = try await Registered.append(log, name: "太郎")
        try await log.backup(to: backup)
        _ = try await person?.erase(from: log)
        log.close()
      }
      let erased = try #require(person)
      let report = try repairLog(directory: data, from: [backup])
      #expect(report == RepairReport())
      try Self.change(data) { (transaction, tables) throws(LMDBError) in
        for table in [tables.sealed, tables.documents] {
          #expect(try transaction.count(table) == 0)
        }
      }
      let file = LogFolder(path: data).document(erased.file.sealed)
      #expect(!FileManager.default.fileExists(atPath: file))
    }
  }

  /// An event that is whole is not given up for its leaf's damage, where the seal tells that it is right; the leaf would else
  /// be taken for the truth, and the log be opened no more.
  @Test func aDamagedLeafOfAnEndThatIsSealedOnlyIsHashedAnew() async throws {
    try await withTemporaryDirectory { directory in
      let file = try await SpoiltFile(in: directory, isClosed: false)
      try file.spoil(try file.bytes())
      try Self.change(file.copy) { (transaction, tables) throws(LMDBError) in
        try transaction.flipLeaf(of: Position(rawValue: file.head.size), in: tables.events)
      }
      #expect(throws: EventLogError.self) { try EventLog.open(file.copy) }
      let report = try repairLog(directory: file.copy, from: [file.backup])
      #expect(report.unrepaired.isEmpty, "\(report)")
      #expect(report.events == [Position(rawValue: file.head.size)])
      let verified = try verifyLog(directory: file.copy)
      #expect(verified.problems.isEmpty, "\(verified.problems)")
      #expect(verified.root == file.head.root.hex)
      let log = try EventLog.open(file.copy)
      _ = try await log.append(notes(1))
      log.close()
    }
  }

  /// An event and its leaf lie side by side, and may be damaged or lost together.
  @Test(arguments: ["both", "leaf", "event", "row", "mark"])
  func whatIsDamagedOfARowIsTakenFromABackup(part: String) async throws {
    try await withTemporaryDirectory { directory in
      let (data, backup) = (directory + "/data", directory + "/backup")
      try await makeLog(data, backup: backup)
      let position = Position(rawValue: 7)
      try Self.change(data) { (transaction, tables) throws(LMDBError) in
        var row = try transaction.value(at: position.key, in: tables.events.rows) ?? []
        if part == "row" {
          try transaction.delete(position.key, in: tables.events)
          return
        }
        if part == "both" || part == "event" { row[row.count / 3] ^= 1 }
        if part == "both" || part == "leaf" { row[row.count - 20] ^= 1 }
        if part == "mark" { row[row.count - 1] ^= 2 }
        try transaction.put(row, at: position.key, in: tables.events.rows)
      }
      #expect(try verifyLog(directory: data).problems.contains { $0.position == 7 })
      // The event vouches for itself where its leaf alone is damaged.
      let isWhole = part == "leaf" || part == "mark"
      let report = try repairLog(directory: data, from: isWhole ? [] : [backup])
      #expect(report.events == [position] && report.unrepaired.isEmpty, "\(report)")
      #expect(try verifyLog(directory: data).problems.isEmpty)
    }
  }

  /// A log whose end was cut off must not go on from there under heads that contradict those it gave out.
  @Test func aLogThatWasCutBackIsNotGoneOnWith() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      do {
        let log = try EventLog.open(data)
        _ = try await log.append(notes(40))
        log.close()
      }
      try Self.change(data) { (transaction, tables) throws(LMDBError) in
        try transaction.delete(Position(rawValue: 40).key, in: tables.events)
      }
      #expect(throws: EventLogError.damaged("The end of the log")) { try EventLog.open(data) }
      #expect(!(try verifyLog(directory: data).problems.isEmpty))
    }
  }

  /// Beginning anew within a log that has events would overwrite the keys to them.
  @Test func aLogThatLostItsDescriptionIsNotBegunAnew() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      do {
        let log = try EventLog.open(data)
        _ = try await log.append(notes(3))
        log.close()
      }
      let key = FileManager.default.contents(atPath: data + "/signing-key")
      try Self.change(data) { (transaction, tables) throws(LMDBError) in
        let format = MetaKey.format
        try transaction.delete(format.span, in: tables.meta)
      }
      #expect(throws: EventLogError.damaged("The description of the log")) {
        try EventLog.open(data)
      }
      #expect(FileManager.default.contents(atPath: data + "/signing-key") == key)
    }
  }
}
