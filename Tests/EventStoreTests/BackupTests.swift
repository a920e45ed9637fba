import Cryptography
import Foundation
import TestSupport
import Testing

@testable import EventStore

/// A person with a sealed name and a file, and the append that records both.
struct Registered {
  let subject: Subject
  let name: SealedReference
  let file: SealedReference

  static func append(_ log: EventLog, name: String) async throws -> Registered {
    let subject = log.makeSubject()
    let sealed = log.seal(Array(name.utf8), for: subject, purpose: "name")
    let document = log.sealDocument(
      Array(String(repeating: name, count: 2000).utf8), for: subject)
    var append = Append(actor: "operator", via: "cli")
    append.events = [
      EventDraft(
        stream: "a:\(name.utf8.count)", type: "a.named",
        data: ["file": document.reference.json, "name": sealed.reference.json])
    ]
    append.subjects = [subject]
    append.sealed = [sealed]
    append.documents = [document]
    append.idempotency = Idempotency(
      key: "register \(name)", content: Array(name.utf8), subject: subject.id)
    _ = try await log.append(append)
    return Registered(
      subject: subject, name: sealed.reference, file: document.reference)
  }

  func erase(from log: EventLog) async throws -> Receipt {
    var append = Append(actor: "operator", via: "cli")
    append.events = [note("erased")]
    return try await log.erase([subject.id], recording: append)
  }
}

private func restored(_ restoration: Restoration) -> Append {
  var append = Append(actor: "system", via: "cli")
  append.events = [
    EventDraft(
      stream: "log", type: "log.restored",
      data: [
        "knownSize": .integer(Int64(restoration.knownSize)),
        "origin": .string(restoration.formerOrigin), "root": .string(restoration.knownRoot),
      ])
  ]
  return append
}

/// A broken disk must cost neither the record nor the promises made to the erased.
@Suite struct BackupTests {
  @Test func aBackupWithItsEscrowBringsEverythingBack() async throws {
    try await withTemporaryDirectory { directory in
      var name: SealedReference
      var file: SealedReference
      var origin = ""
      do {
        let log = try EventLog.open(directory + "/data")
        let person = try await Registered.append(log, name: "花子")
        (name, file) = (person.name, person.file)
        try await log.backup(to: directory + "/backup")
        try await log.keepEscrow(at: directory + "/escrow")
        origin = log.origin
        log.close()
      }
      #expect(try verifyLog(directory: directory + "/backup").problems.isEmpty)
      #expect(!FileManager.default.fileExists(atPath: directory + "/backup/wrapping-key"))
      let (log, restoration) = try await EventLog.restore(
        directory + "/backup", escrow: directory + "/escrow", to: directory + "/again",
        recording: restored)
      #expect(!restoration.isBehind)
      #expect(log.origin == origin)
      #expect(try log.open(name, purpose: "name") == Array("花子".utf8))
      #expect(try log.openDocument(file).count == 12_000)
      log.close()
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
      #expect(restoration.isBehind)
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
