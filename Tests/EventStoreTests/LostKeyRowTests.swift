import Cryptography
import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// Whose key is lost was not erased: told otherwise, nobody repairs it, and nobody can erase the person any more.
@Suite struct LostKeyRowTests {
  private func lose(_ person: Registered, in log: EventLog) throws {
    try log.environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
      _ = try transaction.delete(person.subject.id.bytes, in: log.tables.keys)
    }
  }

  @Test func aLostKeyIsToldAsDamage() async throws {
    try await withLog { log, _ in
      let person = try await Registered.append(log, name: "花子")
      _ = try await Registered.append(log, name: "太郎二")
      try lose(person, in: log)
      let (id, name) = (person.subject.id, SealedRequest(person.name, purpose: "name"))
      let lost = EventLogError.damaged("The key of subject \(id), whom nobody has erased,")
      #expect(throws: lost) { try log.subject(id) }
      #expect(throws: lost) { try log.open(person.name, purpose: "name") }
      #expect(throws: lost) { try log.open([name, name]) }
      #expect(throws: lost) { try log.openDocument(person.file) }
      #expect(throws: lost) { try log.sealAside([(id, [1])], purpose: "words") }
      await #expect(throws: lost) { try await Registered.append(log, name: "花子") }
      // For a key that opens nothing, nothing is recorded.
      let late = log.seal([1], for: person.subject, purpose: "name")
      var append = Append(actor: "operator", via: "cli")
      append.events = [
        EventDraft(stream: "a:1", type: "a.named", data: ["name": late.reference.json])
      ]
      append.sealed = [late]
      await #expect(throws: lost) { try await log.append(append) }
      #expect(try log.head == 2)
      // Such a request is refused alone.
      #expect(try await log.append(notes(1)).first == 3)
      let stranger = log.makeSubject().id
      #expect(
        throws: EventLogError.damaged("The key of subject \(stranger), whom nobody has erased,")
      ) { try log.subject(stranger) }
    }
  }

  /// What the law demands for one person must not hang on another's row.
  @Test(arguments: [60, 59]) func anothersDamagedKeyHoldsNoErasureUp(size: Int) async throws {
    try await withTemporaryDirectory { directory in
      let (data, escrow) = (directory + "/data", directory + "/escrow")
      let log = try EventLog.open(data)
      defer { log.close() }
      let kept = try await Registered.append(log, name: "花子")
      try await log.keepEscrow(at: escrow)
      let later = try await Registered.append(log, name: "太郎二")
      var others: [Registered] = []
      for name in ["一", "二二", "三三三三"] {
        others.append(try await Registered.append(log, name: name))
      }
      func damage(_ people: [SubjectID]) throws {
        try log.environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
          for id in people {
            try transaction.put(
              [UInt8](repeating: 7, count: size), at: id.bytes, in: log.tables.keys)
          }
        }
      }
      // The escrow has the one's key, and was written before the other was registered.
      try damage([kept.subject.id, later.subject.id])
      for other in others.dropLast() {
        _ = try await other.erase(from: log, named: true)
        #expect(try log.isErased(other.subject.id))
      }
      let last = try #require(others.last)
      #expect(try log.open(last.name, purpose: "name") == Array("三三三三".utf8))
      #expect(try log.open(kept.name, purpose: "name") == Array("花子".utf8))
      let damaged = #expect(throws: EventLogError.self) { try log.subject(later.subject.id) }
      #expect(damaged?.description.hasPrefix("The wrapped key of") == true)
      #expect(try Escrow(at: escrow).keys.count >= 3 * Rewrapping.rowSize)
      // Without the log's own secret, nothing could be recorded any more: it is taken from the escrow, or missed.
      try damage([.store])
      _ = try await later.erase(from: log, named: true)
      #expect(try log.keyring.subject(.store).id == .store)
      try Files.remove(escrow)
      try damage([.store])
      let secret = EventLogError.damaged("The log's own secret")
      await #expect(throws: secret) {
        try await log.erase([last.subject.id], recording: notes(1), withoutEscrow: true)
      }
    }
  }

  @Test func anothersDamagedKeyIsNamedAfterAnErasureToo() async throws {
    try await withTemporaryDirectory { directory in
      do {
        let log = try EventLog.open(directory)
        defer { log.close() }
        let (one, other) = (
          try await Registered.append(log, name: "花子"),
          try await Registered.append(log, name: "太郎二")
        )
        try log.environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
          let row = [UInt8](repeating: 7, count: Rewrapping.wrappedSize)
          try transaction.put(row, at: one.subject.id.bytes, in: log.tables.keys)
        }
        _ = try await other.erase(from: log, named: true)
        _ = try await log.rotateSigningKey { _ in notes(1) }
      }
      let problems = try verifyLog(directory: directory).problems.map(\.description)
      #expect(problems.count == 1 && problems[0].contains("keys of 1 subjects"), "\(problems)")
      let unrepaired = try repairLog(directory: directory, from: []).unrepaired
      #expect(unrepaired.count == 1 && unrepaired[0].contains("keys of 1 people"), "\(unrepaired)")
    }
  }

  @Test func whoseKeyIsLostCanBeErased() async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory)
      defer { log.close() }
      let person = try await Registered.append(log, name: "花子")
      let other = try await Registered.append(log, name: "太郎二")
      try lose(person, in: log)
      _ = try await person.erase(from: log, named: true)
      #expect(throws: EventLogError.erased(person.subject.id)) {
        try log.open(person.name, purpose: "name")
      }
      #expect(!Files.exists(LogFolder(path: directory).document(person.file.sealed)))
      #expect(try log.open(other.name, purpose: "name") == Array("太郎二".utf8))
      await #expect(throws: EventLogError.erased(person.subject.id)) {
        try await person.erase(from: log, named: true)
      }
      log.close()
      let report = try verifyInChild(worker: product("senko-worker"), directory: directory)
      #expect(report.problems.isEmpty, "\(report.problems)")
    }
  }
}
