import Foundation
import TestSupport
import Testing

/// What an operator is told of a store or a backup that is damaged.
@Suite struct DamageTests {
  private func withStore(
    _ body: (Program, _ folder: String) async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      let added = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      #expect(added.status == 0, "\(added.errors)")
      let file = folder + "/hanako.txt"
      try resume(skilled: true, 1).write(toFile: file, atomically: true, encoding: .utf8)
      #expect(try senko("register", "--name", "hanako", file).status == 0)
      try await body(senko, folder)
    }
  }

  /// A file that ends a reader by a signal must not end the check before it has told what it found.
  @Test func aTornFileIsToldOf() async throws {
    try await withStore { senko, folder in
      let whole = try senko("verify")
      #expect(whole.status == 0 && whole.output.contains(/signed       (\d+) of \1 events\n/))
      #expect(try senko("backup", folder + "/backup").status == 0)
      let path = folder + "/data/log/data.mdb"
      let file = try Data(contentsOf: URL(fileURLWithPath: path))
      for kept in [file.count / 2, 12_288] {
        try file.prefix(kept).write(to: URL(fileURLWithPath: path))
        for arguments in [["verify"], ["verify", "--retrain"], ["verify", "--json"]] {
          let result = try senko.run(arguments)
          #expect(result.status == 3, "\(kept) \(arguments): \(result)")
          #expect(result.output.contains(arguments.last == "--json" ? "problems" : "NOT OK"))
        }
        let repair = try senko("repair", "--from", folder + "/backup")
        #expect(!repair.errors.isEmpty, "\(kept): \(repair)")
        if repair.status == 0 { #expect(try senko("verify").status == 0) }
        #expect(repair.status < 2, "\(kept): \(repair)")
      }
    }
  }

  /// A backup has no views and no keys to fold them with; that is no failure of its repair.
  @Test func aBackupIsRepairedFromAnotherOne() async throws {
    try await withStore { senko, folder in
      for name in ["older", "newer"] {
        #expect(try senko("backup", folder + "/" + name).status == 0)
      }
      let backup = Program(data: folder + "/newer")
      try FileManager.default.removeItem(atPath: folder + "/newer/documents")
      #expect(try backup("verify").status == 3)
      let repaired = try backup("repair", "--from", folder + "/older")
      #expect(repaired.status == 0 && repaired.errors.isEmpty, "\(repaired)")
      #expect(try backup("verify").status == 0)
    }
  }

  /// One command has to bring a log back that no other one opens.
  @Test func aSpoiltPageIsPutRightByOneCommand() async throws {
    try await withStore { senko, folder in
      let path = folder + "/data/log/data.mdb"
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      let last = folder + "/last"
      try senko("checkpoint").output.write(toFile: last, atomically: true, encoding: .utf8)
      for page in 0..<(whole.count / 4096) {
        var spoilt = whole
        spoilt.replaceSubrange((page * 4096)..<(page * 4096 + 4096), with: Data(count: 4096))
        try spoilt.write(to: URL(fileURLWithPath: path))
        let opened = try senko("log")
        guard opened.status != 0 else { continue }
        #expect(opened.errors.contains("senko repair"), "page \(page): \(opened)")
        let repaired = try senko("repair", "--last-checkpoint", last)
        guard repaired.status == 0 else {
          #expect(repaired.errors.hasPrefix("senko: "), "page \(page): \(repaired)")
          continue
        }
        #expect(repaired.errors.contains("log.damaged"), "page \(page): \(repaired)")
        #expect(try senko("verify", "--against", last).status == 0, "page \(page)")
        #expect(try senko("applicant", "1", "--json").output.contains("hanako"))
        if page > 1 { return }
      }
      Issue.record("Nothing but the first pages was put right.")
    }
  }

  /// Where an event is lost for good, those ahead of it are not given up with it.
  @Test func whatIsLeftIsWrittenAsABackupAndRestored() async throws {
    try await withStore { senko, folder in
      #expect(try senko("escrow", folder + "/escrow").status == 0)
      let events = try senko("log").output.split(separator: "\n")
      let path = folder + "/data/log/data.mdb"
      var spoilt = try Data(contentsOf: URL(fileURLWithPath: path))
      let last = Data(try #require(events.last).utf8)
      while let range = spoilt.range(of: last) {
        let page = range.lowerBound / 4096 * 4096
        spoilt.replaceSubrange(page..<(page + 4096), with: Data(count: 4096))
      }
      try spoilt.write(to: URL(fileURLWithPath: path))
      let refused = try senko("repair")
      #expect(refused.status == 1 && refused.errors.contains("\(events.count)"), "\(refused)")
      let written = try senko("repair", "--as-backup", folder + "/rest")
      #expect(written.status == 0 && written.output.hasPrefix("senko/"), "\(written)")
      let again = Program(data: folder + "/again")
      let restored = try again.run(
        ["restore", folder + "/rest", "--escrow", folder + "/escrow"])
      #expect(restored.status == 0, "\(restored)")
      #expect(try again("verify").status == 0)
    }
  }

  /// Pages that LMDB cannot read on from end no command by a signal, which tells an operator nothing.
  @Test func aDamagedPageIsNamedByWhateverMeetsIt() async throws {
    try await withStore { senko, folder in
      // An empty page, one of nonsense, a branch to nowhere, and a leaf whose rows lie elsewhere.
      let pages: [[UInt8]] = [
        [0], [0xFF], [0, 0, 1, 0, 0x12, 0, 0, 0x10, 0xF0], [0, 0, 2, 0, 0x30, 0, 0, 0x10, 0xF0],
      ]
      for part in ["log", "views"] {
        let path = "\(folder)/data/\(part)/data.mdb"
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        for (index, page) in pages.enumerated() {
          var torn = whole.prefix(8192)
          for number in 2..<UInt64(whole.count / 4096) {
            let start = torn.count
            if page.count > 1 {
              torn += (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
            }
            torn.append(contentsOf: page)
            torn.append(Data(repeating: page[page.count - 1], count: 4096 - (torn.count - start)))
          }
          try torn.write(to: URL(fileURLWithPath: path))
          let commands = [["log"], ["applicants"], ["backup", folder + "/backup-\(index)"]]
          guard part == "log" else {
            // The log has all of what is gone.
            let result = try senko.run(["applicants", "--json"])
            #expect(result.status == 0 && result.output.contains("hanako"), "\(index): \(result)")
            let lines = result.errors.split(separator: "\n")
            #expect(lines.count == 1 && lines[0].contains("folded anew"), "\(index): \(result)")
            #expect(try senko("applicants").errors.isEmpty)
            continue
          }
          for arguments in commands {
            let result = try senko.run(arguments)
            #expect(result.status == 1, "\(part) \(index) \(arguments): \(result)")
            #expect(result.errors.hasPrefix("senko: "), "\(part) \(index) \(arguments): \(result)")
            if page.count > 1 { #expect(result.errors.contains("'\(path)'"), "\(result)") }
            #expect(
              result.errors.contains("senko repair"), "\(part) \(index) \(arguments): \(result)")
          }
        }
        try whole.write(to: URL(fileURLWithPath: path))
      }
      #expect(try senko("verify").status == 0)
    }
  }

  /// A single flipped bit may lead LMDB out of its file, or have it write where it must not.
  @Test func aBitThatMisleadsEndsEveryCommandWithASentence() async throws {
    try await withStore { senko, folder in
      let path = folder + "/data/log/data.mdb"
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      func word(_ offset: Int) -> Int { Int(whole[offset]) | Int(whole[offset + 1]) << 8 }
      let leaves = stride(from: 8192, to: whole.count, by: 4096).filter { word($0 + 10) == 2 }
      // What kind of row the first is, and where the list of rows ends.
      for (place, mask) in [({ $0 + word($0 + 16) + 4 }, 4), ({ $0 + 13 }, 0x20)]
        as [((Int) -> Int, UInt8)]
      {
        var damaged = whole
        for leaf in leaves { damaged[place(leaf)] ^= mask }
        try damaged.write(to: URL(fileURLWithPath: path))
        let commands = [
          ["log"], ["applicants"], ["label", "1", "ok", "--by", "a@example.jp"],
          ["backup", folder + "/backup"], ["serve", "--port", "0"],
        ]
        for arguments in commands {
          let result = try senko.run(arguments)
          #expect(result.status == 1 && result.output.isEmpty, "\(mask) \(arguments): \(result)")
          #expect(result.errors.hasPrefix("senko: "), "\(mask) \(arguments): \(result)")
          #expect(result.errors.contains("'\(path)'"), "\(mask) \(arguments): \(result)")
          #expect(result.errors.contains("senko repair"), "\(mask) \(arguments): \(result)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder + "/backup/log"))
        let verified = try senko.run(["verify"])
        #expect(verified.status == 3 && verified.output.contains("NOT OK"), "\(verified)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == damaged)
      }
      try whole.write(to: URL(fileURLWithPath: path))
      #expect(try senko("verify").status == 0)
    }
  }

  /// What rests on damage is looked up in the views, and these may be torn by the same accident.
  @Test func tornViewsEndNeitherACheckNorARepair() async throws {
    try await withStore { senko, folder in
      #expect(try senko("backup", folder + "/backup").status == 0)
      let event = #""type":"applicant.registered""#
      #expect(try flip(event.utf8, bit: 72, inLogOf: folder + "/data") > 0)
      let views = URL(fileURLWithPath: folder + "/data/views/data.mdb")
      let whole = try Data(contentsOf: views)
      let told = try senko("verify", "--json")
      #expect(told.status == 3 && told.output.contains(#""damage":[{"applicant":1,"#), "\(told)")
      for filling: UInt8 in [0xFF, 0x00, 0x5A] {
        // Its two first pages say what it is, all others are gone.
        let torn = whole.prefix(8192) + Data(repeating: filling, count: whole.count - 8192)
        try torn.write(to: views)
        for arguments in [["verify"], ["verify", "--json"], ["verify", "--retrain"]] {
          let result = try senko.run(arguments)
          #expect(result.status == 3, "\(filling) \(arguments): \(result)")
          #expect(result.output.contains(arguments.last == "--json" ? "problems" : "NOT OK"))
        }
      }
      let repaired = try senko("repair", "--from", folder + "/backup")
      #expect(repaired.status < 2 && repaired.output.contains("repaired 1 event,"), "\(repaired)")
      if repaired.status == 1 { #expect(repaired.errors.contains("Remove the folder")) }
      try FileManager.default.removeItem(atPath: folder + "/data/views")
      #expect(try senko("verify").status == 0)
      #expect(try senko("applicant", "1", "--json").output.contains("hanako"))
    }
  }

  @Test func aDamagedBackupIsRestoredOnlyWhereThatIsAskedFor() async throws {
    try await withStore { senko, folder in
      #expect(try senko("escrow", folder + "/escrow").status == 0)
      #expect(try senko("backup", folder + "/backup").status == 0)
      let documents = URL(fileURLWithPath: folder + "/backup/documents")
      for name in try FileManager.default.contentsOfDirectory(atPath: documents.path) {
        try FileManager.default.removeItem(at: documents.appendingPathComponent(name))
      }
      let again = Program(data: folder + "/again")
      let restore = ["restore", folder + "/backup", "--escrow", folder + "/escrow"]
      let refused = try again.run(restore)
      #expect(refused.status == 1 && refused.output.isEmpty)
      #expect(refused.errors.contains("Nothing was restored"), "\(refused.errors)")
      #expect(refused.errors.contains("--despite-damage"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/again.restoring"))
      let restored = try again.run(restore + ["--despite-damage"])
      #expect(restored.status == 0, "\(restored.errors)")
      #expect(restored.errors.contains("WHAT WAS RESTORED IS NOT WHAT WAS RECORDED"))
      #expect(try again("applicant", "1", "--json").output.contains("hanako"))
    }
  }

  /// Who was erased must not come back with a damaged backup: as somebody active whom nobody can erase.
  @Test func whoWasErasedStaysSoThoughTheBackupIsDamaged() async throws {
    try await withStore { senko, folder in
      #expect(try senko("register", "--name", "taro", folder + "/hanako.txt").status == 0)
      #expect(try senko("escrow", folder + "/escrow").status == 0)
      #expect(try senko("backup", folder + "/backup").status == 0)
      try FileManager.default.copyItem(atPath: folder + "/backup", toPath: folder + "/whole")
      #expect(try senko("erase", "2", "--by", "a@example.jp").status == 0)
      let event = #""type":"applicant.registered""#
      #expect(try flip(event.utf8, bit: 72, inLogOf: folder + "/backup") > 0)

      let again = Program(data: folder + "/again")
      let restored = try again(
        "restore", folder + "/backup", "--escrow", folder + "/escrow", "--despite-damage")
      #expect(restored.status == 0, "\(restored.errors)")
      #expect(restored.errors.contains("WHAT WAS RESTORED IS NOT WHAT WAS RECORDED"))
      #expect(restored.errors.contains("cannot be recorded yet"), "\(restored.errors)")
      #expect(try again("applicants").errors.contains("cannot be recorded yet"))
      // A check does not even try.
      let checked = try again("verify")
      #expect(checked.status == 3 && !checked.errors.contains("cannot be recorded"), "\(checked)")

      let repaired = try again("repair", "--from", folder + "/whole")
      #expect(repaired.status == 0, "\(repaired)")
      let listed = try again("applicants", "--json", "--state", "erased")
      #expect(listed.output.contains(#""applicant":2,"#), "\(listed)")
      let (before, erased) = (
        try again("log").output, try again("erase", "2", "--by", "a@example.jp")
      )
      #expect(erased.status == 1 && erased.errors.contains("was erased"), "\(erased)")
      #expect(try again("log").output == before)
      #expect(try again("verify").status == 0)
    }
  }
}
