import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// Whoever asks for an erasure must know what became of it: refused with nothing changed, done, or recorded and waiting.
@Suite struct ErasureOutcomeTests {
  /// If this fails, one refused command lets every later erasure pass the escrow, and asks nobody.
  @Test func anEscrowIsGivenUpOnlyByAnErasure() async throws {
    try await withTemporaryDirectory { directory in
      let escrow = directory + "/escrow"
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      let gone = try await Registered.append(log, name: "太郎")
      let next = try await Registered.append(log, name: "花子")
      try await log.keepEscrow(at: escrow)
      _ = try await gone.erase(from: log)
      try Files.remove(escrow)
      func erase(_ person: Registered, expecting: [String: Position] = [:]) async throws {
        var append = notes(1)
        append.expecting = expecting
        _ = try await log.erase([person.subject.id], recording: append, withoutEscrow: true)
      }
      let head = try log.head
      await #expect(throws: EventLogError.erased(gone.subject.id)) { try await erase(gone) }
      await #expect(throws: EventLogError.self) {
        try await erase(next, expecting: ["a:0": 1])
      }
      #expect(try log.head == head && log.escrowPath() == escrow)
      #expect(!Files.exists(log.folder.nextWrappingKey))
      await #expect(throws: EventLogError.escrowUnreachable(path: escrow)) {
        try await next.erase(from: log)
      }
      try await erase(next)
      #expect(try log.escrowPath() == nil && log.keptEscrow().keeper == nil)
      #expect(try log.isErased(next.subject.id))
      let report = try verifyInChild(
        worker: product("senko-worker"), directory: directory + "/data")
      #expect(report.problems.isEmpty, "\(report.problems)")
    }
  }

  /// If this fails, whoever was not answered because of a failing disk never gets the receipt.
  @Test func anErasureIsRepeatedUnderItsKey() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      let person = try await Registered.append(log, name: "太郎")
      let left = try await Registered.append(log, name: "花子")
      var append = notes(2)
      append.idempotency = Idempotency(key: "erase 1", content: [1], subject: nil)
      let receipt = try await log.erase([person.subject.id], recording: append)
      let again = try await log.erase([person.subject.id], recording: append)
      #expect(again.repeated && again.first == receipt.first && again.last == receipt.last)
      append.idempotency?.content = [2]
      await #expect(throws: EventLogError.conflictingContent(position: receipt.first)) {
        try await log.erase([left.subject.id], recording: append)
      }
      append.idempotency?.key = "erase 2"
      await #expect(throws: EventLogError.erased(person.subject.id)) {
        try await log.erase([left.subject.id, person.subject.id], recording: append)
      }
      #expect(try log.open(left.name, purpose: "name") == Array("花子".utf8))
      #expect(try log.head == receipt.last)
      #expect(!Files.exists(log.folder.nextWrappingKey))
    }
  }

  /// What the step after the recording would refuse is refused before it.
  @Test func aLinkInTheEscrowsPlaceIsFoundBeforeAnythingIsRecorded() async throws {
    try await withTemporaryDirectory { directory in
      let (escrow, away) = (directory + "/escrow", directory + "/away")
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      let person = try await Registered.append(log, name: "太郎")
      try await log.keepEscrow(at: escrow)
      try FileManager.default.moveItem(atPath: escrow, toPath: away)
      try FileManager.default.createSymbolicLink(atPath: escrow, withDestinationPath: away)
      let head = try log.head
      let unreachable = EventLogError.escrowUnreachable(path: escrow)
      await #expect(throws: unreachable) { try await person.erase(from: log) }
      await #expect(throws: unreachable) { try await log.rotateSigningKey { _ in notes(1) } }
      #expect(try log.head == head)
      #expect(try log.open(person.name, purpose: "name") == Array("太郎".utf8))
    }
  }

  /// If this fails, whoever asked takes what is recorded for refused, and tells the person so.
  @Test func whatIsRecordedAndWaitsIsSaidToBe() async throws {
    try await withTemporaryDirectory { directory in
      let escrow = directory + "/escrow"
      let log = try EventLog.open(directory + "/data")
      defer { log.close() }
      let person = try await Registered.append(log, name: "太郎")
      try await log.keepEscrow(at: escrow)
      let unreachable = EventLogError.escrowUnreachable(path: escrow)
      let rotated = try log.head.next
      // Between the look at the escrow and its writing, somebody takes the medium out.
      let changed = EventLogError.unfinished(position: rotated, cause: unreachable)
      await #expect(throws: changed) {
        try await log.rotateSigningKey { _ in
          try? Files.remove(escrow)
          try? Files.makeFolder(escrow)
          return notes(1)
        }
      }
      #expect(try log.head == rotated)
      #expect(changed.description.contains("Event \(rotated) records"))
      #expect(changed.description.contains(unreachable.description))
      try Files.removeTree(escrow)
      try await log.keepEscrow(at: escrow)
      #expect(try Escrow(at: escrow).signing.verifier.description == log.publicKey)
      _ = try await person.erase(from: log)
    }
  }

  /// Nothing is signed over an end that nobody vouches for, by the escrow no more than by the log.
  @Test func anInterruptedErasureIsFinishedOnlyOverAnEndThatIsVouchedFor() async throws {
    try await withTemporaryDirectory { directory in
      let (data, escrow) = (directory + "/data", directory + "/escrow")
      let folder = LogFolder(path: data)
      do {
        let log = try EventLog.open(data)
        let person = try await Registered.append(log, name: "太郎")
        try await log.keepEscrow(at: escrow)
        let former = try #require(try Files.read(folder.wrappingKey))
        _ = try await person.erase(from: log)
        log.close()
        // As it stood between the transaction and what follows it.
        let next = try #require(try Files.read(folder.wrappingKey))
        try Files.write(next, to: folder.nextWrappingKey)
        try Files.write(former, to: folder.wrappingKey)
      }
      try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
        try tables.put(HeadRow(seal: [UInt8](repeating: 7, count: 32)), &transaction)
        try transaction.clear(tables.checkpoints)
      }
      let file = try Files.read(escrow)
      let error = #expect(throws: EventLogError.self) { try EventLog.open(data, create: false) }
      #expect(error?.description.contains("Nothing vouches for the end") == true)
      #expect(try Files.read(escrow) == file)
      #expect(Files.exists(folder.nextWrappingKey))
    }
  }
}
