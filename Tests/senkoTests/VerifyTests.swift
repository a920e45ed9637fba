import Foundation
import TestSupport
import Testing

/// What an auditor reads of a check, and may take it for.
@Suite struct VerifyTests {
  /// A backup that nobody has looked at fails on the day when it is needed.
  @Test func aBackupThatDoesNotVerifyIsSaidAtOnce() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      _ = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      let good = try senko("backup", folder + "/good")
      #expect(good.status == 0, "\(good.errors)")
      let kept = try String(contentsOfFile: folder + "/good/checkpoint", encoding: .utf8)
      #expect(good.output == kept)
      let type = #""type":"user.registered""#.utf8
      #expect(try flip(type, bit: 72, inLogOf: folder + "/data") > 0)
      let bad = try senko("backup", folder + "/bad")
      #expect(bad.status == 3)
      #expect(bad.errors.contains("The copy: Event 1"), "\(bad.errors)")
      #expect(bad.output.isEmpty)
    }
  }

  /// Where there is nothing to check, or nothing may be looked at, no record is damaged, and nobody must go looking for
  /// who did it.
  @Test(.enabled(if: geteuid() != 0 || canRun("/usr/bin/setpriv")))
  func aFolderThatCannotBeCheckedIsNotCalledDamaged() async throws {
    try await withTemporaryDirectory { folder in
      for arguments in [["verify"], ["verify", "--json"]] {
        let none = try Program(data: folder).run(arguments)
        #expect(none.status == 1 && none.output.isEmpty, "\(none)")
        #expect(none.errors.contains("There is no senko data in '\(folder)'"), "\(none)")
      }
      let data = folder + "/data"
      let senko = Program(data: data)
      _ = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      // Nothing is withheld from root.
      let another = ["--reuid=65534", "--regid=65534", "--clear-groups", product("senko")]
      func asAnother(_ arguments: String...) throws -> Program.Result {
        guard geteuid() == 0 else { return try senko.run(arguments) }
        return try Program(data: data, executable: "/usr/bin/setpriv").run(another + arguments)
      }
      let files = FileManager.default
      for path in [data, data + "/log", data + "/log/data.mdb"] {
        func permit(_ mode: Int) throws {
          try files.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }
        try permit(geteuid() == 0 ? 0o700 : 0)
        for told in [try asAnother("verify"), try asAnother("user", "list")] {
          #expect(told.status == 1 && told.output.isEmpty, "\(path): \(told)")
          #expect(told.errors.contains("cannot be opened"), "\(path): \(told)")
          #expect(told.errors.contains("Permission denied"), "\(path): \(told)")
        }
        try permit(0o755)
      }
      // That the file is gone to which keys belong is damage.
      try files.moveItem(atPath: data + "/log/data.mdb", toPath: folder + "/data.mdb")
      let lost = try senko("verify")
      #expect(lost.status == 3 && lost.output.contains("to which the keys"), "\(lost)")
    }
  }

  /// A check that goes on after Ctrl-C reads the whole store for nobody, and again at every try.
  @Test(arguments: [SIGINT, SIGKILL]) func aCheckEndsWithItsCommand(_ signal: Int32) async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      _ = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      try Data("設計 開発".utf8).write(to: URL(fileURLWithPath: folder + "/a.txt"))
      let registered = try senko("register", "--name", "花子", folder + "/a.txt")
      #expect(registered.status == 0, "\(registered.errors)")
      try holdVerification(of: folder + "/data")
      let process = Process()
      process.executableURL = URL(fileURLWithPath: product("senko"))
      process.arguments = ["verify", "--data", folder + "/data"]
      process.standardError = FileHandle.nullDevice
      try process.run()
      #expect(try await waits(untilVerified: true, folder + "/data"))
      kill(process.processIdentifier, signal)
      try await waiting { process.waitUntilExit() }
      #expect(process.terminationReason == .uncaughtSignal)
      #expect(try await waits(untilVerified: false, folder + "/data"), "the check goes on")
    }
  }

  /// A choice that is misspelled must not pass for a check that was made.
  @Test func signaturesAreTheNewestOrAll() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      _ = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      #expect(try senko("verify", "--signatures", "all").status == 0)
      #expect(try senko("verify", "--signatures", "newest").status == 0)
      #expect(try senko("verify", "--signatures", "some").status == 64)
    }
  }

  /// The server holds every key; a core file would keep them beyond an erasure.
  @Test func theServerLeavesNoCore() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      _ = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      let process = Process()
      process.executableURL = URL(fileURLWithPath: product("senko"))
      process.arguments = ["serve", "--data", folder + "/data", "--port", "0"]
      process.standardError = FileHandle.nullDevice
      try process.run()
      #expect(try await leavesNoCore(process))
      process.terminate()
      try await waiting { process.waitUntilExit() }
    }
  }

  /// Who asks what was there then must not be told what is there now.
  @Test func whatIsListedIsOfTheMomentAskedAbout() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      for name in ["a", "b"] {
        _ = try senko(
          "user", "add", "\(name)@example.jp", "--name", "A", "--role", "admin",
          input: "long enough\n")
      }
      let users = try senko("user", "list", "--as-of", "1", "--json").output
      #expect(users.contains("a@example.jp") && !users.contains("b@example.jp"))
      let whole = try senko("log").output.split(separator: "\n")
      #expect(try senko("log", "--as-of", "1").output == "\(whole[0])\n")
      #expect(try senko("log", "--as-of", "1", "--follow").status == 64)
      let newest = try senko("checkpoint").output
      #expect(try senko("checkpoint", "--as-of", "\(whole.count)").output == newest)
      #expect(try senko("receipt", "1", "--as-of", "1").status == 1)
    }
  }

  @Test func whatAKeyAndACheckpointCoverIsTold() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      func add(_ email: String) throws {
        let added = try senko(
          "user", "add", email, "--name", "A", "--role", "admin", input: "long enough\n")
        #expect(added.status == 0, "\(added.errors)")
      }
      try add("a@example.jp")
      let note = folder + "/note"
      try senko("checkpoint").output.write(toFile: note, atomically: true, encoding: .utf8)
      try add("b@example.jp")
      let key = try senko("key").output.trimmingCharacters(in: .whitespacesAndNewlines)
      let told = try senko("verify", "--key", key, "--against", note)
      #expect(told.status == 0, "\(told)")
      #expect(told.output.contains("pinned       2 of 2 events\n"), "\(told.output)")
      #expect(told.output.contains("covered      1 of 2 events, 1 came later\n"))
      let json = try senko("verify", "--key", key, "--against", note, "--json").output
      #expect(json.contains(#""pinned":2"#) && json.contains(#""covered":1"#))
      let alone = try senko("verify")
      #expect(!alone.output.contains("pinned") && !alone.output.contains("covered"))
    }
  }

  /// What cannot be a key was mistyped, and says nothing of the record.
  @Test func aKeyThatIsNoneIsNoFaultOfTheRecord() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      _ = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      for option in ["--key", "--witness-key"] {
        let refused = try senko("verify", option, "no key")
        #expect(refused.status == 64 && refused.errors.contains(option), "\(refused)")
      }
      #expect(try senko("verify", "--data", "").status == 64)
    }
  }

  /// A shell hands over another command's output as a pipe.
  @Test func aNoteMayComeThroughAPipe() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      _ = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      let note = Data(try senko("checkpoint").output.utf8)
      let pipe = folder + "/note"
      try #require(unsafe mkfifo(pipe, 0o600) == 0)
      let writing = Task.detached {
        try FileHandle(forWritingTo: URL(fileURLWithPath: pipe)).write(contentsOf: note)
      }
      let told = try await waiting { try senko("verify", "--against", pipe) }
      #expect(told.status == 0 && told.output.contains("covered      1 of 1 event\n"), "\(told)")
      try await writing.value
    }
  }

  /// What one command prints another reads: an option that every command takes is not taken for nothing.
  @Test func whatIsWrittenForOthersIsJSONWhereThatIsAskedFor() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      _ = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      for (arguments, members) in [
        (["proof", "1"], ["proof"]), (["key"], ["publicKey"]),
        (["escrow", folder + "/escrow"], ["escrow"]),
        (["backup", folder + "/backup"], ["checkpoint"]),
        (["export", folder + "/export"], ["checkpoint"]),
        (["witness", "--state", folder + "/witness"], ["note", "witnessKey"]),
      ] {
        try expect(members, of: senko.run(arguments + ["--json"]))
      }
      try FileManager.default.removeItem(atPath: folder + "/escrow")
      try expect(["escrow", "former"], of: senko("escrow", folder + "/another", "--json"))
    }
  }

  private func expect(_ members: [String], of told: Program.Result) throws {
    let object = try JSONDecoder().decode([String: String].self, from: Data(told.output.utf8))
    #expect(object.keys.sorted() == members)
    #expect(object.values.allSatisfy { !$0.isEmpty })
  }
}
