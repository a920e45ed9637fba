import Cryptography
import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// Folders of format 1, which kept leaves in a table of their own and the newest note among the checkpoints.
@Suite struct OlderFolderTests {
  /// Makes a log of `count` events and what an earlier version would have left of it.
  private func make(_ data: String, _ count: Int) async throws {
    do {
      let log = try EventLog.open(data)
      _ = try await log.append(notes(count))
      log.close()
    }
    try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
      try tables.makeOlder(&transaction)
    }
  }

  private func format(_ data: String) throws -> String {
    var row: [UInt8]?
    try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
      row = try transaction.value(at: MetaKey.format, in: tables.meta)
    }
    return String(decoding: row ?? [], as: UTF8.self)
  }

  /// Twice as many events go on from it; the tree, its proofs and its tiles are those of a log that was never older.
  @Test(arguments: [1, 15, 16, 17, 255, 256, 300])
  func itIsReadAndGoneOnFrom(count: Int) async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      try await make(data, count)
      #expect(try verifyLog(directory: data).problems.isEmpty)
      #expect(try format(data) == "1")
      let size = UInt64(2 * count)
      do {
        let log = try EventLog.open(data)
        for _ in 0..<count { _ = try await log.append(notes(1)) }
        var frontier = Frontier()
        var hasher = SHA256Hasher()
        for event in try log.events(from: 1) {
          frontier.append(MerkleHash.leaf(event.bytes.span), &hasher) { _, _, _ in }
        }
        #expect(try log.root(size: size) == frontier.root)
        for position in stride(from: 1, through: size, by: 7) {
          _ = try log.proof(of: Position(rawValue: position))
        }
        _ = try log.consistency(from: UInt64(count), to: size)
        try log.export(to: directory + "/export")
        try await log.backup(to: directory + "/backup")
        log.close()
      }
      #expect(try format(data) == "2")
      for folder in [data, directory + "/backup"] {
        let report = try verifyLog(directory: folder)
        #expect(report.problems.isEmpty && report.signed == size, "\(report.problems)")
      }
    }
  }

  @Test func whatIsChangedInItIsFoundAndMended() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      try await make(data, 40)
      let leaf = bigEndian(6)
      for changesEvent in [false, true] {
        let backup = directory + "/backup-\(changesEvent)"
        do {
          let log = try EventLog.open(data)
          try await log.backup(to: backup)
          log.close()
        }
        try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
          let (table, key) =
            changesEvent ? (tables.events.rows, bigEndian(7)) : (tables.leaves, leaf)
          var row = try transaction.value(at: key, in: table) ?? []
          row[row.count - 1] ^= 1
          try transaction.put(row, at: key, in: table)
        }
        #expect(try verifyLog(directory: data).problems.contains { $0.position == 7 })
        let report = try repairLog(directory: data, from: changesEvent ? [backup] : [])
        #expect(report.events == [7] && report.unrepaired.isEmpty)
        #expect(try verifyLog(directory: data).problems.isEmpty)
        try EventLog.open(data).close()
        try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
          try tables.makeOlder(&transaction)
        }
      }
    }
  }

  /// Erasure, another key, and a restore from a backup of before it, or of after it under the log's own name.
  @Test(arguments: [false, true])
  func itIsErasedFromAndRestored(fromOlder: Bool) async throws {
    try await withTemporaryDirectory { directory in
      let (data, escrow) = (directory + "/data", directory + "/escrow")
      let (older, newer) = (directory + "/older", directory + "/newer")
      let person: Registered
      do {
        let log = try EventLog.open(data)
        _ = try await log.append(notes(20))
        person = try await Registered.append(log, name: "花子")
        for _ in 0..<3 { _ = try await Registered.append(log, name: "太郎") }
        try await log.keepEscrow(at: escrow)
        try await log.backup(to: older)
        log.close()
      }
      for folder in [data, older] {
        try RepairTests.change(folder) { (transaction, tables) throws(LMDBError) in
          try tables.makeOlder(&transaction)
        }
      }
      #expect(try verifyLog(directory: older).problems.isEmpty)
      let note: String
      do {
        let log = try EventLog.open(data)
        _ = try await person.erase(from: log, named: true)
        _ = try await log.rotateSigningKey { _ in notes(1) }
        _ = try await log.append(notes(5))
        try await log.backup(to: newer)
        note = try log.checkpoint()
        log.close()
      }
      #expect(try verifyLog(directory: data).problems.isEmpty)
      let restored = directory + "/restored"
      do {
        let (log, restoration) = try await EventLog.restore(
          fromOlder ? older : newer, escrow: escrow, to: restored, lastCheckpoint: note
        ) { _ in notes(1) }
        #expect(restoration.damage.isEmpty && restoration.lost == (fromOlder ? 7 : 0))
        #expect(try log.isErased(person.subject.id))
        _ = try await log.append(notes(3))
        log.close()
      }
      let report = try verifyLog(directory: restored)
      #expect(report.problems.isEmpty && report.signed == report.events, "\(report)")
      #expect(try format(restored) == "2")
    }
  }

  /// Without it, an older folder that a row is missing from would look like one that says nothing.
  @Test func aMissingLeafIsFound() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      try await make(data, 40)
      try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
        try transaction.delete(bigEndian(6), in: tables.leaves)
        // A row more than there are events without a leaf.
        try transaction.put([UInt8](repeating: 1, count: 32), at: bigEndian(99), in: tables.leaves)
      }
      #expect(try verifyLog(directory: data).problems.contains { $0.position == 7 })
      _ = try repairLog(directory: data, from: [])
      #expect(try verifyLog(directory: data).problems.isEmpty)
    }
  }

  /// A version that would not find what this one has written must not go on there.
  @Test func aChangedFormatIsFound() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      do {
        let log = try EventLog.open(data)
        _ = try await log.append(notes(3))
        log.close()
      }
      for format in ["0", "1"] {
        try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
          try transaction.put(Array(format.utf8), at: MetaKey.format, in: tables.meta)
        }
        #expect(!(try verifyLog(directory: data).problems.isEmpty))
      }
    }
  }
}
