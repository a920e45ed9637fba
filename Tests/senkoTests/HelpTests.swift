import Foundation
import TestSupport
import Testing

/// Scripts and manuals rely on the command line's words: a change shows in `snapshots/help`.
@Suite struct HelpTests {
  static let commands = [
    "", "user", "user add", "register", "import", "open", "label", "state", "correct", "declare",
    "audit",
    "audit reading", "audit groups", "audit list", "disclose", "erase",
    "hold", "hold place",
    "retention run",
    "retention", "train", "promote",
    "screen", "policy", "policy list", "policy adopt", "lexicon", "lexicon list", "lexicon adopt",
    "replay", "openings",
    "queue", "applicants",
    "applicant", "document", "history", "why", "vocabulary", "models", "model", "model show",
    "model manifest",
    "model card", "model drift", "model export", "log", "verify",
    "checkpoint", "proof", "receipt", "dossier", "witness", "key", "key rotate", "key restore",
    "export", "backup", "escrow",
    "restore", "repair", "rebuild", "read", "reread", "serve",
  ]

  @Test(arguments: commands)
  func theHelpIsAsRecorded(command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let result = try Program(data: "/nowhere").run(words + ["--help"])
    #expect(result.status == 0)
    let name = words.isEmpty ? "senko" : words.joined(separator: "-")
    let difference = try Snapshot("help/\(name).txt").difference(from: result.output)
    #expect(difference == nil, "\(difference ?? "")")
  }

  @Test func everyCommandHasItsHelpRecorded() throws {
    let help = try Program(data: "/nowhere").run(["--help"]).output
    let listed = help.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
      .filter { $0.allSatisfy { $0.isLowercase || $0 == "-" } && !$0.hasPrefix("-") }
    #expect(listed.count > 20)
    for command in listed {
      #expect(Self.commands.contains(command), "'\(command)' is missing from the list")
    }
  }
}
