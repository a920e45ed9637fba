import Cryptography
import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// What no event tells of is nobody's record: a store that carries it unseen can carry anything.
@Suite struct UnnamedTests {
  private typealias Change = (inout WriteTransaction, LogTables) throws(LMDBError) -> Void

  /// A log with somebody registered, a blob, commands, and so many events that the tree has nodes.
  private func make(_ data: String) async throws {
    let log = try EventLog.open(data)
    defer { log.close() }
    _ = try await Registered.append(log, name: "花子")
    var append = Append(actor: "operator", via: "cli")
    append.blobs = [[1, 2, 3]]
    append.events = [
      EventDraft(
        stream: "a:1", type: "a.b", data: ["x": ["blob": .string(SHA256.hash([1, 2, 3]).hex)]])
    ]
    _ = try await log.append(append)
    _ = try await log.append(notes(40))
  }

  private func problems(_ data: String) throws -> [String] {
    try verifyLog(directory: data).problems.map(\.description)
  }

  @Test func aRowThatNoEventNamesIsFound() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      try await make(data)
      let clean = try verifyLog(directory: data)
      #expect(clean.problems.isEmpty && clean.notices.isEmpty)
      let stranger = [UInt8](repeating: 7, count: 16)
      let digest = SHA256.hash([9]).bytes
      let row = {
        (bytes: [UInt8], key: [UInt8], table: @escaping (LogTables) -> Table?) -> Change in
        { (transaction, tables) throws(LMDBError) in
          guard let table = table(tables) else { return }
          try transaction.put(bytes, at: key, in: table)
        }
      }
      let command = CommandRow(prefix: 1, last: 5, subject: .store).bytes(at: 5)
      let changes: [(String, Change)] = [
        ("sealed", row([9], stranger + digest, \.sealed)),
        ("documents", row(bigEndian(1), stranger + digest, \.documents)),
        ("blobs", row([9], digest, \.blobs)),
        ("keys", row([UInt8](repeating: 1, count: 60), stranger, \.keys)),
        ("nodes", row(digest, StoredNodes.key(4, 77), \.nodes)),
        ("nodes", row(digest, StoredNodes.key(8, 0), \.nodes)),
        ("idempotency", row([UInt8](repeating: 0, count: 32), digest, \.idempotency)),
        ("commands", row(command, bigEndian(5), \.commands)),
        ("command-index", row(bigEndian(3) + bigEndian(3), bigEndian(1), \.commandIndex)),
      ]
      for (index, (table, change)) in changes.enumerated() {
        let copy = directory + "/\(index)"
        try FileManager.default.copyItem(atPath: data, toPath: copy)
        try RepairTests.change(copy, change)
        let found = try problems(copy)
        let counts = ["idempotency": "1 rows for 0", "commands": "2 rows for 1"]
        let told = "The table '\(table)' has \(counts[table] ?? "1 rows that no event")"
        #expect(found.contains { $0.contains(told) }, "\(table): \(found)")
      }
    }
  }

  /// Somebody who was erased, and what there was of them.
  private struct Erased {
    let person: Registered
    let file: String
    let document: [UInt8]
    let sealed: [UInt8]
    let key: [UInt8]
  }

  private func erasedPerson(_ data: String) async throws -> Erased {
    let log = try EventLog.open(data)
    defer { log.close() }
    let person = try await Registered.append(log, name: "花子")
    _ = try await log.append(notes(40))
    let file = LogFolder(path: data).document(person.file.sealed)
    let document = try #require(try Files.read(file))
    let (key, sealed) = try log.environment.read { (transaction) throws(LMDBError) in
      (
        try transaction.value(at: person.subject.id.bytes, in: log.tables.keys),
        try transaction.value(at: person.name.key, in: log.tables.sealed)
      )
    }
    _ = try await person.erase(from: log)
    return Erased(
      person: person, file: file, document: document, sealed: try #require(sealed),
      key: try #require(key))
  }

  /// Events go on naming what an erasure took away: its return must show all the same.
  @Test func whatAnErasureTookAwayIsFoundWhenItIsBack() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      let left = try await erasedPerson(data)
      let (person, file) = (left.person, left.file)
      let clean = try verifyLog(directory: data)
      #expect(clean.problems.isEmpty && clean.notices.isEmpty, "\(clean.problems)")

      try Files.makeFolders(of: file)
      try Files.write(left.document, to: file)
      #expect(try problems(data).contains { $0.contains("who were erased: 1.") })
      try Files.remove(file)
      for (table, change) in [
        ("sealed", { ($0.sealed, person.name.key, left.sealed) }),
        ("documents", { ($0.documents, person.file.key, bigEndian(UInt64(left.document.count))) }),
        ("keys", { ($0.keys, person.subject.id.bytes, left.key) }),
      ] as [(String, (LogTables) -> (Table, [UInt8], [UInt8]))] {
        let copy = directory + "/" + table
        try FileManager.default.copyItem(atPath: data, toPath: copy)
        try RepairTests.change(copy) { (transaction, tables) throws(LMDBError) in
          let (table, key, value) = change(tables)
          try transaction.put(value, at: key, in: table)
        }
        let found = try problems(copy)
        #expect(
          found.contains { $0.contains("'\(table)' has 1 rows of people who were erased") },
          "\(table): \(found)")
      }
    }
  }

  private func restored(_ data: String) async throws {
    let log = try EventLog.open(data)
    defer { log.close() }
    let size = Int64(try log.head.rawValue)
    var append = Append(actor: "system", via: "cli")
    append.events = [
      EventDraft(
        stream: "log", type: "log.restored",
        data: [
          "knownRoot": .string(SHA256.hash([1]).hex), "knownSize": .integer(size + 9),
          "origin": "former", "size": .integer(size),
        ])
    ]
    _ = try await log.append(append)
  }

  /// A restore without an account of who was registered after the backup may leave keys that open nothing.
  @Test func keysThatCameWithARestoreAreToldAndNoFault() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      try await make(data)
      try await restored(data)
      try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
        let stranger = [UInt8](repeating: 7, count: 16)
        try transaction.put([UInt8](repeating: 1, count: 60), at: stranger, in: tables.keys)
      }
      let report = try verifyLog(directory: data)
      #expect(!report.problems.contains { $0.description.contains("'keys' has") })
      #expect(report.notices.contains { $0.contains("They came with a restore") })
    }
  }

  /// Nobody is to be accused of what a broken disk has done.
  @Test func whatADamagedEventNamedIsSaidToBeSo() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      try await make(data)
      try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
        try transaction.put(Array("no event".utf8), at: bigEndian(1), in: tables.events)
      }
      let found = try problems(data)
      #expect(found.contains { $0.contains("Event 1") })
      #expect(found.contains { $0.contains("'sealed' has 1 rows") && $0.contains("damaged") })
      #expect(!found.contains { $0.contains("who can write") }, "\(found)")
    }
  }

  /// What a crash leaves, or an erasure that goes on, is no fault of the log.
  @Test func filesOfNoEventAreTold() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      try await make(data)
      let folder = LogFolder(path: data)
      let orphan = folder.document(SHA256.hash([8]))
      try Files.makeFolders(of: orphan)
      try Files.write([1], to: orphan)
      try Files.write([1], to: orphan + ".new")
      let left = try verifyLog(directory: data)
      #expect(left.problems.isEmpty)
      #expect(left.notices.count == 1 && left.notices[0].contains("belong to no event: 1."))
      try EventLog.open(data).close()
      // It may be one of a log that was set back.
      #expect(Files.exists(orphan))

      // The same file, as one that an erasure has yet to remove.
      try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
        try transaction.put([], at: SHA256.hash([8]).bytes, in: tables.unlinking)
      }
      let waiting = try verifyLog(directory: data)
      #expect(waiting.problems.isEmpty)
      #expect(waiting.notices.count == 1 && waiting.notices[0].contains("wait to be removed: 1."))
    }
  }

  /// A false alarm beside a busy server would teach everybody to pass over true ones.
  @Test func nothingIsFoundBesideAWriter() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      let log = try EventLog.open(data)
      defer { log.close() }
      let over = Flag()
      async let writing: Void = {
        var people: [Registered] = []
        var count = 0
        while !over.isRaised {
          count += 1
          people.append(try await Registered.append(log, name: "person \(count)"))
          _ = try await log.append(notes(3))
          if count % 3 == 0 { _ = try await people.removeFirst().erase(from: log) }
        }
      }()
      for _ in 0..<5 {
        let found = try await waiting {
          try verifyInChild(worker: product("senko-worker"), directory: data)
        }
        #expect(found.problems.isEmpty, "\(found.problems)")
      }
      over.raise()
      try await writing
    }
  }

  /// Whoever is erased while a check has the snapshot that still knows their key has lost no document.
  @Test func whoIsErasedDuringTheCheckIsNotMissed() async throws {
    try await withLog { log, _ in
      let erased = try await Registered.append(log, name: "次郎")
      let size = try log.head.rawValue
      let (begun, goes) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
      async let checked = waiting {
        var chunk = VerifyChunk(0, of: size, noting: [])
        try chunk.check(log.environment, log.tables, log.folder) {
          begun.signal()
          goes.wait()
        }
        return chunk
      }
      try await waiting { begun.wait() }
      _ = try await erased.erase(from: log)
      goes.signal()
      let chunk = try await checked
      #expect(chunk.problems.isEmpty, "\(chunk.problems)")
      // The snapshot still had what was sealed; that the document is gone was understood by a second look.
      #expect(chunk.sealed == 1 && chunk.erased == 1)
    }
  }

  /// Whose registration is lost has a key in the escrow that opens nothing.
  @Test func keysOfWhoIsLostAreNotRestored() async throws {
    try await withTemporaryDirectory { directory in
      let person: Registered
      let lost: Registered
      do {
        let log = try EventLog.open(directory + "/data")
        defer { log.close() }
        person = try await Registered.append(log, name: "花子")
        try await log.backup(to: directory + "/backup")
        lost = try await Registered.append(log, name: "太郎")
        let other = try await Registered.append(log, name: "次郎")
        try await log.keepEscrow(at: directory + "/escrow")
        _ = try await other.erase(from: log)
      }
      let (log, _) = try await EventLog.restore(
        directory + "/backup", escrow: directory + "/escrow", to: directory + "/again"
      ) { _ in notes(1) }
      defer { log.close() }
      #expect(try log.open(person.name, purpose: "name") == Array("花子".utf8))
      #expect(throws: EventLogError.self) { try log.subject(lost.subject.id) }
      let found = try verifyInChild(
        worker: product("senko-worker"), directory: directory + "/again")
      #expect(found.problems.isEmpty, "\(found.problems)")
    }
  }
}

extension ProofTests {
  /// The nodes above 4096 events would be taken unseen.
  @Test func aTreePutTogetherTellsOfAllItsSubtrees() {
    var hasher = SHA256Hasher()
    let leaves = (0..<150).map { MerkleHash.leaf([UInt8($0)].span) }
    var whole: [[Int]: Digest] = [:]
    var parts: [[Int]: Digest] = [:]
    var frontier = Frontier()
    for leaf in leaves {
      frontier.append(leaf, &hasher) { height, index, hash in whole[[height, Int(index)]] = hash }
    }
    var joined = Frontier()
    for start in stride(from: 0, to: leaves.count, by: 8) {
      var part = Frontier()
      for leaf in leaves[start..<min(start + 8, leaves.count)] {
        part.append(leaf, &hasher) { height, index, hash in
          parts[[height, Int(index) + start >> height]] = hash
        }
      }
      joined.append(part, &hasher) { height, index, hash in parts[[height, Int(index)]] = hash }
    }
    #expect(joined.root == frontier.root)
    #expect(parts == whole)
  }
}
