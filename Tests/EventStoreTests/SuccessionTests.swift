import Cryptography
import Foundation
import TestSupport
import Testing

@testable import EventStore

/// A restore must be no way out of what was signed before: who has kept a note of the former log holds the restored
/// one to it.
@Suite struct SuccessionTests {
  /// A log that was restored with 20 of its 30 events, and what was kept of it.
  private struct Restored {
    let directory: String
    /// The former log's key and name.
    let key: VerifierKey
    /// Its notes by size.
    let notes: [UInt64: String]
    /// The receipts of its fifth event, by the size that it had then.
    let receipts: [UInt64: String]
    var data: String { directory + "/again" }
  }

  private func restored(_ directory: String, forging: Bool = false) async throws -> Restored {
    var kept: [UInt64: String] = [:]
    var receipts: [UInt64: String] = [:]
    let key: VerifierKey
    do {
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      key = try #require(VerifierKey(log.publicKey))
      try await log.keepEscrow(at: directory + "/escrow")
      for size: UInt64 in [10, 20, 30] {
        _ = try await log.append(notes(10))
        kept[size] = try log.checkpoint()
        receipts[size] = try log.receipt(of: 5).text
        if size == 20 { try await log.backup(to: directory + "/backup") }
      }
    }
    if forging {
      try Forgery.rewrite(
        directory + "/backup", event: 5, "\"actor\":\"operator\"", to: "\"actor\":\"auditor\"")
    }
    let (log, _) = try await EventLog.restore(
      directory + "/backup", escrow: directory + "/escrow", to: directory + "/again",
      lastCheckpoint: kept[30], despiteDamage: forging, recording: Self.record)
    _ = try await log.append(notes(4))
    log.close()
    return Restored(directory: directory, key: key, notes: kept, receipts: receipts)
  }

  private static func record(_ restoration: Restoration) -> Append {
    var append = Append(actor: "operator", via: "cli")
    let former = restoration.formerOrigin.replacing("senko/", with: "")
    append.events = [restoration.draft(naming: former)]
    return append
  }

  private func verify(
    _ log: Restored, _ size: UInt64, key: String? = nil
  ) throws -> (report: VerifyReport, problems: String) {
    let report = try verifyInChild(
      worker: product("senko-worker"), directory: log.data,
      options: VerifyOptions(against: log.notes[size], publicKey: key))
    return (report, report.problems.map(\.description).joined(separator: " "))
  }

  @Test func aNoteOfTheFormerLogCoversWhatWasKept() async throws {
    try await withTemporaryDirectory { directory in
      let log = try await restored(directory)
      for size: UInt64 in [10, 20] {
        for key in [log.key.description, nil] {
          let (report, problems) = try verify(log, size, key: key)
          #expect(problems == "")
          #expect(report.covered == size && report.pinned == (key == nil ? nil : size))
          #expect(
            report.formerly == [.init(origin: log.key.name, size: size, position: 21)])
        }
      }
      // A stranger's signature, and the key alone.
      let stranger = try SigningKey(origin: log.key.name, seed: .random(using: .system)).verifier
      #expect(try verify(log, 20, key: stranger.description).problems.contains("not signed by"))
      let alone = try verifyLog(
        directory: log.data, options: VerifyOptions(publicKey: log.key.description))
      #expect(alone.problems.count == 1)
      #expect(alone.problems[0].description.contains("give one to check against"))
    }
  }

  /// An applicant has nothing but the receipt, and a restore is no way out of that either.
  @Test func aReceiptHoldsTheRestoredLogAsANoteDoes() async throws {
    try await withTemporaryDirectory { directory in
      let log = try await restored(directory)
      func verify(_ receipt: String?) throws -> (covered: UInt64?, problems: String) {
        let report = try verifyLog(
          directory: log.data,
          options: VerifyOptions(against: receipt, publicKey: log.key.description))
        return (report.covered, report.problems.map(\.description).joined())
      }
      #expect(try verify(log.receipts[20]) == (20, ""))
      #expect(try verify(log.receipts[30]).problems.contains("covers events 21 to 30"))
      let receipt = try #require(log.receipts[10].flatMap { TransparencyProof($0) })
      let other = try #require(log.receipts[20].flatMap { TransparencyProof($0) }?.event)
      let changed = Array(String(decoding: other, as: UTF8.self).replacing("a.", with: "b.").utf8)
      let forged = receipt.carrying(changed, key: log.key).text
      #expect(try verify(forged).problems.contains("does not bring the event that it proves"))
    }
  }

  /// Whoever has Python and the former log's key checks an export of the restored one.
  @Test func theIndependentVerifierTakesTheFormerLogsNotes() async throws {
    for forging in [false, true] {
      try await withTemporaryDirectory { directory in
        let restored = try await restored(directory, forging: forging)
        let log = try EventLog.open(restored.data, create: false)
        defer { log.close() }
        try log.export(to: directory + "/export")
        for (size, note) in restored.notes {
          try note.write(toFile: directory + "/older", atomically: true, encoding: .utf8)
          let older = [directory + "/export", "--older", directory + "/older"]
          let found = try runTool(
            "verify-log.py", older + ["--former", restored.key.description])
          #expect((found.status == 0) == (size <= 20 && !forging), "\(size): \(found.answer)")
          #expect(try runTool("verify-log.py", older).status == 3)
        }
      }
    }
  }

  @Test func whatWasLostIsNamed() async throws {
    try await withTemporaryDirectory { directory in
      let log = try await restored(directory)
      let (report, problems) = try verify(log, 30)
      #expect(problems.contains("covers events 21 to 30 of \(log.key.name), which were lost"))
      #expect(problems.contains("event 21 (log.restored) tells"))
      #expect(report.covered == nil && report.formerly.isEmpty)
    }
  }

  @Test func aChangedPartThatWasKeptIsRefused() async throws {
    try await withTemporaryDirectory { directory in
      let log = try await restored(directory, forging: true)
      for size: UInt64 in [10, 20] {
        let (report, problems) = try verify(log, size)
        #expect(problems.contains("history was changed"), "\(problems)")
        #expect(report.covered == nil && report.formerly.isEmpty)
      }
    }
  }

  @Test func aWitnessFollowsWhatHoldsAllThatItHasSeen() async throws {
    try await withTemporaryDirectory { directory in
      let log = try await restored(directory)
      for size: UInt64 in [10, 20, 30] {
        let witness = try seen(size, of: log)
        let before = try witness.newest()
        if size == 30 {
          let error = #expect(throws: EventLogError.self) { try witness.cosign(logIn: log.data) }
          #expect(error?.description.contains("covers events 21 to 30") == true, "\(error as Any)")
          #expect(try witness.newest() == before)
          continue
        }
        let cosigned = try #require(Checkpoint(note: try witness.cosign(logIn: log.data)))
        #expect(cosigned.size == 25 && cosigned.origin != log.key.name)
        // From here on the former log is another one.
        #expect(throws: EventLogError.self) {
          try witness.cosign(logIn: directory + "/data")
        }
        #expect(Checkpoint(note: try witness.cosign(logIn: log.data)) == cosigned)
      }
    }
  }

  @Test func aWitnessRefusesAChangedPartAndOtherLogs() async throws {
    try await withTemporaryDirectory { directory in
      let log = try await restored(directory, forging: true)
      let witness = try seen(10, of: log)
      let error = #expect(throws: EventLogError.self) { try witness.cosign(logIn: log.data) }
      #expect(error?.description.contains("does not continue") == true, "\(error as Any)")

      do {
        let other = try EventLog.open(directory + "/other")
        _ = try await other.append(notes(12))
        other.close()
      }
      let refusal = #expect(throws: EventLogError.self) {
        try witness.cosign(logIn: directory + "/other")
      }
      #expect(refusal?.description.contains("no event log.restored") == true)
    }
  }

  /// A witness that has seen a note of the former log.
  private func seen(_ size: UInt64, of log: Restored) throws -> Witness {
    let witness = try Witness(directory: log.directory + "/witness-\(size)", name: "w.example")
    let former = try #require(log.notes[size])
    _ = try witness.cosign(former, by: log.key) { (first, second) throws(EventLogError) in
      ConsistencyProof(first: first, second: second, hashes: [])
    }
    return witness
  }
}

extension WitnessTests {
  /// A server signs a head for whoever asks before the note lies in its folder: that is no log that was set back.
  @Test func whatWasSeenBeforeItsNoteWasStoredIsNotSetBack() async throws {
    try await withTemporaryDirectory { directory in
      let witness = try Witness(directory: directory + "/w", name: "w.example")
      var seen = ""
      func copy(_ name: String) throws -> String {
        let path = directory + "/" + name
        try Files.makeFolder(path)
        try Files.makeFolder(path + "/log")
        try Files.copy(directory + "/data/log/data.mdb", to: path + "/log/data.mdb")
        return path
      }
      do {
        let log = try EventLog.open(directory + "/data")
        _ = try await log.append(notes(5))
        _ = try await log.append(notes(1))
        let older = try copy("older")
        _ = try await log.append(notes(1))
        seen = try cosign(witness, log)
        let present = try copy("present")
        log.close()
        #expect(try witness.cosign(logIn: present) == seen)
        #expect(throws: EventLogError.self) { try witness.cosign(logIn: older) }
      }
      #expect(try witness.newest() == seen)
      let closed = try witness.cosign(logIn: directory + "/data")
      #expect(Checkpoint(note: closed) == Checkpoint(note: seen))
    }
  }

  /// A witness that has to write to the operator's folder, or to hold its keys, is one that nobody can have.
  @Test func aCopyWithoutKeysIsCosignedAndLeftAsItIs() async throws {
    try await withTemporaryDirectory { directory in
      var newest = ""
      do {
        let log = try EventLog.open(directory + "/data")
        for _ in 0..<3 { _ = try await log.append(notes(300)) }
        newest = try log.checkpoint()
        try await log.backup(to: directory + "/backup")
        log.close()
      }
      try Files.makeFolder(directory + "/copy")
      try Files.makeFolder(directory + "/copy/log")
      try Files.copy(directory + "/data/log/data.mdb", to: directory + "/copy/log/data.mdb")
      let bytes = try Files.read(directory + "/copy/log/data.mdb")
      let witness = try Witness(directory: directory + "/w", name: "w.example")
      for folder in ["/copy", "/backup"] {
        let cosigned = try witness.cosign(logIn: directory + folder)
        #expect(Checkpoint(note: cosigned) == Checkpoint(note: newest))
        #expect(witness.key.time(of: try #require(SignedNote(cosigned))) != nil)
      }
      #expect(try Files.read(directory + "/copy/log/data.mdb") == bytes)
      #expect(!Files.exists(directory + "/copy/signing-key"))
      #expect(throws: EventLogError.absent(directory: directory + "/none")) {
        try witness.cosign(logIn: directory + "/none")
      }
    }
  }
}

extension Restoration {
  /// The event that records it.
  func draft(naming origin: String) -> EventDraft {
    EventDraft(
      stream: "log", type: "log.restored",
      data: [
        "knownRoot": .string(knownRoot), "knownSize": .integer(Int64(knownSize)),
        "origin": .string(origin), "size": .integer(Int64(size)),
      ])
  }
}
