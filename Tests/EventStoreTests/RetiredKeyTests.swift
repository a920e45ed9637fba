import Cryptography
import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// A key is given up because somebody else may have it: nothing that it signs afterwards may pass for the log.
@Suite struct RetiredKeyTests {
  /// A log whose key was changed, and a fork of it from the change on that whoever kept the former key went on with.
  struct Fork {
    let former: SigningKey
    let key: VerifierKey
    let data: String
    let size: UInt64
    let note: String
    let bridge: KeyBridge

    init(_ directory: String) async throws {
      let real = directory + "/real"
      let log = try EventLog.open(real)
      _ = try await log.append(notes(3))
      former = try #require(SigningKey(file: Files.read(LogFolder(path: real).signingKey) ?? []))
      _ = try await log.rotateSigningKey(recording: Fork.rotated)
      key = try #require(VerifierKey(log.publicKey))
      bridge = try #require(try log.bridges().last)
      log.close()
      data = directory + "/fork"
      try FileManager.default.copyItem(atPath: real, toPath: data)
      let fork = try EventLog.open(data)
      _ = try await fork.append(notes(7))
      size = 11
      let head = Checkpoint(origin: former.origin, size: size, root: try fork.root(size: size))
      note = try former.sign(head).encoded
      let bytes = Array(note.utf8)
      fork.close()
      try fork.environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
        try fork.tables.dropNewestNote(&transaction)
        try transaction.put(bytes, at: bigEndian(size), in: fork.tables.checkpoints)
      }
    }

    /// Names the new key as the log's own event does.
    static func rotated(to key: String) -> Append {
      var append = Append(actor: "operator", via: "cli")
      append.events = [
        EventDraft(
          stream: "log", type: "key.rotated",
          data: ["key": .string(SHA256.hash(Array(key.utf8)).hex)])
      ]
      return append
    }

    /// What the former key signs over the first events of a folder.
    func head(of data: String, _ size: UInt64) throws -> String {
      let log = try EventLog.open(data)
      defer { log.close() }
      let head = Checkpoint(origin: former.origin, size: size, root: try log.root(size: size))
      return try former.sign(head).encoded
    }

    /// Has the log call the former key its own and the key that took its place the former one.
    func turn() throws {
      let log = try EventLog.open(data)
      log.close()
      let (own, formerly) = (former.name, Array((key.description + "\n").utf8))
      try log.environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
        try transaction.put(own, at: MetaKey.publicKey, in: log.tables.meta)
        try transaction.put(formerly, at: MetaKey.formerKeys, in: log.tables.meta)
      }
    }
  }

  @Test(arguments: [false, true])
  func aForkBeyondTheBridgeIsNotPinned(calledTheLogsOwn: Bool) async throws {
    try await withTemporaryDirectory { directory in
      let fork = try await Fork(directory)
      if calledTheLogsOwn { try fork.turn() }
      for key in [fork.key, fork.former.verifier] {
        let report = try verifyLog(
          directory: fork.data, options: VerifyOptions(publicKey: key.description))
        #expect(report.pinned == 4, "\(report.problems)")
        let problems = report.problems.map(\.description)
        #expect(
          problems.contains { $0.contains("over 11 events is not signed") }, "\(problems)")
      }
      let real = try verifyLog(
        directory: directory + "/real", options: VerifyOptions(publicKey: fork.key.description))
      #expect(real.problems.isEmpty, "\(real.problems)")
      #expect(real.pinned == 4)
    }
  }

  /// What the former key had signed up to the change stays good.
  @Test func aNoteFromBeforeTheBridgeStillCounts() async throws {
    try await withTemporaryDirectory { directory in
      let fork = try await Fork(directory)
      for size: UInt64 in [3, 4] {
        let options = VerifyOptions(
          against: try fork.head(of: directory + "/real", size),
          publicKey: fork.key.description)
        let report = try verifyLog(directory: directory + "/real", options: options)
        #expect(report.problems.isEmpty, "\(report.problems)")
        #expect(report.covered == size)
      }
    }
  }

  /// A witness that went back over a bridge would vouch for the fork, and refuse the log from then on.
  @Test func aWitnessDoesNotGoBack() async throws {
    try await withTemporaryDirectory { directory in
      let fork = try await Fork(directory)
      let witness = try Witness(directory: directory + "/w", name: "w.example")
      let log = try EventLog.open(directory + "/real")
      let kept = try witness.cosign(try log.checkpoint(), by: fork.key) {
        (first, second) throws(EventLogError) in try log.consistency(from: first, to: second)
      }
      let forked = try EventLog.open(fork.data)
      let back = KeyBridge(
        former: fork.key, key: fork.former.verifier, note: fork.bridge.note)
      #expect(back.carries)
      #expect(throws: EventLogError.self) {
        try witness.cosign(fork.note, by: fork.former.verifier, bridges: [back]) {
          (first, second) throws(EventLogError) in try forked.consistency(from: first, to: second)
        }
      }
      #expect(try witness.newest() == kept)
      forked.close()
      _ = try await log.append(notes(2))
      _ = try witness.cosign(try log.checkpoint(), by: fork.key, bridges: try log.bridges()) {
        (first, second) throws(EventLogError) in try log.consistency(from: first, to: second)
      }
      log.close()
    }
  }

  @Test func theIndependentVerifierHoldsBridgesAgainstTheLog() async throws {
    try await withTemporaryDirectory { directory in
      let fork = try await Fork(directory)
      func export(_ data: String, head: String? = nil, bridge: KeyBridge? = nil) throws -> String {
        let log = try EventLog.open(data)
        defer { log.close() }
        let folder = data + "-export"
        try log.export(to: folder)
        if let head { try Files.write(Array(head.utf8), to: folder + "/checkpoint") }
        if let bridge { try Files.write(bridge.line(), to: folder + "/bridges") }
        return folder
      }
      func verify(_ folder: String, _ key: VerifierKey) throws -> (status: Int32, answer: String) {
        try runTool("verify-log.py", [folder, "--key", key.description])
      }
      let real = try export(directory + "/real")
      let keys = [fork.key, fork.former.verifier]
      for key in keys { #expect(try verify(real, key).status == 0) }
      let forked = try export(fork.data, head: fork.note)
      for key in keys {
        let answer = try verify(forked, key)
        #expect(answer.status == 3)
        #expect(answer.answer.contains("the key was replaced"), "\(answer.answer)")
      }
      // Turned round, the bridge says that the former key is the later one; its own event says otherwise.
      let back = KeyBridge(former: fork.key, key: fork.former.verifier, note: fork.bridge.note)
      let turned = try verify(export(fork.data, head: fork.note, bridge: back), fork.key)
      #expect(turned.status == 3)
      #expect(turned.answer.contains("did not grow"), "\(turned.answer)")

      // Another history up to the bridge, and one that ends before it.
      for count in [4, 3] {
        let data = directory + "/other-\(count)"
        do {
          let log = try EventLog.open(data)
          _ = try await log.append(notes(count))
          log.close()
        }
        let head = try fork.head(of: data, UInt64(count))
        let folder = try export(data, head: head, bridge: fork.bridge)
        let answer = try verify(folder, fork.key)
        #expect(answer.status == 3)
        #expect(
          answer.answer.contains(count == 4 ? "did not grow" : "events are lost"),
          "\(answer.answer)")
      }
    }
  }

  /// A proof or a dossier stands without the log, whose events tell which key came later.
  @Test func oneProofDoesNotGoBackOverABridge() async throws {
    try await withTemporaryDirectory { directory in
      let fork = try await Fork(directory)
      func write(_ bytes: [UInt8], _ name: String) throws -> String {
        try Files.write(bytes, to: directory + "/" + name)
        return directory + "/" + name
      }
      let real = try EventLog.open(directory + "/real")
      _ = try await real.append(notes(2))
      try real.export(to: directory + "/export")
      let text = try real.proof(of: 4).text
      let bridge = try #require(try real.event(at: 4)).bytes
      real.close()
      let straight = directory + "/export/bridges"
      func verify(_ proof: String, _ event: String, _ key: VerifierKey, _ bridges: String) throws
        -> Int32
      {
        try runTool(
          "verify-log.py",
          ["--proof", proof, "--event", event, "--key", key.description, "--bridges", bridges]
        ).status
      }
      let (former, event) = (fork.former.verifier, try write(bridge, "event"))
      let proof = try write(Array(text.utf8), "proof")
      for key in [former, fork.key] { #expect(try verify(proof, event, key, straight) == 0) }

      // What the former key signs beyond the bridge, and the bridge turned round, with what its line brings and without.
      let log = try EventLog.open(fork.data)
      func path(to index: UInt64, in size: UInt64) throws -> [Digest] {
        try log.tree { (subtree) throws(EventLogError) in
          try MerklePaths.inclusion(of: index, in: size, subtree)
        }
      }
      let forged = try write(
        Array(
          TransparencyProof(
            inclusion: InclusionProof(
              index: 9, size: fork.size, hashes: try path(to: 9, in: fork.size)),
            checkpoint: try #require(SignedNote(fork.note))
          ).text.utf8), "forged")
      let other = try write(try #require(try log.event(at: 10)).bytes, "other")
      let back = KeyBridge(former: fork.key, key: former, note: fork.bridge.note)
      for turned in [back.line(), back.line(last: (bridge, try path(to: 3, in: 4)))] {
        #expect(try verify(forged, other, fork.key, write(turned, "turned")) == 3)
      }
      log.close()
    }
  }
}
