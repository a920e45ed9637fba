import EventStore
import TestSupport
import Testing

@testable import DocumentReader
@testable import Screening

/// Scans in the record: who audits a decision must see that its words were recognised, and by what.
@Suite struct ScanTests {
  private func office(
    in directory: String, recognising: Bool, _ body: (Office) async throws -> Void
  ) async throws {
    let office = try Office.open(
      OfficeConfiguration(
        directory: directory + "/data", worker: product("senko-worker"),
        recognisesScans: recognising), create: true)
    defer { office.close() }
    try await body(office)
  }

  private let scan = Application(
    name: "山田 花子", documents: [DocumentFile(bytes: SamplePDF.scan())])

  @Test(.enabled(if: isStrict || Tesseract() != nil))
  func aReadingThatWasRecognisedNamesItsRecogniser() async throws {
    try await withTemporaryDirectory { directory in
      try await office(in: directory, recognising: true) { office in
        let registration = try await office.register(scan, by: .commandLine)
        #expect(registration.documents.first?.status == "read")
        #expect(registration.documents.first?.flags == ["recognised"])
        let row = try #require(try office.newestRow(ApplicantNumber(1)))
        let reading = try #require(row.documents.first?.readings.last)
        let read = try DocumentRead(try office.event(reading.position))
        let recogniser = try office.blob(try #require(read.recogniser))
        #expect(String(decoding: recogniser, as: UTF8.self).contains("tesseract="))
        #expect(try await office.verify(retrain: false).problems == [])
        // Reading again has nothing to do: recognition is no other analysis.
        let report = try await office.reread(by: .commandLine)
        #expect((report.current, report.outdated, report.appended) == (1, 0, 0))
      }
    }
  }

  @Test func withoutRecognitionAScanStaysUnreadable() async throws {
    try await withTemporaryDirectory { directory in
      try await office(in: directory, recognising: false) { office in
        let registration = try await office.register(scan, by: .commandLine)
        #expect(registration.documents.first?.status == "unreadable")
        #expect(registration.documents.first?.reason == "no-text")
      }
    }
  }
}
