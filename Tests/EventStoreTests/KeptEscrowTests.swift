import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// Which escrow a log keeps decides whom a restore brings back.
@Suite struct KeptEscrowTests {
  /// If this fails, a mistyped path lets the next erasure pass unasked, and the medium that is away keeps the erased.
  @Test(arguments: ["none/escrow", "full"])
  func anotherThatCannotBeWrittenLeavesTheFormerOneKept(name: String) async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      let person = try await Registered.append(log, name: "太郎")
      let (escrow, other) = (directory + "/escrow", directory + "/" + name)
      try await log.keepEscrow(at: escrow)
      try FileManager.default.moveItem(atPath: escrow, toPath: directory + "/away")
      // In the way of the file itself, and not of one beside it.
      if name == "full" { try Files.makeFolder(other + ".new") }
      await #expect(throws: EventLogError.escrowUnreachable(path: other)) {
        try await log.keepEscrow(at: other)
      }
      #expect(try log.escrowPath() == escrow)
      await #expect(throws: EventLogError.escrowUnreachable(path: escrow)) {
        try await person.erase(from: log)
      }
      try FileManager.default.moveItem(atPath: directory + "/away", toPath: escrow)
      _ = try await person.erase(from: log)
      #expect(Escrow(file: try Files.read(escrow) ?? [])?.erased == person.subject.id.bytes)
    }
  }

  /// An escrow that an older version has begun is guarded from the first time that it is written.
  @Test(arguments: [false, true]) func whoHasWrittenItKeepsIt(rotating: Bool) async throws {
    try await withTemporaryDirectory { directory in
      let (data, escrow) = (directory + "/data", directory + "/escrow")
      let person: Registered
      do {
        let log = try EventLog.open(data)
        defer { log.close() }
        person = try await Registered.append(log, name: "花子")
        try await log.keepEscrow(at: escrow)
      }
      try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
        try transaction.delete(MetaKey.escrowKeeper, in: tables.meta)
      }
      do {
        let log = try EventLog.open(data)
        defer { log.close() }
        if rotating {
          _ = try await log.rotateSigningKey { _ in notes(1) }
        } else {
          _ = try await person.erase(from: log)
        }
      }
      try FileManager.default.copyItem(atPath: data, toPath: directory + "/copy")
      let copy = try EventLog.open(directory + "/copy")
      defer { copy.close() }
      await #expect(throws: EventLogError.escrowForked(path: escrow)) {
        try await copy.rotateSigningKey { _ in notes(1) }
      }
    }
  }
}
