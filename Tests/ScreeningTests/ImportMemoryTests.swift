import EventStore
import Foundation
import TestSupport
import Testing

@testable import Screening

/// If this fails, an import of large files takes the memory of whatever else runs on the machine.
@Suite struct ImportMemoryTests {
  /// A text behind which as many bytes lie that say nothing.
  private static func document(mebibytes: Int) -> Data {
    Data("要件定義と開発".utf8) + Data(repeating: 0x0A, count: mebibytes << 20)
  }

  /// Imports 130 mebibytes.
  private static func importLarge() async throws {
    try await withTemporaryDirectory { folder in
      var lines = ""
      for (number, size) in [19, 1, 6, 12, 3, 9, 15].enumerated() {
        try document(mebibytes: size).write(to: URL(fileURLWithPath: "\(folder)/\(size).txt"))
        for round in 0..<2 {
          lines +=
            #"{"key":"\#(number).\#(round)","name":"A","documents":["\#(size).txt"]}"# + "\n"
        }
      }
      let manifest = folder + "/manifest.jsonl"
      try Data(lines.utf8).write(to: URL(fileURLWithPath: manifest))
      try await withOffice { office in
        let grown = try await growth {
          let report = try await office.importManifest(
            manifest, by: Origin(actor: .operator, channel: .import))
          #expect(report.imported == 14, "\(report)")
        }
        #expect(grown < 50 << 20, "The process that imports took \(grown) bytes.")
      }
    }
  }

  /// In a process of its own, whose memory is that of importing.
  @Test func anImportOfLargeFilesTakesLittleMemory() async {
    await #expect(processExitsWith: .success) { try await ImportMemoryTests.importLarge() }
  }
}
