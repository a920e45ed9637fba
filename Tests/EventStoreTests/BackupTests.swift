import Cryptography
import Foundation
import TestSupport
import Testing

@testable import EventStore

private func restored(_ restoration: Restoration) -> Append {
  var append = Append(actor: "system", via: "cli")
  append.events = [
    EventDraft(
      stream: "log", type: "log.restored",
      data: [
        "knownSize": .integer(Int64(restoration.knownSize)),
        "origin": .string(restoration.formerOrigin), "root": .string(restoration.knownRoot),
        "size": .integer(Int64(restoration.size)),
      ])
  ]
  return append
}

/// Restores `backup` and `escrow` of a folder, looks at the log, and lets go of it.
private func restore(
  _ directory: String, escrow: String = "escrow", to target: String, last: String? = nil,
  _ look: (EventLog, Restoration) async throws -> Void = { _, _ in }
) async throws {
  let (log, restoration) = try await EventLog.restore(
    directory + "/backup", escrow: "\(directory)/\(escrow)", to: "\(directory)/\(target)",
    lastCheckpoint: last, recording: restored)
  defer { log.close() }
  try await look(log, restoration)
}

/// A broken disk must cost neither the record nor the promises made to the erased.
@Suite struct BackupTests {
  @Test func aBackupWithItsEscrowBringsEverythingBack() async throws {
    try await withTemporaryDirectory { directory in
      var name: SealedReference
      var file: SealedReference
      var (origin, last) = ("", "")
      do {
        let log = try EventLog.open(directory + "/data")
        let person = try await Registered.append(log, name: "花子")
        (name, file) = (person.name, person.file)
        try await log.backup(to: directory + "/backup")
        try await log.keepEscrow(at: directory + "/escrow")
        (origin, last) = (log.origin, try log.checkpoint())
        log.close()
      }
      #expect(try verifyLog(directory: directory + "/backup").problems.isEmpty)
      #expect(!FileManager.default.fileExists(atPath: directory + "/backup/wrapping-key"))
      let head = try #require(SignedNote(last).flatMap { Checkpoint(text: $0.text) })
      for (note, target) in [(nil, "renamed"), (last, "same")] {
        try await restore(directory, to: target, last: note) { log, restoration in
          #expect(restoration.lost == 0)
          #expect(restoration.knownSize == head.size && restoration.knownRoot == head.root.hex)
          #expect(restoration.keepsName == (note != nil))
          #expect((log.origin == origin) == (note != nil))
          let (text, size) = (
            try log.open(name, purpose: "name"), try log.openDocument(file).count
          )
          #expect(text == Array("花子".utf8) && size == 12_000)
          let last = try log.event(at: log.head)
          #expect((last?.type == "log.restored") == (note == nil))
        }
        #expect(try verifyLog(directory: "\(directory)/\(target)").problems.isEmpty)
      }
    }
  }

  /// A path given twice by mistake must not cost another log what it is restored with.
  @Test func anotherLogsEscrowIsNotWrittenOver() async throws {
    try await withTemporaryDirectory { directory in
      let escrow = directory + "/escrow"
      let (log, other) = (
        try EventLog.open(directory + "/data"), try EventLog.open(directory + "/other")
      )
      try await other.keepEscrow(at: escrow)
      let kept = try Files.read(escrow)
      do {
        try await log.keepEscrow(at: escrow)
        Issue.record("It was written over.")
      } catch {
        for name in [log.origin, other.origin] { #expect("\(error)".contains(name)) }
      }
      #expect(try Files.read(escrow) == kept)
      #expect(try log.escrowPath() == nil)
      try await other.keepEscrow(at: escrow)

      try Files.write(Array("a letter".utf8), to: directory + "/letter")
      await #expect(throws: EventLogError.self) {
        try await log.keepEscrow(at: directory + "/letter")
      }
      #expect(try Files.read(directory + "/letter") == Array("a letter".utf8))
      try await log.keepEscrow(at: directory + "/own")
      log.close()
      other.close()
    }
  }

  /// Who keeps a checkpoint, and is later shown another log under its name and of its size, has no proof left.
  @Test func noSecondHistoryIsSignedUnderOneName() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      _ = try await log.append(notes(7))
      try await log.keepEscrow(at: directory + "/escrow")
      _ = try await log.append(notes(3))
      // Newer than the escrow, older than what was handed out.
      let atBackup = try await log.backup(to: directory + "/backup")
      let kept = try #require(SignedNote(try await log.append(notes(3)).checkpoint))
      let (origin, key) = (log.origin, try #require(VerifierKey(log.publicKey)))
      log.close()

      for (last, lost) in [(nil, 0), (kept.encoded, 3)] as [(String?, UInt64)] {
        try await restore(directory, to: "lost-\(lost)", last: last) { again, restoration in
          #expect(restoration.lost == lost && restoration.size == 10)
          #expect(!restoration.keepsName && restoration.formerOrigin == origin)
          _ = try await again.append(notes(2))
          let other = try #require(SignedNote(try again.checkpoint()))
          let head = try #require(Checkpoint(text: other.text))
          #expect(head.size == 13 && head.origin != origin)
          #expect(!key.verifies(other))
          #expect(other.signatures.allSatisfy { $0.name != origin })
        }
        #expect(try verifyLog(directory: "\(directory)/lost-\(lost)").problems.isEmpty)
      }
      // What is no last checkpoint keeps no name.
      let foreign = kept.encoded.replacingOccurrences(of: origin, with: "senko/other")
      let early = try #require(Escrow(file: try Files.read(directory + "/escrow") ?? [])).checkpoint
      for note in [foreign, early, "no note", String(atBackup.dropLast(40)) + "\n"] {
        await #expect(throws: EventLogError.self) {
          try await restore(directory, to: "refused", last: note)
        }
      }
    }
  }

  /// Without this, one change of the key makes every backup of afterwards worthless.
  @Test func theEscrowFollowsTheSigningKey() async throws {
    try await withTemporaryDirectory { directory in
      let escrow = directory + "/escrow"
      let log = try EventLog.open(directory + "/data")
      _ = try await log.append(notes(5))
      try await log.keepEscrow(at: escrow)
      try FileManager.default.copyItem(atPath: escrow, toPath: directory + "/older")
      try FileManager.default.moveItem(atPath: escrow, toPath: directory + "/away")
      let before = log.publicKey
      await #expect(throws: EventLogError.escrowUnreachable(path: escrow)) {
        try await log.rotateSigningKey { _ in notes(1) }
      }
      #expect(log.publicKey == before)
      #expect(try log.head == 5)
      try FileManager.default.moveItem(atPath: directory + "/away", toPath: escrow)
      _ = try await log.rotateSigningKey { _ in notes(1) }
      try await log.backup(to: directory + "/backup")
      let (last, key) = (try log.checkpoint(), log.publicKey)
      log.close()
      #expect(key != before)

      try await restore(directory, to: "same", last: last) { log, restoration in
        #expect(restoration.keepsName && log.publicKey == key)
      }
      var pinned = VerifyOptions(publicKey: before)
      pinned.everySignature = true
      #expect(try verifyLog(directory: directory + "/same", options: pinned).problems.isEmpty)

      // An escrow of before the change restores too, but signs nothing under the name.
      await #expect(throws: EventLogError.self) {
        try await restore(directory, escrow: "older", to: "refused", last: last)
      }
      try await restore(directory, escrow: "older", to: "renamed")
      #expect(try verifyLog(directory: directory + "/renamed").problems.isEmpty)
    }
  }

  /// A crash after the change was recorded must not leave an escrow with the key of before.
  @Test func aChangeOfTheSigningKeyThatWasCutShortReachesTheEscrow() async throws {
    try await withTemporaryDirectory { directory in
      let (data, escrow) = (directory + "/data", directory + "/escrow")
      let folder = LogFolder(path: data)
      var key = ""
      do {
        let log = try EventLog.open(data)
        _ = try await log.append(notes(5))
        try await log.keepEscrow(at: escrow)
        try FileManager.default.copyItem(atPath: escrow, toPath: directory + "/older")
        let former = try #require(try Files.read(folder.signingKey))
        _ = try await log.rotateSigningKey { _ in notes(1) }
        key = log.publicKey
        log.close()
        // As it stood between the transaction and what follows it, with the escrow out of reach.
        try Files.write(try #require(try Files.read(folder.signingKey)), to: folder.nextSigningKey)
        try Files.write(former, to: folder.signingKey)
        try Files.remove(escrow)
        try Files.makeFolder(escrow)
      }
      do {
        let log = try EventLog.open(data)
        #expect(log.publicKey == key)
        #expect(Files.exists(folder.nextSigningKey))
        _ = try await log.append(notes(1))
        log.close()
        try Files.removeTree(escrow)
        try FileManager.default.copyItem(atPath: directory + "/older", toPath: escrow)
      }
      do {
        let log = try EventLog.open(data)
        #expect(!Files.exists(folder.nextSigningKey))
        let kept = Escrow(file: try Files.read(escrow) ?? [])
        #expect(kept?.signing.verifier.description == key)
        log.close()
      }
    }
  }

  @Test func theErasedStayErasedAndLostEventsAreNamed() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      let (gone, left) = (
        try await Registered.append(log, name: "太郎"), try await Registered.append(log, name: "花子")
      )
      try await log.backup(to: directory + "/backup")
      try await log.keepEscrow(at: directory + "/escrow")
      _ = try await gone.erase(from: log)
      let lost = try #require(SignedNote(try log.checkpoint()))
      let origin = log.origin
      log.close()

      let (again, restoration) = try await EventLog.restore(
        directory + "/backup", escrow: directory + "/escrow", to: directory + "/again",
        recording: restored)
      #expect(restoration.lost == 1 && !restoration.keepsName)
      #expect(restoration.erased == [gone.subject.id])
      #expect(restoration.formerOrigin == origin)
      #expect(again.origin != origin)
      #expect(throws: EventLogError.erased(gone.subject.id)) {
        try again.open(gone.name, purpose: "name")
      }
      #expect(try again.isErased(gone.subject.id))
      #expect(throws: EventLogError.self) { try again.openDocument(gone.file) }
      #expect(try again.open(left.name, purpose: "name") == Array("花子".utf8))
      #expect(try again.event(at: again.head)?.type == "log.restored")
      #expect(again.origin != Checkpoint(text: lost.text)?.origin)
      again.close()
    }
  }

  /// An escrow that no erasure updates any more would bring back who was erased.
  @Test func aSecondEscrowBesideTheFirstIsRefused() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      _ = try await log.append(notes(1))
      try await log.keepEscrow(at: directory + "/escrow")
      try await log.keepEscrow(at: directory + "/escrow")
      await #expect(throws: EventLogError.self) {
        try await log.keepEscrow(at: directory + "/other")
      }
      try FileManager.default.removeItem(atPath: directory + "/escrow")
      try await log.keepEscrow(at: directory + "/other")
      log.close()
    }
  }

  @Test func anErasureWithoutItsEscrowIsRefusedUnlessAskedFor() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      let person = try await Registered.append(log, name: "太郎")
      try await log.keepEscrow(at: directory + "/escrow")
      try FileManager.default.removeItem(atPath: directory + "/escrow")
      await #expect(throws: EventLogError.escrowUnreachable(path: directory + "/escrow")) {
        try await person.erase(from: log)
      }
      #expect(try log.open(person.name, purpose: "name") == Array("太郎".utf8))
      var append = Append(actor: "operator", via: "cli")
      append.events = [note("erased")]
      _ = try await log.erase([person.subject.id], recording: append, withoutEscrow: true)
      #expect(throws: EventLogError.erased(person.subject.id)) {
        try log.open(person.name, purpose: "name")
      }
      log.close()
    }
  }

  /// If this fails, somebody's erasure is answered for while their key still lies in the folder or the escrow.
  @Test(arguments: [true, false]) func anErasureThatWaitsForItsEscrowIsNotDone(
    givingUp: Bool
  ) async throws {
    try await withTemporaryDirectory { directory in
      let (data, escrow) = (directory + "/data", directory + "/escrow")
      let folder = LogFolder(path: data)
      var next: [UInt8] = []
      do {
        let log = try EventLog.open(data)
        let person = try await Registered.append(log, name: "太郎")
        try await log.keepEscrow(at: escrow)
        let former = try #require(try Files.read(folder.wrappingKey))
        _ = try await person.erase(from: log)
        log.close()
        // As it stood between the transaction and what follows it, with the escrow out of reach.
        next = try #require(try Files.read(folder.wrappingKey))
        try Files.write(next, to: folder.nextWrappingKey)
        try Files.write(former, to: folder.wrappingKey)
        try Files.remove(escrow)
        try Files.makeFolder(escrow)
      }
      let log = try EventLog.open(data)
      // Nor does it look like one that was refused, whoever asks for another.
      let waiting = EventLogError.unfinished(
        position: nil, cause: .escrowUnreachable(path: escrow))
      await #expect(throws: waiting) { try await log.finishErasing() }
      await #expect(throws: waiting) { try await log.rotateSigningKey { _ in notes(1) } }
      #expect(Files.exists(folder.nextWrappingKey))
      if givingUp {
        try await log.finishErasing(withoutEscrow: true)
        #expect(try log.escrowPath() == nil)
      } else {
        // The medium is gone: another escrow is the way out.
        try Files.removeTree(escrow)
        try await log.keepEscrow(at: directory + "/another")
        #expect(Escrow(file: try Files.read(directory + "/another") ?? [])?.wrapping.file == next)
      }
      #expect(!Files.exists(folder.nextWrappingKey))
      #expect(try Files.read(folder.wrappingKey) == next)
      try await log.finishErasing()
      log.close()
    }
  }

  @Test func singleRecordsAreTakenFromABackup() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      do {
        let log = try EventLog.open(data)
        _ = try await log.append(notes(40))
        let person = try await Registered.append(log, name: "花子")
        try await log.backup(to: directory + "/backup")
        _ = try await log.append(notes(5))
        log.close()
        try FileManager.default.removeItem(
          atPath: LogFolder(path: data).document(person.file.sealed))
      }
      #expect(try flip("注 7".utf8, bit: 32, inLogOf: data) > 0)
      let report = try verifyLog(directory: data)
      #expect(report.problems.contains { $0.position == 8 })
      #expect(report.problems.contains { $0.position == 41 })
      let repaired = try repairLog(directory: data, from: [directory + "/backup"])
      #expect(repaired.events.contains(8))
      #expect(repaired.values == 1)
      #expect(repaired.unrepaired.isEmpty)
      #expect(try verifyLog(directory: data).problems.isEmpty)
    }
  }

  @Test func whatNoBackupHoldsIsNotInvented() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      do {
        let log = try EventLog.open(data)
        _ = try await log.append(notes(40))
        log.close()
      }
      #expect(try flip("注 7".utf8, bit: 32, inLogOf: data) > 0)
      #expect(try repairLog(directory: data, from: []).unrepaired.count == 1)
      #expect(!(try verifyLog(directory: data).problems.isEmpty))
    }
  }
}
