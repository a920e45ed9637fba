import Cryptography
import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// A key that is forgotten lets a command be recorded twice.
@Suite struct CommandIndexTests {
  /// An import repeats lines by mistake: among many of one transaction, too, each key counts once.
  @Test func amongManyOfOneTransactionARepeatedKeyIsFound() async throws {
    try await withLog { log, _ in
      func keyed(_ number: Int) -> Append {
        var append = notes(2)
        append.idempotency = Idempotency(key: "\(number)", content: [1], subject: nil)
        return append
      }
      let results = await log.append(inOrder: ((0..<300) + [150, 300]).map { keyed($0) })
      #expect(results.count == 301)
      let last = try #require(try results.last?.get())
      #expect(last.repeated && last.first == 301 && last.last == 302)
      #expect(try log.head == 600)
      #expect(try await log.append(keyed(299)).first == 599)
    }
  }

  private func command(_ key: String, content: UInt8 = 1) -> Append {
    var append = Append(actor: "operator", via: "cli")
    append.events = [note(key), note("and more")]
    append.idempotency = Idempotency(key: key, content: [content], subject: nil)
    return append
  }

  /// Opens the folder once the callers' tasks have let go of it.
  private func reopened(_ data: String) async throws -> EventLog {
    for _ in 0..<200 {
      do { return try EventLog.open(data) } catch EventLogError.locked, EventLogError.openAlready {
        try await Task.sleep(for: .milliseconds(5))
      }
    }
    return try EventLog.open(data)
  }

  /// Appends a command under each key, many at once, and gives their positions.
  private func fill(_ log: EventLog, _ keys: Range<Int>) async throws -> [Int: Position] {
    try await withThrowingTaskGroup(of: (Int, Position).self) { group in
      for key in keys {
        group.addTask { (key, try await log.append(command("key \(key)")).first) }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
  }

  @Test func keysAreRememberedWhereverTheyLie() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      var positions: [Int: Position] = [:]
      for part in [0..<1500, 1500..<6200] {
        let log = try await reopened(data)
        positions.merge(try await fill(log, part)) { first, _ in first }
        log.close()
      }
      #expect(Set(positions.values).count == 6200)
      do {
        let log = try await reopened(data)
        let head = try log.head
        let folded = try log.environment.read { (transaction) throws(LMDBError) in
          try transaction.value(at: MetaKey.foldedCommands, in: log.tables.meta)
        }
        #expect(folded.flatMap { bigEndian($0.span) } ?? 0 > 3000, "no generation was taken in")
        for key in stride(from: 0, to: 6200, by: 31) {
          #expect(try log.appended(idempotencyKey: "key \(key)") == positions[key])
          let receipt = try await log.append(command("key \(key)"))
          #expect(receipt.repeated && receipt.first == positions[key])
          #expect(receipt.last == receipt.first.next)
          await #expect(throws: EventLogError.conflictingContent(position: receipt.first)) {
            try await log.append(command("key \(key)", content: 2))
          }
        }
        #expect(try log.appended(idempotencyKey: "another") == nil)
        #expect(try log.head == head)
        log.close()
      }
      #expect(try verifyLog(directory: data).problems.isEmpty)
      try await damage(data)
    }
  }

  /// What is changed in rows and chunks is found, and mended from a backup.
  private func damage(_ data: String) async throws {
    let backup = data + "-backup"
    do {
      let log = try EventLog.open(data)
      try await log.backup(to: backup)
      log.close()
    }
    // A thread of the backup may hold it for a moment yet.
    do { _ = try await reopened(data) }
    let seed = UInt64.random(in: 0..<(1 << 32))
    var random = SplitMix64(seed: seed)
    for round in 0..<4 {
      let (choice, bit) = (
        Int.random(in: 0..<300, using: &random), Int.random(in: 0..<320, using: &random)
      )
      try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
        guard let table = round % 2 == 0 ? tables.commands : tables.commandIndex else { return }
        var rows: [([UInt8], [UInt8])] = []
        do {
          var cursor = try transaction.cursor(table)
          while let entry = try cursor.next() {
            rows.append((Array(copying: entry.key), Array(copying: entry.value)))
          }
        }
        let key = rows[choice % rows.count].0
        var value = rows[choice % rows.count].1
        value[bit / 8] ^= 1 << UInt8(bit % 8)
        try transaction.put(value, at: key, in: table)
      }
      #expect(!(try verifyLog(directory: data).problems.isEmpty), "round \(round), seed \(seed)")
      let report = try repairLog(directory: data, from: [backup])
      #expect(report.commands.count == (round % 2 == 0 ? 1 : 0))
      #expect(report.unrepaired.isEmpty)
      #expect(try verifyLog(directory: data).problems.isEmpty, "round \(round), seed \(seed)")
    }
  }

  /// Makes of a log with a command at events 1 and 3 one of a version before the table of commands.
  private func makeOlder(_ data: String) throws {
    try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
      guard let rows = tables.commands else { return }
      try tables.makeOlder(&transaction)
      for position: Position in [1, 3] {
        let bytes = try transaction.value(at: position.key, in: tables.events) ?? []
        guard let key = try? Event(decoding: bytes.span).key else { continue }
        let row = position.key + position.next.key + SubjectID.store.bytes
        try transaction.put(row, at: key.bytes, in: tables.idempotency)
        try transaction.delete(position.key.span, in: rows)
      }
      try transaction.put(Array("0".utf8), at: MetaKey.format, in: tables.meta)
    }
  }

  /// Its row alone tells where an append of an older version ends, and whose key hashes its content.
  @Test func whatIsChangedInAnOlderRowIsFoundAndMended() async throws {
    try await withTemporaryDirectory { directory in
      let (data, backup) = (directory + "/data", directory + "/backup")
      do {
        let log = try EventLog.open(data)
        for key in ["a", "b"] { _ = try await log.append(command(key)) }
        log.close()
      }
      try makeOlder(data)
      do {
        let log = try await reopened(data)
        try await log.backup(to: backup)
        log.close()
      }
      do { _ = try await reopened(data) }
      for bit in Array(56..<64) + Array(120..<128) + Array(stride(from: 3, to: 256, by: 17)) {
        try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
          let found = try transaction.value(at: Position(rawValue: 1).key, in: tables.events) ?? []
          guard let key = try? Event(decoding: found.span).key,
            var row = try transaction.value(at: key.bytes, in: tables.idempotency)
          else { return }
          row[bit / 8] ^= 1 << UInt8(bit % 8)
          try transaction.put(row, at: key.bytes, in: tables.idempotency)
        }
        let problems = try verifyLog(directory: data).problems
        #expect(problems.contains { $0.position == 1 }, "bit \(bit): \(problems)")
        #expect(try repairLog(directory: data, from: [backup]).commands == [1], "bit \(bit)")
        #expect(try verifyLog(directory: data).problems.isEmpty, "bit \(bit)")
      }
    }
  }

  /// Versions before the table of commands kept the keys in another one.
  @Test func anOlderFoldersKeysAreHeldAndItGoesOn() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      do {
        let log = try EventLog.open(data)
        for key in ["a", "b"] { _ = try await log.append(command(key)) }
        log.close()
      }
      try makeOlder(data)
      #expect(try verifyLog(directory: data).problems.isEmpty)
      func format() throws -> [UInt8]? {
        var format: [UInt8]?
        try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
          format = try transaction.value(at: MetaKey.format, in: tables.meta)
        }
        return format
      }
      do {
        let log = try EventLog.open(data)
        let receipt = try await log.append(command("a"))
        #expect(receipt.repeated && receipt.first == 1 && receipt.last == 2)
        #expect(try log.appended(idempotencyKey: "b") == 3)
        await #expect(throws: EventLogError.conflictingContent(position: 3)) {
          try await log.append(command("b", content: 2))
        }
        log.close()
      }
      #expect(try format() == Array("0".utf8))
      do {
        let log = try EventLog.open(data)
        #expect(try await log.append(command("c")).first == 5)
        #expect(try await log.append(command("c")).repeated)
        log.close()
      }
      // From here on an older version would let the key be used again.
      #expect(try format() == Array("2".utf8))
      #expect(try verifyLog(directory: data).problems.isEmpty)
    }
  }

  /// Equal beginnings of keyed hashes are no equal keys.
  @Test func aSharedPrefixIsToldApart() async throws {
    try await withLog { log, directory in
      _ = try await log.append(command("a"))
      let hash = try log.keyring.hash(key: "b")
      // As if the two began alike.
      log.commands.take(
        [.init(prefix: hash.prefix, position: 3)], nil, upTo: 3, of: 2)
      _ = try await log.append(command("c"))
      let receipt = try await log.append(command("b"))
      #expect(!receipt.repeated && receipt.first == 5)
      #expect(try await log.append(command("b")).first == 5)
    }
  }

  @Test func recentCommandsAreFoundAsInADictionary() {
    let seed = UInt64.random(in: 0..<(1 << 32))
    var random = SplitMix64(seed: seed)
    var recent = RecentCommands()
    var model: [UInt64: Set<UInt64>] = [:]
    for position in 1...UInt64(5000) {
      // Some are crowded at the ends, some are equal.
      let prefix: UInt64 =
        switch position % 10 {
        case 0: .max - UInt64.random(in: 0..<40, using: &random)
        case 1: UInt64.random(in: 0..<40, using: &random)
        default: UInt64.random(in: 0 ... .max, using: &random)
        }
      recent.insert(.init(prefix: prefix, position: position))
      model[prefix, default: []].insert(position)
    }
    #expect(recent.count == 5000 && recent.last == 5000)
    for (prefix, positions) in model {
      var found: Set<UInt64> = []
      recent.forEach(prefix) { found.insert($0) }
      #expect(found == positions, "seed \(seed)")
    }
    let bounds = [0, 20, 1 << 40, 1 << 62, UInt64.max - 20]
    for (index, lower) in bounds.enumerated() {
      let upper = index + 1 < bounds.count ? bounds[index + 1] : nil
      let expected = model.filter { $0.key >= lower && (upper ?? .max > $0.key || upper == nil) }
      let found = recent.entries(from: lower, below: upper)
      #expect(found == found.sorted())
      #expect(Set(found.map(\.position)) == Set(expected.values.flatMap { $0 }), "seed \(seed)")
    }
  }
}
