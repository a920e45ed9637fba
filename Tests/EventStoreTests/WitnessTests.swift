import Cryptography
import Foundation
import TestSupport
import Testing

@testable import EventStore

/// An operator who restores yesterday's folder, or rewrites it, must be found out.
@Suite struct WitnessTests {
  func cosign(_ witness: Witness, _ log: EventLog) throws -> String {
    let key = try #require(VerifierKey(log.publicKey))
    return try witness.cosign(try log.checkpoint(), by: key, bridges: try log.bridges()) {
      (first, second) throws(EventLogError) in
      try log.consistency(from: first, to: second)
    }
  }

  @Test func growthIsCosignedAndReportedByVerify() async throws {
    try await withTemporaryDirectory { directory in
      let clock = WallClock { Timestamp(milliseconds: 1_795_406_400_000) }
      let witness = try Witness(directory: directory + "/w", name: "w.example", clock: clock)
      var note = ""
      do {
        let log = try EventLog.open(directory + "/data")
        _ = try await log.append(notes(5))
        _ = try cosign(witness, log)
        _ = try await log.append(notes(6))
        note = try cosign(witness, log)
        _ = try await log.append(notes(2))
        log.close()
      }
      #expect(witness.key.time(of: try #require(SignedNote(note))) == clock.now())
      var options = VerifyOptions(against: note)
      options.witnesses = [witness.key]
      let report = try verifyLog(directory: directory + "/data", options: options)
      #expect(report.problems.isEmpty)
      #expect(report.covered == 11)
      #expect(
        report.witnessed == [.init(name: "w.example", size: 11, at: clock.now())])

      // What the operator alone has signed is no witness's word, nor is one that no key can check.
      var uncosigned = ""
      do {
        let log = try EventLog.open(directory + "/data")
        uncosigned = try log.checkpoint()
        log.close()
      }
      for (given, witnesses) in [(uncosigned, [witness.key]), (note, [])] {
        var options = VerifyOptions()
        options.witnessed = [given]
        options.witnesses = witnesses
        let report = try verifyLog(directory: directory + "/data", options: options)
        #expect(report.problems.map(\.description).joined().contains("cosigned by no witness"))
        #expect(report.covered == nil)
      }
    }
  }

  /// Who trusts a witness knows it by its key and its name: of another name, none of its signatures counts for them.
  @Test func aWitnessKeepsItsName() async throws {
    try await withLog { log, directory in
      let folder = directory + "/w"
      _ = try await log.append(notes(1))
      let witness = try Witness(directory: folder, name: "w.example")
      _ = try cosign(try Witness(directory: folder, name: "w.example"), log)
      let refused = #expect(throws: EventLogError.self) {
        try Witness(directory: folder, name: "witness")
      }
      #expect(refused?.description.contains("as 'w.example'") == true, "\(refused as Any)")
      #expect(try Witness(directory: folder, name: "w.example").key == witness.key)
    }
  }

  /// If this fails, whoever keeps a witness is sent to the log's own backup and escrow, which hold nothing of it, or it goes
  /// on under a key that nobody trusts.
  @Test(arguments: ["key", "log-key", "newest"], ["spoilt", "a folder", "gone"])
  func whatAWitnessHasLostIsSaidWithTheRemedy(_ name: String, _ how: String) async throws {
    try await withLog { log, directory in
      let folder = directory + "/w"
      _ = try await log.append(notes(1))
      _ = try cosign(try Witness(directory: folder, name: "w.example"), log)
      let path = folder + "/" + name
      try Files.remove(path)
      if how == "spoilt" { try Data("spoilt\n".utf8).write(to: URL(fileURLWithPath: path)) }
      if how == "a folder" { try Files.makeFolder(path) }
      // Nothing tells a witness that has seen nothing from one whose note is gone.
      if name == "newest", how == "gone" { return }
      let error = #expect(throws: EventLogError.self) {
        try cosign(try Witness(directory: folder, name: "w.example"), log)
      }
      let text = try #require(error).description
      #expect(text.contains("'\(path)'") && text.contains("in a new folder"), "\(text)")
      #expect(!text.contains("escrow") && !text.contains("repair"))
    }
  }

  @Test func aFolderThatWasSetBackIsRefused() async throws {
    try await withTemporaryDirectory { directory in
      let witness = try Witness(directory: directory + "/w", name: "w.example")
      var note = ""
      do {
        let log = try EventLog.open(directory + "/data")
        _ = try await log.append(notes(5))
        log.close()
      }
      try FileManager.default.copyItem(
        atPath: directory + "/data", toPath: directory + "/yesterday")
      do {
        let log = try EventLog.open(directory + "/data")
        _ = try await log.append(notes(6))
        note = try cosign(witness, log)
        log.close()
      }
      do {
        let log = try EventLog.open(directory + "/yesterday")
        #expect(throws: EventLogError.self) { try cosign(witness, log) }
        // The same length, another history.
        _ = try await log.append(notes(7))
        #expect(throws: EventLogError.self) { try cosign(witness, log) }
        log.close()
      }
      let report = try verifyLog(
        directory: directory + "/yesterday", options: VerifyOptions(against: note))
      #expect(!report.problems.isEmpty)
      #expect(report.covered == nil)
      #expect(try witness.newest() == note)
    }
  }

  /// A witness that a change of the key stops is a witness that is given up.
  @Test func aChangeOfTheKeyIsFollowedOnlyOverItsBridges() async throws {
    try await withTemporaryDirectory { directory in
      let witness = try Witness(directory: directory + "/w", name: "w.example")
      let log = try EventLog.open(directory + "/data")
      _ = try await log.append(notes(5))
      _ = try cosign(witness, log)
      // Each change ahead of the one that the witness sees next; then one that it sees at once.
      for changes in [2, 1] {
        for _ in 0..<changes {
          _ = try await log.append(notes(300))
          _ = try await log.rotateSigningKey { _ in notes(1) }
        }
        if changes > 1 { _ = try await log.append(notes(1)) }
        let bridges = try log.bridges()
        let key = try #require(VerifierKey(log.publicKey))
        #expect(bridges.last?.key == key)
        #expect(bridges.map(\.carries).allSatisfy { $0 })
        for missing in bridges.indices.suffix(changes) {
          var some = bridges
          some.remove(at: missing)
          #expect(throws: EventLogError.self) {
            try witness.cosign(try log.checkpoint(), by: key, bridges: some) {
              (first, second) throws(EventLogError) in
              try log.consistency(from: first, to: second)
            }
          }
        }
        _ = try cosign(witness, log)
      }
      let bridges = try log.bridges()
      #expect(bridges.count == 3)
      #expect(zip(bridges, bridges.dropFirst()).allSatisfy { $0.key == $1.former })
      let size = try #require(Checkpoint(text: bridges[2].note.text)).size
      #expect(try log.bridges(since: size) == [bridges[2]])
      #expect(try log.bridges(since: size + 1).isEmpty)
      log.close()
    }
  }

  /// Whoever has a log's new key only must not be able to tie it to the old one.
  @Test func whatOneKeyHasSignedAloneIsNoBridge() throws {
    func signing(_ origin: String = "log") throws -> SigningKey {
      try SigningKey(origin: origin, seed: .random(using: .system))
    }
    let (old, new, other) = (try signing(), try signing(), try signing("other"))
    let checkpoint = Checkpoint(origin: "log", size: 3, root: SHA256.hash([3]))
    let (byOld, byNew) = (try old.sign(checkpoint), try new.sign(checkpoint))
    func bridge(_ former: SigningKey, _ key: SigningKey, _ notes: SignedNote...) -> KeyBridge {
      KeyBridge(
        former: former.verifier, key: key.verifier,
        note: SignedNote(text: notes[0].text, signatures: notes.flatMap(\.signatures)))
    }
    #expect(bridge(old, new, byOld, byNew).carries)
    #expect(!bridge(old, new, byNew).carries)
    #expect(!bridge(old, new, byOld).carries)
    #expect(!bridge(old, new, byNew, try other.sign(checkpoint)).carries)
    // Signed by both, but no checkpoint of the log that they sign for.
    let elsewhere = Checkpoint(origin: "other", size: 3, root: SHA256.hash([3]))
    #expect(!bridge(old, new, try old.sign(elsewhere), try new.sign(elsewhere)).carries)
    let forged = SignedNote.Signature(
      name: "log", keyID: old.verifier.id, bytes: byNew.signatures[0].bytes)
    let note = SignedNote(text: byNew.text, signatures: byNew.signatures + [forged])
    #expect(!KeyBridge(former: old.verifier, key: new.verifier, note: note).carries)
  }

  /// A log that claims more events than its root stands for could fill them in as it likes later.
  @Test func aSizeThatIsNotTheProofsIsRefused() async throws {
    try await withTemporaryDirectory { directory in
      let witness = try Witness(directory: directory + "/w", name: "w.example")
      let signing = try SigningKey(origin: "log", seed: .random(using: .system))
      try await withLog { log, _ in
        _ = try await log.append(notes(11))
        func cosign(claiming size: UInt64, over actual: UInt64) throws -> String {
          let checkpoint = Checkpoint(
            origin: "log", size: size, root: try log.root(size: actual))
          return try witness.cosign(try signing.sign(checkpoint).encoded, by: signing.verifier) {
            (first, _) throws(EventLogError) in
            try log.consistency(from: first, to: actual)
          }
        }
        let kept = try cosign(claiming: 5, over: 5)
        for size: UInt64 in [5, 6, 10, 12, 16, 1 << 40] {
          #expect(throws: EventLogError.self) { try cosign(claiming: size, over: 11) }
        }
        #expect(try witness.newest() == kept)
        _ = try cosign(claiming: 11, over: 11)
      }
    }
  }
}
