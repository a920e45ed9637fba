import Cryptography
import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// Auditors must not need senko to check a log: the verifier in Python shares no code with it.
@Suite struct IndependentVerifierTests {
  private func verify(_ arguments: String...) throws -> (status: Int32, answer: String) {
    try runTool("verify-log.py", arguments)
  }

  @Test func anExportedLogVerifiesAndAChangedOneDoesNot() async throws {
    try await withLog { log, directory in
      _ = try await log.append(notes(250))
      let older = try log.checkpoint()
      _ = try await log.append(notes(270))
      let export = directory + "-export"
      defer { try? FileManager.default.removeItem(atPath: export) }
      try log.export(to: export)
      try older.write(toFile: directory + "/older", atomically: true, encoding: .utf8)
      let good = try verify(export, "--key", log.publicKey, "--older", directory + "/older")
      #expect(good.status == 0, "\(good.answer)")
      #expect(good.answer.contains("\"events\": 520"))

      let bundle = URL(fileURLWithPath: export + "/tile/entries/001")
      var bytes = try Data(contentsOf: bundle)
      bytes[1000] ^= 1
      try bytes.write(to: bundle)
      #expect(try verify(export, "--key", log.publicKey).status == 3)
      bytes[1000] ^= 1
      try bytes.write(to: bundle)
      #expect(try verify(export).status == 0)

      let other = VerifierKey(
        name: log.origin,
        key: try SigningKey(origin: "x", seed: .random(using: .system)).key.publicKey)
      #expect(try verify(export, "--key", other.description).status == 3)
    }
  }

  /// If this fails, one change of the key makes everything that was kept before it worthless.
  @Test func everyKeyLeadsOverTheBridgesToTheOthers() async throws {
    try await withLog { log, directory in
      func write(_ text: String, _ name: String) throws -> String {
        let path = directory + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
      }
      var kept: [(key: String, note: String)] = []
      for index in 0..<3 {
        _ = try await log.append(notes(3))
        kept.append((log.publicKey, try write(log.checkpoint(), "older-\(index)")))
        _ = try await log.rotateSigningKey(recording: RetiredKeyTests.Fork.rotated)
      }
      _ = try await log.append(notes(270))
      kept.append((log.publicKey, try write(log.checkpoint(), "newest")))
      let export = directory + "-export"
      defer { try? FileManager.default.removeItem(atPath: export) }
      try log.export(to: export)
      for trusted in kept {
        for older in kept {
          let good = try verify(export, "--key", trusted.key, "--older", older.note)
          #expect(good.status == 0, "\(good.answer)")
        }
      }
      let proof = try write(log.proof(of: 4).text, "proof")
      let event = try write(
        String(decoding: try #require(try log.event(at: 4)).bytes, as: UTF8.self), "event")
      let single = ["--proof", proof, "--event", event, "--key", kept[0].key]
      #expect(try runTool("verify-log.py", single).status == 3)
      let bridges = export + "/bridges"
      #expect(try runTool("verify-log.py", single + ["--bridges", bridges]).status == 0)

      // Without the bridge in the middle no way leads across, and a changed one carries nobody.
      let lines = try String(contentsOfFile: bridges, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 3)
      _ = try write("\(lines[0])\n\(lines[2])\n", "../\(Files.name(export))/bridges")
      #expect(try verify(export, "--key", kept[0].key).status == 3)
      #expect(try verify(export, "--key", kept[2].key).status == 0)
      let other = lines[1].replacing(#"\n\n"#, with: #"A\n\n"#)
      #expect(other != lines[1])
      _ = try write("\(lines[0])\n\(other)\n\(lines[2])\n", "../\(Files.name(export))/bridges")
      #expect(try verify(export, "--key", kept[0].key).status == 3)
    }
  }

  @Test func linesAndAProofVerifyToo() async throws {
    try await withLog { log, directory in
      _ = try await log.append(notes(37))
      var lines: [UInt8] = []
      try log.forEach(from: 1) { _, bytes in
        lines += [UInt8](copying: bytes) + [0x0A]
        return true
      }
      func write(_ bytes: [UInt8], _ name: String) throws -> String {
        let path = directory + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
      }
      let note = try write(Array(log.checkpoint().utf8), "note")
      let events = try write(lines, "events")
      let good = try verify(events, "--checkpoint", note, "--key", log.publicKey)
      #expect(good.status == 0, "\(good.answer)")
      let short = try write(Array(lines.dropLast(20)), "short")
      #expect(try verify(short, "--checkpoint", note, "--key", log.publicKey).status == 3)

      let proof = try write(Array(log.proof(of: 12).text.utf8), "proof")
      let event = try write(try #require(try log.event(at: 12)).bytes, "event")
      let other = try write(try #require(try log.event(at: 13)).bytes, "other")
      #expect(try verify("--proof", proof, "--event", event, "--key", log.publicKey).status == 0)
      #expect(try verify("--proof", proof, "--event", other, "--key", log.publicKey).status == 3)
    }
  }

  /// Whoever was handed a receipt has nothing else, and must be able to show it to anybody.
  @Test func aReceiptBringsWhatItProves() async throws {
    try await withLog { log, directory in
      _ = try await log.append(notes(37))
      let receipt = try log.receipt(of: 12)
      let event = try #require(try log.event(at: 12)).bytes
      #expect(receipt.event == event)
      #expect(TransparencyProof(receipt.text) == receipt)
      let path = directory + "/receipt"
      func check(_ proof: TransparencyProof, _ arguments: String...) throws -> (Int32, String) {
        try proof.text.write(toFile: path, atomically: true, encoding: .utf8)
        let found = try runTool("verify-log.py", ["--proof", path] + arguments)
        return (found.status, found.answer)
      }
      let (status, answer) = try check(receipt, "--key", log.publicKey)
      #expect(status == 0, "\(answer)")
      #expect(answer.contains("\"pinned\": true") && answer.contains("\"n\": 12"))
      let alone = try check(receipt)
      #expect(alone.0 == 3, "The receipt's own key was believed: \(alone.1)")

      // Another event, one that is changed, another key, and none of it.
      let key = try #require(VerifierKey(log.publicKey))
      let stranger = try SigningKey(origin: log.origin, seed: .random(using: .system)).verifier
      let other = try #require(try log.event(at: 13)).bytes
      let changed = Array(
        String(decoding: event, as: UTF8.self).replacing("operator", with: "auditor").utf8)
      #expect(changed != event)
      #expect(try check(receipt.carrying(other, key: key), "--key", log.publicKey).0 == 3)
      #expect(try check(receipt.carrying(changed, key: key), "--key", log.publicKey).0 == 3)
      #expect(try check(receipt.carrying(event, key: stranger)).0 == 3)
      #expect(try check(receipt, "--key", stranger.description).0 == 3)
      let bare = try check(try log.proof(of: 12), "--key", log.publicKey)
      #expect(bare.0 == 3 && bare.1.contains("--event"), "\(bare.1)")
    }
  }

  /// Whoever keeps two checkpoints, and no copy of the log, must be able to tell whether the one grew from the other.
  @Test func aConsistencyProofVerifiesAndAChangedOneDoesNot() async throws {
    try await withLog { log, directory in
      var kept: [UInt64: String] = [:]
      for size in [1, 2, 3, 8, 37, 64, 300] as [UInt64] {
        _ = try await log.append(notes(Int(size - (kept.keys.max() ?? 0))))
        kept[size] = try log.checkpoint()
      }
      func check(
        _ proof: ConsistencyProof, from older: UInt64, to newer: UInt64
      ) throws -> Int32 {
        let answer: JSONValue = [
          "first": .integer(Int64(proof.first)),
          "hashes": .array(proof.hashes.map { .string($0.hex) }),
          "second": .integer(Int64(proof.second)),
        ]
        for (name, text) in [
          ("proof", String(decoding: answer.encoded(), as: UTF8.self)),
          ("older", try #require(kept[older])), ("newer", try #require(kept[newer])),
        ] {
          try text.write(toFile: directory + "/" + name, atomically: true, encoding: .utf8)
        }
        return try runTool(
          "verify-log.py",
          [
            "--consistency", directory + "/proof", "--older", directory + "/older",
            "--checkpoint", directory + "/newer", "--key", log.publicKey,
          ]
        ).status
      }
      for (first, second) in [
        (1, 2), (1, 300), (2, 3), (3, 8), (3, 300), (8, 37), (8, 64), (37, 64), (37, 300), (64, 64),
      ] as [(UInt64, UInt64)] {
        let proof = try log.consistency(from: first, to: second)
        #expect(
          try check(proof, from: first, to: second) == 0, "\(first) to \(second)")
      }
      let proof = try log.consistency(from: 37, to: 300)
      let other = try log.consistency(from: 3, to: 300)
      var wrong = [Array(proof.hashes.dropLast()), Array(proof.hashes.dropFirst()), other.hashes]
      wrong.append(proof.hashes + [proof.hashes[0]])
      wrong += proof.hashes.indices.map { index in
        var hashes = proof.hashes
        hashes[index] = MerkleHash.leaf(hashes[index].bytes.span)
        return hashes
      }
      for hashes in wrong {
        let changed = ConsistencyProof(first: 37, second: 300, hashes: hashes)
        #expect(try check(changed, from: 37, to: 300) == 3)
      }
      #expect(try check(proof, from: 3, to: 300) == 3)
      #expect(try check(proof, from: 37, to: 64) == 3)
      #expect(try check(proof, from: 300, to: 37) == 3)

      // A log that was made anew has other events, under as good a signature.
      let forged = Checkpoint(origin: log.origin, size: 37, root: MerkleHash.leaf([UInt8(1)].span))
      kept[37] = try log.signer.current.sign(forged).encoded
      #expect(try check(proof, from: 37, to: 300) == 3)
    }
  }
}
