import Cryptography
import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// If these fail, whoever can write the files changes history, and the next start signs it with the real key.
@Suite struct HeadTests {
  /// Makes a log of 24 events, six a transaction.
  static func makeLog(_ directory: String) async throws {
    let log = try EventLog.open(directory)
    for _ in 0..<4 { _ = try await log.append(notes(6)) }
    log.close()
  }

  /// A process that has not seen what another one appended stores its own last note with its next commit.
  @Test func noNoteTakesTheNewersPlace() async throws {
    try await withLog { log, _ in
      _ = try await log.append(notes(10))
      let earlier = try #require(log.writer.held)
      _ = try await log.append(notes(2))
      let later = try #require(log.writer.held)
      var sizes: [UInt64?] = []
      for note in [later, earlier] {
        var state = LogState()
        state.note = note
        try log.environment.write { (transaction: inout WriteTransaction) throws(EventLogError) in
          let stage = Stage(
            tables: log.tables, keyring: log.keyring, clock: .system, random: log.random,
            commands: log.commands, state: state)
          try stage.storeNote(&transaction)
          sizes.append(
            try stored { () throws(LMDBError) in
              try log.tables.newestNote(in: transaction.reading)?.size
            })
        }
      }
      #expect(sizes == [12, 12])
    }
  }

  private func expectRefusal(_ data: String) throws {
    let error = #expect(throws: EventLogError.self) { try EventLog.open(data, create: false) }
    #expect(error?.description.contains("Nothing vouches for the end of the 24 events") == true)
    let problems = try verifyLog(directory: data).problems.map(\.description)
    #expect(problems.contains { $0.contains("Nothing vouches for the end") })
  }

  @Test func aHistoryThatWasRewrittenWithoutAKeyIsNotGoneOnFrom() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      try await Self.makeLog(data)
      try Forgery.rewrite(
        data, event: 21, "\"actor\":\"operator\"", to: "\"actor\":\"auditor\"", droppingNotes: true)
      try expectRefusal(data)
      // Nor where the seal is taken away as well, as if an earlier version had written the log.
      try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
        try tables.deleteHead(&transaction)
      }
      try expectRefusal(data)
      // Nor with a note that somebody else has signed.
      let log = LogFolder(path: data)
      let key = try #require(SigningKey(file: try Files.read(log.signingKey) ?? []))
      let forger = try SigningKey(origin: key.origin, seed: .random(using: .system))
      try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
        var root = MerkleHash.empty
        do {
          var frontier = Frontier()
          var hasher = SHA256Hasher()
          var cursor = try transaction.cursor(tables.events)
          while let entry = try cursor.next() {
            frontier.append(MerkleHash.leaf(entry.event), &hasher) { _, _, _ in }
          }
          root = frontier.root
        }
        let note = try? forger.sign(Checkpoint(origin: key.origin, size: 24, root: root))
        try transaction.put(
          Array((note?.encoded ?? "").utf8), at: bigEndian(24), in: tables.checkpoints)
      }
      try expectRefusal(data)
    }
  }

  /// As a crash leaves it: the newest transaction's note is not stored yet, and the log goes on all the same.
  @Test func anEndThatACrashHasLeftUnsignedIsSealed() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      try await Self.makeLog(data)
      try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
        try tables.dropNotes(&transaction)
      }
      let report = try verifyLog(directory: data)
      #expect(report.problems.isEmpty && report.signed == 0)
      do {
        let log = try EventLog.open(data, create: false)
        _ = try await log.append(notes(1))
        log.close()
      }
      #expect(try verifyLog(directory: data).signed == 25)
    }
  }

  /// As earlier versions have left it.
  @Test func anEndThatIsSignedNeedsNoSeal() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      try await Self.makeLog(data)
      try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
        let note = try tables.newestNote(in: transaction.reading)
        try transaction.put(note?.text ?? [], at: bigEndian(24), in: tables.checkpoints)
        try tables.deleteHead(&transaction)
      }
      #expect(try verifyLog(directory: data).problems.isEmpty)
      do {
        let log = try EventLog.open(data, create: false)
        _ = try await log.append(notes(1))
        log.close()
      }
      #expect(try verifyLog(directory: data).problems.isEmpty)
    }
  }
}
