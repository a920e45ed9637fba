import Foundation
import TestSupport
import Testing

/// If these fail, text vanishes silently on a machine that lacks a package, the machine's defaults decide how a
/// document reads, or what was recorded cannot be used where nothing can be read.
@Suite(.enabled(if: canMount)) struct MachineTests {
  /// Runs `senko` where folders of the machine are empty.
  private func senko(
    _ arguments: [String], data: String? = nil, hiding folders: String...
  ) throws -> Program.Result {
    let mounts = folders.map { "mount -t tmpfs none \($0) && " }.joined()
    return try Program(data: data, executable: "/usr/bin/unshare").run(
      ["--map-root-user", "--mount", "sh", "-c", mounts + "exec \"$0\" \"$@\"", product("senko")]
        + arguments)
  }

  /// Runs `senko read` on a document where a folder of the machine is empty.
  private func read(
    _ document: [UInt8] = Array("システム開発の経験".utf8), _ options: String..., hiding folder: String
  ) async throws -> Program.Result {
    try await withTemporaryDirectory { directory in
      let path = directory + "/document"
      try Data(document).write(to: URL(fileURLWithPath: path))
      return try senko(["read", path, "--json"] + options, hiding: folder)
    }
  }

  @Test func withoutEncodingDataNothingIsReadAtAll() async throws {
    let result = try await read(hiding: "/usr/share/poppler")
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("Install poppler-data"))
  }

  /// Some containers refuse it: résumés are read all the same, and whoever runs the import is told so, once.
  @Test func withoutSeccompDocumentsAreImportedWithAWarning() async throws {
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

  @Test func theMachinesDefaultDictionaryIsNotLookedAt() async throws {
    #expect(try await read(hiding: "/etc/alternatives").output.contains("システム"))
    #expect(
      try await read(hiding: "/var/lib/mecab/dic").errors.contains("Install mecab-ipadic-utf8"))
  }

  @Test func withoutTesseractAScanIsNotPassedOver() async throws {
    let result = try await read(SamplePDF.scan(), "--ocr", hiding: "/usr/share/tesseract-ocr")
    #expect(result.output.isEmpty && result.status == 1)
    #expect(result.errors.contains("tesseract-ocr-jpn"))
  }

  /// Readings are recorded so that history does not depend on what reads documents now, or whether anything does.
  @Test func withoutAnythingThatReadsHistoryIsVerifiedTrainedAndReplayed() async throws {
    try await withTemporaryDirectory { directory in
      let recorded = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "snapshots/replay/v1/data").path
      let data = directory + "/data"
      try FileManager.default.copyItem(atPath: recorded, toPath: data)
      func run(_ arguments: String...) throws -> Program.Result {
        try senko(arguments, data: data, hiding: "/usr/share/poppler", "/var/lib/mecab/dic")
      }
      let path = directory + "/text.txt"
      try Data("システム開発の経験".utf8).write(to: URL(fileURLWithPath: path))
      #expect(try run("read", path).status == 1)
      let verified = try run("verify", "--retrain", "--json")
      #expect(verified.status == 0, "\(verified)")
      #expect(verified.output.contains(#""models":{"failed":0,"#), "\(verified.output)")
      let replayed = try run("replay", "--opening", "engineer", "--c", "0.5", "--json")
      #expect(replayed.status == 0 && replayed.output.contains(#""digest":"#), "\(replayed)")
      let trained = try run("train", "--json")
      #expect(trained.status == 0 && trained.output.contains(#""model":3"#), "\(trained)")
      let screened = try run("screen", "29", "--json")
      #expect(screened.status == 0, "\(screened)")
    }
  }
}
