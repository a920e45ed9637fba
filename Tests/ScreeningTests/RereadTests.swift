import Cryptography
import EventStore
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
    let office = try await Office.reopened(configuration)
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
        #expect(report.tried == 0 && report.inVain == ["not-a-document": 1])
        let second = try await office.reread(by: .commandLine)
        #expect((second.unreadable, second.tried) == (1, 1) && second.inVain.isEmpty)
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

  /// If this fails, the words of a spoilt file that nobody would register become nouns when it is read again.
  @Test func aFileThatWasNamedAPDFIsReadAgainAsOne() async throws {
    try await withOffice { office in
      let file = DocumentFile(bytes: Array("在庫君を用いた開発".utf8), name: "a.pdf")
      _ = try await office.register(
        Application(name: "山田 花子", documents: [file]), by: .commandLine)
      let report = try await office.reread(by: .commandLine)
      #expect((report.appended, report.inVain) == (0, ["damaged": 1]))
    }
  }

  private func analysis(of number: UInt64, _ office: Office) throws -> String {
    let row = try #require(try office.newestRow(ApplicantNumber(number)))
    let reading = try #require(row.documents.first?.readings.last)
    return try DocumentRead(try office.event(reading.position)).analysis.hex
  }

  private func screening(
    of number: ApplicantNumber, _ office: Office
  ) async throws -> ScreeningResult {
    try #require(try await office.screen([number], by: .commandLine).first)
  }

  /// If this fails, a model learns from words that were cut in two ways, or judges somebody by words that it knows in
  /// another spelling.
  @Test func trainingAndScreeningDoNotMixAnalyses() async throws {
    try await withTemporaryDirectory { directory in
      try await office(in: directory) { office in
        try await office.registerLabelled(0..<24)
      }
      try adopt("在庫君\n", in: directory)
      try await office(in: directory) { office in
        try await office.registerLabelled(24..<26)
        let (former, present) = (try analysis(of: 1, office), try analysis(of: 25, office))
        #expect(former != present)
        let mixed = await #expect(throws: ScreeningError.self) {
          try await office.train(by: .commandLine)
        }
        #expect(mixed?.kind == .conflict)
        #expect(try await office.otherAnalysis() == nil)
        #expect(
          mixed?.description.contains("2 analyses, and the largest covers 24 of 26") == true)
        let strange = await #expect(throws: ScreeningError.self) {
          try await office.train(
            TrainRequest(analysis: String(repeating: "0", count: 64)), by: .commandLine)
        }
        #expect(strange?.kind == .notFound)
        #expect(strange?.description.contains(former.prefix(16)) == true)

        let asked = TrainRequest(analysis: former)
        let model = try #require(try await office.train(asked, by: .commandLine).first)
        #expect(try await office.otherAnalysis()?.contains("of model 1 in force:") == true)
        #expect(model.labels.ok + model.labels.ng == 24)
        let leftOut = try #require(model.leftOut)
        #expect(leftOut.otherAnalysis == 2 && leftOut.total == 2)
        #expect(leftOut.sentence?.en.contains("senko reread") == true)
        let number = try await office.register(26)
        let judged = try await screening(of: number, office)
        #expect(judged.outcome == .undecidable && judged.reason == "other-analysis")
        #expect(judged.score == nil && judged.probability == nil)
        let remedy = try #require(Withholding.sentence(for: "other-analysis"))
        for command in ["senko reread", "senko train", "senko promote"] {
          #expect(remedy.en.contains(command) && remedy.ja.contains(command))
        }

        #expect(try await office.reread(by: .commandLine).appended == 24)
        let whole = try #require(try await office.train(by: .commandLine).first)
        #expect(whole.labels.ok + whole.labels.ng == 26)
        #expect(whole.leftOut == LeftOut() && whole.leftOut?.sentence == nil)
        _ = try await office.promote(ModelNumber(whole.model), by: .commandLine)
        #expect(try await office.otherAnalysis() == nil)
        #expect(try await screening(of: number, office).score != nil)
        #expect(try await office.verify(retrain: true).problems == [])
      }
    }
  }

  /// Adds a reading of the first document of an applicant by an analysis of this digest.
  private func read(
    _ number: ApplicantNumber, _ office: Office, by analysis: Digest, flags: [String] = []
  ) async throws {
    let row = try #require(try office.newestRow(number))
    let reading = try #require(row.documents.first?.readings.last)
    var read = try DocumentRead(try office.event(reading.position))
    (read.analysis, read.flags) = (analysis, flags)
    _ = try await office.append { [read] (at) throws(ScreeningError) in
      try office.change(read, by: .commandLine, at: at)
    }
  }

  /// If this fails, who has read everything again trains as before on what was read first, and newcomers stay undecided.
  @Test func ofSeveralAnalysesThatCoverEverybodyTheNewestTeaches() async throws {
    try await withOffice { office in
      try await office.registerLabelled(0..<24)
      // Whatever their digests are: no other is greater than these two.
      for digit in ["f", "e"] {
        let other = try #require(Digest(hex: String(repeating: digit, count: 64)))
        for number in 1...24 { try await read(ApplicantNumber(UInt64(number)), office, by: other) }
        let model = try #require(try await office.train(by: .commandLine).first)
        #expect(try office.trainedModel(ModelNumber(model.model)).event.analysis == other)
        #expect(model.leftOut == LeftOut())
      }
    }
  }

  /// If this fails, one applicant whose words the present analysis does not trust has everybody taught by the former one,
  /// or is sent to be read again, which has been done.
  @Test func whoseNewestReadingCannotBeTrustedIsCountedAsSuch() async throws {
    try await withOffice { office in
      try await office.registerLabelled(0..<26)
      for number in 1...26 {
        try await read(
          ApplicantNumber(UInt64(number)), office, by: SHA256.hash([1]),
          flags: number == 3 ? ["garbled"] : [])
      }
      let model = try #require(try await office.train(by: .commandLine).first)
      let event = try office.trainedModel(ModelNumber(model.model)).event
      #expect(event.analysis == SHA256.hash([1]))
      let leftOut = try #require(model.leftOut)
      #expect((leftOut.untrusted, leftOut.otherAnalysis, leftOut.total) == (1, 0, 1))
    }
  }

  /// If this fails, a machine whose dictionary was compiled in another order reads a whole store again for nothing,
  /// or nobody is told of the difference.
  @Test func otherFilesOfADictionaryThatAnswersAlikeAreOnlyNoted() async throws {
    try await withOffice { office in
      try await register(office, "山田 花子", "在庫君を用いた開発", "設計を担当")
      let row = try #require(try office.newestRow(ApplicantNumber(1)))
      let position = try #require(row.documents.first?.readings.last?.position)
      var read = try DocumentRead(try office.event(position))
      let fingerprint = String(decoding: try office.blob(read.fingerprint), as: UTF8.self)
      let other = fingerprint.replacing(
        /dictionary\/sys\.dic=[0-9a-f]{64}/, with: "dictionary/sys.dic=\(read.analysis.hex)")
      try #require(other != fingerprint)
      read.fingerprint = SHA256.hash(Array(other.utf8))
      _ = try await office.append { [read] (at) throws(ScreeningError) in
        var append = try office.change(read, by: .commandLine, at: at)
        append.blobs = [Array(other.utf8)]
        return append
      }
      let report = try await office.reread(by: .commandLine)
      #expect((report.current, report.alike, report.outdated) == (2, 1, 0))
      #expect(report.appended == 0 && report.failed.isEmpty)
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
