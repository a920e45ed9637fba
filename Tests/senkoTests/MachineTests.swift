import Foundation
import TestSupport
import Testing

/// If these fail, text vanishes silently on a machine that lacks a package, or the machine's defaults decide how
/// a document reads.
@Suite struct MachineTests {
  /// Runs `senko read` on a Japanese text where a folder of the machine is hidden.
  private func read(hiding folder: String) async throws -> (output: String, errors: String) {
    try await withTemporaryDirectory { directory in
      let path = directory + "/text.txt"
      try "システム開発の経験".write(toFile: path, atomically: true, encoding: .utf8)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
      process.arguments = [
        "--map-root-user", "--mount", "sh", "-c",
        "mount -t tmpfs none \(folder) && exec \"$0\" read \(path) --json", product("senko"),
      ]
      let (output, errors) = (Pipe(), Pipe())
      process.standardOutput = output
      process.standardError = errors
      try process.run()
      let text = output.fileHandleForReading.readDataToEndOfFile()
      let complaint = errors.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return (String(decoding: text, as: UTF8.self), String(decoding: complaint, as: UTF8.self))
    }
  }

  @Test(.enabled(if: canMount)) func withoutEncodingDataNothingIsReadAtAll() async throws {
    let result = try await read(hiding: "/usr/share/poppler")
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("Install poppler-data"))
  }

  /// Some containers refuse it: résumés are read all the same, and whoever runs the import is told so, once.
  @Test(.enabled(if: canMount)) func withoutSeccompDocumentsAreImportedWithAWarning() async throws {
    try await withTemporaryDirectory { folder in
      var senko = Program(data: folder + "/data")
      let added = try senko(
        "user", "add", "a@example.jp", "--name", "A", "--role", "admin", input: "long enough\n")
      #expect(added.status == 0, "\(added.errors)")
      var lines = ""
      for index in 0..<6 {
        try resume(skilled: true, index).write(
          toFile: "\(folder)/\(index).txt", atomically: true, encoding: .utf8)
        lines += #"{"key":"\#(index)","name":"応募\#(index)","documents":["\#(index).txt"]}"# + "\n"
      }
      let manifest = folder + "/manifest.jsonl"
      try lines.write(toFile: manifest, atomically: true, encoding: .utf8)
      senko.executable = try withoutSeccomp(product("senko"), in: folder)
      let imported = try senko("import", manifest, "--workers", "2", "--json")
      #expect(imported.status == 0 && imported.output.contains(#""imported":6"#), "\(imported)")
      let warnings = imported.errors.components(separatedBy: "refuses to filter system calls")
      #expect(warnings.count == 2, "\(imported.errors)")
    }
  }

  @Test(.enabled(if: canMount)) func theMachinesDefaultDictionaryIsNotLookedAt() async throws {
    #expect(try await read(hiding: "/etc/alternatives").output.contains("システム"))
    #expect(
      try await read(hiding: "/var/lib/mecab/dic").errors.contains("Install mecab-ipadic-utf8"))
  }
}
