import EventStore
import Foundation
import Screening
import TestSupport
import Testing

@testable import ScreeningServer

extension ServerTests {
  /// If these fail, a model cannot be trained, asked or explained over HTTP, or its words do not add up.
  @Suite struct LearningRoutesTests {
    /// Applications of two kinds, the first labelled OK and the second NG, all of which also say `text`.
    static func teach(_ client: TestClient, count: Int, adding text: String = "") async throws {
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
          documents: [("a.txt", Array("\(words)\n番号は\(number)です。\(text)".utf8))])
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
        try await Self.teach(admin, count: 40)
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

    @Test func rawEventsAreForAuditorsWhilePeopleDecideFirst() async throws {
      try await TestServer.run { server in
        let (admin, auditor) = (try await server.client(.admin), try await server.client(.auditor))
        let paths = ["/events", "/events/1", "/tile/entries/000.p/1"]
        for path in paths { #expect(try await admin.get(path).status == 200, "\(path)") }
        let adopted = try await admin.json("PUT", "/policy", ["scores": "after-label"])
        #expect(adopted.status == 200, "\(adopted.text)")
        for path in paths + ["/events/tail"] {
          #expect(try await admin.get(path).status == 403, "\(path)")
        }
        for path in paths.prefix(2) {
          #expect(try await auditor.get(path).status == 200, "\(path)")
        }
        let raised = try await admin.json("PUT", "/policy", ["scores": "always"])
        #expect(raised.status == 200, "\(raised.text)")
        #expect(try await admin.get("/events/1").status == 200)
      }
    }

    /// Whoever has the weights adds them up over an applicant's nouns.
    @Test func weightsAreForAuditorsWhilePeopleDecideFirst() async throws {
      try await TestServer.run { server in
        let (admin, auditor) = (try await server.client(.admin), try await server.client(.auditor))
        try await Self.teach(admin, count: 40)
        _ = try await admin.json("POST", "/models", ["opening": "engineer"])
        func tells(_ client: TestClient) async throws -> [Bool] {
          let nouns = try await client.get("/vocabulary").json()["vocabulary"] as? [[String: Any]]
          return [
            try await client.get("/models/1").json()["weights"] is [Any],
            try await client.get("/models/1/file?format=json").status == 200,
            try #require(nouns).contains { ($0["weights"] as? [String: Any])?.isEmpty == false },
          ]
        }
        #expect(try await tells(admin) == [true, true, true])
        _ = try await admin.json("PUT", "/policy", ["scores": "after-label"])
        let reviewer = try await server.client(.reviewer)
        #expect(try await tells(admin) == [false, false, false])
        #expect(try await tells(reviewer) == [false, false, false])
        #expect(try await tells(auditor) == [true, true, true])
        #expect(try await admin.get("/models/1/file").status == 403)
        #expect(try await reviewer.get("/models/1").json()["weights"] is NSNull)
      }
    }

    @Test func openingsQueuesAndDecisionsAreAnswered() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        try await Self.teach(admin, count: 40)
        _ = try await admin.json("POST", "/models", ["opening": "engineer"])
        let waiting = multipart(
          [("name", "待つ人"), ("opening", "engineer")],
          documents: [("a.txt", Array("接客 販売 店舗 清掃 調理".utf8))])
        for _ in 0..<3 {
          let answer = try await admin.send(
            "POST", "/applicant", waiting.fields, body: waiting.body)
          #expect(answer.status == 200, "\(answer.text)")
        }
        let opening = try #require(
          (try await admin.get("/openings").json()["openings"] as? [[String: Any]])?.first)
        #expect(opening["model"] as? Int == 1)
        #expect((opening["queues"] as? [String: Int])?["second-look"] == 3)
        let first = try await admin.get("/queues/second-look?limit=2&opening=engineer")
        #expect(try numbers(first) == [41, 42])
        let link = try #require(first.fields["link"]?.split(separator: ">").first?.dropFirst())
        #expect(try numbers(try await admin.get(String(link))) == [43])
        #expect(try await admin.get("/queues/nobody").status == 404)

        let screening = try #require(
          (try await admin.get("/applicants/41/screenings").json()["screenings"]
            as? [[String: Any]])?.last)
        #expect(screening["threshold"] as? Int == 6500)
        let labelled = try await admin.json(
          "POST", "/applicants/41/labels",
          ["label": "ng", "reason": "経験が足りない", "screening": screening["position"] ?? 0])
        #expect(labelled.status == 201)
        _ = try await admin.json(
          "POST", "/applicants/42/labels", ["label": "ok", "screening": 0])
        let given = try #require(
          (try await admin.get("/applicants/41/labels").json()["labels"] as? [[String: Any]])?.last)
        #expect(given["reason"] as? String == "経験が足りない")
        #expect(given["screening"] as? Int == screening["position"] as? Int)
        let blind = try #require(
          (try await admin.get("/applicants/42/labels").json()["labels"] as? [[String: Any]])?.last)
        #expect(blind["screening"] is NSNull)
        let before = try #require(given["position"] as? Int) - 1
        #expect(
          (try await admin.get("/applicants/41/labels?asOf=\(before)").json()["labels"] as? [Any])?
            .isEmpty == true)
        let documents = try #require(
          try await admin.get("/applicants/41/documents").json()["documents"] as? [[String: Any]])
        #expect(documents.first?["status"] as? String == "read")
        #expect(try numbers(try await admin.get("/queues/second-look")) == [43])

        _ = try await admin.json("PUT", "/policy", ["threshold": 5000])
        let policies = try #require(
          try await admin.get("/policies").json()["policies"] as? [[String: Any]])
        #expect(policies.compactMap { $0["threshold"] as? Int } == [6500, 5000])
        #expect(policies[0]["by"] is NSNull)
        #expect((policies[1]["by"] as? String)?.contains("@") == true)
        let lexicons = try await admin.get("/lexicons").json()
        #expect((lexicons["lexicons"] as? [Any])?.count == 1)
      }
    }

    private func numbers(_ answer: TestClient.Answer) throws -> [Int] {
      let applicants = try #require(try answer.json()["applicants"] as? [[String: Any]])
      return applicants.compactMap { $0["applicant"] as? Int }
    }

    @Test func anAuditorHasTheStoreChecked() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        try await Self.teach(admin, count: 30)
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
        try await Self.teach(admin, count: 30)
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
          ["opening": "engineer", "labeledSince": "2026-01-01"],
          ["opening": "engineer", "model": 1, "c": 0.5],
        ] {
          let refused = try await reviewer.json("POST", "/replay", wrong)
          #expect(refused.status == 400, "\(refused.text)")
        }
        #expect(try await reviewer.json("POST", "/replay", ["opening": "none"]).status == 404)
        // A range of the log teaches alone, whether told by positions or by times.
        let whole = try await reviewer.json("POST", "/replay", ["opening": "engineer"]).json()
        func learnt(_ range: [String: Any]) async throws -> [Int] {
          let answer = try await reviewer.json(
            "POST", "/replay", range.merging(["opening": "engineer"]) { $1 })
          let labels = try #require(try answer.json()["labels"] as? [String: Int], "\(answer.text)")
          return [labels["ok"] ?? 0, labels["ng"] ?? 0]
        }
        let labels = try server.office.log.events(from: 1, limit: Int(head.rawValue)).filter {
          $0.type == "applicant.labelled"
        }
        let first = (Int(labels[20].position.rawValue), labels[20].at.description)
        #expect(try await learnt(["from": first.0, "until": Int(head.rawValue)]) == [6, 4])
        #expect(try await learnt(["from": first.1, "until": "2999-01-01T00:00:00Z"]) == [6, 4])
        #expect(
          try await learnt(["from": 1]) == [
            (whole["labels"] as? [String: Int])?["ok"], (whole["labels"] as? [String: Int])?["ng"],
          ])
        for wrong: Any in [0, -1, "yesterday", "12", 1.5] {
          let refused = try await reviewer.json(
            "POST", "/replay", ["opening": "engineer", "from": wrong])
          #expect(refused.status == 400, "\(refused.text)")
        }
        let ended: [String: Any] = ["opening": "engineer", "from": 9, "until": 8]
        #expect(try await reviewer.json("POST", "/replay", ended).status == 409)

        let grid = try await reviewer.json(
          "POST", "/replay/grid",
          ["opening": "engineer", "c": [0.25, 1], "representation": ["binary", "log-tf"]])
        let replays = try #require(try grid.json()["replays"] as? [[String: Any]], "\(grid.text)")
        #expect(replays.map { $0["c"] as? Double } == [0.25, 0.25, 1, 1])
        #expect(Set(replays.map { $0["digest"] as? String }).count == 4)
        let single = try await reviewer.json(
          "POST", "/replay", ["opening": "engineer", "c": 1, "representation": "log-tf"])
        #expect(try single.json()["digest"] as? String == replays.last?["digest"] as? String)
        for wrong: [String: Any] in [["c": []], ["c": 1], ["model": 1], ["c": Array(1...65)]] {
          let refused = try await reviewer.json(
            "POST", "/replay/grid", wrong.merging(["opening": "engineer"]) { $1 })
          #expect(refused.status == 400, "\(refused.text)")
        }
      }
    }

    @Test func aWhatIfBecomesAModelIfItGivesTheSameBits() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        try await Self.teach(admin, count: 40)
        let asked: [String: Any] = ["opening": "engineer", "c": 0.25, "representation": "binary"]
        let trained = try await admin.json("POST", "/models", asked)
        #expect(trained.status == 201, "\(trained.text)")
        let replay = try await admin.json(
          "POST", "/replay", asked.merging(["c": 0.5]) { $1 }
        ).json()
        let digest = try #require(replay["digest"] as? String)
        let parameters = try #require(replay["parameters"] as? [String: Any])
        let whatIf: [String: Any] = ["parameters": parameters, "digest": digest]
        let other = try await admin.json(
          "POST", "/models/like",
          ["parameters": parameters.merging(["c": 2]) { $1 }, "digest": digest])
        #expect(other.status == 409, "\(other.text)")
        let model = try await admin.json("POST", "/models/like", whatIf)
        #expect(model.status == 201, "\(model.text)")
        let models = try #require(try model.json()["models"] as? [[String: Any]])
        #expect(models.map { $0["digest"] as? String } == [digest])
        #expect(models.map { $0["model"] as? Int } == [2])

        let manifest = try await admin.get("/models/2/manifest").json()
        #expect((manifest["sources"] as? [Any])?.count == 40)
        let reviewer = try await server.client(.reviewer)
        #expect(try await reviewer.get("/applicants/1/excluded").status == 403)
      }
    }

    @Test func policiesAndPromotionsAreCommandsOfAdmins() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        try await Self.teach(admin, count: 30)
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
