import EventStore
import Foundation
import Screening
import Synchronization
import Testing

@testable import ScreeningServer

extension ServerTests {
  /// If these fail, an application sent over HTTP is lost, altered, or cannot be found, decided or erased.
  @Suite struct ApplicantRoutesTests {
    static let résumé = Array(
      "職務経歴書\nサーバーの設計と開発を担当しました。データベースの運用、ネットワークの構築。".utf8)

    static func register(
      _ client: TestClient, name: String = "山田 花子", opening: String = "engineer"
    ) async throws -> TestClient.Answer {
      let form = multipart(
        [
          ("name", name), ("kana", "ヤマダ ハナコ"), ("email", "hanako@example.jp"),
          ("address", "東京都千代田区霞が関1-1-1"), ("opening", opening),
        ],
        documents: [("職務経歴書.txt", résumé)])
      return try await client.send("POST", "/applicant", form.fields, body: form.body)
    }

    @Test func anApplicationGoesInAndComesOut() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.reviewer)
        let answer = try await Self.register(client)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try answer.json()["applicant"] as? Int == 1)
        #expect(answer.fields["location"] == "/applicants/1")

        let list = try await client.get("/applicant/20/1").json()
        let applicants = try #require(list["applicants"] as? [[String: Any]])
        #expect(applicants.count == 1)
        let first = try #require(applicants.first)
        #expect(
          Set(first.keys).isSuperset(of: [
            "applicant", "name", "opening", "received", "state", "label", "labelledBy", "outcome",
            "probability", "model", "flags",
          ]))
        #expect(first["name"] as? String == "山田 花子")
        #expect(first["label"] is NSNull)

        let detail = try await client.get("/applicants/1").json()
        #expect(detail["email"] as? String == "hanako@example.jp")
        #expect(detail["kana"] as? String == "ヤマダ ハナコ")
        #expect(detail["address"] as? String == "東京都千代田区霞が関1-1-1")
        let document = try await client.get("/applicants/1/documents/1")
        #expect(document.body == Self.résumé)
        #expect(document.fields["content-disposition"]?.hasPrefix("attachment") == true)
        #expect(try await client.get("/applicants/1/documents/2").status == 404)
        let history = try await client.get("/applicants/1/history").json()
        #expect((history["history"] as? [[String: Any]])?.isEmpty == false)
      }
    }

    @Test func aTimeBetweenTwoDecisionsShowsTheFirst() async throws {
      let now = Mutex<Int64>(1_790_000_000_000)
      let clock = WallClock { Timestamp(milliseconds: now.withLock(\.self)) }
      try await TestServer.run(clock: clock) { server in
        let client = try await server.client(.reviewer)
        _ = try await Self.register(client)
        var times: [String] = []
        for label in ["hold", "ok", "ng"] {
          now.withLock { $0 += 60_000 }
          times.append("\(Timestamp(milliseconds: now.withLock { $0 - 1 }))")
          let answer = try await client.json("POST", "/applicants/1/labels", ["label": label])
          #expect(answer.status == 201, "\(answer.text)")
        }
        for (time, label) in zip(times, [nil, "hold", "ok"]) {
          let answer = try await client.get("/applicants/1?asOf=\(time)").json()
          #expect(answer["label"] as? String == label, "\(time)")
          let detail = try await server.office.applicant(
            ApplicantNumber(1), asOf: try AsOf(parsing: time), by: .commandLine)
          #expect(detail.summary.label?.rawValue == label, "\(time)")
          let list = try await client.get("/applicants?asOf=\(time)").json()
          let first = try #require((list["applicants"] as? [[String: Any]])?.first)
          #expect(first["label"] as? String == label, "\(time)")
        }
        let early = try await client.get("/applicants?asOf=2000-01-01T00:00:00Z").json()
        #expect((early["applicants"] as? [Any])?.isEmpty == true)
      }
    }

    @Test func aDateIsADayInJapan() async throws {
      // 23:13 on the 21st in Japan.
      let now = Mutex<Int64>(1_790_000_000_000)
      let clock = WallClock { Timestamp(milliseconds: now.withLock(\.self)) }
      try await TestServer.run(clock: clock) { server in
        let client = try await server.client(.reviewer)
        _ = try await Self.register(client)
        // An hour later: the 22nd in Japan, still the 21st in UTC.
        now.withLock { $0 += 3_600_000 }
        _ = try await client.json("POST", "/applicants/1/labels", ["label": "ok"])
        func list(_ query: String) async throws -> [[String: Any]] {
          try #require(
            try await client.get("/applicants?\(query)").json()["applicants"] as? [[String: Any]])
        }
        #expect(try await list("asOf=2026-09-20").isEmpty)
        #expect(try await list("asOf=2026-09-21").map { $0["label"] as? String } == [nil])
        #expect(try await list("asOf=2026-09-22").map { $0["label"] as? String } == ["ok"])
        #expect(try await list("receivedBefore=2026-09-21").isEmpty)
        #expect(try await list("receivedBefore=2026-09-22&receivedFrom=2026-09-21").count == 1)
        #expect(try await client.get("/applicants?asOf=2026-09-31").status == 400)
        let auditor = try await server.client(.auditor)
        let audit = try await auditor.json(
          "POST", "/audits/reading", ["opening": "engineer", "asOf": "2026-09-21"])
        #expect((try audit.json()["withoutScore"] as? [String: Any])?["ok"] as? Int == 0)
      }
    }

    @Test func documentsComeAsJSONToo() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.admin)
        let answer = try await client.json(
          "POST", "/applicant",
          [
            "name": "鈴木 一郎", "opening": "sales",
            "documents": [Data(Self.résumé).base64EncodedString()],
          ])
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try await client.get("/applicants/1/documents/1").body == Self.résumé)
        for documents: Any in [[], ["not base64!"], "x", [["name": "x"]], [1]] {
          let refused = try await client.json(
            "POST", "/applicant", ["name": "x", "documents": documents])
          #expect(refused.status == 400, "\(refused.text)")
        }
      }
    }

    @Test func theSameTryTwiceRegistersOnce() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.reviewer)
        let form = multipart([("name", "山田")], documents: [("a.txt", Self.résumé)])
        var fields = form.fields
        fields["Idempotency-Key"] = "8b0d1c2e"
        let first = try await client.send("POST", "/applicant", fields, body: form.body)
        let second = try await client.send("POST", "/applicant", fields, body: form.body)
        #expect(first.status == 200)
        #expect(try second.json()["repeated"] as? Bool == true)
        #expect(try second.json()["applicant"] as? Int == 1)
        let documents = try first.json()["documents"] as? [NSDictionary]
        #expect(documents?.count == 1)
        #expect(try second.json()["documents"] as? [NSDictionary] == documents)
        let other = multipart([("name", "鈴木")], documents: [("a.txt", Self.résumé)])
        fields["Content-Type"] = other.fields["Content-Type"]
        #expect(
          try await client.send("POST", "/applicant", fields, body: other.body).status == 409)
        #expect(try server.office.applicantCount() == 1)
      }
    }

    @Test func peopleDecideAndTheLogSaysWho() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.reviewer)
        _ = try await Self.register(client)
        let opened = try await client.send("POST", "/applicants/1/opened")
        #expect(opened.status == 201, "\(opened.text)")
        let label = try await client.json(
          "POST", "/applicants/1/labels", ["label": "ok", "reason": "経験がある"])
        #expect(label.status == 201, "\(label.text)")
        let detail = try await client.get("/applicants/1").json()
        #expect(detail["label"] as? String == "ok")
        #expect(detail["labelledBy"] as? String == "reviewer@example.jp")
        #expect(detail["reason"] as? String == "経験がある")
        let before = Int(label.fields["senko-position"] ?? "") ?? 0
        let past = try await client.get("/applicants/1?asOf=\(before - 1)").json()
        #expect(past["label"] is NSNull)
        let state = try await client.json("PUT", "/applicants/1/state", ["state": "withdrawn"])
        #expect(state.status == 200)
        #expect(try await client.get("/applicants/1").json()["state"] as? String == "withdrawn")
        for wrong: [String: Any] in [
          ["label": "maybe"], [:], ["label": 1], ["label": "ok", "purpose": "x"],
          ["label": "ok", "screening": -1],
        ] {
          let refused = try await client.json("POST", "/applicants/1/labels", wrong)
          #expect(refused.status == 400, "\(refused.text)")
          #expect(refused.fields["content-type"] == "application/problem+json")
        }
        #expect(
          try await client.json("POST", "/applicants/9/labels", ["label": "ok"]).status == 404)
      }
    }

    @Test func erasedApplicantsAreGoneAndSaidToBe() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        _ = try await Self.register(admin)
        _ = try await Self.register(admin, name: "鈴木 一郎")
        let answer = try await admin.send("DELETE", "/applicant/1")
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try await admin.send("DELETE", "/applicant/1").status == 410)
        let missing = try await admin.send("DELETE", "/applicant/77")
        #expect(missing.status == 404)
        #expect(missing.text == "{\"message\":\"Not Found.\"}\n")
        #expect(try await admin.get("/applicants/1/documents/1").status == 410)
        #expect(try await admin.get("/applicants/1/why").status == 410)
        let label = try await admin.json("POST", "/applicants/1/labels", ["label": "ok"])
        #expect(label.status == 410)
        let list = try await admin.get("/applicant/20/1")
        #expect(!list.text.contains("山田"))
        #expect(list.text.contains("鈴木"))
        #expect(list.text.contains("\"state\":\"erased\""))
      }
    }

    @Test func anExportIsWholeOrSaysThatItIsNot() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.auditor)
        let reviewer = try await server.client(.reviewer)
        for number in 1...3 { _ = try await Self.register(reviewer, name: "応募者\(number)") }
        let export = try await client.get("/applicants/export?opening=engineer&unlabelled=true")
        #expect(export.fields["content-type"] == "application/x-ndjson")
        let lines = export.text.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines.first?.contains("応募者3") == true)
        #expect(lines.last?.hasPrefix("{\"count\":3,\"end\":true,") == true)
        let none = try await client.get("/applicants/export?opening=sales").text
        #expect(none.hasPrefix("{\"count\":0,"))
      }
    }

    @Test func applicantsGetAReceiptThatProvesTheirRegistration() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.reviewer)
        let registered = try await Self.register(client)
        let position = try #require(try registered.json()["position"] as? Int)
        let receipt = try await client.get("/applicants/1/receipt")
        let proof = try #require(TransparencyProof(receipt.text))
        let key = try #require(VerifierKey(server.office.log.publicKey))
        let event = try #require(proof.event)
        #expect(proof.inclusion.index + 1 == UInt64(position) && proof.namedKey == key)
        #expect(proof.verifies(event, key: key))
        #expect(String(decoding: event, as: UTF8.self).contains("applicant.registered"))
        #expect(try await client.get("/applicants/2/receipt").status == 404)
      }
    }

    @Test func aDossierIsForAuditorsAndCanBePrinted() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.reviewer)
        _ = try await Self.register(client)
        #expect(try await client.get("/applicants/1/dossier").status == 403)
        let auditor = try await server.client(.auditor)
        let dossier = try await auditor.get("/applicants/1/dossier")
        #expect(dossier.status == 200, "\(dossier.text)")
        #expect(try dossier.json()["format"] as? String == "senko-dossier-1")
        #expect((try dossier.json()["opened"] as? [Any])?.isEmpty == false)
        let closed = try await auditor.get("/applicants/1/dossier?opened=false")
        #expect((try closed.json()["opened"] as? [Any])?.isEmpty == true)
        let page = try await auditor.get("/applicants/1/dossier?form=html&lang=ja")
        #expect(page.fields["content-type"] == "text/html; charset=utf-8")
        #expect(page.text.contains("<h1>選考記録 1</h1>"))
        #expect(try await auditor.get("/applicants/2/dossier").status == 404)
      }
    }

    @Test func pagesOfOneWalkComeFromOneMoment() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.reviewer)
        for number in 1...5 {
          _ = try await Self.register(client, name: "応募者\(number)", opening: "sales")
        }
        let first = try await client.get("/applicants?limit=2&opening=sales").json()
        let cursor = try #require(first["next"] as? String)
        _ = try await Self.register(client, name: "後から来た人", opening: "sales")
        let second = try await client.get("/applicants?limit=2&opening=sales&cursor=\(cursor)")
        let last = try #require(try second.json()["next"] as? String)
        let third = try await client.get("/applicants?limit=2&opening=sales&cursor=\(last)").json()
        let numbers = try [first, try second.json(), third].flatMap { page in
          try #require(page["applicants"] as? [[String: Any]]).compactMap {
            $0["applicant"] as? Int
          }
        }
        #expect(numbers == [5, 4, 3, 2, 1])
        #expect(third["next"] is NSNull)
        #expect(second.fields["link"]?.contains("rel=\"next\"") == true)
        let pages = try await client.get("/applicant/4/2").json()
        let rest = try #require(pages["applicants"] as? [[String: Any]])
        #expect(rest.compactMap { $0["applicant"] as? Int } == [2, 1])
        let past = try await client.get("/applicant/4/9").json()
        #expect((past["applicants"] as? [Any])?.isEmpty == true)
      }
    }
  }
}
