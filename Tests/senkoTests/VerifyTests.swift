import Foundation
import TestSupport
import Testing

/// What an auditor reads of a check, and may take it for.
@Suite struct VerifyTests {
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
}
