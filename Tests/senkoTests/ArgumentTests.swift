import Foundation
import TestSupport
import Testing

/// What a terminal sends is recorded for ever.
@Suite struct ArgumentTests {
  /// A name from a terminal of another encoding would be recorded as replacement characters, which no reading brings back.
  @Test func whatIsNoTextInUTF8IsRefused() async throws {
    try await withTemporaryDirectory { folder in
      let senko = Program(data: folder + "/data")
      let added = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      #expect(added.status == 0, "\(added)")
      let file = folder + "/resume.txt"
      try resume(skilled: true, 1).write(toFile: file, atomically: true, encoding: .utf8)
      // 山 in Shift_JIS.
      let command = "exec \(senko.executable) register --name \"$(printf '\\216\\122')\" \(file)"
      let shell = Program(data: folder + "/data", executable: "/bin/sh")
      let refused = try shell("-c", command)
      #expect(refused.status == 64 && refused.errors.contains("UTF-8"), "\(refused)")
      #expect(try senko("applicants", "--json").output.isEmpty)
      // Whoever knows how many characters it has could log in.
      let password =
        "printf 'long enough \\216\\122\\n' | exec \(senko.executable) user password a@example.jp"
      let unread = try shell("-c", password)
      #expect(unread.status == 1 && unread.errors.contains("UTF-8"), "\(unread)")
    }
  }
}
