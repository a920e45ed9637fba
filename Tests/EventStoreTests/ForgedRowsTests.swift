import Cryptography
import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// Whoever can write to the log's file can put rows into its tables: they must end no program, take nothing from the
/// living, and be found.
@Suite struct ForgedRowsTests {
  /// A log with one who lives at event 4, and one who was erased by event 6.
  private func make(
    _ data: String, backup: String? = nil
  ) async throws -> (living: Registered, erased: Registered) {
    let log = try EventLog.open(data)
    defer { log.close() }
    _ = try await log.append(notes(3))
    let living = try await Registered.append(log, name: "花子")
    let erased = try await Registered.append(log, name: "太郎")
    var erasure = Append(actor: "operator", via: "cli")
    erasure.events = [
      EventDraft(
        stream: "a:1", type: "a.erased", data: ["subject": .string(erased.subject.id.hex)])
    ]
    _ = try await log.erase([erased.subject.id], recording: erasure)
    _ = try await log.append(notes(1))
    if let backup { try await log.backup(to: backup) }
    return (living, erased)
  }

  private func problems(_ data: String) -> [String] {
    do { return try verifyLog(directory: data).problems.map(\.description) } catch {
      return ["\(error)"]
    }
  }

  private func change(
    _ directory: String, _ body: (inout WriteTransaction, LogTables) throws(LMDBError) -> Void
  ) throws { try RepairTests.change(directory, body) }

  /// A clock that stands still, or is set back, gives two erasures one time.
  @Test func anErasureIsPutBackWhereItsOwnEventStands() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      var erased: [(subject: SubjectID, position: Position)] = []
      do {
        let clock = WallClock { Timestamp(milliseconds: 1_800_000_000_000) }
        let log = try EventLog.open(data, clock: clock)
        defer { log.close() }
        for name in ["花子", "太郎"] {
          let subject = try await Registered.append(log, name: name).subject.id
          var erasure = Append(actor: "operator", via: "cli")
          erasure.events = [
            EventDraft(stream: "a:1", type: "a.erased", data: ["subject": .string(subject.hex)])
          ]
          let receipt = try await log.erase([subject], recording: erasure)
          erased.append((subject, receipt.last))
          _ = try await log.append(notes(1))
        }
        try await log.backup(to: directory + "/backup")
      }
      try change(data) { (transaction, tables) throws(LMDBError) in
        for (subject, _) in erased { try transaction.delete(subject.bytes, in: tables.erased) }
      }
      #expect(!problems(data).isEmpty)
      _ = try repairLog(directory: data, from: [directory + "/backup"])
      #expect(problems(data).isEmpty)
      try change(data) { (transaction, tables) throws(LMDBError) in
        for (subject, position) in erased {
          let row = try transaction.value(at: subject.bytes, in: tables.erased)
          #expect(row == position.key)
        }
      }
    }
  }

  @Test func aGenerationOfZeroIsSaidToBeWrong() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      _ = try await make(data)
      try change(data) { (transaction, tables) throws(LMDBError) in
        try transaction.put(bigEndian(0), at: MetaKey.generation, in: tables.meta)
      }
      #expect(!problems(data).isEmpty)
    }
  }

  /// What an older version has remembered of a command carries no sum of its own.
  @Test func anOlderRowThatTellsOfNoAppendIsRefusedAlone() async throws {
    try await withLog { log, _ in
      _ = try await log.append(notes(3))
      var append = notes(1)
      append.idempotency = Idempotency(key: "old", content: [1], subject: .store)
      let key = try log.keyring.hash(key: "old")
      for (first, last) in [(1, UInt64.max), (3, 2)] as [(UInt64, UInt64)] {
        try log.environment.write { (transaction: inout WriteTransaction) throws(LMDBError) in
          let row = bigEndian(first) + bigEndian(last) + SubjectID.store.bytes
          try transaction.put(row, at: key.bytes, in: log.tables.idempotency)
        }
        await #expect(throws: CommandRow.damaged) { try await log.append(append) }
      }
      _ = try await log.append(notes(1))
    }
  }

  /// Of several who are erased at once, each holds the last event of all.
  @Test func noneOfSeveralErasuresIsMovedWithinItsAppend() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      var subjects: [SubjectID] = []
      do {
        let log = try EventLog.open(data)
        defer { log.close() }
        for name in ["花", "花子", "花子様"] {
          subjects.append(try await Registered.append(log, name: name).subject.id)
        }
        var erasure = Append(actor: "operator", via: "cli")
        erasure.events = subjects.map {
          EventDraft(stream: "a:1", type: "a.erased", data: ["subject": .string($0.hex)])
        }
        #expect(try await log.erase(subjects, recording: erasure).last == 6)
      }
      #expect(problems(data).isEmpty, "\(problems(data))")
      for index in subjects.indices {
        for position: UInt64 in [0, 4, 5] {
          try change(data) { (transaction, tables) throws(LMDBError) in
            try transaction.put(
              bigEndian(position), at: subjects[index].bytes, in: tables.erased)
          }
          let found = problems(data)
          #expect(found.contains { $0.contains("'erased'") }, "\(index) at \(position): \(found)")
          #expect(try repairLog(directory: data, from: []).unrepaired.isEmpty)
          #expect(problems(data).isEmpty, "\(index) at \(position): \(problems(data))")
        }
      }
    }
  }

  /// An application may record something else between two that it erases at once.
  @Test(arguments: [[], [0], [1], [0, 1]])
  func erasuresThatDoNotAdjoinAreOfOneAppend(lost: [Int]) async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      var subjects: [SubjectID] = []
      do {
        let log = try EventLog.open(data)
        defer { log.close() }
        for name in ["花", "花子"] {
          subjects.append(try await Registered.append(log, name: name).subject.id)
        }
        var erasure = Append(actor: "operator", via: "cli")
        erasure.events = subjects.flatMap { subject in
          [
            EventDraft(stream: "a:1", type: "a.noted", data: [:]),
            EventDraft(stream: "a:1", type: "a.erased", data: ["subject": .string(subject.hex)]),
          ]
        }
        #expect(try await log.erase(subjects, recording: erasure).last == 6)
      }
      try change(data) { (transaction, tables) throws(LMDBError) in
        for index in lost { try transaction.delete(subjects[index].bytes, in: tables.erased) }
      }
      #expect(try repairLog(directory: data, from: []).unrepaired.isEmpty)
      #expect(problems(data).isEmpty, "\(problems(data))")
      try change(data) { (transaction, tables) throws(LMDBError) in
        for subject in subjects {
          let row = try transaction.value(at: subject.bytes, in: tables.erased)
          #expect(row == bigEndian(6))
        }
      }
    }
  }

  @Test func aRowThatIsTooShortEndsNoProgram() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      _ = try await make(data)
      var rows: [(table: String, key: [UInt8])] = [
        ("meta", MetaKey.generation), ("meta", MetaKey.foldedCommands),
      ]
      for table in try Self.tables(of: data) { rows.append((table, Array("zz".utf8))) }
      for (index, (name, key)) in rows.enumerated() {
        let copy = directory + "/\(index)"
        try FileManager.default.copyItem(atPath: data, toPath: copy)
        try change(copy) { (transaction, tables) throws(LMDBError) in
          guard let table = tables.named.first(where: { $0.0 == name })?.1 else { return }
          try transaction.put([0, 0, 0, 0, 0, 0, 0], at: key, in: table)
        }
        #expect(!problems(copy).isEmpty, "\(name)")
        // Refused or not: what counts is that it comes back.
        do {
          let log = try EventLog.open(copy)
          defer { log.close() }
          var append = notes(1)
          append.idempotency = Idempotency(key: name, content: [1], subject: nil)
          append.expecting = ["a:1": try log.lastPosition(ofStream: "a:1")]
          do { _ = try await log.append(append) } catch {
            #expect("\(error)".contains("is not what was recorded"), "\(name): \(error)")
          }
          _ = try? log.appended(idempotencyKey: "another")
          _ = try? log.checkpointSize(before: 5)
        } catch {
          #expect(error is EventLogError, "\(name): \(error)")
        }
      }
    }
  }

  private static func tables(of data: String) throws -> [String] {
    try LogCopy(data).tables.named.map(\.0).filter { $0 != "streams" }
  }

  /// Repeating is no help where a stray row is in the way, and the check must see what is.
  @Test func aStrayCommandIsFoundAndTakenOut() async throws {
    try await withTemporaryDirectory { directory in
      let (data, backup) = (directory + "/data", directory + "/backup")
      _ = try await make(data, backup: backup)
      try change(data) { (transaction, tables) throws(LMDBError) in
        for table in [tables.commands, tables.commandIndex].compactMap(\.self) {
          try transaction.put(Array("abc".utf8), at: Array("zz".utf8), in: table)
        }
      }
      let found = problems(data)
      #expect(found.contains { $0.contains("'commands' has 3 rows for 2") }, "\(found)")
      #expect(found.contains { $0.contains("'command-index' has 1 rows") }, "\(found)")
      _ = try repairLog(directory: data, from: [backup])
      #expect(problems(data).isEmpty, "\(problems(data))")
    }
  }

  @Test func nobodyIsTakenForErasedWhomNobodyErased() async throws {
    try await withTemporaryDirectory { directory in
      let (data, backup) = (directory + "/data", directory + "/backup")
      let (living, erased) = try await make(data, backup: backup)
      #expect(problems(data).isEmpty, "\(problems(data))")
      let stranger = [UInt8](repeating: 7, count: 16)
      typealias Change = (inout WriteTransaction, LogTables) throws(LMDBError) -> Void
      func row(_ value: [UInt8], _ key: [UInt8]) -> Change {
        { (transaction, tables) throws(LMDBError) in
          try transaction.put(value, at: key, in: tables.erased)
        }
      }
      let changes: [String: Change] = [
        "living": { (transaction, tables) throws(LMDBError) in
          try transaction.delete(living.subject.id.bytes, in: tables.keys)
          try transaction.delete(living.name.key, in: tables.sealed)
          try transaction.delete(living.file.key, in: tables.documents)
          try transaction.put(bigEndian(6), at: living.subject.id.bytes, in: tables.erased)
        },
        "other": row(bigEndian(7), erased.subject.id.bytes),
        "far": row(bigEndian(1 << 40), erased.subject.id.bytes),
        "short": row([0, 0, 6], erased.subject.id.bytes),
        "empty": row([], erased.subject.id.bytes),
        "stranger": row(bigEndian(6), stranger),
        "lost": { (transaction, tables) throws(LMDBError) in
          try transaction.delete(erased.subject.id.bytes, in: tables.erased)
        },
      ]
      for (name, change) in changes {
        let copy = directory + "/" + name
        try FileManager.default.copyItem(atPath: data, toPath: copy)
        try self.change(copy, change)
        let found = problems(copy)
        #expect(found.contains { $0.contains("'erased'") }, "\(name): \(found)")
        if name == "living" {
          let report = try verifyLog(directory: copy)
          #expect(report.problems.contains { $0.position == 4 }, "\(report.problems)")
        }
        if name == "stranger" {
          #expect(try repairLog(directory: copy, from: [backup]).unrepaired.count == 1)
        } else if name != "living" {
          #expect(try repairLog(directory: copy, from: []).unrepaired.isEmpty, "\(name)")
          #expect(problems(copy).isEmpty, "\(name): \(problems(copy))")
        } else {
          let repaired = try repairLog(directory: copy, from: [backup])
          #expect(repaired.values == 2 && repaired.unrepaired.isEmpty, "\(repaired)")
          #expect(problems(copy).isEmpty, "\(problems(copy))")
        }
      }
    }
  }

  /// Advice to remove a file is for those who were erased alone.
  @Test func aLostKeyIsFoundAndPutBack() async throws {
    try await withTemporaryDirectory { directory in
      let (data, backup) = (directory + "/data", directory + "/backup")
      let (living, _) = try await make(data, backup: backup)
      for subject in [living.subject.id, .store] {
        try change(data) { (transaction, tables) throws(LMDBError) in
          try transaction.delete(subject.bytes, in: tables.keys)
        }
        let found = problems(data)
        #expect(found.contains { $0.contains("missing") }, "\(found)")
        #expect(!found.contains { $0.contains("Remove them") || $0.contains("were erased") })
        let without = try repairLog(directory: data, from: [])
        #expect(without.unrepaired.count == 1 && without.values == 0, "\(without)")
        if subject == .store {
          // Which reads the head's seal, or the first command.
          do {
            let log = try EventLog.open(data)
            defer { log.close() }
            _ = try log.appended(idempotencyKey: "a")
            Issue.record("The secret is not missed.")
          } catch {
            #expect("\(error)".contains("secret"), "\(error)")
          }
        }
        let repaired = try repairLog(directory: data, from: [backup])
        #expect(repaired.unrepaired.isEmpty && repaired.values == 1, "\(repaired)")
        #expect(problems(data).isEmpty, "\(problems(data))")
      }
      let log = try EventLog.open(data)
      defer { log.close() }
      #expect(try log.open(living.name, purpose: "name") == Array("花子".utf8))
    }
  }

  @Test func noLivingPersonsDocumentIsRemoved() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      let (living, _) = try await make(data)
      try change(data) { (transaction, tables) throws(LMDBError) in
        try transaction.put([], at: living.file.sealed.bytes, in: tables.unlinking)
      }
      #expect(problems(data).contains { $0.contains("'unlinking' names: 1.") })
      do {
        let log = try EventLog.open(data)
        defer { log.close() }
        #expect(try log.openDocument(living.file).count == 12_000)
      }
      #expect(!problems(data).isEmpty)
      _ = try repairLog(directory: data, from: [])
      #expect(problems(data).isEmpty, "\(problems(data))")
    }
  }

  /// The application would tell of an erasure that nobody has made.
  @Test func nobodyWhoLivesIsToldToBeErased() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      let living = try await make(data).living.subject.id
      func untold() throws -> [SubjectID] {
        let log = try EventLog.open(data)
        defer { log.close() }
        return try log.untoldErasures
      }
      try change(data) { (transaction, tables) throws(LMDBError) in
        try transaction.put(living.bytes, at: MetaKey.untold, in: tables.meta)
      }
      #expect(problems(data) == ["The log's description of itself is damaged."])
      #expect(try untold() == [])
      try change(data) { (transaction, tables) throws(LMDBError) in
        try transaction.put(bigEndian(0), at: living.bytes, in: tables.erased)
      }
      #expect(!problems(data).isEmpty)
      #expect(try untold() == [])
    }
  }

  @Test func anotherLogsEscrowIsNamedFirst() async throws {
    try await withTemporaryDirectory { directory in
      _ = try await make(directory + "/data", backup: directory + "/backup")
      do {
        let other = try EventLog.open(directory + "/other")
        defer { other.close() }
        _ = try await other.append(notes(1))
        try await other.keepEscrow(at: directory + "/escrow")
      }
      let error = await #expect(throws: EventLogError.self) {
        try await EventLog.restore(
          directory + "/backup", escrow: directory + "/escrow", to: directory + "/again"
        ) { _ in notes(1) }
      }
      #expect(error?.description.contains("of different logs") == true, "\(error as Any)")
    }
  }
}
