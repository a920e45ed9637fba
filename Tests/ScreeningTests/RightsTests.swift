import EventStore
import Foundation
import TestSupport
import Testing

@testable import Screening

/// If these fail, an applicant who asks is told less than is held, or a correction loses what stood before.
@Suite struct RightsTests {
  @Test func aDisclosureTellsEverythingAndIsRecorded() async throws {
    try await withOffice { office in
      let reader = try await office.addUser(
        email: "sato@example.jp", name: "佐藤", role: .reviewer, password: "long enough",
        by: .commandLine)
      let registration = try await office.register(
        Application(
          name: "開示 花子", email: "hanako@example.jp",
          documents: [.init(bytes: Array(resume(skilled: true, 1).utf8))]),
        by: .commandLine)
      let number = ApplicantNumber(registration.applicant)
      _ = try await office.label(
        number, .ng, reason: "経験年数が足りない",
        by: Origin(actor: .operator, channel: .cli, onBehalfOf: reader))
      let disclosure = try await office.disclose(number, by: .commandLine)
      let event = try #require(
        try office.log.event(at: Position(rawValue: disclosure.position)))
      #expect(event.type == "disclosure.made")
      let text = disclosure.text(in: .ja)
      for told in ["開示 花子", "hanako@example.jp", "経験年数が足りない", "判断：NG", "職務経歴書"] {
        #expect(text.contains(told), "\(told) is not told")
      }
      #expect(disclosure.text(in: .en).contains("decision: NG"))

      _ = try await office.erase([number], reason: "request", by: .commandLine)
      let refusal = await #expect(throws: ScreeningError.self) {
        try await office.disclose(number, by: .commandLine)
      }
      #expect(refusal?.kind == .erased)
    }
  }

  /// A letter to somebody who knows nothing of the system has no word of it, and no time as machines write them.
  @Test func aDisclosureIsWrittenForPeople() async throws {
    try await withOffice { office in
      let registration = try await office.register(
        Application(
          name: "開示 花子", received: "2026-03-03T23:30:00+09:00",
          documents: [.init(bytes: Array(resume(skilled: true, 1).utf8))]),
        by: .commandLine)
      let number = ApplicantNumber(registration.applicant)
      for state in [ApplicantState.withdrawn, .active, .duplicate] {
        _ = try await office.setState(number, state, by: .commandLine)
      }
      let disclosure = try await office.disclose(number, by: .commandLine)
      let (ja, en) = (disclosure.text(in: .ja), disclosure.text(in: .en))
      for told in ["受付：2026年3月3日 23:30", "辞退を記録しました", "選考中に戻しました", "重複した応募"] {
        #expect(ja.contains(told), "\(told)")
      }
      #expect(en.contains("Received: 3 March 2026, 23:30 (Japan)"))
      #expect(en.contains("withdrawn by the applicant"))
      for text in [ja, en] { #expect(!text.contains(/\d{4}-\d{2}-\d{2}T\d{2}/)) }
      for state in ApplicantState.allCases { #expect(!ja.contains(state.rawValue)) }
    }
  }

  /// The own name is no noun of an applicant: with another name the model is told other nouns.
  @Test func aCorrectedNameIsScreenedAgain() async throws {
    try await withOffice { office in
      try await office.registerLabelled(0..<20)
      _ = try await office.train(by: .commandLine)
      let number = try await office.register(20)
      func last() async throws -> ScreeningResult? {
        try await office.applicant(number, by: .commandLine).screening
      }
      let before = try #require(try await last())
      _ = try await office.correct(
        number, Correction(opening: try Opening("engineer")), by: .commandLine)
      #expect(try await last()?.position == before.position, "nothing has changed")
      // Words of the résumé, as the new name.
      _ = try await office.correct(
        number, Correction(name: "設計 開発 試験 改善 監視 分析 基盤"), by: .commandLine)
      let after = try #require(try await last())
      #expect(after.position > before.position)
      #expect(after.score != before.score)
      let asked = try await office.screen([number], by: .commandLine).first
      #expect(asked?.position == after.position, "nothing has changed since")
      for told in [before, after] {
        let why = try await office.why(
          number, screening: Position(rawValue: told.position), by: .commandLine)
        #expect(why.explanation.probability == told.probability)
      }
    }
  }

  /// Twenty people of whom half are skilled, labelled, and a model of them.
  private func train(_ office: Office, by reader: Origin) async throws {
    for index in 0..<20 {
      let registration = try await office.register(
        Application(
          name: "応募者\(index)",
          documents: [.init(bytes: Array(resume(skilled: index % 2 == 0, index).utf8))]),
        by: .commandLine)
      _ = try await office.label(
        ApplicantNumber(registration.applicant), index % 2 == 0 ? .ok : .ng, by: reader)
    }
    _ = try await office.train(by: .commandLine)
  }

  @Test func aDisclosureTellsWhoDecidedWhichModelWasAskedAndWhoLooked() async throws {
    try await withOffice { office in
      func user(_ name: String, _ role: Role) async throws -> Origin {
        let number = try await office.addUser(
          email: "\(name)@example.jp", name: name, role: role, password: "long enough",
          by: .commandLine)
        return Origin(actor: .user(number), channel: .http)
      }
      let reader = try await user("sato", .reviewer)
      let auditor = try await user("kansa", .auditor)
      guard case .user(let kansa) = auditor.actor else { return }
      try await train(office, by: reader)
      let registration = try await office.register(
        Application(
          name: "開示 花子", documents: [.init(bytes: Array(resume(skilled: true, 99).utf8))]),
        by: .commandLine)
      let number = ApplicantNumber(registration.applicant)
      let shown = try #require(
        try await office.applicant(number, by: reader).screening)
      _ = try await office.label(
        number, .ok, shown: Position(rawValue: shown.position), by: reader)
      _ = try await office.declare(number, ["sex": "female"], by: reader)
      _ = try await office.history(number, by: auditor)
      try await office.setRole(.admin, of: kansa, by: .commandLine)
      _ = try await office.label(number, .ng, purpose: .secondReading, by: auditor)

      let disclosure = try await office.disclose(number, by: .commandLine)
      let percent = try #require(shown.probability) / 100
      let lines = disclosure.text(in: .ja).split(separator: "\n").map(String.init)
      let decision = try #require(lines.first { $0.contains("判断：OK") })
      #expect(decision.contains("判断者：審査担当者"))
      #expect(!lines.contains { $0.contains("判断：NG") || $0.contains("@example.jp") })
      #expect(decision.contains("示されていた点数：\(percent) %（計算モデル 1）"))
      #expect(lines.contains { $0.contains("OK度数を計算しました：\(percent) %（計算モデル 1）") })
      let looks = lines.drop { $0 != "■ 閲覧の記録" }
      #expect(looks.contains { $0.contains("応募の内容を見ました") && $0.hasSuffix("審査担当者") })
      // The role is the one that the reader had then.
      #expect(looks.contains { $0.contains("記録の履歴を見ました") && $0.hasSuffix("監査担当者") })
      #expect(!looks.contains { $0.contains("kansa@example.jp") }, "a look names a person")
      #expect(disclosure.accesses.map(\.scope) == ["applicant", "history"])

      // Whatever stands in the log about the applicant is told.
      let about = try office.log.events(from: 1, through: Position(rawValue: disclosure.position))
        .filter { $0.data.object?["applicant"]?.integer == Int64(number.rawValue) }
      let told = disclosure.history.map(\.entry.position) + disclosure.accesses.map(\.position)
      #expect(told.sorted() == about.map(\.position.rawValue))
      #expect(disclosure.text(in: .en).contains("by: reviewer"))
    }
  }

  @Test func aCorrectionShowsFromThenOnAndTheHistoryKeepsWhatWas() async throws {
    try await withOffice { office in
      let registration = try await office.register(
        Application(name: "高橋", documents: [.init(bytes: Array(resume(skilled: true, 1).utf8))]),
        by: .commandLine)
      let number = ApplicantNumber(registration.applicant)
      let before = try office.log.head
      _ = try await office.correct(
        number, Correction(name: "髙橋 一郎", opening: try Opening("sales")), by: .commandLine)
      let now = try await office.applicant(number, by: .commandLine).summary
      #expect(now.name == "髙橋 一郎")
      #expect(now.opening == "sales")
      let then = try await office.applicant(
        number, asOf: .position(before), by: .commandLine
      ).summary
      #expect(then.name == "高橋")
      #expect(then.opening == "general")
      for wrong in [Correction(), Correction(name: " "), Correction(email: "nobody")] {
        let refusal = await #expect(throws: ScreeningError.self) {
          try await office.correct(number, wrong, by: .commandLine)
        }
        #expect(refusal?.kind == .invalid)
      }
      #expect(try await office.verify(retrain: false).problems == [])
    }
  }
}
