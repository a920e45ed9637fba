import Foundation
import TestSupport
import Testing

@testable import Screening

/// Reading again: without it, a new dictionary or an own technology lexicon would leave a store in two halves
/// that no training may mix.
@Suite struct RereadTests {
  private func register(_ office: Office, _ name: String, _ texts: String...) async throws {
    _ = try await office.register(
      Application(
        name: name, documents: texts.map { DocumentFile(bytes: Array($0.utf8)) }), by: .commandLine)
  }

  /// Runs `body` with an office over a folder that may be there already, which the end of its scope lets go.
  private func office(
    in directory: String, _ body: (Office) async throws -> Void
  ) async throws {
    let configuration = OfficeConfiguration(
      directory: directory + "/data", worker: product("senko-worker"))
    // The log of the one before is let go when the last of its threads has ended.
    var opened = try? Office.open(configuration, create: true)
    for _ in 0..<200 where opened == nil {
      try await Task.sleep(for: .milliseconds(20))
      opened = try? Office.open(configuration, create: true)
    }
    let office = try opened ?? Office.open(configuration, create: true)
    defer { office.close() }
    try await body(office)
  }

  private func adopt(_ technologies: String, in directory: String) throws {
    try Data(technologies.utf8).write(
      to: URL(fileURLWithPath: directory + "/data/technology-lexicon.tsv"))
  }

  @Test func whatIsOutdatedIsReadAgainOnce() async throws {
    try await withTemporaryDirectory { directory in
      try await office(in: directory) { office in
        try await register(office, "山田 花子", "在庫君を用いた開発", "設計を担当")
        try await register(office, "佐藤 次郎", "<html>これは文書ではない")
        let report = try await office.reread(by: .commandLine)
        #expect((report.current, report.outdated, report.unreadable) == (2, 0, 1))
        #expect(report.appended == 0 && report.failed.isEmpty)
      }
      try adopt("在庫君\n", in: directory)
      try await office(in: directory) { office in
        try await register(office, "高橋 三郎", "運用を担当")
        let rehearsal = try await office.reread(rehearsing: true, by: .commandLine)
        #expect((rehearsal.current, rehearsal.outdated, rehearsal.appended) == (1, 2, 0))
        let other = try await office.reread(opening: try Opening("sales"), by: .commandLine)
        #expect(other.outdated == 0 && other.appended == 0)
        #expect(try await office.reread(by: .commandLine).appended == 2)
        #expect(try await office.reread(by: .commandLine).appended == 0)
        let row = try office.newestRow(ApplicantNumber(1))
        #expect(row?.documents.first?.readings.count == 2)
        #expect(try await office.verify(retrain: false).problems == [])
      }
    }
  }

  @Test func aTechnologyLexiconThatIsNoneIsRefused() async throws {
    try await withTemporaryDirectory { directory in
      try await office(in: directory) { _ in }
      try adopt("a\n", in: directory)
      let error = await #expect(throws: ScreeningError.self) {
        try await office(in: directory) { _ in }
      }
      #expect(error?.description.contains("Line 1") == true)
    }
  }
}
