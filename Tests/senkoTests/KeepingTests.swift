import Foundation
import TestSupport
import Testing

/// What an operator, a witness, an auditor and an applicant do with a store for years, with the built programs.
@Suite struct KeepingTests {
  /// A data folder with commands, and a folder beside it.
  private struct Store {
    let folder: String
    var data = "data"

    /// Runs a command and returns what it gave; it must end with `status`.
    @discardableResult
    func callAsFunction(
      _ arguments: String..., input: String = "", ending status: Int32 = 0,
      _ location: SourceLocation = #_sourceLocation
    ) async throws -> Program.Result {
      let program = Program(data: path(data))
      let result = try await waiting { try program.run(arguments, input: input) }
      #expect(
        result.status == status, "\(arguments): \(result.output)\(result.errors)",
        sourceLocation: location)
      return result
    }

    func path(_ name: String) -> String { folder + "/" + name }

    /// Keeps what a command wrote, and gives the file's path.
    func keep(_ text: String, as name: String) throws -> String {
      try text.write(toFile: path(name), atomically: true, encoding: .utf8)
      return path(name)
    }

    func keepCheckpoint(as name: String) async throws -> String {
      try keep(try await self("checkpoint").output, as: name)
    }

    func register(_ name: String) async throws {
      let file = try keep(resume(skilled: true, name.utf8.count), as: name + ".txt")
      try await self("register", "--name", name, file)
    }

    func tool(_ arguments: String...) async throws -> Int32 {
      try await waiting { try runTool("verify-log.py", arguments).status }
    }

    /// The same commands for another data folder.
    func other(_ data: String) -> Store { Store(folder: folder, data: data) }
  }

  private func withStore(_ body: (Store) async throws -> Void) async throws {
    try await withTemporaryDirectory { folder in
      let senko = Store(folder: folder)
      try await senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      try await senko.register("hanako")
      try await body(senko)
    }
  }

  private func lines(_ result: Program.Result) -> [Substring] {
    result.output.split(separator: "\n")
  }

  /// A command that waits for a backup of hours looks as if it hung.
  @Test func aCommandThatWaitsForAnotherProcessSaysSo() async throws {
    try await withStore { senko in
      let lock = unsafe open(senko.path("data/erasure-lock"), O_RDWR | O_CREAT, 0o600)
      try #require(lock >= 0 && flock(lock, LOCK_EX) == 0)
      defer { close(lock) }
      let errors = try await waiting {
        try Program(data: senko.path("data")).run(["escrow", senko.path("escrow")]) { errors in
          for _ in 0..<600 where try !errors().contains("Another process") { usleep(100_000) }
          flock(lock, LOCK_UN)
        }.errors
      }
      #expect(
        errors.split(separator: "\n").count { $0.contains("Another process") } == 1, "\(errors)")
      let unasked = try await senko("escrow", senko.path("escrow")).errors
      #expect(unasked.isEmpty, "\(unasked)")
      try #require(flock(lock, LOCK_EX) == 0)
      let silent = Task { try await senko("escrow", senko.path("escrow"), "--json") }
      try await Task.sleep(for: .seconds(4))
      flock(lock, LOCK_UN)
      let nothing = try await silent.value.errors
      #expect(nothing.isEmpty, "\(nothing)")
    }
  }

  /// The second and third line of a checkpoint: how many events, and their root.
  private func head(_ note: String) throws -> (origin: Substring, size: UInt64, root: Substring) {
    let lines = try String(contentsOfFile: note, encoding: .utf8).split(separator: "\n")
    return (lines[0], try #require(UInt64(lines[1])), lines[2])
  }

  /// A key's file that is lost takes nothing with it that the escrow holds.
  @Test func aLostKeyIsPutBackFromTheEscrow() async throws {
    try await withStore { senko in
      try await senko("escrow", senko.path("escrow"))
      let key = senko.path("data/wrapping-key")
      let bytes = try Data(contentsOf: URL(fileURLWithPath: key))
      try FileManager.default.removeItem(atPath: key)
      let closed = try await senko("applicant", "1", ending: 1)
      #expect(closed.errors.contains("senko key restore --escrow PATH"), "\(closed.errors)")
      // What was recorded is whole: that is what the exit code says.
      let verified = lines(try await senko("verify"))
      #expect(verified.last == "ok")
      #expect(verified.contains { $0.hasPrefix("notice       Key files that are not in") })
      let json = try await senko("verify", "--json").output
      #expect(json.contains("senko key restore --escrow PATH"), "\(json)")
      let restored = try await senko("key", "restore", "--escrow", senko.path("escrow"))
      #expect(restored.output == "restored wrapping-key\n")
      #expect(try Data(contentsOf: URL(fileURLWithPath: key)) == bytes)
      #expect(try await senko("applicant", "1", "--json").output.contains("hanako"))
      let again = try await senko("key", "restore", "--escrow", senko.path("escrow"), "--json")
      #expect(again.output.contains(#""restored":[]"#), "\(again.output)")
    }
  }

  @Test func anOpeningsApplicationsAreKeptAsLongAsWasAdopted() async throws {
    try await withStore { senko in
      try await senko("retention", "run", "--dry-run", ending: 1)
      for wrong in [
        ["policy", "adopt", "--retention", "30"],
        ["policy", "adopt", "--opening", "general", "--retention", "0"],
        ["retention", "run", "--older-than", "30", "--dry-run"],
        ["retention", "run"],
      ] {
        let program = Program(data: senko.path("data"))
        let refused = try await waiting { try program.run(wrong) }
        #expect(refused.status == 64, "\(wrong): \(refused.output)\(refused.errors)")
      }
      func adopt(_ retention: String) async throws {
        try await senko(
          "policy", "adopt", "--opening", "general", "--retention", retention, "--by",
          "a@example.jp")
      }
      try await adopt("30")
      let rule = "general: kept 30 days after the selection\n"
      #expect(try await senko("policy").output.hasSuffix(rule))
      #expect(try await senko("policy", "list").output.contains("general 30"))
      #expect(try await senko("retention", "run", "--dry-run").output == rule + "nobody\n")
      #expect(
        try await senko("retention", "run", "--by", "a@example.jp").output == rule + "nobody\n")
      try await adopt("none")
      try await senko("retention", "run", "--dry-run", ending: 1)
    }
  }

  /// Without a rule: once, by the time of the application alone, after a look at who they would be.
  @Test func whoAppliedLongAgoIsNamedBeforeTheyAreErased() async throws {
    try await withStore { senko in
      let file = try senko.keep(resume(skilled: true, 3), as: "old.txt")
      for opening in ["general", "general", "sales"] {
        try await senko(
          "register", "--name", "taro", "--opening", opening, "--received",
          "2020-03-01T09:00:00+09:00", file)
      }
      try await senko("hold", "place", "3", "--reason-code", "lawsuit", "--by", "a@example.jp")
      func run(_ end: String...) async throws -> String {
        let program = Program(data: senko.path("data"))
        let arguments = ["retention", "run", "--opening", "general", "--older-than", "365"] + end
        let result = try await waiting { try program.run(arguments) }
        #expect(result.status == 0, "\(result.errors)")
        return result.output
      }
      for _ in 1...2 {
        #expect(try await run("--dry-run") == "would erase 2\nkept under legal hold 3\n")
      }
      let told = try await run("--dry-run", "--json")
      #expect(told.contains(#""applicants":[2]"#) && told.contains(#""erased":false"#), "\(told)")
      try await senko("applicant", "2")
      #expect(
        try await run("--by", "a@example.jp") == "erased 2\nkept under legal hold 3\n")
      try await senko("applicant", "2", ending: 1)
      for other in ["1", "3", "4"] { try await senko("applicant", other) }
      #expect(try await run("--dry-run") == "nobody\nkept under legal hold 3\n")
    }
  }

  @Test func whatIsHandedOutIsProvenAfterTheKeyHasChanged() async throws {
    try await withStore { senko in
      let key = try await senko("key").output.trimmingCharacters(in: .newlines)
      let kept = try await senko.keepCheckpoint(as: "kept")

      // The applicant's receipt is all that a stranger needs beside the key.
      let text = try await senko("receipt", "1").output
      let receipt = try senko.keep(text, as: "receipt")
      let position =
        try #require(text.firstMatch(of: /\nindex (\d+)\n/).flatMap { UInt64($0.1) }) + 1
      let told = try await waiting {
        try runTool("verify-log.py", ["--proof", receipt, "--key", key])
      }
      #expect(told.status == 0 && told.answer.contains("applicant.registered"), "\(told.answer)")
      #expect(told.answer.contains(#""pinned": true"#))
      let alone = try await waiting { try runTool("verify-log.py", ["--proof", receipt]) }
      #expect(alone.status == 3, "The receipt's own key was believed: \(alone.answer)")
      let log = lines(try await senko("log"))
      let event = try senko.keep(String(log[Int(position) - 1]), as: "event")
      #expect(try String(contentsOfFile: event, encoding: .utf8).contains("applicant.registered"))
      let proof = try senko.keep(try await senko("proof", "\(position)").output, as: "proof")
      #expect(try await senko.tool("--proof", proof, "--event", event, "--key", key) == 0)
      #expect(try await senko.tool("--proof", proof, "--key", key) == 3)
      try await senko("proof", "9999", ending: 1)

      let witnessed = try await senko("witness", "--state", senko.path("witness"))
      let witness = try #require(witnessed.errors.firstMatch(of: /witness key (\S+)/)).1
      for changes in [2, 1] {
        for _ in 0..<changes {
          try await senko.register("taro")
          try await senko("key", "rotate", "--by", "a@example.jp")
        }
        try await senko.register("jiro")
        let note = try senko.keep(
          try await senko("witness", "--state", senko.path("witness")).output, as: "cosigned")
        let report = try await senko(
          "verify", "--key", key, "--against", note, "--witnessed", note, "--witness-key",
          String(witness), "--json")
        #expect(report.output.contains(#""name":"witness""#))
      }
      try await senko("export", senko.path("export"))
      #expect(try await senko.tool(senko.path("export"), "--key", key, "--older", kept) == 0)

      // Without its last event the log is not what the witness has seen.
      try FileManager.default.copyItem(
        atPath: senko.path("data"), toPath: senko.path("yesterday"))
      try await senko.register("saburo")
      try await senko("witness", "--state", senko.path("witness"))
      let refused = try await senko.other("yesterday")(
        "witness", "--state", senko.path("witness"), ending: 1)
      #expect(refused.output.isEmpty && refused.errors.contains("set back"))
      #expect(!refused.errors.contains("repair"))
    }
  }

  @Test func aRestoredLogSignsNoSecondHistory() async throws {
    try await withStore { senko in
      let escrow = senko.path("escrow")
      try await senko("escrow", escrow)
      let key = try await senko("key").output.trimmingCharacters(in: .newlines)
      let early = try await senko.keepCheckpoint(as: "early")
      try await senko("witness", "--state", senko.path("early-witness"))
      try await senko.register("taro")
      try await senko("backup", senko.path("backup"))
      try await senko.register("jiro")
      let kept = try await senko.keepCheckpoint(as: "kept")
      let (origin, size, root) = try head(kept)
      try await senko("witness", "--state", senko.path("witness"))

      let again = senko.other("again")
      let restored = try await again("restore", senko.path("backup"), "--escrow", escrow)
      #expect(restored.output.contains(" 0 known to be lost"))
      #expect(restored.output.contains("\(origin), under a new name"))
      // An escrow written before a new backup would leave none that can be restored.
      #expect(restored.errors.contains(/First make a new backup .+, then write a new escrow/))
      while try head(try await again.keepCheckpoint(as: "again-note")).size < size {
        try await again.register("another")
      }
      let other = try head(senko.path("again-note"))
      #expect(other.origin != origin)
      #expect(other.root != root)
      try await again("verify")
      let lacking = try await again("verify", "--against", kept, ending: 3)
      #expect(lacking.output.contains("which were lost when this log was restored"))
      let refused = try await again("witness", "--state", senko.path("witness"), ending: 1)
      #expect(refused.errors.contains("log.restored"))

      // What was kept is what the former log has signed.
      let covered = try await again("verify", "--against", early, "--key", key)
      let seen = try head(early).size
      #expect(covered.output.contains("formerly     \(seen) events of \(origin)"))
      #expect(covered.output.contains("pinned       \(seen) of "))
      let json = try await again("verify", "--against", early, "--json").output
      #expect(json.contains(#""signed":"#) && json.contains(#""formerly":[{"origin":"\#(origin)""#))
      let followed = try await again("witness", "--state", senko.path("early-witness"))
      #expect(followed.errors.contains("all \(seen) events that were seen were kept"))
      #expect(
        try await again("log").output.contains(
          #""origin":"\#(origin.dropFirst("senko/".count))","size":"#))

      // What is known of the log beyond the backup is named as lost.
      let behind = try await senko.other("behind")(
        "restore", senko.path("backup"), "--escrow", escrow, "--last-checkpoint", kept)
      let lost = size - (try head(senko.path("backup/checkpoint")).size)
      #expect(lost > 0 && behind.output.contains(" \(lost) known to be lost"))
      try await senko.other("behind")("verify")

      // Where the backup ends with the last checkpoint, all goes on as before.
      try await senko("backup", senko.path("last"))
      let same = senko.other("same")
      let whole = try await same(
        "restore", senko.path("last"), "--escrow", escrow, "--last-checkpoint", kept)
      #expect(whole.output.contains("log \(origin)"))
      try await same("verify", "--against", kept)
      try await same.register("shiro")
      try await same("witness", "--state", senko.path("witness"))
      try await senko.other("refused")(
        "restore", senko.path("last"), "--escrow", escrow, "--last-checkpoint",
        senko.path("backup/checkpoint"), ending: 1)
    }
  }

  @Test func whoGivesAWrongNoteIsToldWhichCommandsHelp() async throws {
    try await withStore { senko in
      let note = try senko.keep("no note", as: "note")
      let refused = try await senko("dossier", "1", "--under", note, ending: 1)
      #expect(refused.errors.contains("'senko checkpoint'"), "\(refused.errors)")
      #expect(refused.errors.contains("'senko verify --against'"))
    }
  }

  @Test func whoKeepsAnotherEscrowIsToldOfTheFormerOne() async throws {
    try await withStore { senko in
      let escrow = senko.path("escrow")
      let first = try await senko("escrow", escrow)
      #expect(!first.errors.contains("no longer written"))
      try FileManager.default.moveItem(atPath: escrow, toPath: senko.path("away"))
      let second = try await senko("escrow", senko.path("another"))
      #expect(second.errors.contains("'\(escrow)' is no longer written from here"))
    }
  }

  @Test func theEscrowRestoresWhatAnotherKeyHasSigned() async throws {
    try await withStore { senko in
      let escrow = senko.path("escrow")
      let key = try await senko("key").output.trimmingCharacters(in: .newlines)
      try await senko("escrow", escrow)
      try FileManager.default.moveItem(atPath: escrow, toPath: senko.path("away"))
      let refused = try await senko("key", "rotate", "--by", "a@example.jp", ending: 1)
      #expect(refused.errors.contains("escrow"))
      #expect(try await senko("key").output.contains(key))
      try FileManager.default.copyItem(atPath: senko.path("away"), toPath: escrow)
      try await senko("key", "rotate", "--by", "a@example.jp")
      try await senko("backup", senko.path("backup"))
      let kept = try await senko.keepCheckpoint(as: "kept")

      let same = senko.other("same")
      try await same(
        "restore", senko.path("backup"), "--escrow", escrow, "--last-checkpoint", kept)
      try await same("verify", "--key", key, "--against", kept)
      #expect(try await same("applicant", "1", "--json").output.contains("hanako"))
      try await same("escrow", senko.path("another"))

      let refusal = try await senko.other("refused")(
        "restore", senko.path("backup"), "--escrow", senko.path("away"), "--last-checkpoint", kept,
        ending: 1)
      #expect(refusal.errors.contains("newest escrow"))
      let renamed = senko.other("renamed")
      try await renamed("restore", senko.path("backup"), "--escrow", senko.path("away"))
      try await renamed("verify")
      #expect(try await renamed("applicant", "1", "--json").output.contains("hanako"))
    }
  }

  @Test func aDamagedRecordIsPutBackFromABackup() async throws {
    try await withStore { senko in
      try await senko("backup", senko.path("backup"))
      let kept = try await senko.keepCheckpoint(as: "kept")
      #expect(try flip(#""type":"user.registered""#.utf8, bit: 72, inLogOf: senko.path("data")) > 0)
      #expect(try await senko("verify", "--json", ending: 3).output.contains("Event 1"))
      // A copy that is as damaged must not be taken for a backup.
      try await senko("backup", senko.path("damaged"), ending: 3)
      #expect(!FileManager.default.fileExists(atPath: senko.path("damaged/checkpoint")))
      let repaired = try await senko("repair", "--from", senko.path("backup"))
      #expect(repaired.output.contains("repaired 1 event,"))
      try await senko("verify", "--against", kept)
      #expect(try await senko("applicant", "1", "--json").output.contains("hanako"))
    }
  }
}
