import LMDB
import TestSupport
import Testing

@testable import EventStore

/// An auditor who has kept the key reads in the report what it vouches for; more than that must not stand there.
@Suite struct PinnedKeyTests {
  @Test func aKeyThatSignedNothingVouchesForNothing() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      let key: String
      do {
        let log = try EventLog.open(data)
        _ = try await log.append(notes(3))
        key = log.publicKey
        log.close()
        try log.environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
          try log.tables.dropNotes(&transaction)
        }
      }
      #expect(try verifyLog(directory: data).problems.isEmpty)
      let report = try verifyLog(directory: data, options: VerifyOptions(publicKey: key))
      #expect(report.pinned == nil)
      #expect(report.problems.map(\.description).contains { $0.contains("has signed nothing") })
    }
  }

  /// Only the newest signature is needed to trust what there is; all of them, to trust what was signed before.
  @Test func anOlderSignatureIsCheckedWhenAskedFor() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      do {
        let log = try EventLog.open(data)
        for _ in 0..<3 { _ = try await log.append(notes(256)) }
        log.close()
        try log.environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
          let row = try transaction.value(at: bigEndian(256), in: log.tables.checkpoints)
          let note = row.flatMap { SignedNote(String(decoding: $0, as: UTF8.self)) }
          guard let note, var bytes = note.signatures.first?.bytes else { return }
          bytes[9] ^= 1
          let own = note.signatures[0]
          let changed = SignedNote(
            text: note.text,
            signatures: [.init(name: own.name, keyID: own.keyID, bytes: bytes)])
          try transaction.put(
            Array(changed.encoded.utf8), at: bigEndian(256), in: log.tables.checkpoints)
        }
      }
      func problems(_ options: VerifyOptions) throws -> [String] {
        try verifyInChild(worker: product("senko-worker"), directory: data, options: options)
          .problems.map(\.description)
      }
      var options = VerifyOptions()
      #expect(try problems(options).isEmpty)
      options.everySignature = true
      #expect(try problems(options).contains { $0.contains("over 256 events is not signed") })
    }
  }

  /// The last commit's signature is stored by the next one.
  @Test func whatIsAboveTheNewestSignatureIsNotCounted() async throws {
    try await withLog { log, directory in
      _ = try await log.append(notes(3))
      let note = try await log.append(notes(2)).checkpoint
      var options = VerifyOptions(publicKey: log.publicKey)
      func verify() throws -> VerifyReport {
        try verifyInChild(worker: product("senko-worker"), directory: directory, options: options)
      }
      #expect(try verify().problems.isEmpty)
      #expect(try verify().pinned == 3)
      #expect(try verify().events == 5)
      #expect(try verify().covered == nil)
      options.against = note
      #expect(try verify().pinned == 5)
      #expect(try verify().covered == 5)
      options.against = nil
      log.close()
      #expect(try verify().pinned == 5)
    }
  }
}
