import Cryptography
import EventStore
import Foundation
import TestSupport
import Testing

@testable import DocumentReader
@testable import Screening

/// Scans in the record: who audits a decision must see that its words were recognised, and by what.
@Suite struct ScanTests {
  private func office(
    in directory: String, recognising: Bool, _ body: (Office) async throws -> Void
  ) async throws {
    let configuration = OfficeConfiguration(
      directory: directory + "/data", worker: product("senko-worker"),
      recognisesScans: recognising)
    let office = try await Office.reopened(configuration)
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

  /// A page of which nobody has read a word must not count as read once it can be.
  @Test(.enabled(if: isStrict || Tesseract() != nil))
  func aPageThatWasLeftOutIsTakenUpWhenScansAreRecognised() async throws {
    try await withTemporaryDirectory { directory in
      let text = SamplePDF.lines(["添付の書類を送付します"])
      let documents = ["595 0 0 842 0 0", "-595 0 0 842 595 0"].map {
        DocumentFile(bytes: SamplePDF.textAndScan(text, matrix: $0))
      }
      try await office(in: directory, recognising: false) { office in
        let registration = try await office.register(
          Application(name: "山田 花子", documents: documents), by: .commandLine)
        #expect(registration.documents.map(\.flags) == [["scans-left-out"], ["scans-left-out"]])
        let report = try await office.reread(by: .commandLine)
        #expect((report.current, report.outdated, report.appended) == (2, 0, 0))
      }
      try await office(in: directory, recognising: true) { office in
        // Nothing can be told of the mirrored one, however often it is tried.
        let first = try await office.reread(by: .commandLine)
        #expect((first.current, first.outdated, first.appended) == (0, 2, 2))
        #expect(first.scansLeftOut == 1 && first.inVain.isEmpty)
        let second = try await office.reread(by: .commandLine)
        #expect((second.current, second.outdated, second.appended) == (2, 0, 0))
        #expect(second.failed.isEmpty)
        let asked = try await office.reread(retrying: true, by: .commandLine)
        #expect((asked.current, asked.outdated, asked.appended) == (1, 1, 0))
        #expect(asked.inVain == ["scans-left-out": 1])
        let row = try #require(try office.newestRow(ApplicantNumber(1)))
        let reading = try #require(row.documents.first?.readings.last)
        let read = try DocumentRead(try office.event(reading.position))
        #expect(read.flags == ["recognised"] && read.recogniser != nil)
      }
    }
  }

  /// Without it, every run takes the seconds that the last one took in vain, and nobody is told of either.
  @Test(.enabled(if: isStrict || Tesseract() != nil))
  func aScanThatCannotBeRecognisedIsToldAndTriedOnce() async throws {
    try await withTemporaryDirectory { directory in
      let mirrored = DocumentFile(bytes: SamplePDF.scan(matrix: "-595 0 0 842 595 0"))
      try await office(in: directory, recognising: false) { office in
        _ = try await office.register(
          Application(name: "山田 花子", documents: [mirrored]), by: .commandLine)
        let plain = try await office.reread(by: .commandLine)
        #expect((plain.unreadable, plain.tried, plain.inVain) == (1, 0, ["no-text": 1]))
        #expect(try await office.reread(by: .commandLine).inVain.isEmpty)
      }
      try await office(in: directory, recognising: true) { office in
        let first = try await office.reread(by: .commandLine)
        #expect((first.unreadable, first.tried, first.inVain) == (1, 0, ["poorly-recognised": 1]))
        let head = try office.log.head
        let rehearsal = try await office.reread(rehearsing: true, by: .commandLine)
        #expect((rehearsal.unreadable, rehearsal.tried) == (1, 1))
        let second = try await office.reread(by: .commandLine)
        #expect((second.unreadable, second.tried, second.inVain) == (1, 1, [:]))
        let asked = try await office.reread(retrying: true, by: .commandLine)
        #expect(asked.inVain == ["poorly-recognised": 1])
        #expect(try office.log.head == head, "the same was recorded again")
        let row = try #require(try office.newestRow(ApplicantNumber(1)))
        let position = try #require(row.documents.first?.unreadable)
        let unreadable = try DocumentUnreadable(try office.event(position))
        #expect(unreadable.reason == "poorly-recognised")
        #expect(unreadable.analysis?.hex == first.analysis)
        let recogniser = try office.blob(try #require(unreadable.recogniser))
        #expect(String(decoding: recogniser, as: UTF8.self).contains("tesseract="))
        #expect(try await office.verify(retrain: false).problems == [])
      }
      // Recognition has seen it: without, there is nothing more to find.
      try await office(in: directory, recognising: false) { office in
        let plain = try await office.reread(by: .commandLine)
        #expect(plain.tried == 1)
      }
    }
  }

  /// Without it, the first run after every change of the analysis takes its seconds twice, and records the same twice.
  @Test(.enabled(if: isStrict || Tesseract() != nil))
  func anOutdatedScanThatCannotBeRecognisedIsTriedOnce() async throws {
    try await withTemporaryDirectory { directory in
      let text = SamplePDF.lines(["添付の書類を送付します"])
      let mirrored = DocumentFile(
        bytes: SamplePDF.textAndScan(text, matrix: "-595 0 0 842 595 0"))
      try await office(in: directory, recognising: false) { office in
        _ = try await office.register(
          Application(name: "山田 花子", documents: [mirrored]), by: .commandLine)
      }
      try Data("在庫君\n".utf8).write(
        to: URL(fileURLWithPath: directory + "/data/technology-lexicon.tsv"))
      try await office(in: directory, recognising: true) { office in
        let first = try await office.reread(by: .commandLine)
        #expect((first.outdated, first.appended, first.scansLeftOut) == (1, 1, 1))
        let second = try await office.reread(by: .commandLine)
        #expect((second.current, second.outdated, second.appended) == (1, 0, 0))
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
