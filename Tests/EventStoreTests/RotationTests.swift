import Cryptography
import Foundation
import Glibc
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// A key must be replaceable without breaking what was signed before.
@Suite struct RotationTests {
  private func rotate(_ log: EventLog) async throws -> Receipt {
    try await log.rotateSigningKey { publicKey in
      var append = Append(actor: "operator", via: "cli")
      append.events = [
        EventDraft(stream: "log", type: "key.rotated", data: ["publicKey": .string(publicKey)])
      ]
      return append
    }
  }

  /// A client that repeats a rotation after a lost answer must not be signed for by a key that the log does not name.
  @Test func aRepeatedRotationChangesNoKey() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      _ = try await log.append(notes(3))
      func rotate() async throws -> Receipt {
        try await log.rotateSigningKey { _ in
          var append = notes(1)
          append.idempotency = Idempotency(key: "rotate", content: [1], subject: nil)
          return append
        }
      }
      let first = try await rotate()
      let key = log.publicKey
      let again = try await rotate()
      #expect(again.repeated)
      #expect(again.positions == first.positions)
      #expect(log.publicKey == key)
      let note = try #require(SignedNote(try await log.append(notes(1)).checkpoint))
      #expect(try #require(VerifierKey(key)).verifies(note))
      log.close()
      let report = try verifyInChild(
        worker: product("senko-worker"), directory: directory + "/data")
      #expect(report.problems.isEmpty, "\(report.problems)")
    }
  }

  /// Whoever keeps the receipt of a rotation is to have in it what leads on from the old key.
  @Test func theReceiptOfARotationBridgesBesideOtherAppends() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      _ = try await log.append(notes(1))
      let former = try #require(VerifierKey(log.publicKey))
      let (isHeld, isReleased) = (Flag(), Flag())
      async let holding: Void = waiting { [environment = log.environment] in
        // Whoever writes lets requests gather, which one transaction then takes.
        try environment.write { (_: inout WriteTransaction) throws(LMDBError) in
          isHeld.raise()
          while !isReleased.isRaised { usleep(1000) }
        }
      }
      while !isHeld.isRaised { try await Task.sleep(for: .milliseconds(1)) }
      async let rotation = rotate(log)
      // Its key is there just before it is queued.
      while !Files.exists(log.folder.nextSigningKey) { try await Task.sleep(for: .milliseconds(1)) }
      try await Task.sleep(for: .seconds(1))
      async let behind = log.append(notes(1))
      while log.writer.waiting < 1 { try await Task.sleep(for: .milliseconds(1)) }
      isReleased.raise()
      try await holding
      let (receipt, later) = (try await rotation, try await behind)
      #expect(receipt.last.next == later.first)
      let bridge = try #require(SignedNote(receipt.checkpoint))
      #expect(Checkpoint(text: bridge.text)?.size == receipt.last.rawValue)
      #expect(former.verifies(bridge))
      #expect(try #require(VerifierKey(log.publicKey)).verifies(bridge))
      #expect(Checkpoint(note: later.checkpoint)?.size == later.last.rawValue)
    }
  }

  @Test func aBridgingCheckpointTiesTheKeysTogether() async throws {
    try await withTemporaryDirectory { directory in
      var old = ""
      do {
        let log = try EventLog.open(directory + "/data")
        _ = try await log.append(notes(3))
        old = log.publicKey
        let receipt = try await rotate(log)
        #expect(log.publicKey != old)
        let bridge = try #require(SignedNote(receipt.checkpoint))
        #expect(try #require(VerifierKey(old)).verifies(bridge))
        #expect(try #require(VerifierKey(log.publicKey)).verifies(bridge))
        let after = try #require(SignedNote(try await log.append(notes(300)).checkpoint))
        #expect(!(try #require(VerifierKey(old)).verifies(after)))
        #expect(try #require(VerifierKey(log.publicKey)).verifies(after))
        log.close()
      }
      do {
        let log = try EventLog.open(directory + "/data")
        _ = try await log.append(notes(1))
        _ = try await rotate(log)
        log.close()
      }
      let pinned = try verifyLog(
        directory: directory + "/data", options: VerifyOptions(publicKey: old))
      #expect(pinned.problems.isEmpty)
      #expect(pinned.pinned == pinned.events)
      let foreign = VerifierKey(
        name: "other",
        key: try SigningKey(origin: "other", seed: .random(using: .system)).key.publicKey)
      let report = try verifyLog(
        directory: directory + "/data", options: VerifyOptions(publicKey: foreign.description))
      #expect(!report.problems.isEmpty)
      #expect(report.pinned == nil)
    }
  }

  /// Whoever exports while the key changes must not be given the key of one moment with the checkpoint of another.
  @Test func anExportIsOfOneMoment() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      _ = try await log.append(notes(3))
      let over = Flag()
      async let changes: Void = {
        defer { over.raise() }
        for _ in 0..<8 { _ = try await rotate(log) }
      }()
      var exports = 0
      while !over.isRaised || exports == 0 {
        exports += 1
        let folder = directory + "/export-\(exports)"
        let note = try #require(SignedNote(try log.export(to: folder)))
        let size = try #require(Checkpoint(text: note.text)).size
        func lines(_ name: String) throws -> [Substring] {
          String(decoding: try #require(try Files.read(folder + "/" + name)), as: UTF8.self)
            .split(separator: "\n")
        }
        let key = try #require(VerifierKey(String(try lines("key")[0])))
        #expect(key.verifies(note))
        // Each event after the first three is a change of the key.
        #expect(try lines("bridges").count == Int(size) - 3)
      }
      try await changes
      log.close()
    }
  }
}
