import Cryptography
import Foundation
import LMDB
import Synchronization
import TestSupport
import Testing

@testable import EventStore

/// What callers rely on without asking.
@Suite struct PromiseTests {
  @Test func aClockThatGoesBackReordersNothing() async throws {
    try await withTemporaryDirectory { directory in
      let time = Mutex<Int64>(1_795_406_400_000)
      let clock = WallClock { Timestamp(milliseconds: time.withLock { $0 }) }
      let log = try EventLog.open(directory + "/data", clock: clock)
      _ = try await log.append(notes(1))
      time.withLock { $0 -= 86_400_000 }
      _ = try await log.append(notes(1))
      let events = try log.events(from: 1, limit: 9)
      #expect(events[1].at == events[0].at)
      #expect(events[1].clock < events[0].clock)
      let latest = try log.position(at: events[0].at)
      #expect(latest == 2)
      log.close()
    }
  }

  @Test func aBadRequestFailsAloneAmongOthers() async throws {
    try await withLog { log, _ in
      var bad: [Append] = []
      for draft in [
        EventDraft(stream: "", type: "a", data: [:]),
        EventDraft(stream: String(repeating: "s", count: 600), type: "a", data: [:]),
        EventDraft(stream: "a:1", type: "a\"b", data: [:]),
        EventDraft(stream: "a:1", type: "a", data: ["n": .integer(1 << 53)]),
        EventDraft(stream: "a:1", type: "a", data: ["é": 1]),
        EventDraft(stream: "a:1", type: "a", data: .string("x")),
        EventDraft(stream: "a:1", type: "a", data: [:], happened: "yesterday"),
        EventDraft(stream: "a:1", type: "a", data: [:], cause: .position(9_999)),
        EventDraft(stream: "a:1", type: "a", data: [:], cause: .draft(0)),
        EventDraft(
          stream: "a:1", type: "a", data: ["x": .string(String(repeating: "x", count: 70_000))]),
      ] {
        var append = Append(actor: "operator", via: "cli")
        append.events = [draft]
        bad.append(append)
      }
      // What LMDB itself would refuse, and then nobody would know what became of the others.
      for stream in ["", String(repeating: "s", count: 600)] {
        var append = notes(1)
        append.expecting = [stream: .zero]
        bad.append(append)
      }
      let outcomes = await withTaskGroup(of: Bool?.self) { group in
        for append in bad {
          group.addTask {
            do { _ = try await log.append(append) } catch EventLogError.invalid {
              return false
            } catch {
              return nil
            }
            return true
          }
          group.addTask { (try? await log.append(notes(1))) != nil }
        }
        return await group.reduce(into: [Bool?]()) { $0.append($1) }
      }
      #expect(outcomes.filter { $0 == false }.count == bad.count)
      #expect(outcomes.filter { $0 == true }.count == bad.count)
      let head = try log.head
      #expect(head.rawValue == UInt64(bad.count))
    }
  }

  @Test func nothingIsRecordedForSomebodyErasedMeanwhile() async throws {
    try await withLog { log, _ in
      let person = try await Registered.append(log, name: "太郎")
      // Sealed while the key was there, appended when it is gone.
      let late = log.seal([1], for: person.subject, purpose: "name")
      _ = try await person.erase(from: log)
      var append = Append(actor: "operator", via: "cli")
      append.events = [
        EventDraft(stream: "a:1", type: "a.named", data: ["name": late.reference.json])
      ]
      append.sealed = [late]
      await #expect(throws: EventLogError.erased(person.subject.id)) {
        try await log.append(append)
      }
      #expect(try log.head == 2)
    }
  }

  /// A destroyed key does not come back with whoever has held it meanwhile.
  @Test func nobodyBringsAnErasedKeyBack() async throws {
    try await withLog { log, _ in
      let person = try await Registered.append(log, name: "太郎")
      _ = try await person.erase(from: log)
      var append = notes(1)
      append.subjects = [person.subject]
      await #expect(throws: EventLogError.erased(person.subject.id)) {
        try await log.append(append)
      }
      #expect(throws: EventLogError.erased(person.subject.id)) {
        try log.subject(person.subject.id)
      }
    }
  }

  /// Under sixteen zeros lies the log's own secret, without which nothing can be recorded.
  @Test func theLogsOwnSecretIsNobodysToErase() async throws {
    try await withLog { log, directory in
      let zeros = try #require(SubjectID([UInt8](repeating: 0, count: 16)))
      for _ in 0..<2 {
        do {
          _ = try await log.erase([zeros], recording: notes(1))
          Issue.record("the log's secret was erased")
        } catch EventLogError.invalid {
        }
      }
      #expect(throws: EventLogError.self) { try log.subject(zeros) }
      _ = try await log.append(notes(1))
      let report = try verifyInChild(worker: product("senko-worker"), directory: directory)
      #expect(report.problems.isEmpty)
    }
  }

  /// Whoever waits for the lock takes no thread that the one who has it needs.
  @Test func manyWhoWaitForTheErasureLockHoldNobodyUp() async throws {
    try await withLog { log, _ in
      let held = try FileLock(log.folder.erasureLock, exclusive: true, waiting: false)
      let waiters = (0..<100).map { _ in Task { try await log.requireEscrow() } }
      while log.erasures.waiting < 99 { try await Task.sleep(for: .milliseconds(1)) }
      // Its file is written and synced on the threads for what waits.
      _ = try await Registered.append(log, name: "花子")
      #expect(log.erasures.waiting == 99)
      held.release()
      for waiter in waiters { try await waiter.value }
      #expect(log.erasures.waiting == 0)
    }
  }

  /// Files are written ahead of the events that name them.
  @Test func whatIsNotRecordedLeavesNoFile() async throws {
    try await withLog { log, _ in
      func files() throws -> Int {
        try Files.names(in: log.folder.documents).reduce(0) {
          try $0 + Files.names(in: log.folder.documents + "/" + $1).count { Digest(hex: $0) != nil }
        }
      }
      func append(_ content: UInt8, expecting: [String: Position]) -> Append {
        let subject = log.makeSubject()
        let document = log.sealDocument([1, 2, 3], for: subject)
        var append = Append(actor: "operator", via: "cli")
        append.events = [
          EventDraft(stream: "a:1", type: "a.named", data: ["file": document.reference.json])
        ]
        append.expecting = expecting
        append.subjects = [subject]
        append.documents = [document]
        append.idempotency = Idempotency(key: "1", content: [content], subject: .store)
        return append
      }
      _ = try await log.append(append(1, expecting: ["a:1": .zero]))
      #expect(try files() == 1)
      // Said again, said otherwise, and decided on what has changed since.
      #expect(try await log.append(append(1, expecting: [:])).repeated)
      await #expect(throws: EventLogError.conflictingContent(position: 1)) {
        try await log.append(append(2, expecting: [:]))
      }
      var late = append(3, expecting: ["a:1": .zero])
      late.idempotency?.key = "2"
      for refused in [late, append(4, expecting: [:])] {
        let results = await log.append(inOrder: [refused, notes(1)])
        #expect(results.count == 1 && (try? results[0].get()) == nil)
      }
      #expect(try files() == 1)
    }
  }

  @Test func nothingIsAskedForUnderNoName() async throws {
    try await withLog { log, _ in
      _ = try await log.append(notes(3))
      #expect(try log.lastPosition(ofStream: "") == .zero)
      #expect(try log.events(from: 1, limit: 0).isEmpty)
      #expect(try log.events(from: 1, limit: 2).map(\.position) == [1, 2])
    }
  }

  @Test func everySubscriberSeesEveryEventOnce() async throws {
    try await withLog { log, _ in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask { for _ in 0..<50 { _ = try await log.append(notes(3)) } }
        }
        for _ in 0..<3 {
          group.addTask {
            var last: Position = 0
            while last < 600 {
              let head = try await log.waitForEvents(after: last, timeout: .seconds(10))
              for event in try log.events(from: last.next, through: head, limit: 50) {
                #expect(event.position == last.next)
                last = event.position
              }
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test func afterAnErasureNoFileHoldsTheKeyOrTheText() async throws {
    try await withTemporaryDirectory { directory in
      let marker = "識別マーカー-7f3a"
      let log = try EventLog.open(directory + "/data")
      let person = try await Registered.append(log, name: marker)
      _ = try await Registered.append(log, name: "残る人")
      try await log.keepEscrow(at: directory + "/escrow")
      try await log.backup(to: directory + "/backup")
      let wrapping = try Data(contentsOf: URL(fileURLWithPath: directory + "/data/wrapping-key"))
      let old = String(decoding: wrapping, as: UTF8.self).split(separator: "\n")[2]
      _ = try await person.erase(from: log)
      try log.environment.read { (transaction) throws(LMDBError) in
        #expect(try transaction.value(at: person.name.key, in: log.tables.sealed) == nil)
        #expect(try transaction.value(at: person.file.key, in: log.tables.documents) == nil)
      }
      log.close()
      let secrets = [
        Data(marker.utf8), Data(person.subject.key.bytes), Data(old.utf8),
        Data(hexadecimal(person.subject.key.bytes).utf8),
      ]
      let files = try #require(FileManager.default.enumerator(atPath: directory))
      var seen = 0
      for case let name as String in files {
        guard let bytes = FileManager.default.contents(atPath: directory + "/" + name) else {
          continue
        }
        seen += 1
        for (index, secret) in secrets.enumerated() {
          #expect(bytes.range(of: secret) == nil, "\(name) holds secret \(index)")
        }
      }
      #expect(seen > 8)
    }
  }

  /// If this fails, what a failing disk has not taken is answered for out of the system's memory, and a power cut loses it.
  @Test func whatIsRepeatedAfterAFailureIsAnsweredBehindACommit() async throws {
    try await withLog { log, _ in
      var append = notes(2)
      append.idempotency = Idempotency(key: "1", content: [1], subject: nil)
      let receipt = try await log.append(append)
      // As after a failed commit, nobody knows what is on the disk.
      let wrong = WrappingKey(generation: 99, key: .random(using: .system))
      let error = await #expect(throws: EventLogError.self) {
        try await log.perform(notes(1), erasing: .init(subjects: [], next: wrong))
      }
      guard case .storage = error else { throw try #require(error) }
      let before = try log.environment.info.lastTransaction
      let again = try await log.append(append)
      #expect(again.repeated && again.last == receipt.last)
      #expect(try log.environment.info.lastTransaction == before + 1)
    }
  }
}
