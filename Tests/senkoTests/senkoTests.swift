import Foundation
import TestSupport
import Testing

/// The main job as a newcomer does it, with the built programs.
@Suite struct MainJobTests {
  @Test func fromManifestToExplanation() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      let added = try senko(
        "user", "add", "sato@example.jp", "--name", "佐藤", "--role", "reviewer",
        input: "long enough\n")
      #expect(added.status == 0, "\(added.errors)")

      var lines = ""
      for index in 0..<60 {
        let skilled = index % 2 == 0
        let text = resume(skilled: skilled, index)
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(index).txt"))
        let label =
          index < 50 ? #","label":"\#(skilled ? "ok" : "ng")","labelledBy":"sato@example.jp""# : ""
        lines += #"{"key":"\#(index)","name":"応募\#(index)","documents":["\#(index).txt"]\#(label)}"#
        lines += "\n"
      }
      lines += "{no json\n"
      let manifest = folder + "/manifest.jsonl"
      // A line in Shift_JIS: its name would be recorded as replacement characters.
      let other =
        Data(#"{"key":"sjis","name":""#.utf8) + [0x8E, 0x52]
        + Data(#"","documents":["0.txt"]}"#.utf8)
      try (Data(lines.utf8) + other).write(to: URL(fileURLWithPath: manifest))

      let imported = try senko("import", manifest, "--json")
      #expect(imported.status == 1, "a bad line shows in the exit code")
      #expect(imported.output.contains(#""imported":60"#))
      #expect(imported.errors.contains("line 61"))
      #expect(imported.errors.contains("line 62: It is not in UTF-8"))
      #expect(try senko("import", manifest, "--json").output.contains(#""repeated":60"#))

      #expect(try senko("train").status == 0)
      let screened = try senko("screen", "60", "--json")
      #expect(screened.output.contains(#""outcome":"second-look""#), "\(screened)")
      let why = try senko("why", "60", "--json")
      #expect(why.output.contains(#""term":"#))
      let excluded = try senko("why", "60", "--excluded").output
      #expect(excluded.contains(/different terms? kept out; .* left out [0-9]+ times?\./))
      let explained = try senko("why", "60").output
      #expect(explained.contains(/bias .* words?; [0-9]+ words? unknown/))
      for output in [excluded, explained] { #expect(!output.contains(/\b1 [a-z ]*[a-z]s\b/)) }
      let history = try senko("history", "60").output
      #expect(history.contains(/excluded=[0-9]+/) && history.contains("(Japan)"))

      let before = try senko("applicants", "--json", "--limit", "20").output
      #expect(before.split(separator: "\n").count == 20)
      try FileManager.default.removeItem(atPath: folder + "/data/views")
      #expect(try senko("applicants", "--json", "--limit", "20").output == before)

      let verified = try senko("verify", "--retrain", "--json")
      #expect(verified.status == 0, "\(verified.output)")
      #expect(verified.output.contains(#""ok":true"#))

      #expect(!(try senko("models").output.contains("erased")))
      _ = try senko(
        "user", "add", "chief@example.jp", "--name", "長", "--role", "admin", input: "long enough\n")
      #expect(try senko("erase", "1", "--by", "chief@example.jp").status == 0)
      #expect(try senko("models").output.contains("(1 erased since)"))
      #expect(try senko("models", "--lang", "ja").output.contains("（その後の消去 1 人）"))
      let shadowless = try senko("why", "60", "--excluded").output
      #expect(shadowless.contains("no shadow score (erased: "))
    }
  }

  @Test func aChangedByteIsFoundAndNamed() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      _ = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      let type = #""type":"user.registered""#.utf8
      #expect(try flip(type, bit: 72, inLogOf: folder + "/data") > 0)
      let verified = try senko("verify", "--json")
      #expect(verified.status == 3)
      #expect(verified.output.contains("Event 1"))
    }
  }

  @Test(arguments: [
    (["applicant", "99"], "There is no applicant 99"),
    (["label", "99", "ok", "--by", "nobody@example.jp"], "--by names nobody"),
    (["import", "/nowhere/manifest.jsonl"], "cannot be read"),
    (["promote", "7"], "There is no model 7"),
    (["applicants", "--as-of", "soon"], "position of the log"),
    (["applicants", "--as-of", "999"], "ends at event"),
    (["label", "1", "ok", "--by", "a@example.jp", "--purpose", "history"], "senko import"),
    (["state", "1", "erased"], "senko erase"),
    (["train"], "No applicant has a label yet"),
    (["policy", "adopt", "--threshold", "120"], "from 1 to 99.99"),
    (["policy", "adopt", "--threshold", "65.555"], "from 1 to 99.99"),
    (["replay", "--threshold", "nan"], "from 1 to 99.99"),
    (["replay", "--threshold", "1e300"], "from 1 to 99.99"),
    (["policy", "adopt", "--threshold", "0.65"], "from 1 to 99.99"),
    (["serve", "--port", "99999"], "outside 1 to 65535"),
    (["vocabulary", "--limit=-1"], "invalid for '--limit"),
    (["model", "1", "--words=-1"], "invalid for '--words"),
    (["why", "1", "--words=-1"], "invalid for '--words"),
    (["read", "/dev/zero"], "cannot be read"),
    (["applicant", "9007199254740991"], "There is no applicant 9007199254740991"),
  ])
  func badInputGetsAClearSentence(arguments: [String], sentence: String) async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      _ = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      let result = try senko.run(arguments)
      #expect(result.status != 0)
      #expect(result.errors.contains(sentence), "\(result.errors)")
      #expect(result.output.isEmpty)
    }
  }

  /// If this fails, a number that no event can hold ends the program by a trap, or a script takes a mistyped value
  /// for something that is not there.
  @Test(arguments: [
    ["applicant", "9223372036854775808"], ["applicant", "0"], ["screen", "9007199254740992"],
    ["promote", "9223372036854775808"], ["open", "9223372036854775808", "--by", "a@example.jp"],
    ["hold", "place", "9223372036854775808", "--reason-code", "x", "--by", "a@example.jp"],
    ["erase", "1", "9223372036854775808", "--by", "a@example.jp"],
    ["declare", "+1", "--set", "sex=female"], ["proof", "9223372036854775808"],
    ["label", "1", "ok", "--by", "a@example.jp", "--decided-at", "9223372036854775808"],
    ["audit", "groups", "--opening", "general", "--as-of", "9223372036854775808"],
    ["applicants", "--as-of", "soon"], ["applicants", "--received-from", "soon"],
    ["applicants", "--score-from", "60", "--score-to", "50"], ["train", "--from", "soon"],
    ["train", "--labelled-since", "2026-13-01"], ["log", "--from", "-1"],
  ])
  func whatIsMistypedIsAnErrorOfUsage(arguments: [String]) async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      _ = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      let result = try senko.run(arguments)
      #expect(result.status == 64, "\(result.errors)")
      #expect(result.output.isEmpty)
    }
  }

  /// If this fails, whoever may not decide over HTTP decides by the command line.
  @Test func whoeverIsNamedHasTheRoleThatTheCommandTakes() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      for role in ["admin", "reviewer", "auditor"] {
        _ = try senko(
          "user", "add", "\(role)@example.jp", "--name", role, "--role", role,
          input: "long enough\n")
      }
      let file = folder + "/a.txt"
      try Data(resume(skilled: true, 1).utf8).write(to: URL(fileURLWithPath: file))
      _ = try senko("register", "--name", "山田花子", file)
      for (command, allowed) in [
        (["label", "1", "ok"], ["admin", "reviewer"]), (["open", "1"], ["admin", "reviewer"]),
        (["disclose", "1"], ["admin"]), (["dossier", "1"], ["admin", "auditor"]),
        (["hold", "place", "1", "--reason-code", "lawsuit"], ["admin"]),
      ] {
        for role in ["auditor", "reviewer", "admin"] {
          let result = try senko.run(command + ["--by", "\(role)@example.jp"])
          #expect((result.status == 0) == allowed.contains(role), "\(command) \(result.errors)")
          #expect(allowed.contains(role) || result.errors.contains("whose role is \(role)"))
        }
      }
    }
  }

  /// Who has changed a user is told that it is done, and what it leaves.
  @Test func aChangeOfAUserIsConfirmed() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      _ = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      let disabled = try senko("user", "disable", "a@example.jp")
      #expect(disabled.output == "user 1 is disabled now\n")
      #expect(disabled.errors.contains("No admin is left"))
      let password = try senko("user", "password", "a@example.jp", input: "long enough too\n")
      #expect(password.output == "user 1 has another password now\n")
      #expect(password.errors.contains("cannot log in"))
    }
  }

  /// If this fails, a name in a manifest can clear the screen of whoever lists the applicants.
  @Test func aNameCannotSteerTheTerminal() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      _ = try senko(
        "user", "add", "a@example.jp", "--name", "A\u{1B}[2J\nB", "--role", "admin",
        input: "long enough\n")
      let listed = try senko("user", "list").output
      #expect(listed.contains("A␛[2J␊B"))
      #expect(!listed.contains("\u{1B}"))
      #expect(try senko("user", "list", "--json").output.contains(#"A\u001b[2J\nB"#))
    }
  }

  /// If this fails, a script takes a store that is too damaged to open for a mistyped command.
  @Test func aStoreTooDamagedToOpenFailsVerification() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      _ = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      let log = try #require(FileHandle(forWritingAtPath: folder + "/data/log/data.mdb"))
      try log.truncate(atOffset: 20_000)
      try log.close()
      #expect(try senko("verify").status == 3)
      #expect(try senko("applicants").status == 1)
    }
  }

  @Test func settingsComeFromFlagThenEnvironmentThenFile() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/environment")
      let file = folder + "/senko.conf"
      func write(_ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
      }
      try write("# where\n\nSENKO_DATA = \(folder)/file\nSENKO_LANG=ja\n")
      let settings = ["SENKO_CONFIG": file]
      #expect(try senko.run(["applicants"], environment: settings).errors.contains("/environment"))
      let without = Program(data: nil)
      #expect(try without.run(["applicants"], environment: settings).errors.contains("/file"))
      let flag = ["applicants", "--data", folder + "/flag"]
      #expect(try without.run(flag, environment: settings).errors.contains("/flag"))
      try write("SENKO_DATA=x\nDATA=y\n")
      let refused = try without.run(["applicants"], environment: settings)
      #expect(refused.status == 1)
      #expect(refused.errors.contains("Line 2"))
      #expect(
        try without.run(["applicants"], environment: ["SENKO_CONFIG": folder + "/none"]).status == 1
      )
    }
  }

  /// If this fails, an auditor needs the operator's keys to check what the operator hands over.
  @Test func aCopyWithoutKeysIsVerified() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      _ = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      _ = try senko("backup", folder + "/backup")
      let copy = Program(data: folder + "/backup")
      let report = try copy("verify")
      #expect(report.status == 0, "\(report.errors)")
      #expect(report.output.contains("ok"))
      let contents = try FileManager.default.contentsOfDirectory(atPath: folder + "/backup/log")
      #expect(!contents.contains("signing-key"))
      #expect(try copy("verify", "--retrain").status == 1)
      #expect(try Program(data: folder + "/nothing")("verify").status == 1)
    }
  }

  @Test func aFolderWithoutDataIsNamedWithTheRemedy() throws {
    let result = try Program(data: "/nowhere")("applicants")
    #expect(result.status == 1)
    #expect(result.errors.contains("no senko data in '/nowhere'"))
  }
}
