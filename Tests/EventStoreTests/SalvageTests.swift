import Cryptography
import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// A disk that has spoilt a page must not take with it what all the others hold.
@Suite struct SalvageTests {
  /// Which places of a page are damaged, and how.
  enum Damage: CaseIterable {
    /// The whole page is zeros.
    case zeroed
    /// What kind of page it is.
    case flag
    /// Where its rows end.
    case bound
    /// Its second half is of another time.
    case torn

    func apply(to bytes: Data, page: Int) -> Data {
      var bytes = bytes
      let start = page * 4096
      switch self {
      case .zeroed: bytes.replaceSubrange(start..<(start + 4096), with: Data(count: 4096))
      case .flag: bytes[start + 10] ^= 4
      case .bound: bytes[start + 13] ^= 0x20
      case .torn: bytes.replaceSubrange((start + 2048)..<(start + 4096), with: Data(count: 2048))
      }
      return bytes
    }
  }

  /// Checks that the copy holds all that the log held, but what a repair has said that it lacks, and nothing else.
  private func expectWhole(
    _ file: SpoiltFile, _ report: RepairReport, _ what: String,
    lacksNotes: Bool = false, isRepaired: Bool? = nil
  ) throws {
    let rows = try SpoiltFile.rows(file.copy)
    for (name, table) in file.rows {
      let found = rows[name, default: [:]]
      // Notes of earlier heads are found again.
      // Without a backup, those are lost that lay in the spoilt page alone; the next head is signed again.
      if name == "checkpoints", lacksNotes { continue }
      let isWhole =
        name == "checkpoints" ? table.allSatisfy { found[$0] == $1 } : found == table
      #expect(isWhole || !report.unrepaired.isEmpty, "\(what): the table '\(name)'")
      if name == "events" || name == "leaves" || name == "erased" {
        #expect(found == table, "\(what): the table '\(name)'")
      }
    }
    let verified = try verifyLog(directory: file.copy)
    #expect(
      verified.problems.isEmpty || !report.unrepaired.isEmpty, "\(what): \(verified.problems)")
    #expect(verified.events == file.head.size && verified.root == file.head.root.hex, "\(what)")
    let isRepaired = isRepaired ?? (report.kept != nil)
    #expect(try file.leftovers() == (isRepaired ? ["log.damaged"] : []), "\(what)")
    for table in ["sealed", "documents", "keys"] {
      let isOfErased = rows[table, default: [:]].keys.contains {
        $0.starts(with: file.erased.subject.id.bytes)
      }
      #expect(!isOfErased, "\(what): the table '\(table)' has the erased again")
    }
  }

  /// One page after the other is lost, of every kind that there is; a backup holds what was in it.
  @Test(arguments: [
    (true, SpoiltFile.Age.new), (false, .new), (true, .mixed), (false, .older),
  ])
  func whateverPageIsSpoiltTheLogIsWholeAgain(isClosed: Bool, age: SpoiltFile.Age) async throws {
    try await withTemporaryDirectory { directory in
      let file = try await SpoiltFile(in: directory, isClosed: isClosed, isBackedUp: true, age)
      let whole = try file.bytes()
      let (roots, pages) = (whole.roots, whole.count / 4096)
      var repaired = 0
      for page in 0..<pages {
        let damage = Damage.allCases[page % 4]
        for damage in page == roots["meta"] || page == roots[""] ? Damage.allCases : [damage] {
          try file.spoil(damage.apply(to: whole, page: page))
          let what = "page \(page) \(damage), \(roots)"
          // Where the last transaction's own page is gone, only whoever was given the checkpoint knows that it was the last.
          let isEnd = page == roots[""] || page == roots["meta"] && !isClosed
          do {
            let report = try repairLog(
              directory: file.copy, from: [file.backup], lastCheckpoint: isEnd ? file.note : nil)
            if report.kept != nil { repaired += 1 }
            let isDescribed = page != roots["meta"] && page != roots[""]
            #expect(report.unrepaired.isEmpty || !isDescribed, "\(what): \(report)")
            try expectWhole(file, report, what)
          } catch { Issue.record("\(what): \(error)") }
        }
      }
      #expect(repaired > pages / 3, "\(repaired) of \(pages)")
    }
  }

  /// What no page and no backup holds is named, and the log does not go on as if it had never been recorded.
  @Test(arguments: [(true, SpoiltFile.Age.new), (false, .new), (true, .mixed)])
  func withoutABackupNoneButTheSpoiltPageIsMissing(
    isClosed: Bool, age: SpoiltFile.Age
  ) async throws {
    try await withTemporaryDirectory { directory in
      let file = try await SpoiltFile(in: directory, isClosed: isClosed, age)
      let whole = try file.bytes()
      let (roots, pages) = (whole.roots, whole.count / 4096)
      var (complete, refused) = (Set<Int>(), 0)
      for page in 0..<pages {
        let damaged = Damage.zeroed.apply(to: whole, page: page)
        try file.spoil(damaged)
        do {
          let report = try repairLog(directory: file.copy, from: [])
          if report.unrepaired.isEmpty { complete.insert(page) }
          try expectWhole(
            file, report, "page \(page), \(roots)", lacksNotes: page == roots["checkpoints"])
        } catch {
          refused += 1
          #expect(
            try Data(contentsOf: URL(fileURLWithPath: file.copy + "/log/data.mdb")) == damaged)
          #expect(try file.leftovers() == [], "page \(page)")
          let isNamed = "\(error)".contains(/Of the log's events, [0-9 to,]+ are in no page/)
          let isEnd = page == roots[""] || page == roots["meta"]
          #expect(isNamed || isEnd, "page \(page): \(error), \(roots)")
        }
      }
      // What is in these follows from others, or is there twice.
      for name in ["free", "streams", "nodes", "command-index", "documents", "leaves"] {
        let root = try #require(roots[name])
        #expect(root < 0 || complete.contains(root), "\(name)")
      }
      for meta in 0..<2 { #expect(complete.contains(meta)) }
      #expect(refused < pages / 2, "\(refused) of \(pages)")
    }
  }

  /// A crash leaves the one file or the other, and the next repair clears away what it left beside them.
  @Test func aRepairThatIsKilledLeavesNothingHalf() async throws {
    try await withTemporaryDirectory { directory in
      let file = try await SpoiltFile(in: directory, isBackedUp: true)
      let whole = try file.bytes()
      let page = try #require(whole.roots["events"])
      let damaged = Damage.zeroed.apply(to: whole, page: page)
      let seed = UInt64.random(in: 0..<(1 << 32))
      var random = SplitMix64(seed: seed)
      var (killed, done) = (0, 0)
      for round in 0..<12 {
        try file.spoil(damaged)
        let repair = Process()
        repair.executableURL = URL(fileURLWithPath: product("senko-worker"))
        repair.arguments = ["repair", file.copy, "", file.backup]
        // It ends with its input.
        let input = Pipe()
        (repair.standardInput, repair.standardOutput) = (input, FileHandle.nullDevice)
        try repair.run()
        usleep(UInt32.random(in: 0..<200_000, using: &random))
        kill(repair.processIdentifier, SIGKILL)
        repair.waitUntilExit()
        if repair.terminationReason == .uncaughtSignal { killed += 1 } else { done += 1 }
        let log = try Data(contentsOf: URL(fileURLWithPath: file.copy + "/log/data.mdb"))
        if log != damaged {
          #expect(try verifyLog(directory: file.copy).problems.isEmpty, "\(round), seed \(seed)")
        }
        let report = try repairLog(directory: file.copy, from: [file.backup])
        try expectWhole(file, report, "round \(round), seed \(seed)", isRepaired: true)
      }
      #expect(killed > 0, "\(done) were done, seed \(seed)")
    }
  }

  /// The steps of putting the new file in the place of the old one, each as the last that was taken.
  @Test func anExchangeThatWasCutOffIsEnded() async throws {
    try await withTemporaryDirectory { directory in
      let file = try await SpoiltFile(in: directory)
      let damaged = Damage.zeroed.apply(to: try file.bytes(), page: 0)
      let (log, place) = (file.copy + "/log", file.copy + "/log.repairing")
      let files = FileManager.default
      // Exchanged, and not yet kept.
      try file.spoil(damaged)
      _ = try repairLog(directory: file.copy, from: [])
      try files.createDirectory(atPath: place, withIntermediateDirectories: false)
      try files.moveItem(atPath: log + ".damaged", toPath: place + "/log")
      let report = try repairLog(directory: file.copy, from: [])
      #expect(report.kept == nil && report.keptEarlier == [log + ".damaged"])
      try expectWhole(file, report, "exchanged", isRepaired: true)
      // Beside one that an earlier repair has kept, and that nobody has removed.
      let worker = product("senko-worker")
      try files.createDirectory(atPath: place, withIntermediateDirectories: false)
      try files.copyItem(atPath: log + ".damaged", toPath: place + "/log")
      let again = try repairInChild(worker: worker, directory: file.copy, from: [])
      #expect(again.keptEarlier == [log + ".damaged", log + ".damaged-2"])
      let told = try verifyInChild(worker: worker, directory: file.copy)
      #expect(told.problems.isEmpty && told.notices.count == 1, "\(told)")
      #expect(told.notices.first?.contains("log.damaged, log.damaged-2.") == true, "\(told)")
      try files.removeItem(atPath: log + ".damaged-2")
      // A file system without such a step: the old one is kept, the new one not yet in its place.
      try files.createDirectory(atPath: place, withIntermediateDirectories: false)
      try files.moveItem(atPath: log, toPath: place + "/log")
      let refused = #expect(throws: EventLogError.self) { try EventLog.open(file.copy) }
      #expect(refused?.description.contains("Repair it once more") == true, "\(refused as Any)")
      try expectWhole(
        file, try repairLog(directory: file.copy, from: []), "moved", isRepaired: true)
    }
  }

  /// Whoever is erased after a repair is not left in what it keeps, and the escrow goes on to be written.
  @Test func whatIsKeptOpensNothingOfWhoIsErasedLater() async throws {
    try await withTemporaryDirectory { directory in
      let (data, escrow) = (directory + "/data", directory + "/escrow")
      let person = try await {
        let log = try EventLog.open(data)
        _ = try await log.append(notes(40))
        let person = try await Registered.append(log, name: "太郎")
        _ = try await Registered.append(log, name: "花子")
        try await log.keepEscrow(at: escrow)
        log.close()
        return person
      }()
      let url = URL(fileURLWithPath: data + "/log/data.mdb")
      let whole = try Data(contentsOf: url)
      let free = try #require(whole.roots["free"])
      let damaged = Damage.zeroed.apply(to: whole, page: free)
      // Written in place, since a folder's files are known by their inodes.
      let handle = try FileHandle(forWritingTo: url)
      try handle.write(contentsOf: damaged)
      try handle.close()
      let report = try repairLog(directory: data, from: [])
      let kept = try #require(report.kept)
      #expect(report.unrepaired.isEmpty && kept == data + "/log.damaged")
      #expect(try Data(contentsOf: URL(fileURLWithPath: kept + "/data.mdb")) == damaged)
      let before = try Data(contentsOf: URL(fileURLWithPath: escrow))
      do {
        let log = try EventLog.open(data)
        _ = try await person.erase(from: log, named: true)
        log.close()
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: escrow)) != before)
      #expect(try verifyLog(directory: data).problems.isEmpty)
      let file = try #require(try Files.readKey(data + "/wrapping-key"))
      let wrapping = try #require(WrappingKey(file: file))
      var salvage = try FileSalvage(path: kept, growing: ["events", "checkpoints"])
      var rows = 0
      _ = try salvage.rows(of: "keys") { (key, value) throws(EventLogError) in
        rows += 1
        let subject = SubjectID(key)
        let opened = subject.flatMap { try? wrapping.unwrap(value, of: $0) }
        #expect(opened == nil)
      }
      #expect(rows == 3)
    }
  }

  /// A log that went on from before its end under its own name would contradict what it has signed.
  @Test func aFileWithoutItsEndIsNotGoneOnWith() async throws {
    try await withTemporaryDirectory { directory in
      let file = try await SpoiltFile(in: directory)
      let whole = try file.bytes()
      for pages in stride(from: 1, to: whole.count / 4096, by: 5) {
        let cut = whole.prefix(pages * 4096)
        try file.spoil(cut)
        do {
          let report = try repairLog(directory: file.copy, from: [file.backup])
          try expectWhole(file, report, "\(pages) pages")
        } catch {
          #expect(try Data(contentsOf: URL(fileURLWithPath: file.copy + "/log/data.mdb")) == cut)
          #expect(try file.leftovers() == [], "\(pages) pages")
        }
      }
      // What the backup holds alone is the log of before.
      try file.spoil(Data(count: 3 * 4096))
      for note in [nil, file.note] {
        #expect(throws: EventLogError.self) {
          try repairLog(directory: file.copy, from: [file.backup], lastCheckpoint: note)
        }
      }
    }
  }

  /// Where neither the log's own secret nor the seal over its end is left, the end of an old backup is not taken for the
  /// log's: with the secret from a newer one, a second history would begin there.
  @Test func withoutSecretAndSealNoEarlierHeadIsTheEnd() async throws {
    try await withTemporaryDirectory { directory in
      let file = try await SpoiltFile(in: directory)
      let damaged = try spoilt(file.bytes(), but: [""])
      try file.spoil(damaged)
      let refused = #expect(throws: EventLogError.self) {
        try repairLog(directory: file.copy, from: [file.backup])
      }
      #expect(refused?.description.contains("to \(file.head.size) are in no page") == true)
      let url = URL(fileURLWithPath: file.copy + "/log/data.mdb")
      #expect(try Data(contentsOf: url) == damaged && file.leftovers() == [])
    }
  }

  /// Zeros all pages but the first two and the roots of some tables; the records of all tables lie in that of none.
  private func spoilt(_ bytes: Data, but tables: [String]) throws -> Data {
    let left = try tables.map { try #require(bytes.roots[$0]) }
    return (2..<(bytes.count / 4096)).filter { !left.contains($0) }
      .reduce(bytes) { Damage.zeroed.apply(to: $0, page: $1) }
  }

  /// What is left of a log is no less than a backup of it holds, and the escrow has the keys that it lacks.
  @Test(arguments: [[""], ["", "checkpoints"], ["", "keys"]])
  func whatABackupHoldsIsRestoredWithTheEscrowsKeys(left: [String]) async throws {
    try await withTemporaryDirectory { directory in
      let file = try await SpoiltFile(in: directory)
      try file.spoil(try spoilt(file.bytes(), but: left))
      let (rest, restored) = (directory + "/rest", directory + "/restored")
      let (note, report) = try backUpRest(of: file.copy, to: rest, from: [file.backup])
      let backup = try #require(
        Checkpoint(note: try String(contentsOfFile: file.backup + "/checkpoint", encoding: .utf8)))
      #expect(try #require(Checkpoint(note: note)) == backup)
      #expect(!report.unrepaired.contains { $0.contains("keys") }, "\(report)")
      do {
        let (log, restoration) = try await EventLog.restore(
          rest, escrow: directory + "/escrow", to: restored, lastCheckpoint: file.note
        ) { _ in notes(1) }
        #expect(restoration.damage.isEmpty && restoration.lost == file.head.size - backup.size)
        #expect(try log.isErased(file.erased.subject.id))
        log.close()
      }
      #expect(try verifyLog(directory: restored).problems.isEmpty)
    }
  }

  /// Where an event is lost for good, those ahead of it are not lost with it, though no backup has them.
  @Test func whatLiesAheadOfALossIsRestored() async throws {
    try await withTemporaryDirectory { directory in
      let file = try await SpoiltFile(in: directory)
      let whole = try file.bytes()
      let backup = try #require(
        Checkpoint(note: try String(contentsOfFile: file.backup + "/checkpoint", encoding: .utf8)))
      var rests = 0
      for page in (2..<(whole.count / 4096)).reversed() where rests < 3 {
        let damaged = Damage.zeroed.apply(to: whole, page: page)
        try file.spoil(damaged)
        do {
          _ = try repairLog(directory: file.copy, from: [file.backup])
          continue
        } catch {
          guard "\(error)".contains("in no page") else { continue }
        }
        rests += 1
        let (rest, restored) = (directory + "/rest-\(page)", directory + "/restored-\(page)")
        let (note, report) = try backUpRest(of: file.copy, to: rest, from: [file.backup])
        let head = try #require(Checkpoint(note: note))
        #expect(report.unrepaired.isEmpty, "page \(page): \(report)")
        #expect(head.size >= backup.size && head.size < file.head.size, "page \(page)")
        let url = URL(fileURLWithPath: file.copy + "/log/data.mdb")
        #expect(try Data(contentsOf: url) == damaged && file.leftovers() == [])
        let checked = try verifyLog(directory: rest, options: VerifyOptions(against: note))
        #expect(checked.problems.isEmpty, "page \(page): \(checked.problems)")
        do {
          let (log, restoration) = try await EventLog.restore(
            rest, escrow: directory + "/escrow", to: restored, lastCheckpoint: file.note
          ) { _ in notes(1) }
          #expect(restoration.size == head.size && restoration.knownSize == file.head.size)
          #expect(try log.isErased(file.erased.subject.id))
          log.close()
        }
        #expect(try verifyLog(directory: restored).problems.isEmpty, "page \(page)")
      }
      #expect(rests > 0)
    }
  }
}
