import Foundation
import TestSupport
import Testing

@testable import Screening

/// An import of large files must not take the machine's memory.
struct ImportWindowTests {
  private let room = ImportWindow(lines: 20)

  @Test func usualDocumentsAreReadAheadOfTheirRecording() {
    #expect(room.admits(200_000, besides: Array(repeating: 200_000, count: 19), andRecorded: 0))
    #expect(!room.admits(200_000, besides: Array(repeating: 200_000, count: 20), andRecorded: 0))
  }

  @Test func largeOnesWaitUntilOthersAreRecorded() {
    #expect(room.admits(9 << 20, besides: [9 << 20], andRecorded: 0))
    #expect(!room.admits(9 << 20, besides: [9 << 20], andRecorded: 9 << 20))
    #expect(!room.admits(19 << 20, besides: [], andRecorded: 19 << 20))
    #expect(room.admits(60 << 20, besides: [], andRecorded: 0))
  }

  /// What is too large is not even taken into memory.
  @Test func aLineTakesWhatWouldBeReadOfItsDocuments() async throws {
    try await withTemporaryDirectory { folder in
      try Data(repeating: 0x20, count: 1000).write(to: URL(fileURLWithPath: folder + "/a.pdf"))
      try Data(repeating: 0x20, count: 21 << 20).write(to: URL(fileURLWithPath: folder + "/b.pdf"))
      let line = #"{"key":"1","name":"A","documents":["a.pdf","b.pdf","c.pdf","."]}"#
      #expect(ManifestLine.documentBytes(of: Data(line.utf8), in: folder) == 1000)
      #expect(ManifestLine.documentBytes(of: Data("x".utf8), in: folder) == 0)
      let error = #expect(throws: ScreeningError.self) {
        try DocumentFile(reading: folder + "/b.pdf", called: "It")
      }
      #expect(error?.description.contains("larger than 20 MiB") == true)
    }
  }
}
