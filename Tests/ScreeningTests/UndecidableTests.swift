import EventStore
import LinearSVM
import TestSupport
import Testing

@testable import Screening

/// If these fail, a percentage is shown for words that are none of the writer's, a model learns such words, or a
/// second file that cannot be read keeps somebody from being judged by the first.
@Suite struct UndecidableTests {
  /// What cannot be judged, by the reason; all but the first and the last hold nouns enough that the model knows.
  private static let documents: [(reason: String, bytes: [UInt8])] = [
    ("unreadable", Array("<html>これは文書ではない".utf8)),
    ("foreign-language", Array(foreign.utf8)),
    ("garbled", Array(garbled.utf8)),
    ("slanted", slanted),
    ("too-few-known-nouns", Array("俳句と盆栽と囲碁を長く教えました。".utf8)),
  ]

  private static let foreign =
    String(repeating: "I designed and maintained the billing services of a bank. ", count: 8)
    + "会社 顧客 提案 資料 会議 設計 開発 試験"

  /// What a font makes of a résumé whose table is wrong: letters in place of kana.
  private static let garbled = resume(skilled: true, 90).replacing("を", with: "û")

  private static let slanted: [UInt8] = {
    let lines = resume(skilled: true, 91).split(separator: "\n").map(String.init)
    return SamplePDF.page(
      "q 0.9976 0.0698 -0.0698 0.9976 0 0 cm\n" + SamplePDF.lines(lines) + "Q\n")
  }()

  private func register(
    _ office: Office, _ documents: [UInt8]...
  ) async throws -> (number: ApplicantNumber, screening: ScreeningResult?) {
    let registration = try await office.register(
      Application(
        name: "山田 花子", opening: try Opening("engineer"),
        documents: documents.map { DocumentFile(bytes: $0) }), by: .commandLine)
    return (ApplicantNumber(registration.applicant), registration.screening)
  }

  /// How many nouns of the applicant's documents the first model knows, trusted or not.
  private func knownNouns(of number: ApplicantNumber, _ office: Office) throws -> Int {
    let trained = try office.trainedModel(ModelNumber(1))
    let row = try #require(try office.newestRow(number))
    let nouns = try office.nouns(
      of: row, row.newestReadings.map(\.position), without: trained.lexicon)
    return trained.model.score(nouns.terms).knownTerms
  }

  @Test func whatCannotBeTrustedHasAReasonAndNoNumber() async throws {
    try await withOffice { office in
      try await office.registerLabelled(0..<24)
      _ = try await office.train(by: .commandLine)
      let good = Array(resume(skilled: true, 92).utf8)
      let alone = try #require(try await register(office, good).screening)
      #expect(alone.outcome != .undecidable && alone.score != nil)
      for (reason, bytes) in Self.documents {
        let (number, judged) = try await register(office, bytes)
        #expect(judged?.outcome == .undecidable, "\(reason)")
        #expect(judged?.reason == reason)
        #expect(judged?.probability == nil && judged?.score == nil && judged?.interval == nil)
        let summary = try await office.applicant(number, by: .commandLine).summary
        #expect(summary.flags.contains(.undecidable) && summary.probability == nil, "\(reason)")
        let isFlag = Trust.undecidableFlags.contains(reason)
        let knows = try knownNouns(of: number, office) >= ApplicantScreened.fewestKnownNouns
        #expect(knows == isFlag, "\(reason)")

        // A bad file beside a good one is a flag of its own; the good one is judged as if it came alone.
        let (both, beside) = try await register(office, bytes, good)
        #expect(beside?.outcome == alone.outcome, "\(reason)")
        if reason != "too-few-known-nouns" { #expect(beside?.score == alone.score, "\(reason)") }
        let documents = try await office.applicant(both, by: .commandLine).documents
        if isFlag { #expect(documents[0].flags == [reason]) }
        #expect((documents[0].status == "unreadable") == (reason == "unreadable"))
      }
      #expect(try await office.verify(retrain: true).problems == [])
    }
  }

  @Test func whatCannotBeTrustedTeachesNothing() async throws {
    try await withOffice { office in
      let opening = try Opening("engineer")
      try await office.registerLabelled(0..<40)
      let model = try #require(try await office.train(by: .commandLine).first)
      let before = try await office.replay(ReplayRequest(opening: opening))
      let bad = [Self.foreign, Self.garbled].map { Array($0.utf8) } + [Self.slanted]
      for bytes in bad {
        let number = try await register(office, bytes).number
        _ = try await office.label(number, .ok, by: .commandLine)
      }
      let unreadable = try await register(office, Self.documents[0].bytes).number
      _ = try await office.label(unreadable, .ng, by: .commandLine)
      let again = try #require(try await office.train(by: .commandLine).first)
      #expect(again.digest == model.digest)
      // Whoever trains is told so, and whoever looks at the model later.
      #expect(model.leftOut == LeftOut())
      let leftOut = try #require(again.leftOut)
      #expect((leftOut.untrusted, leftOut.unreadable, leftOut.otherAnalysis) == (3, 1, 0))
      let card = try await office.card(of: ModelNumber(again.model))
      #expect(card.data.leftOut == leftOut)
      let warning = try #require(card.warnings.first { $0.slug == "left-out" })
      #expect(warning.text == leftOut.sentence)
      #expect(warning.text.en.contains("4 taught nothing"))
      #expect(warning.text.en.contains("3 whose words cannot be trusted"))
      // A what-if places them as the screenings did: nowhere.
      let replay = try await office.replay(ReplayRequest(opening: opening))
      #expect(replay.digest == model.digest)
      #expect(replay.applicants == 43 && replay.other == before.other + 3)

      // Beside a file that can be trusted they teach as little.
      let good = Array(resume(skilled: true, 92).utf8)
      let number = try await register(office, bad[1], good).number
      _ = try await office.label(number, .ok, by: .commandLine)
      let learners = try office.selectLessons(for: opening, TrainRequest()).learners
      #expect(learners.map(\.readings.count) == [Int](repeating: 1, count: 41))
    }
  }

  /// If this fails, an audit tells that a group writes what only its fonts say.
  @Test func whatCannotBeTrustedIsNotComparedBetweenGroups() async throws {
    try await withOffice { office in
      try await office.registerLabelled(0..<24)
      _ = try await office.train(by: .commandLine)
      let bad = Array((Self.garbled + "\n俳句と盆栽").utf8)
      let good = Array(resume(skilled: true, 92).utf8)
      let (both, judged) = try await register(office, bad, good)
      #expect(judged?.probability != nil)
      let alone = try await register(office, bad).number
      let head = try office.catchUp()
      let rows = try [both, alone].map { try #require(try office.newestRow($0)) }
      let readings = try office.judgedReadings(of: rows)
      #expect(readings == [[rows[0].documents[1].readings[0].position], []])
      let words = try await office.inBackground(progress: nil) {
        [office] (work) throws(ScreeningError) in
        try office.wordSets(of: rows, readings, at: head, work)
      }
      #expect(!words[0].isEmpty && !words[0].contains(Array("俳句".utf8)))
      #expect(words[1].isEmpty)
    }
  }
}
