import Cryptography
import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// LMDB has no checksums: what the log does not notice, nobody notices.
@Suite struct DamageTests {
  private func makeLog(_ directory: String) async throws -> [String: [UInt8]] {
    let log = try EventLog.open(directory)
    _ = try await log.append(notes(300))
    let person = try await Registered.append(log, name: "花子")
    var live: [String: [UInt8]] = [:]
    let event = try #require(try log.event(at: 9)).bytes
    live["event"] = event
    live["leaf"] = MerkleHash.leaf(event.span).bytes
    live["node"] = Array(try #require(try log.tile(level: 1, index: 0, width: 1)))
    // On no way from the head: nothing but a look at each finds it.
    live["inner node"] = try log.environment.read { (transaction) throws(LMDBError) in
      try transaction.value(at: StoredNodes.key(4, 2), in: log.tables.nodes)
    }
    live["ciphertext"] = try log.environment.read { (transaction) throws(LMDBError) in
      try transaction.value(at: person.name.key, in: log.tables.sealed)
    }
    live["sealed value"] = person.name.sealed.bytes
    live["command"] = try log.environment.read { (transaction) throws(LMDBError) in
      try log.tables.commands.flatMap { (rows) throws(LMDBError) in
        try transaction.value(at: Position(rawValue: 301).key, in: rows)
      }
    }
    live["subject"] = person.subject.id.bytes
    live["checkpoint"] = Array("— \(log.origin)".utf8)
    log.close()
    return live
  }

  /// Behind a missing event lie others, and whom these are about must be told as well.
  @Test func whatLiesBehindAGapIsCheckedToo() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      let first = VerifyChunk.size
      do {
        let log = try EventLog.open(data)
        defer { log.close() }
        _ = try await log.append(notes(Int(3 * first + 20)))
      }
      // One event, two side by side, and a whole chunk with the end of the one ahead of it, which is told as one.
      let (low, high) = (2 * first - 1, 3 * first)
      let gone = [5, first + 3, first + 4] + Array(low...high)
      let (near, far) = ([10, first + 6], [3 * first + 7, 3 * first + 20])
      try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
        for position in gone { _ = try transaction.delete(bigEndian(position), in: tables.events) }
        for position in near + far {
          var event = try transaction.value(at: bigEndian(position), in: tables.events) ?? []
          event[event.count / 2] ^= 1
          try transaction.put(event, at: bigEndian(position), in: tables.events)
        }
      }
      let report = try verifyInChild(worker: product("senko-worker"), directory: data)
      let told = Set(report.problems.compactMap(\.position?.rawValue))
      let missing = [5, first + 3, first + 4, low, low + 1, low + 2]
      #expect(told == Set(missing + near + far), "\(report.problems)")
      let texts = report.problems.map(\.description)
      #expect(texts.contains("Event 5 is missing."))
      #expect(texts.contains("Event \(low + 1) is missing."))
      #expect(texts.contains("Events \(low + 2) to \(high) are missing."))
      #expect(report.events == 4)
    }
  }

  @Test(arguments: [
    "event", "leaf", "node", "inner node", "sealed value", "ciphertext", "command", "subject",
    "checkpoint",
  ])
  func aFlippedBitInAStoredRecordIsFound(record: String) async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      let live = try await makeLog(data)
      let bytes = try #require(live[record])
      let seed = UInt64.random(in: 0..<(1 << 32))
      var random = SplitMix64(seed: seed)
      for _ in 0..<6 {
        let bit = Int.random(in: 0..<(bytes.count * 8), using: &random)
        #expect(
          try flip(bytes, bit: bit, inLogOf: data) > 0, "the record is not where it was sought")
        let report = try verifyInChild(worker: product("senko-worker"), directory: data)
        #expect(!report.problems.isEmpty, "\(record), bit \(bit), seed \(seed)")
        var changed = bytes
        changed[bit / 8] ^= 1 << UInt8(bit % 8)
        _ = try flip(changed, bit: bit, inLogOf: data)
      }
      #expect(
        try verifyInChild(worker: product("senko-worker"), directory: data).problems.isEmpty)
    }
  }

  @Test func noDamageEndsTheParentOrPassesForAnotherHistory() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      _ = try await makeLog(data)
      let good = try verifyInChild(worker: product("senko-worker"), directory: data)
      let url = URL(fileURLWithPath: data + "/log/data.mdb")
      let original = try Data(contentsOf: url)
      let seed = UInt64.random(in: 0..<(1 << 32))
      var random = SplitMix64(seed: seed)
      for round in 0..<40 {
        var file = original
        let page = Int.random(in: 0..<(file.count / 4096), using: &random) * 4096
        switch round % 5 {
        case 0: file[page + Int.random(in: 0..<32, using: &random)] ^= 0x10
        case 1: file.replaceSubrange(page..<(page + 4096), with: Data(count: 4096))
        case 2: file.replaceSubrange((page + 512)..<(page + 4096), with: Data(count: 3584))
        case 3: file = file.prefix(page)
        default:
          let other = Int.random(in: 0..<(file.count / 4096), using: &random) * 4096
          let copy = file.subdata(in: other..<(other + 4096))
          file.replaceSubrange(page..<(page + 4096), with: copy)
        }
        try file.write(to: url)
        let report: VerifyReport
        do {
          report = try verifyInChild(worker: product("senko-worker"), directory: data)
        } catch {
          continue
        }
        // Pages that are free may hold anything; a report without problems must be of the same history.
        if report.problems.isEmpty {
          #expect(report.root == good.root, "round \(round), seed \(seed)")
          #expect(report.events == good.events, "round \(round), seed \(seed)")
        }
      }
    }
  }

  /// Where in the file of an open log a live page with these bytes begins.
  private func pages(holding bytes: [UInt8], _ data: String) throws -> [Int] {
    let file = try Data(contentsOf: URL(fileURLWithPath: data + "/log/data.mdb"))
    return stride(from: 8192, to: file.count, by: 4096).filter {
      file[$0..<($0 + 4096)].range(of: Data(bytes)) != nil
    }
  }

  private func change(_ mask: UInt8, at offsets: [Int], _ data: String) throws {
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: data + "/log/data.mdb"))
    defer { try? file.close() }
    for offset in offsets {
      try file.seek(toOffset: UInt64(offset))
      let byte = try #require(try file.read(upToCount: 1)?.first)
      try file.seek(toOffset: UInt64(offset))
      try file.write(contentsOf: [byte ^ mask])
    }
  }

  /// LMDB's own copying may write for ever, or end the process, and what it leaves is taken for a backup.
  @Test(arguments: [nil, product("senko-worker")])
  func aDamagedFileIsNotCopied(worker: String?) async throws {
    try await withTemporaryDirectory { directory in
      let (data, backup) = (directory + "/data", directory + "/backup")
      let log = try EventLog.open(data)
      defer { log.close() }
      _ = try await log.append(notes(300))
      let event = try #require(try log.event(at: 2)).bytes
      // The end of the list of its rows, 8 KiB on.
      let places = try pages(holding: event, data).map { $0 + 13 }
      try change(0x20, at: places, data)
      let error = await #expect(throws: EventLogError.self) {
        try await log.backup(to: backup, worker: worker)
      }
      #expect(error?.description.contains(data + "/log/data.mdb") == true, "\(error as Any)")
      #expect(error?.description.lowercased().contains("verify the log") == true, "\(error as Any)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: backup).isEmpty)
      try change(0x20, at: places, data)
      _ = try await log.append(notes(1))
      try await log.backup(to: backup, worker: worker)
      #expect(try verifyLog(directory: backup).problems.isEmpty)
    }
  }

  /// Where the file misleads LMDB so that the check dies of it, the page is told all the same.
  @Test func aPageThatMisleadsIsNamed() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      let live = try await makeLog(data)
      let file = try Data(contentsOf: URL(fileURLWithPath: data + "/log/data.mdb"))
      // Says of the last row that it has a table of its own, of which LMDB knows nothing there.
      let places = try pages(holding: try #require(live["event"]), data).map {
        $0 + Int(file[$0 + 16]) + Int(file[$0 + 17]) << 8 + 4
      }
      try change(4, at: places, data)
      let report = try verifyInChild(worker: product("senko-worker"), directory: data)
      #expect(!report.isReadable)
      #expect(report.problems.contains { $0.description.contains("page") }, "\(report.problems)")
      #expect(report.problems.contains { $0.description.contains("signal") }, "\(report.problems)")
      #expect(throws: EventLogError.self) { try EventLog.open(data, create: false) }
      try change(4, at: places, data)
      #expect(
        try verifyInChild(worker: product("senko-worker"), directory: data).problems.isEmpty)
    }
  }

  /// A disk that loses a write leaves a page as it was: whole, well-formed, and of another time.
  @Test func aPageOfAnEarlierTimeIsFound() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      let url = URL(fileURLWithPath: data + "/log/data.mdb")
      var images: [Data] = []
      var head = ""
      _ = try await makeLog(data)
      for round in 0..<4 {
        images.append(try Data(contentsOf: url))
        let log = try reopened(data)
        _ = try await log.append(notes(40))
        let person = try await Registered.append(log, name: "人\(round)")
        if round == 1 { _ = try await person.erase(from: log) }
        head = try log.checkpoint()
        log.close()
      }
      let newest = try Data(contentsOf: url)
      let good = try verified(data, against: head)
      #expect(good.problems.isEmpty)
      var (found, tried) = (0, 0)
      for image in images {
        for page in stride(from: 0, to: min(image.count, newest.count), by: 4096) {
          let old = image[page..<(page + 4096)]
          guard old != newest[page..<(page + 4096)] else { continue }
          var file = newest
          file.replaceSubrange(page..<(page + 4096), with: old)
          try file.write(to: url)
          tried += 1
          let report = try? verified(data, against: head)
          // What is free, or the older of the two roots, may be of any time: then the history is the same.
          if report?.problems.isEmpty == true {
            #expect(report == good, "page \(page / 4096)")
          } else {
            found += 1
          }
        }
      }
      #expect(tried > 40 && found > 20, "\(found) of \(tried)")
    }
  }

  private func verified(_ data: String, against head: String) throws -> VerifyReport {
    try verifyInChild(
      worker: product("senko-worker"), directory: data, options: VerifyOptions(against: head))
  }

  /// Opens a log once nobody in this process has it open any more.
  private func reopened(_ data: String) throws -> EventLog {
    for _ in 0..<2000 {
      do { return try EventLog.open(data) } catch EventLogError.locked, EventLogError.openAlready {
        usleep(1000)
      }
    }
    return try EventLog.open(data)
  }

  /// Behind a gap the tree cannot be grown; what is missing is to be named all the same.
  @Test func aMissingEventIsNamedInALogOfManyChunks() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      let count = Int(VerifyChunk.size) * 2 + 100
      do {
        let log = try EventLog.open(data)
        _ = try await log.append(notes(count))
        log.close()
      }
      try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
        try transaction.delete(Position(rawValue: 50).key, in: tables.events)
      }
      let report = try verifyInChild(worker: product("senko-worker"), directory: data)
      #expect(report.isReadable)
      #expect(report.problems.contains { $0.position == 50 })
    }
  }

  /// A number in LMDB's own page that no file can have.
  @Test func aLastPageBeyondAllFilesIsRefused() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      _ = try await makeLog(data)
      let url = URL(fileURLWithPath: data + "/log/data.mdb")
      var file = try Data(contentsOf: url)
      // The last byte of `mm_last_pg`, behind the page's header, 24 bytes and two tables of 48 each.
      for page in [0, 4096] { file[page + 16 + 24 + 96 + 7] ^= 0x80 }
      try file.write(to: url)
      #expect(throws: EventLogError.self) { try EventLog.open(data) }
    }
  }

  @Test func aFileThatIsCutShortIsRefusedBeforeItIsMapped() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      _ = try await makeLog(data)
      let url = URL(fileURLWithPath: data + "/log/data.mdb")
      let original = try Data(contentsOf: url)
      // The last page may be free, which nobody misses.
      let used = 4096 * (original.roots.values.max() ?? 0)
      for size in [1, 4096, 8192, used] {
        try original.prefix(size).write(to: url)
        #expect(throws: EventLogError.self) { try EventLog.open(data) }
      }
      try original.write(to: url)
      let log = try EventLog.open(data)
      #expect(try log.head == 301)
      log.close()
    }
  }

  @Test(arguments: ["wrapping-key", "signing-key"])
  func aMissingKeyFileIsNamed(name: String) async throws {
    try await withTemporaryDirectory { directory in
      _ = try await makeLog(directory + "/data")
      try FileManager.default.removeItem(atPath: directory + "/data/" + name)
      let error = #expect(throws: EventLogError.self) { try EventLog.open(directory + "/data") }
      #expect(error?.description.contains(name) == true)
    }
  }
}
