import DocumentReader
import EventStore
import Foundation
import TestSupport
import Testing

@testable import Screening

/// The main job over a real data folder, the real reader and the real learner.
@Suite struct OfficeTests {
  @Test func registeringLabellingTrainingAndScreening() async throws {
    try await withOffice { office in
      let reviewer = try await office.addReviewer()
      for index in 0..<40 {
        let skilled = index % 2 == 0
        let registration = try await office.register(
          Application(
            name: "応募者\(index)", opening: try Opening("engineer"),
            documents: [.init(bytes: Array(resume(skilled: skilled, index).utf8))]),
          by: .commandLine)
        #expect(registration.applicant == UInt64(index + 1))
        #expect(registration.documents.allSatisfy { $0.status == "read" })
        _ = try await office.label(
          ApplicantNumber(registration.applicant), skilled ? .ok : .ng, reason: "面接の印象",
          by: Origin(actor: .operator, channel: .cli, onBehalfOf: reviewer))
      }
      let models = try await office.train(by: .commandLine)
      #expect(models.count == 1)
      #expect(models[0].inForce)
      #expect(models[0].labels.ok == 20)

      let screenings = try await office.screen(by: .commandLine)
      #expect(screenings.count == 40)
      let head = try office.log.head
      let again = try await office.screen(by: .commandLine)
      #expect(try office.log.head == head, "asking again appended something")
      #expect(again.map(\.score) == screenings.map(\.score))

      let why = try await office.why(ApplicantNumber(1), by: .commandLine)
      var sum = try #require(why.explanation.biasDecimal)
      for part in why.explanation.contributions { sum += part.valueDecimal }
      #expect(sum.bitPattern == why.explanation.scoreDecimal?.bitPattern)

      let report = try await office.verify(retrain: true)
      #expect(report.problems == [])
      #expect(report.models.verified == 1)
      #expect(report.screenings.verified == 40)
    }
  }

  @Test func anErasedApplicantIsGoneEverywhere() async throws {
    try await withOffice { office in
      let marker = "消去対象者"
      let registration = try await office.register(
        Application(name: marker, documents: [.init(bytes: Array(resume(skilled: true, 1).utf8))]),
        by: .commandLine)
      let number = ApplicantNumber(registration.applicant)
      let before = try office.log.head
      _ = try await office.erase([number], reason: "request", by: .commandLine)
      await #expect(throws: ScreeningError.self) {
        try await office.document(1, of: number, by: .commandLine)
      }
      for moment in [AsOf.now, .position(before)] {
        let error = await #expect(throws: ScreeningError.self) {
          try await office.applicant(number, asOf: moment, by: .commandLine)
        }
        #expect(error?.kind == .erased)
        let list = try await office.applicants(asOf: moment, by: .commandLine)
        #expect(list.map(\.state) == [.erased])
        #expect(list.map(\.name) == [nil])
      }
      let report = try await office.verify(retrain: false)
      #expect(report.problems == [])
    }
  }

  /// Its words would be somebody's nouns, where a file was spoilt on its way.
  @Test func aTextThatIsNamedAPDFIsADamagedOne() async throws {
    try await withOffice { office in
      let text = Array("設計を担当".utf8)
      let registration = try await office.register(
        Application(
          name: "山田",
          documents: [.init(bytes: text, name: "職歴.PDF"), .init(bytes: text, name: "pdf")]),
        by: .commandLine)
      #expect(registration.documents.map(\.reason) == ["damaged", nil])
      let detail = try await office.applicant(
        ApplicantNumber(registration.applicant), by: .commandLine)
      #expect(detail.documents.map(\.form) == [.pdf, .text])
    }
  }

  @Test func registeringAgainUnderAKeyRecordsNothing() async throws {
    try await withOffice { office in
      let application = Application(
        name: "山田",
        documents: [
          .init(bytes: Array(resume(skilled: true, 1).utf8)),
          .init(bytes: Array("%PDF-1.7\nno document".utf8)), .init(bytes: Array("設計".utf8)),
        ], idempotencyKey: "2026-0001")
      let first = try await office.register(application, by: .commandLine)
      let head = try office.log.head
      let second = try await office.register(application, by: .commandLine)
      #expect(second.applicant == first.applicant)
      #expect(second.repeated)
      #expect(first.documents.map(\.status) == ["read", "unreadable", "read"])
      #expect(first.documents.map { $0.nouns > 0 } == [true, false, true])
      #expect("\(second.documents)" == "\(first.documents)")
      #expect(try office.log.head == head)
      var other = application
      other.name = "山本"
      let error = await #expect(throws: ScreeningError.self) {
        try await office.register(other, by: .commandLine)
      }
      #expect(error?.kind == .conflict)
    }
  }

  /// Nothing that only this person supplied may be left in any file, in clear or under a key that is left.
  @Test func noFileHoldsAnythingOfTheErased() async throws {
    try await withTemporaryDirectory { directory in
      let data = directory + "/data"
      let marker = "犀川鷹之進"
      do {
        let office = try Office.open(
          OfficeConfiguration(directory: data, worker: product("senko-worker")), create: true)
        defer { office.close() }
        let document = resume(skilled: true, 1) + "趣味は\(marker)の研究です。\n"
        let registration = try await office.register(
          Application(
            name: marker, email: "\(marker)@example.jp",
            documents: [.init(bytes: Array(document.utf8))], idempotencyKey: "k"),
          by: .commandLine)
        _ = try await office.label(
          ApplicantNumber(registration.applicant), .ng, reason: marker, by: .commandLine)
        _ = try await office.applicants(by: .commandLine)
        _ = try await office.vocabulary()
        _ = try await office.erase(
          [ApplicantNumber(registration.applicant)], reason: "request", by: .commandLine)
        // Nobody had to ask for the vocabulary again.
        try office.scan(VocabularyProjection.occurrences) { _ in
          Issue.record("The vocabulary tells what an erased person wrote.")
          return false
        }
      }
      let needle = Data(marker.utf8)
      let paths = FileManager.default.enumerator(atPath: data)?.allObjects as? [String] ?? []
      #expect(paths.contains("log/data.mdb"))
      for path in paths {
        guard let bytes = FileManager.default.contents(atPath: data + "/" + path) else { continue }
        #expect(bytes.range(of: needle) == nil, "\(path) holds the name")
      }
      #expect(!paths.contains { $0.hasPrefix("documents/") && $0.count > 20 })
    }
  }

  /// A training that saw another lexicon than its blob says could not be repeated.
  @Test func theLexiconInForceIsWhatItsTextSays() async throws {
    try await withOffice { office in
      let inForce = try office.lexiconInForce(asOf: 0)
      let text = try office.lexicon().text
      #expect(try ExclusionLexicon(parsing: text) == inForce)
      #expect(inForce.canonicalText == text)
    }
  }
}
