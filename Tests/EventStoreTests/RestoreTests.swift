import Cryptography
import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// A restore that takes what it is given signs a forged history with a real key, or loses everybody's data unseen.
@Suite struct RestoreTests {
  private struct Kept {
    let person: Registered
    let origin: String
  }

  /// Makes a log whose escrow is older than its backup's newest events.
  private func prepare(_ directory: String) async throws -> Kept {
    let log = try EventLog.open(directory + "/data")
    defer { log.close() }
    _ = try await log.append(notes(5))
    let person = try await Registered.append(log, name: "花子")
    try await log.keepEscrow(at: directory + "/escrow")
    _ = try await log.append(notes(20))
    try await log.backup(to: directory + "/backup")
    return Kept(person: person, origin: log.origin)
  }

  private func restore(
    _ directory: String, escrow: String = "escrow", to target: String = "again",
    despiteDamage: Bool = false
  ) async throws -> PreparedRestore {
    try await EventLog.prepareRestore(
      directory + "/backup", escrow: "\(directory)/\(escrow)", to: "\(directory)/\(target)",
      worker: product("senko-worker"), despiteDamage: despiteDamage
    ) { _ in notes(1) }
  }

  private func expectRefusal(
    _ directory: String, escrow: String = "escrow", naming text: String,
    _ location: SourceLocation = #_sourceLocation
  ) async throws {
    let error = await #expect(throws: EventLogError.self, sourceLocation: location) {
      try await restore(directory, escrow: escrow)
    }
    let description = try #require(error?.description, sourceLocation: location)
    #expect(description.contains(text), "\(description)", sourceLocation: location)
    #expect(!Files.exists(directory + "/again.restoring"), sourceLocation: location)
    #expect(!Files.exists(directory + "/again"), sourceLocation: location)
  }

  /// The table of the erased holds other rows for those who were erased before a restore than for those after it.
  @Test func aRestoredLogIsNotRepairedToAnotherOne() async throws {
    try await withTemporaryDirectory { directory in
      let person = try await prepare(directory).person
      let erased = EventDraft(
        stream: "a:1", type: "a.erased", data: ["subject": .string(person.subject.id.hex)])
      do {
        let log = try EventLog.open(directory + "/data")
        defer { log.close() }
        var append = Append(actor: "operator", via: "cli")
        append.events = [erased]
        _ = try await log.erase([person.subject.id], recording: append)
      }
      let prepared = try await EventLog.prepareRestore(
        directory + "/backup", escrow: directory + "/escrow", to: directory + "/again",
        worker: product("senko-worker")
      ) { restoration in
        var append = Append(actor: "system", via: "cli")
        append.events = [restoration.draft(naming: restoration.formerOrigin), erased]
        return append
      }
      try await prepared.finish()
      func problems() throws -> [String] {
        try verifyLog(directory: directory + "/again").problems.map(\.description)
      }
      #expect(try problems() == [])
      _ = try repairLog(directory: directory + "/again", from: [directory + "/backup"])
      #expect(try problems() == [])
    }
  }

  /// The key of before a change leads to the one after it, and is not the one that signs on under the name.
  @Test func anEscrowOfBeforeAChangeOfKeysKeepsNoName() async throws {
    try await withTemporaryDirectory { directory in
      let checkpoint: String
      do {
        let log = try EventLog.open(directory + "/data")
        defer { log.close() }
        _ = try await log.append(notes(5))
        try await log.keepEscrow(at: directory + "/escrow")
        try FileManager.default.copyItem(
          atPath: directory + "/escrow", toPath: directory + "/before")
        _ = try await log.rotateSigningKey { _ in notes(1) }
        checkpoint = try await log.backup(to: directory + "/backup")
      }
      let error = await #expect(throws: EventLogError.self) {
        try await EventLog.prepareRestore(
          directory + "/backup", escrow: directory + "/before", to: directory + "/again",
          lastCheckpoint: checkpoint, worker: product("senko-worker")
        ) { _ in notes(1) }
      }
      #expect(error?.description.contains("another signing key") == true, "\(error as Any)")
    }
  }

  @Test func aForgedBackupIsRefused() async throws {
    try await withTemporaryDirectory { directory in
      let kept = try await prepare(directory)
      // Later than what the escrow's checkpoint covers.
      try Forgery.rewrite(
        directory + "/backup", event: 12, "\"actor\":\"operator\"", to: "\"actor\":\"auditor\"")
      try await expectRefusal(directory, naming: "does not fit the events")

      let prepared = try await restore(directory, despiteDamage: true)
      try await prepared.finish()
      #expect(prepared.restoration.damage.contains { $0.contains("does not fit the events") })
      #expect(!prepared.restoration.keepsName)
      let log = try EventLog.open(directory + "/again", create: false)
      defer { log.close() }
      #expect(log.origin != kept.origin)
    }
  }

  @Test func aBackupUnderAnotherKeyIsRefused() async throws {
    try await withTemporaryDirectory { directory in
      let kept = try await prepare(directory)
      // Signed anew under the log's name, by whoever has no key of it.
      let forger = try SigningKey(origin: kept.origin, seed: .random(using: .system))
      let backup = LogFolder(path: directory + "/backup")
      let text = String(decoding: try #require(try Files.read(backup.checkpoint)), as: UTF8.self)
      let checkpoint = try #require(SignedNote(text).flatMap { Checkpoint(text: $0.text) })
      let note = Array(try forger.sign(checkpoint).encoded.utf8)
      try Files.write(note, to: backup.checkpoint)
      try RepairTests.change(backup.path) { (transaction, tables) throws(LMDBError) in
        try transaction.clear(tables.checkpoints)
        try transaction.put(note, at: bigEndian(checkpoint.size), in: tables.checkpoints)
        try transaction.put(forger.name, at: MetaKey.publicKey, in: tables.meta)
      }
      try await expectRefusal(directory, naming: "is not signed by a key")
    }
  }

  @Test func aBackupThatLacksADocumentIsRefused() async throws {
    try await withTemporaryDirectory { directory in
      let kept = try await prepare(directory)
      let file = LogFolder(path: directory + "/backup").document(kept.person.file.sealed)
      try FileManager.default.removeItem(atPath: file)
      try await expectRefusal(directory, naming: "event 6 is missing")
      let prepared = try await restore(directory, despiteDamage: true)
      try await prepared.finish()
      #expect(prepared.restoration.damage.count == 1)
    }
  }

  /// A single bit used to make everything personal unreadable, and the restore said nothing.
  @Test func aDamagedEscrowIsRefused() async throws {
    try await withTemporaryDirectory { directory in
      _ = try await prepare(directory)
      let whole = try #require(try Files.read(directory + "/escrow"))
      let seed = UInt64.random(in: 0..<(1 << 32))
      var random = SplitMix64(seed: seed)
      for _ in 0..<200 {
        var damaged = whole
        let bit = Int.random(in: 0..<(whole.count * 8), using: &random)
        damaged[bit / 8] ^= 1 << UInt8(bit % 8)
        #expect(Escrow(file: damaged) == nil, "bit \(bit), seed \(seed)")
      }
      try Files.write(Array(whole.dropLast(40)), to: directory + "/cut")
      try await expectRefusal(directory, escrow: "cut", naming: "damaged")
    }
  }

  /// The escrow as earlier versions wrote it.
  private func withoutDigest(_ file: [UInt8]) throws -> [UInt8] {
    let text = String(decoding: file, as: Unicode.ASCII.self)
    let member = try #require(text.firstRange(of: "\"digest\":"))
    let start = text.distance(from: text.startIndex, to: member.lowerBound)
    // The name with its colon, 64 digits in quotes, and a comma.
    return Array(file[..<start] + file[(start + 9 + 66 + 1)...])
  }

  @Test func anOlderEscrowIsReadAndItsKeysAreTried() async throws {
    try await withTemporaryDirectory { directory in
      let kept = try await prepare(directory)
      let older = try withoutDigest(try #require(try Files.read(directory + "/escrow")))
      try Files.write(older, to: directory + "/older")
      let first = try await restore(directory, escrow: "older", to: "first")
      try await first.finish()
      #expect(first.restoration.damage.isEmpty)

      var otherKey = older
      let digits = try #require(
        String(decoding: older, as: Unicode.ASCII.self).firstRange(of: "senko wrapping key v1"))
      let text = String(decoding: older, as: Unicode.ASCII.self)
      let place = text.distance(from: text.startIndex, to: digits.upperBound) + 10
      otherKey[place] = otherKey[place] == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
      try Files.write(otherKey, to: directory + "/other-key")
      try await expectRefusal(directory, escrow: "other-key", naming: "The keys of 2 subjects")

      // The backup's own key is whole, and stays where the escrow's is not.
      var row = older
      row[older.count - 5] ^= 1
      try Files.write(row, to: directory + "/row")
      let second = try await restore(directory, escrow: "row", to: "second")
      try await second.finish()
      let log = try EventLog.open(directory + "/second", create: false)
      defer { log.close() }
      #expect(try log.open(kept.person.name, purpose: "name") == Array("花子".utf8))
    }
  }

  @Test func twoRestoresOfOneFolderDoNotMeet() async throws {
    try await withTemporaryDirectory { directory in
      _ = try await prepare(directory)
      let first = try await restore(directory)
      await #expect(throws: EventLogError.locked(directory: directory + "/again")) {
        try await restore(directory)
      }
      try await first.finish()
      #expect(try verifyLog(directory: directory + "/again").problems.isEmpty)
      await #expect(throws: EventLogError.self) { try await restore(directory) }
      #expect(try verifyLog(directory: directory + "/again").problems.isEmpty)
    }
  }

  @Test func whatARestoreHasNotMadeIsNeverRemoved() async throws {
    try await withTemporaryDirectory { directory in
      _ = try await prepare(directory)
      let (way, mine) = (directory + "/again.restoring", directory + "/mine")
      try Files.makeFolder(mine)
      try Files.write([1], to: mine + "/thesis")
      try FileManager.default.createSymbolicLink(atPath: way, withDestinationPath: mine)
      await #expect(throws: EventLogError.self) { try await restore(directory) }
      try FileManager.default.removeItem(atPath: way)
      try FileManager.default.copyItem(atPath: mine, toPath: way)
      await #expect(throws: EventLogError.self) { try await restore(directory) }
      #expect(try Files.read(mine + "/thesis") == [1])
      #expect(try Files.read(way + "/thesis") == [1])
    }
  }

  /// What was cut off holds keys: it is named until it is removed, and nothing outside it goes with it.
  @Test func whatIsLeftOfARestoreIsNamedAndRemoved() async throws {
    try await withTemporaryDirectory { directory in
      _ = try await prepare(directory)
      let way = directory + "/again.restoring"
      do {
        // A process that ends here lets go of the lock.
        let prepared = try await restore(directory)
        #expect(Files.exists(prepared.unfinished + "/wrapping-key"))
      }
      try FileManager.default.createSymbolicLink(
        atPath: way + "/link", withDestinationPath: directory + "/backup")
      let error = #expect(throws: EventLogError.self) {
        try EventLog.open(directory + "/again", create: false)
      }
      #expect(error?.description.contains(way) == true)
      let prepared = try await restore(directory)
      #expect(prepared.restoration.hadLeftovers)
      #expect(!Files.exists(way + "/link"))
      await prepared.discard()
      #expect(!Files.exists(way))
      #expect(try verifyLog(directory: directory + "/backup").problems.isEmpty)
    }
  }
}
