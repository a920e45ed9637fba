import EventStore
import Foundation
import TestSupport
import Testing

@testable import Screening

/// If these fail, an outsider cannot check what a dossier says, or believes what it does not prove.
@Suite struct DossierTests {
  /// An office with a model, and a screening and a label of applicant 3.
  private func prepare(
    _ office: Office, representation: String? = nil
  ) async throws -> ApplicantNumber {
    let reader = try await office.addReviewer()
    try await office.registerLabelled(1..<25)
    _ = try await office.train(
      TrainRequest(c: representation == nil ? nil : 1, representation: representation),
      by: .commandLine)
    let number = ApplicantNumber(3)
    _ = try await office.screen([number], by: .commandLine)
    _ = try await office.label(
      number, .ng, reason: "経験年数が足りない",
      by: Origin(actor: .operator, channel: .cli, onBehalfOf: reader))
    return number
  }

  private func write(_ dossier: Dossier, to path: String) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(dossier), as: UTF8.self)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return text
  }

  @Test(arguments: [nil, "binary", "log-tf", "naive-bayes"])
  func anOutsiderChecksProofsValuesAndScores(representation: String?) async throws {
    try await withOffice { office in
      let number = try await prepare(office, representation: representation)
      let dossier = try await office.dossier(of: number, by: .commandLine)
      let path = office.configuration.directory + "/dossier.json"
      let text = try write(dossier, to: path)
      for told in ["応募者3", "経験年数が足りない", "sato@example.jp", "職務経歴書"] {
        #expect(text.contains(told), "\(told) is not told")
      }
      // What model was in force, and who decided with which role.
      for type in ["model.trained", "model.promoted", "user.registered"] {
        #expect(
          dossier.events.contains { $0.event.contains("\"type\":\"\(type)\"") }, "no \(type)")
      }
      let proofs = try runTool("verify-log.py", ["--dossier", path, "--key", office.log.publicKey])
      #expect(proofs.status == 0, "\(proofs.answer)")
      let scores = try runTool("verify-score.py", [path])
      #expect(scores.status == 0, "\(scores.answer)")
      #expect(scores.answer.contains("\"scores\": 1"))
    }
  }

  @Test func whatWasChangedIsRefused() async throws {
    try await withOffice { office in
      let number = try await prepare(office)
      let path = office.configuration.directory + "/dossier.json"
      let text = try write(try await office.dossier(of: number, by: .commandLine), to: path)
      let word = try #require(
        text.firstRange(of: /"words":\[\{"count":[0-9]+/).map { String(text[$0]) })
      for (tool, old, new) in [
        ("verify-log.py", "経験年数が足りない", "経験年数は十分"),
        ("verify-log.py", #"\"label\":\"ng\""#, #"\"label\":\"ok\""#),
        ("verify-log.py", #""member":"file""#, #""member":"lexicon""#),
        ("verify-score.py", #""via":"cli""#, #""via":"http""#),
        ("verify-score.py", #""outcome":"second-look""#, #""outcome":"review""#),
        ("verify-score.py", #""actor":"operator""#, #""actor":"suzuki@example.jp""#),
        ("verify-score.py", #""label":"ng","labelClaimed""#, #""label":"ok","labelClaimed""#),
        ("verify-score.py", #""label":"ng","#, ""),
        ("verify-score.py", #""scoreInView":true"#, #""scoreInView":false"#),
        ("verify-score.py", #""biasDecimal":"#, #""biasDecimal":1"#),
        ("verify-score.py", #""gapDecimal":"#, #""gapDecimal":1"#),
        ("verify-score.py", #""contributions":[{"#, #""contributions":[],"hidden":[{"#),
        ("verify-score.py", #""valueDecimal":-0."#, #""valueDecimal":-1."#),
        ("verify-score.py", word, #""words":[{"word":"ない","count":1},{"count":1"#),
        ("verify-score.py", #"\"outcome\":\"second-look\""#, #"\"outcome\":\"review\""#),
      ] {
        #expect(text.contains(old), "\(old) is not in the dossier")
        try text.replacing(old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
        let arguments = tool == "verify-log.py" ? ["--dossier", path] : [path]
        #expect(try runTool(tool, arguments).status == 3, "\(old) → \(new) passed \(tool)")
      }
      // Words that do not stand in the readings are found by the score's check as well.
      var object = try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      var opened = try #require(object["opened"] as? [[String: Any]])
      for index in opened.indices where opened[index]["member"] as? String == "tokens" {
        // Version 1, an empty table, no tokens.
        opened[index]["bytes"] = Data([1, 0, 0]).base64EncodedString()
      }
      object["opened"] = opened
      try JSONSerialization.data(withJSONObject: object).write(to: URL(filePath: path))
      let without = try runTool("verify-score.py", [path])
      #expect(without.status == 3 && without.answer.contains("more often"), "\(without.answer)")
      // Without opened words no part of the score may be told.
      object["opened"] = opened.filter { $0["member"] as? String != "tokens" }
      try JSONSerialization.data(withJSONObject: object).write(to: URL(filePath: path))
      let unopened = try runTool("verify-score.py", [path])
      #expect(unopened.status == 3 && unopened.answer.contains("opened"), "\(unopened.answer)")
    }
  }

  @Test func aCosignedCheckpointCoversTheDossierAsOfThen() async throws {
    try await withOffice { office in
      let number = try await prepare(office)
      let folder = office.configuration.directory
      let key = try #require(VerifierKey(office.log.publicKey))
      let witness = try Witness(directory: folder + "/witness", name: "witness")
      let note = try witness.cosign(try office.checkpoint(), by: key) {
        (from, to) throws(EventLogError) in
        try office.log.consistency(from: from, to: to)
      }
      _ = try await office.label(number, .ok, by: .commandLine)
      let dossier = try await office.dossier(of: number, under: note, by: .commandLine)
      #expect(!dossier.events.contains { $0.event.contains(#""label":"ok""#) })
      let path = folder + "/dossier.json"
      _ = try write(dossier, to: path)
      let trusted = ["--dossier", path, "--key", office.log.publicKey, "--witness"]
      #expect(try runTool("verify-log.py", trusted + ["\(witness.key)"]).status == 0)
      let stranger = try Witness(directory: folder + "/stranger", name: "witness")
      #expect(try runTool("verify-log.py", trusted + ["\(stranger.key)"]).status == 3)

      let refusal = await #expect(throws: ScreeningError.self) {
        try await office.dossier(
          of: number, under: note.replacing("1", with: "2"), by: .commandLine)
      }
      #expect(refusal?.kind == .invalid)
    }
  }

  @Test func aPageSpeaksToPeople() async throws {
    try await withOffice { office in
      let number = try await prepare(office)
      _ = try await office.correct(
        number, Correction(email: "hanako@example.jp"), by: .commandLine)
      let page = try await office.dossier(of: number, by: .commandLine).html(in: .ja)
      // Numbers of events and heads of columns are never broken over lines.
      #expect(page.contains("thead th, td:first-child { white-space: nowrap }"))
      #expect(page.contains("<thead><tr><th>番号</th>"))
      let (name, mail) = (page.firstRange(of: "氏名"), page.firstRange(of: "メール"))
      #expect(try #require(name).lowerBound < #require(mail).lowerBound)
      for told in [
        "システムの運用担当者", "時点（記録の通し番号）", "人が判断する", "モデルが知らない名詞（異なり語数）",
        "判断に使わないため除いた語（延べ）",
      ] { #expect(page.contains(told), "\(told) is not told") }
      // Every time is one of Japan; those of events lie in the JSON form.
      #expect(page.contains(/<td>[0-9]+年[0-9]+月[0-9]+日 [0-9]{2}:[0-9]{2}<\/td>/))
      #expect(!page.contains(/[0-9]T[0-9]{2}:/))
      for raw in [">operator<", ">review<", ">second-look<"] {
        #expect(!page.contains(raw), "\(raw) is told")
      }
      let closed = try await office.dossier(of: number, opening: false, by: .commandLine)
      #expect(closed.html(in: .ja).contains("（申告：利用者 1）"))
      #expect(closed.html(in: .en).contains("(named: user 1)"))
      // JSON keeps the name by which events cite the user.
      #expect(closed.history.contains { $0.onBehalfOf == "user:1" })
      _ = try await office.erase([number], reason: "request", by: .commandLine)
      let erased = try await office.dossier(of: number, by: .commandLine).html(in: .ja)
      #expect(erased.contains("情報を消去しました") && !erased.contains("applicant.erased"))
    }
  }

  @Test func closedOrErasedItOpensNothing() async throws {
    try await withOffice { office in
      let number = try await prepare(office)
      let path = office.configuration.directory + "/dossier.json"
      func expectNothingPersonal(_ dossier: Dossier) throws {
        let text = try write(dossier, to: path)
        for secret in ["応募者3", "経験年数", "職務経歴書", "sato@"] {
          #expect(!text.contains(secret), "\(secret) is told")
        }
        #expect(!dossier.html(in: .ja).contains("応募者3"))
        #expect(dossier.screenings.count == 1)
        #expect(try runTool("verify-log.py", ["--dossier", path]).status == 0)
        #expect(try runTool("verify-score.py", [path]).answer.contains("\"withoutWords\": 1"))
      }
      try expectNothingPersonal(
        try await office.dossier(of: number, opening: false, by: .commandLine))
      _ = try await office.erase([number], reason: "request", by: .commandLine)
      let erased = try await office.dossier(of: number, by: .commandLine)
      #expect(erased.erased)
      try expectNothingPersonal(erased)
    }
  }
}
