import EventStore
import TestSupport
import Testing

/// What an application asks of a log: whatever keeps the events must pass this, another backend as well.
///
/// So nothing is used here that is not public, and nothing is said of files or tables; `withBackend` alone knows what
/// keeps them.
@Suite struct BackendTests {
  private func withBackend(_ body: (EventLog) async throws -> Void) async throws {
    try await withTemporaryDirectory { directory in
      let log = try EventLog.open(directory)
      defer { log.close() }
      try await body(log)
    }
  }

  private func append(_ texts: [String], to stream: String = "a:1") -> Append {
    var append = Append(actor: "user:2", via: "test")
    append.events = texts.map {
      EventDraft(stream: stream, type: "note.made", data: ["text": .string($0)])
    }
    return append
  }

  private func texts(_ events: [Event]) -> [String] {
    events.compactMap { $0.data["text"]?.string }
  }

  @Test func aBatchIsThereWholeInItsOrder() async throws {
    try await withBackend { log in
      let receipt = try await log.append(append(["一", "two\n\"\\"]))
      #expect(receipt.positions == [1, 2] && !receipt.repeated)
      #expect(try log.head == 2)
      let events = try log.events(from: 1)
      #expect(texts(events) == ["一", "two\n\"\\"])
      #expect(events.map(\.position) == [1, 2])
      #expect(events.allSatisfy { $0.actor == "user:2" && $0.via == "test" && $0.at == receipt.at })
      #expect(try log.event(at: 2)?.bytes == events[1].bytes)
      #expect(try log.event(at: 3) == nil)

      // One that cannot be recorded takes the others of its batch with it.
      var bad = append(["three", "four"])
      bad.events[1].stream = ""
      await #expect(throws: EventLogError.self) { try await log.append(bad) }
      #expect(try log.head == 2)
    }
  }

  @Test func aRangeIsReadInPieces() async throws {
    try await withBackend { log in
      let all = (1...20).map { "\($0)" }
      _ = try await log.append(append(all))
      #expect(texts(try log.events(from: 5, through: 9, limit: 50)) == Array(all[4...8]))
      #expect(texts(try log.events(from: 18, limit: 2)) == ["18", "19"])
      #expect(try log.events(from: 21).isEmpty)
      var read: [Position] = []
      try log.forEach(from: 3, through: 6) { position, _ in
        read.append(position)
        return true
      }
      #expect(read == [3, 4, 5, 6])
      #expect(try await log.waitForEvents(after: 19, timeout: .seconds(60)) == 20)
    }
  }

  @Test func whatWasDecidedOnAnOlderStateIsRefused() async throws {
    try await withBackend { log in
      var first = append(["one"])
      first.expecting = ["a:1": .zero, "b:1": .zero]
      _ = try await log.append(first)
      await #expect(
        throws: EventLogError.streamChanged(stream: "a:1", expected: .zero, actual: 1)
      ) { try await log.append(first) }
      #expect(try log.lastPosition(ofStream: "a:1") == 1)
      #expect(try log.lastPosition(ofStream: "b:1") == .zero)
      var second = append(["two"])
      second.expecting = ["a:1": 1]
      #expect(try await log.append(second).first == 2)
    }
  }

  @Test func aCommandIsRecordedOnce() async throws {
    try await withBackend { log in
      var command = append(["one", "two"])
      command.idempotency = Idempotency(key: "k", content: [1], subject: nil)
      let first = try await log.append(command)
      let again = try await log.append(command)
      #expect(again.repeated && again.positions == first.positions)
      command.idempotency?.content = [2]
      await #expect(throws: EventLogError.conflictingContent(position: 1)) {
        try await log.append(command)
      }
      #expect(try log.appended(idempotencyKey: "k") == 1)
      #expect(try log.appended(idempotencyKey: "other") == nil)
      #expect(try log.head == 2)
    }
  }

  @Test func aSealedValueIsThereUntilItsPersonIsErased() async throws {
    try await withBackend { log in
      let (person, other) = (log.makeSubject(), log.makeSubject())
      let (name, kept) = (
        log.seal(Array("花子".utf8), for: person, purpose: "name"),
        log.seal(Array("太郎".utf8), for: other, purpose: "name")
      )
      let file = log.sealDocument([UInt8](repeating: 7, count: 100_000), for: person)
      var append = Append(actor: "user:2", via: "test")
      append.events = [
        EventDraft(
          stream: "a:1", type: "person.named",
          data: [
            "file": file.reference.json, "name": name.reference.json,
            "other": kept.reference.json,
          ])
      ]
      append.subjects = [person, other]
      append.sealed = [name, kept]
      append.documents = [file]
      append.idempotency = Idempotency(key: "k", content: [1], subject: person.id)
      _ = try await log.append(append)
      #expect(try log.open(name.reference, purpose: "name") == Array("花子".utf8))
      #expect(throws: EventLogError.self) { try log.open(name.reference, purpose: "mail") }
      #expect(try log.openDocument(file.reference).count == 100_000)

      let (root, generation) = (try log.root(size: 1), try log.generation)
      var erasure = Append(actor: "user:2", via: "test")
      erasure.events = [
        EventDraft(
          stream: "a:1", type: "person.erased", data: ["subject": .string(person.id.hex)])
      ]
      _ = try await log.erase([person.id], recording: erasure)
      #expect(try log.isErased(person.id) && !log.isErased(other.id))
      #expect(throws: EventLogError.erased(person.id)) {
        try log.open(name.reference, purpose: "name")
      }
      #expect(throws: EventLogError.erased(person.id)) { try log.openDocument(file.reference) }
      await #expect(throws: EventLogError.erasedContent(position: 1)) {
        try await log.append(append)
      }
      #expect(try log.open(kept.reference, purpose: "name") == Array("太郎".utf8))
      // What was recorded of them stays provable.
      #expect(try log.root(size: 1) == root && log.generation > generation)
    }
  }

  @Test func everyAnswerIsUnderASignedHeadThatOnlyGrows() async throws {
    try await withBackend { log in
      let key = try #require(VerifierKey(log.publicKey))
      var heads: [Checkpoint] = []
      for count in [1, 2, 5, 300] {
        let receipt = try await log.append(append((0..<count).map { "\($0)" }))
        let note = try #require(SignedNote(receipt.checkpoint))
        #expect(key.verifies(note))
        heads.append(try #require(Checkpoint(note: receipt.checkpoint)))
        #expect(heads.last?.size == receipt.last.rawValue)
        #expect(try log.checkpoint() == receipt.checkpoint)
      }
      for (index, newer) in heads.enumerated() {
        for older in heads[...index] {
          let proof = try log.consistency(from: older.size, to: newer.size)
          #expect(proof.verifies(older: older, newer: newer))
        }
      }
      for position: Position in [1, 3, 8, 308] {
        let event = try #require(try log.event(at: position)).bytes
        let proof = try #require(TransparencyProof(try log.proof(of: position).text))
        #expect(proof.verifies(event, key: key) && !proof.verifies(event + [0x20], key: key))
      }
    }
  }
}
