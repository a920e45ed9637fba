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
