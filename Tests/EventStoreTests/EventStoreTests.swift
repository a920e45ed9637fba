import Cryptography
import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// A new log in a folder that goes away with the test.
func withLog(_ body: (EventLog, String) async throws -> Void) async throws {
  let directory = NSTemporaryDirectory() + "senko-" + UUID().uuidString
  defer { try? FileManager.default.removeItem(atPath: directory) }
  let log = try EventLog.open(directory)
  try await body(log, directory)
  log.close()
}

func note(_ text: String, stream: String = "a:1") -> EventDraft {
  EventDraft(stream: stream, type: "a.noted", data: ["text": .string(text)])
}

@Suite struct AppendTests {
  /// Of a hundred thousand values, whoever is to mend one has to know which.
  @Test func whatCannotBeOpenedIsNamed() async throws {
    try await withLog { log, _ in
      let (one, other) = (
        try await Registered.append(log, name: "花子"), try await Registered.append(log, name: "太郎二")
      )
      func failure(_ person: Registered, _ purpose: String = "name") -> String {
        do {
          _ = try log.open(person.name, purpose: purpose)
          return ""
        } catch { return error.description }
      }
      let name = "The sealed value \(one.name.sealed) is"
      #expect(failure(one, "mail").hasPrefix(name + " not what was recorded"))
      let (sealed, keys) = (log.tables.sealed, log.tables.keys)
      for row in [[7], nil] as [[UInt8]?] {
        try log.environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
          try transaction.delete(one.name.key, in: sealed)
          if let row { try transaction.put(row, at: one.name.key, in: sealed) }
        }
        #expect(failure(one).hasPrefix(name + (row == nil ? " missing" : " not what")))
      }
      try log.environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
        try transaction.put([7], at: one.subject.id.bytes, in: keys)
      }
      #expect(failure(one).hasPrefix("The wrapped key of subject \(one.subject.id) is"))
      _ = try await other.erase(from: log)
      #expect(failure(other).contains("subject \(other.subject.id)"))
    }
  }

  @Test func eventsGetPositionsWithoutGapsAndComeBackAsTheyWere() async throws {
    try await withLog { log, _ in
      var append = Append(actor: "operator", via: "cli")
      append.events = [note("one"), note("two", stream: "a:2")]
      let receipt = try await log.append(append)
      #expect(receipt.first == 1)
      #expect(receipt.last == 2)
      let events = try log.events(from: 1, limit: 10)
      #expect(events.map { $0.data["text"]?.string } == ["one", "two"])
      #expect(try log.lastPosition(ofStream: "a:2") == 2)
      #expect(try log.checkpoint() == receipt.checkpoint)
    }
  }

  @Test func aChangedStreamRefusesTheAppendAlone() async throws {
    try await withLog { log, _ in
      var append = Append(actor: "operator", via: "cli")
      append.events = [note("one")]
      append.expecting = ["a:1": .zero]
      _ = try await log.append(append)
      let error = await #expect(throws: EventLogError.self) { try await log.append(append) }
      #expect(error == .streamChanged(stream: "a:1", expected: 0, actual: 1))
      #expect(try log.head == 1)
    }
  }

  /// Numbers that were given in advance would leave a gap if those behind a refusal were recorded.
  @Test func appendsInOrderEndAtTheFirstThatAddsNothing() async throws {
    try await withLog { log, _ in
      func append(_ stream: String, key: String? = nil) -> Append {
        var append = Append(actor: "operator", via: "cli")
        append.events = [EventDraft(stream: stream, type: "note.added", data: ["text": "x"])]
        append.expecting = [stream: .zero]
        append.idempotency = key.map { Idempotency(key: $0, content: [1], subject: nil) }
        return append
      }
      var results = await log.append(inOrder: [append("a:1", key: "k"), append("a:2")])
      let receipts = results.compactMap { try? $0.get() }
      #expect(receipts.map(\.first) == [1, 2])
      #expect(Set(receipts.map(\.checkpoint)).count == 1)
      results = await log.append(inOrder: [append("a:3"), append("a:2"), append("a:4")])
      #expect(results.count == 2)
      #expect(
        results.last == .failure(.streamChanged(stream: "a:2", expected: .zero, actual: 2)))
      results = await log.append(inOrder: [append("a:9", key: "k"), append("a:5")])
      #expect(results.map { (try? $0.get())?.repeated } == [true])
      var invalid = append("a:7")
      invalid.events = []
      results = await log.append(inOrder: [append("a:6"), invalid, append("a:8")])
      #expect(results.count == 2)
      #expect((try? results.last?.get()) == nil)
      let head = try log.head
      #expect(head == 4)
    }
  }

  @Test func aRepeatedKeyAnswersAsTheFirstTime() async throws {
    try await withLog { log, _ in
      let subject = log.makeSubject()
      var append = Append(actor: "operator", via: "cli")
      append.events = [note("one"), note("two")]
      append.subjects = [subject]
      append.idempotency = Idempotency(key: "k", content: [1, 2], subject: subject.id)
      let first = try await log.append(append)
      var again = append
      again.subjects = [log.makeSubject()]
      again.idempotency?.subject = again.subjects[0].id
      let second = try await log.append(again)
      #expect(second.repeated)
      #expect(second.positions == first.positions)
      again.idempotency?.content = [3]
      await #expect(throws: EventLogError.conflictingContent(position: 1)) {
        try await log.append(again)
      }
      #expect(try log.head == 2)
      #expect(try log.appended(idempotencyKey: "k") == 1)
      #expect(try log.appended(idempotencyKey: "other") == nil)

      var erasure = Append(actor: "operator", via: "cli")
      erasure.events = [note("erased")]
      _ = try await log.erase([subject.id], recording: erasure)
      await #expect(throws: EventLogError.erasedContent(position: 1)) {
        try await log.append(append)
      }
    }
  }

  @Test func manyCallersAreAllAnswered() async throws {
    try await withLog { log, directory in
      try await withThrowingTaskGroup(of: Position.self) { group in
        for index in 0..<200 {
          group.addTask {
            var append = Append(actor: "operator", via: "cli")
            append.events = [note("\(index)", stream: "a:\(index)")]
            return try await log.append(append).first
          }
        }
        var positions: Set<Position> = []
        for try await position in group { positions.insert(position) }
        #expect(positions.count == 200)
      }
      #expect(try log.head == 200)
      log.close()
    }
  }

  /// If each caller had a transaction of its own, the last of many would wait for the disk as many times.
  @Test func allWhoWaitShareOneTransaction() async throws {
    try await withLog { log, _ in
      func commits() throws -> Int { try log.statistics.commits.counts.reduce(0, +) }
      let before = try commits()
      let (held, over) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
      // As long as somebody writes, in whichever process, everybody else waits.
      async let writing: Void = waiting {
        try log.environment.write { (_: inout WriteTransaction) throws(LMDBError) in
          held.signal()
          over.wait()
        }
      }
      try await waiting { held.wait() }
      let (answers, answer) = AsyncStream.makeStream(of: Result<Receipt, EventLogError>?.self)
      for index in 0..<64 {
        var append = Append(actor: "operator", via: "cli")
        append.events = [note("\(index)", stream: "a:\(index)")]
        log.writer.enqueue(PreparedAppends(try PreparedAppend(append, key: nil, content: nil))) {
          answer.yield($0.first)
        }
      }
      over.signal()
      try await writing
      var receipts: [Receipt] = []
      for await result in answers.prefix(64) { receipts.append(try #require(result).get()) }
      #expect(receipts.map(\.first.rawValue).sorted() == Array(1...64))
      #expect(Set(receipts.map(\.checkpoint)).count == 1)
      #expect(try commits() == before + 1)
    }
  }

  @Test func aLogThatIsOpenedAgainGoesOn() async throws {
    let directory = NSTemporaryDirectory() + "senko-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: directory) }
    for round in 1...40 {
      let log = try EventLog.open(directory)
      var append = Append(actor: "operator", via: "cli")
      append.events = (0..<round).map { note("\($0)") }
      let receipt = try await log.append(append)
      #expect(receipt.last.rawValue == UInt64(round * (round + 1) / 2))
      log.close()
    }
    let report = try verifyLog(directory: directory)
    #expect(report.problems.isEmpty)
    #expect(report.events == 820)
    #expect(report.notes > 0)
  }
}

@Suite struct LostLogTests {
  /// Beginning a new log over a lost one would overwrite the only keys that open its backups.
  @Test(arguments: [true, false])
  func keysWithoutALogAreNotOverwritten(empty: Bool) async throws {
    let directory = NSTemporaryDirectory() + "senko-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: directory) }
    do {
      let log = try EventLog.open(directory)
      log.close()
    }
    let file = directory + "/log/data.mdb"
    try FileManager.default.removeItem(atPath: file)
    if empty { #expect(FileManager.default.createFile(atPath: file, contents: nil)) }
    let key = FileManager.default.contents(atPath: directory + "/signing-key")
    #expect(throws: EventLogError.self) { try EventLog.open(directory) }
    #expect(FileManager.default.contents(atPath: directory + "/signing-key") == key)
  }
}

@Suite struct SealingTests {
  @Test func sealedValuesOpenForTheirPurposeOnlyAndNotAfterErasure() async throws {
    try await withLog { log, directory in
      let (subject, survivor) = (log.makeSubject(), log.makeSubject())
      let sealed = log.seal(Array("秘密".utf8), for: subject, purpose: "name")
      let other = log.seal(Array("残る".utf8), for: survivor, purpose: "name")
      let document = log.sealDocument([UInt8](repeating: 7, count: 40_000), for: subject)
      var append = Append(actor: "operator", via: "cli")
      append.events = [
        EventDraft(
          stream: "a:1", type: "a.named",
          data: ["name": sealed.reference.json, "other": other.reference.json]),
        EventDraft(stream: "a:1", type: "a.filed", data: ["file": document.reference.json]),
      ]
      append.subjects = [subject, survivor]
      append.sealed = [sealed, other]
      append.documents = [document]
      _ = try await log.append(append)
      #expect(try log.open(sealed.reference, purpose: "name") == Array("秘密".utf8))
      #expect(throws: EventLogError.self) { try log.open(sealed.reference, purpose: "email") }
      // Several at once are what each is: one person's, two people's, and from a file.
      let name = SealedRequest(sealed.reference, purpose: "name")
      #expect(try log.open([name, name]) == [Array("秘密".utf8), Array("秘密".utf8)])
      #expect(
        try log.open([name, SealedRequest(other.reference, purpose: "name")])
          == [Array("秘密".utf8), Array("残る".utf8)])
      #expect(
        try log.open([
          SealedRequest(document.reference, purpose: EventLog.documentPurpose), name,
        ]).map(\.count) == [40_000, 6])
      #expect(throws: EventLogError.self) {
        try log.open([name, SealedRequest(sealed.reference, purpose: "email")])
      }
      // Whoever has seen enough is shown no more, not even what could not be opened.
      var seen: [Int] = []
      try log.open([name, name, SealedRequest(sealed.reference, purpose: "email")]) { index, _ in
        seen.append(index)
        return index < 1
      }
      #expect(seen == [0, 1])
      #expect(try log.openDocument(document.reference).count == 40_000)

      var erasure = Append(actor: "operator", via: "cli")
      erasure.events = [note("erased")]
      _ = try await log.erase([subject.id], recording: erasure)
      #expect(throws: EventLogError.erased(subject.id)) {
        try log.open(sealed.reference, purpose: "name")
      }
      #expect(throws: EventLogError.erased(subject.id)) { try log.open([name, name]) }
      #expect(throws: EventLogError.self) { try log.openDocument(document.reference) }
      #expect(try log.open(other.reference, purpose: "name") == Array("残る".utf8))
      let left = FileManager.default.enumerator(atPath: directory + "/documents")
      #expect((left?.allObjects as? [String])?.contains { $0.count > 3 } == false)
      log.close()
    }
  }

  @Test func theReferenceInAnEventReadsBack() {
    let reference = SealedReference(
      subject: SubjectID(unchecked: [UInt8](repeating: 3, count: 16)),
      sealed: SHA256.hash([1]), commitment: SHA256.hash([2]), place: .file)
    #expect(SealedReference(reference.json) == reference)
  }
}
