import Cryptography
import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// A proof of a damaged log proves nothing to whoever was given it, and is found to years later, when nobody can make another.
@Suite struct DamagedTreeTests {
  private func flip(
    _ key: [UInt8], in table: (LogTables) -> Table, of log: EventLog
  ) throws {
    let table = table(log.tables)
    try log.environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
      var bytes = try transaction.value(at: key, in: table) ?? []
      bytes[bytes.count / 2] ^= 1
      try transaction.put(bytes, at: key, in: table)
    }
  }

  private func flipLeaf(of position: Position, in log: EventLog) throws {
    try log.environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
      try transaction.flipLeaf(of: position, in: log.tables.events)
    }
  }

  private func isDamage(_ error: EventLogError?) -> Bool {
    if case .damaged = error { true } else { false }
  }

  private func expectDamage<Value>(
    _ location: SourceLocation = #_sourceLocation, _ body: () throws -> Value
  ) {
    let error = #expect(throws: EventLogError.self, sourceLocation: location) { _ = try body() }
    #expect(isDamage(error), "\(String(describing: error))", sourceLocation: location)
  }

  @Test func noWrongProofIsHandedOut() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      _ = try await log.append(notes(700))
      let note = try log.checkpoint()
      try flipLeaf(of: 6, in: log)
      for position: Position in [5, 7] {
        expectDamage { try log.proof(of: position) }
        expectDamage { try log.receipt(of: position) }
        expectDamage { try log.evidence(for: [300, position], under: note) }
      }
      // The way from an event up does not lead over its own leaf.
      let key = try #require(VerifierKey(log.publicKey))
      #expect(try log.proof(of: 6).verifies(try #require(try log.event(at: 6)).bytes, key: key))
      expectDamage { try log.consistency(from: 5, to: 700) }
      expectDamage { try log.consistency(from: 6, to: 6) }
      expectDamage { try log.consistency(from: 3, to: 6) }
      expectDamage { try log.tile(level: 0, index: 0) }
      expectDamage { try log.entryBundle(index: 0) }
      expectDamage { try log.export(to: directory + "/export") }
      #expect(!Files.exists(directory + "/export/checkpoint"))
      // What has nothing to do with it goes on.
      #expect(try log.proof(of: 300).inclusion.size == 700)
      #expect(try log.consistency(from: 512, to: 700).hashes.count > 0)
      #expect(try log.tile(level: 0, index: 1)?.count == 8192)
      #expect(try log.tile(level: 0, index: 2, width: 100)?.count == 3200)
      #expect(try log.entryBundle(index: 2, width: 188) != nil)
    }
  }

  @Test func noWrongEventIsProven() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      _ = try await log.append(notes(300))
      let bytes = try #require(try log.event(at: 7)).bytes
      let other = String(decoding: bytes, as: UTF8.self).replacing("注 6", with: "注 9")
      try log.environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
        try transaction.put(Array(other.utf8), at: Position(rawValue: 7).key, in: log.tables.events)
      }
      #expect(try log.event(at: 7)?.bytes == Array(other.utf8))
      expectDamage { try log.proof(of: 7) }
      expectDamage { try log.receipt(of: 7) }
      expectDamage { try log.evidence(for: [7]) }
      expectDamage { try log.entryBundle(index: 0) }
      expectDamage { try log.export(to: directory + "/export") }
      #expect(try log.tile(level: 0, index: 0)?.count == 8192)
    }
  }

  /// The last tile of each level has no node above it.
  @Test(arguments: [
    ("leaf", 599), ("leaf", 512), ("node of four", 36), ("node of eight", 1),
  ])
  func damageAtTheEdgeOfTheTreeIsMet(kind: String, index: UInt64) async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      _ = try await log.append(notes(600))
      switch kind {
      case "leaf":
        try flipLeaf(of: Position(rawValue: index + 1), in: log)
      case "node of four": try flip(StoredNodes.key(4, index), in: \.nodes, of: log)
      default: try flip(StoredNodes.key(8, index), in: \.nodes, of: log)
      }
      if kind == "leaf" {
        expectDamage { try log.tile(level: 0, index: 2, width: 88) }
        expectDamage { try log.entryBundle(index: 2, width: 88) }
      } else if kind == "node of eight" {
        expectDamage { try log.tile(level: 1, index: 0, width: 2) }
        expectDamage { try log.proof(of: 599) }
      }
      if kind != "node of four" { expectDamage { try log.export(to: directory + "/export") } }
      if index != 512 { expectDamage { try log.consistency(from: 599, to: 600) } }
    }
  }
}
