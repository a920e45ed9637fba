import EventStore
import Foundation
import Screening
import TestSupport
import Testing

@testable import ScreeningServer

extension ServerTests {
  /// If these fail, a model cannot be trained, asked or explained over HTTP, or its words do not add up.
  @Suite struct LearningRoutesTests {
    /// Applications of two kinds, the first labelled OK and the second NG.
    private func teach(_ client: TestClient, count: Int) async throws {
      for number in 1...count {
        let isWanted = number % 2 == 1
        // No two documents alike: those would count as one.
        var random = SplitMix64(seed: UInt64(number))
        let pool =
          isWanted
          ? ["サーバー", "データベース", "ネットワーク", "設計", "開発", "試験", "監視", "改善"]
          : ["接客", "販売", "店舗", "清掃", "調理", "配送", "受付", "在庫"]
        let words = pool.shuffled(using: &random).prefix(5).joined(separator: " ")
        let form = multipart(
          [("name", "応募者\(number)"), ("opening", "engineer")],
          documents: [("a.txt", Array("\(words)\n番号は\(number)です。".utf8))])
        let answer = try await client.send("POST", "/applicant", form.fields, body: form.body)
        #expect(answer.status == 200, "\(answer.text)")
        // A few labels go against the words, as people's do.
        let label = isWanted != (number % 13 == 0) ? "ok" : "ng"
        let labelled = try await client.json(
          "POST", "/applicants/\(number)/labels", ["label": label])
        #expect(labelled.status == 201, "\(labelled.text)")
      }
    }

    @Test func aModelIsTrainedAskedAndExplained() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        let early = try await admin.json("POST", "/models", ["opening": "engineer"])
        #expect(early.status == 409, "\(early.text)")
        try await teach(admin, count: 40)
        let trained = try await admin.json("POST", "/models", ["opening": "engineer"])
        #expect(trained.status == 201, "\(trained.text)")
        let models = try await admin.get("/models").json()
        let model = try #require((models["models"] as? [[String: Any]])?.first)
        #expect(model["inForce"] as? Bool == true)
        let detail = try await admin.get("/models/1").json()
        #expect((detail["weights"] as? [Any])?.isEmpty == false)
        #expect(detail["digest"] as? String == model["digest"] as? String)

        let form = multipart(
          [("name", "新しい人"), ("opening", "engineer")],
          documents: [("a.txt", Array("サーバー データベース ネットワーク 設計 開発 接客".utf8))])
        let answer = try await admin.send("POST", "/applicant", form.fields, body: form.body)
        let screening = try #require(try answer.json()["screening"] as? [String: Any])
        #expect(screening["model"] as? Int == 1, "\(answer.text)")
        #expect(screening["probability"] is Int, "\(answer.text)")

        let why = try await admin.get("/applicants/41/why").json()
        let contributions = try #require(why["contributions"] as? [[String: Any]])
        var sum = try double(why["bias"])
        for contribution in contributions { sum += try double(contribution["value"]) }
        #expect(sum.bitPattern == (try double(why["score"])).bitPattern)
        #expect(why["score"] as? String == screening["score"] as? String)
        #expect(try await admin.get("/applicants/41/why?screening=1").status == 404)

        let again = try await admin.send("POST", "/applicants/41/screening")
        #expect(try again.json()["position"] as? Int == screening["position"] as? Int)
        let vocabulary = try await admin.get("/vocabulary?opening=engineer&prefix=データ".escaped)
        let words = try #require(try vocabulary.json()["vocabulary"] as? [[String: Any]])
        #expect(!words.isEmpty)
        #expect(words.allSatisfy { ($0["term"] as? String)?.hasPrefix("データ") == true })
      }
    }

    @Test func anAuditorHasTheStoreChecked() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        try await teach(admin, count: 30)
        _ = try await admin.json("POST", "/models", ["opening": "engineer"])
        let auditor = try await server.client(.auditor)
        let note = try await auditor.get("/checkpoint").text
        let answer = try await auditor.json(
          "POST", "/verification", ["retrain": true, "against": note])
        let report = try answer.json()
        #expect(report["ok"] as? Bool == true, "\(answer.text)")
        #expect(report["outsideCheckpoint"] as? Bool == true)
        #expect((report["models"] as? [String: Int])?["verified"] == 1)
      }
    }

    @Test func lexiconsAreAdoptedAndRemembered() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        let head = try server.office.log.head
        let builtIn = try #require(try await admin.get("/lexicon").json()["text"] as? String)
        #expect(!builtIn.isEmpty)
        let adopted = try await admin.json("PUT", "/lexicon", ["text": builtIn])
        #expect(adopted.status == 200, "\(adopted.text)")
        let now = try await admin.get("/lexicon").json()
        #expect((now["position"] as? Int ?? 0) > Int(head.rawValue))
        #expect(try await admin.get("/lexicon?asOf=\(head)").json()["position"] as? Int == 0)
        let refused = try await admin.json("PUT", "/lexicon", ["text": "no statement at all"])
        #expect(refused.status == 400, "\(refused.text)")
      }
    }

    @Test func whatIfsRecordNothing() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        try await teach(admin, count: 30)
        _ = try await admin.json("POST", "/models", ["opening": "engineer"])
        let reviewer = try await server.client(.reviewer)
        let head = try server.office.log.head
        let replay = try await reviewer.json(
          "POST", "/replay", ["opening": "engineer", "c": 0.25, "threshold": 5000])
        #expect(replay.status == 200, "\(replay.text)")
        #expect(try replay.json()["changes"] is [Any])
        #expect(try server.office.log.head == head)
        for wrong: [String: Any] in [
          ["c": 1], ["opening": "engineer", "c": -1], ["opening": "engineer", "labels": "x"],
          ["opening": "Engineer"], ["opening": "engineer", "threshold": 0],
          ["opening": "engineer", "labelledSince": "yesterday"],
          ["opening": "engineer", "representation": "x"],
        ] {
          let refused = try await reviewer.json("POST", "/replay", wrong)
          #expect(refused.status == 400, "\(refused.text)")
        }
        #expect(try await reviewer.json("POST", "/replay", ["opening": "none"]).status == 404)
      }
    }

    @Test func policiesAndPromotionsAreCommandsOfAdmins() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        try await teach(admin, count: 30)
        _ = try await admin.json("POST", "/models", ["opening": "engineer"])
        _ = try await admin.json("POST", "/models", ["opening": "engineer", "c": 0.5])
        let promoted = try await admin.send("POST", "/models/2/promotion")
        #expect(promoted.status == 201, "\(promoted.text)")
        #expect(try await admin.get("/models/2").json()["inForce"] as? Bool == true)
        #expect(try await admin.send("POST", "/models/9/promotion").status == 404)
        let before = try server.office.log.head
        #expect(try await admin.json("PUT", "/policy", ["threshold": 7000]).status == 200)
        #expect(try await admin.get("/policy").json()["threshold"] as? Int == 7000)
        let past = try await admin.get("/policy?asOf=\(before)").json()
        #expect(past["threshold"] as? Int == 6500)
        #expect(try await admin.json("PUT", "/policy", ["threshold": 10000]).status == 400)
      }
    }

    /// The number that 16 hexadecimal digits spell.
    private func double(_ value: Any?) throws -> Double {
      Double(bitPattern: try #require((value as? String).flatMap { UInt64($0, radix: 16) }))
    }
  }
}

extension String {
  /// The text with everything escaped that a request line may not hold.
  fileprivate var escaped: String {
    addingPercentEncoding(withAllowedCharacters: .urlFragmentAllowed) ?? self
  }
}
