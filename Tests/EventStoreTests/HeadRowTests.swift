import Cryptography
import Foundation
import LMDB
import TestSupport
import Testing

@testable import EventStore

/// What the last transaction has left of the head lies in one row: what damages it, or comes between, must not cost the log.
@Suite struct HeadRowTests {
  /// Another process stores the note of an earlier head after those of later ones.
  @Test func ofEach256SizesANoteIsKeptWhoeverStoresItWhen() async throws {
    try await withLog { log, _ in
      _ = try await log.append(notes(300))
      let earlier = try #require(log.writer.held)
      _ = try await log.append(notes(300))
      let later = try #require(log.writer.held)
      try log.environment.write { (transaction: inout WriteTransaction) throws(EventLogError) in
        try stored { () throws(LMDBError) in try log.tables.dropNotes(&transaction) }
        for note in [later, earlier] {
          var state = LogState()
          state.note = note
          let stage = Stage(
            tables: log.tables, keyring: log.keyring, clock: .system, random: log.random,
            commands: log.commands, state: state)
          try stage.storeNote(&transaction)
        }
      }
      #expect(try log.checkpoint(over: 300) == earlier.encoded)
      #expect(try log.checkpoint(over: 600) == later.encoded)
      #expect(try log.checkpointSize(before: 600) == 300)
      #expect(try log.checkpointSize(before: 300) == 0)
    }
  }

  /// The newest note of a short log is the first of its sizes as well, and lies in two places.
  @Test func aNoteIsCountedOnce() async throws {
    try await withTemporaryDirectory { directory in
      for count in 1...2 {
        do {
          let log = try EventLog.open(directory + "/data")
          _ = try await log.append(notes(1))
          log.close()
        }
        let report = try verifyLog(directory: directory + "/data")
        #expect(report.notes == count && report.signed == UInt64(count), "\(report)")
      }
    }
  }

  /// A restore signs the head that it goes on from among the checkpoints, and leaves the note over an earlier one.
  @Test func theNewestNoteIsCheckedWhereverItLies() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      try await HeadTests.makeLog(data)
      let file = try Files.read(LogFolder(path: data).signingKey) ?? []
      let key = try #require(SigningKey(file: file))
      let forger = try SigningKey(origin: key.origin, seed: .random(using: .system))
      let root = try #require(Digest(hex: try verifyLog(directory: data).root))
      let head = Checkpoint(origin: key.origin, size: 24, root: root)
      for signer in [key, forger] {
        let note = Array(try signer.sign(head).encoded.utf8)
        try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
          try transaction.put(note, at: bigEndian(24), in: tables.checkpoints)
          let first = try transaction.value(at: bigEndian(6), in: tables.checkpoints) ?? []
          guard let earlier = SignedNote(String(decoding: first, as: UTF8.self)),
            var row = try tables.head(in: transaction.reading)
          else { return }
          row = HeadRow(seal: row.seal)
          row.keep(SignedHead(earlier, size: 6))
          try tables.put(row, &transaction)
        }
        let report = try verifyLog(directory: data)
        #expect(report.problems.isEmpty == (signer.name == key.name), "\(report.problems)")
        #expect(report.signed == (signer.name == key.name ? 24 : 0))
      }
    }
  }

  /// The seal beside a note that is damaged tells as well where the log ends; without a repair it would open no more.
  @Test(arguments: ["size", "root", "signature", "root and leaf"])
  func aDamagedNoteIsMendedWhereTheSealIsWhole(part: String) async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      try await HeadTests.makeLog(data)
      try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
        var row = try transaction.value(at: MetaKey.head, in: tables.meta) ?? []
        let size = Array("\n24\n".utf8)
        switch part {
        case "size": row[39] ^= 1
        case "signature": row[row.count - 10] ^= 1
        // A digit of the root, which stands behind the size.
        default: row[(row[40...].firstRange(of: size)?.upperBound ?? 0) + 3] ^= 1
        }
        try transaction.put(row, at: MetaKey.head, in: tables.meta)
        if part == "root and leaf" {
          try transaction.flipLeaf(of: 24, in: tables.events)
        }
      }
      #expect(!(try verifyLog(directory: data).problems.isEmpty))
      let report = try repairLog(directory: data, from: [])
      #expect(report.unrepaired.isEmpty, "\(report)")
      let left = try verifyLog(directory: data).problems
      #expect(left.isEmpty, "\(left)")
      do {
        let log = try EventLog.open(data)
        _ = try await log.append(notes(1))
        log.close()
      }
      #expect(try verifyLog(directory: data).signed == 25)
    }
  }

  /// Nothing but the format tells earlier versions not to look for leaves where they would; a restore leaves no head.
  @Test(arguments: ["0", "1"])
  func aChangedFormatIsFoundWithoutAHead(format: String) async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      try await HeadTests.makeLog(data)
      try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
        let note = try tables.newestNote(in: transaction.reading)
        try transaction.put(note?.text ?? [], at: bigEndian(24), in: tables.checkpoints)
        try tables.deleteHead(&transaction)
      }
      #expect(try verifyLog(directory: data).problems.isEmpty)
      try RepairTests.change(data) { (transaction, tables) throws(LMDBError) in
        try transaction.put(Array(format.utf8), at: MetaKey.format, in: tables.meta)
      }
      #expect(!(try verifyLog(directory: data).problems.isEmpty))
    }
  }

  /// What lies ahead of a loss is kept as far as the leaves and nodes behind it lead to a head that is known.
  @Test(
    arguments: [
      // Events, those that are lost, whether an earlier version wrote them, what is left.
      (150, 101...150, true, 100), (150, 5...5, true, 4), (160, 101...160, true, 100),
      (160, 101...160, false, 96),
      (160, 16...16, false, 0), (160, 17...17, false, 16), (160, 33...80, false, 32),
      (150, 140...140, false, 128),
      (150, 1...1, false, 0), (16, 16...16, false, 0), (40, 1...40, true, 0),
    ])
  func whatLiesAheadOfALossIsFound(count: Int, lost: ClosedRange<Int>, isOlder: Bool, left: UInt64)
    async throws
  {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      do {
        let log = try EventLog.open(data)
        _ = try await log.append(notes(count))
        log.close()
      }
      var sizes: [UInt64?] = []
      let environment = try Environment(
        path: data + "/log", mapSize: EventLog.mapSize, maxTables: LogTables.count)
      let tables = try LogTables(environment, create: false)
      try environment.write { (transaction: inout WriteTransaction) throws(EventLogError) in
        try stored { () throws(LMDBError) in
          if isOlder { try tables.makeOlder(&transaction) }
          for number in lost {
            try transaction.delete(bigEndian(UInt64(number)), in: tables.events)
          }
        }
        var tree = TreeRepair(tables, [])
        try tree.readRoots(&transaction)
        let search = HeadSearch(origin: "", roots: tree.roots, seals: [], key: nil)
        sizes.append(try search.prefix(UInt64(lost.lowerBound - 1), &transaction, tables)?.size)
      }
      let isLastBlock = !isOlder && lost.upperBound > count / 16 * 16
      #expect(sizes == [isLastBlock ? nil : left])
    }
  }
}
