import EventStore
import Foundation
import Screening
import TestSupport
import Testing

@testable import ScreeningServer

extension ServerTests {
  /// If these fail, an applicant's rights or an audit can be had on the command line only.
  @Suite struct RightsRoutesTests {
    private func register(_ client: TestClient, _ number: Int) async throws {
      let text = resume(skilled: number % 2 == 0, number)
      let form = multipart(
        [
          ("name", "応募者\(number)"), ("opening", "engineer"),
          ("received", "2025-02-01T09:00:00+09:00"),
        ],
        documents: [("a.txt", Array(text.utf8))])
      let answer = try await client.send("POST", "/applicant", form.fields, body: form.body)
      #expect(answer.status == 200, "\(answer.text)")
    }

    @Test func correctionDisclosureAndHold() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        try await register(admin, 1)
        let corrected = try await admin.json(
          "POST", "/applicants/1/corrections",
          ["name": "髙橋 一郎", "kana": "タカハシ イチロウ", "address": "東京都"])
        #expect(corrected.status == 201, "\(corrected.text)")
        let detail = try await admin.get("/applicants/1").json()
        #expect(detail["name"] as? String == "髙橋 一郎")
        #expect(detail["kana"] as? String == "タカハシ イチロウ")
        #expect(detail["address"] as? String == "東京都")
        #expect(try await admin.json("POST", "/applicants/1/corrections", [:]).status == 400)

        let told = try await admin.json("POST", "/applicants/1/disclosures", [:])
        #expect(told.status == 201, "\(told.text)")
        #expect(try told.json()["history"] is [Any])

        let held = try await admin.json("PUT", "/applicants/1/hold", ["reason": "lawsuit"])
        #expect(held.status == 200, "\(held.text)")
        #expect(try await admin.send("DELETE", "/applicant/1").status == 409)
        #expect(try await admin.send("DELETE", "/applicants/1/hold").status == 200)
        #expect(try await admin.send("DELETE", "/applicants/1/hold").status == 409)
        let reviewer = try await server.client(.reviewer)
        #expect(
          try await reviewer.json("PUT", "/applicants/1/hold", ["reason": "x"]).status == 403)
      }
    }

    /// No request leaves anything of a person beside the record, and what is in the record goes with them.
    @Test func whoIsErasedLiesNowhereInTheFolder() async throws {
      try await withTemporaryDirectory { directory in
        let run = UInt32.random(in: 100_000_000...999_999_999)
        let marks = [
          "犀川鷹之進\(run)", "saikawa.\(run)", "極秘の履歴書\(run)", "螺鈿蒔絵修復\(run)", "遅刻癖\(run)",
        ]
        let office = try Office.open(
          OfficeConfiguration(
            directory: directory + "/data", worker: product("senko-worker"), readers: 1),
          create: true)
        defer { office.close() }
        _ = try await office.addUser(
          email: TestServer.email(.admin), name: "The admin", role: .admin,
          password: TestServer.password, by: .commandLine)
        try await TestServer.run(over: office) { server in
          let admin = try await server.client(.admin)
          for number in 1...2 { try await register(admin, number) }
          let form = multipart(
            [("name", marks[0]), ("email", marks[1] + "@example.jp"), ("opening", "engineer")],
            documents: [("\(marks[2]).txt", Array("設計と開発、\(marks[3])を担当した。".utf8))])
          let registered = try await admin.send("POST", "/applicant", form.fields, body: form.body)
          #expect(registered.status == 200, "\(registered.text)")
          for (target, body) in [
            ("labels", ["label": "ng", "reason": marks[4]]), ("disclosures", [:]),
            ("corrections", ["name": marks[0] + "改"]),
          ] {
            let answer = try await admin.json("POST", "/applicants/3/\(target)", body)
            #expect(answer.status / 100 == 2, "\(target): \(answer.text)")
          }
          _ = try await admin.send("POST", "/applicants/3/opened")
          let word = try #require(
            marks[3].addingPercentEncoding(withAllowedCharacters: .alphanumerics))
          for target in ["/applicants/3", "/applicants/3/history", "/applicants?word=\(word)"] {
            #expect(try await admin.get(target).status == 200, "\(target)")
          }
          let erased = try await admin.send("DELETE", "/applicant/3")
          #expect(erased.status == 200, "\(erased.text)")
          #expect(try await admin.get("/applicants/3").status == 410)
        }
        let paths = try FileManager.default.subpathsOfDirectory(atPath: directory)
        for path in paths {
          let bytes = FileManager.default.contents(atPath: directory + "/" + path) ?? Data()
          for mark in marks.map({ Data($0.utf8) }) {
            #expect(bytes.range(of: mark) == nil, "\(path) holds something of the erased")
            #expect(Data(path.utf8).range(of: mark) == nil, "\(path) is called after the erased")
          }
        }
        #expect(paths.contains { $0.hasSuffix("log/data.mdb") })
      }
    }

    @Test func retentionIsRehearsedAndThenDone() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        for number in 1...3 { try await register(admin, number) }
        _ = try await admin.json("PUT", "/applicants/2/hold", ["reason": "lawsuit"])
        var wanted: [String: Any] = [
          "opening": "engineer", "before": "2025-03-01T00:00:00+09:00", "rehearse": true,
        ]
        let told = try await admin.json("POST", "/retention", wanted).json()
        #expect(told["applicants"] as? [Int] == [1, 3])
        #expect(told["held"] as? [Int] == [2])
        #expect(told["erased"] as? Bool == false)
        #expect(try await admin.get("/applicants/1").status == 200)
        wanted["rehearse"] = nil
        #expect(try await admin.json("POST", "/retention", wanted).status == 400)
        wanted["rehearse"] = false
        let done = try await admin.json("POST", "/retention", wanted)
        #expect(try done.json()["erased"] as? Bool == true, "\(done.text)")
        #expect(try await admin.get("/applicants/1").status == 410)
        #expect(try await admin.get("/applicants/2").status == 200)
        let again = try await admin.json("POST", "/retention", wanted).json()
        #expect(again["applicants"] as? [Int] == [])
        wanted["before"] = "2099-01-01T00:00:00+09:00"
        #expect(try await admin.json("POST", "/retention", wanted).status == 409)
        wanted["before"] = "yesterday"
        #expect(try await admin.json("POST", "/retention", wanted).status == 400)
      }
    }

    @Test func retentionIsAdoptedAndAppliedWithoutGivingDaysAgain() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        for number in 1...2 { try await register(admin, number) }
        let none = try await admin.json("POST", "/retention", ["rehearse": true])
        #expect(none.status == 404, "\(none.text)")
        let rule: [String: Any] = ["opening": "engineer", "days": 1]
        let adopted = try await admin.json("PUT", "/policy", ["retention": rule])
        #expect(adopted.status == 200, "\(adopted.text)")
        for path in ["/policy", "/policies"] {
          #expect(
            try await admin.get(path).text.contains(
              #""retention":[{"days":1,"opening":"engineer"}]"#), "\(path)")
        }
        let told = try await admin.json("POST", "/retention", ["rehearse": false]).json()
        #expect(told["undecided"] as? [Int] == [1, 2])
        #expect(told["erased"] as? Bool == false)
        let named: [String: Any] = ["rehearse": true, "opening": "engineer"]
        #expect(try await admin.json("POST", "/retention", named).status == 200)
        for (wrong, status) in [
          (["rehearse": true, "opening": "sales"], 404),
          (["rehearse": true, "before": "2025-03-01T00:00:00+09:00"], 400),
        ] as [([String: Any], Int)] {
          #expect(try await admin.json("POST", "/retention", wrong).status == status)
        }
        for wrong: [String: Any] in [
          ["opening": "engineer"], ["days": 1], ["opening": "engineer", "days": 0],
          ["opening": "Engineer", "days": 1],
        ] {
          let refused = try await admin.json("PUT", "/policy", ["retention": wrong])
          #expect(refused.status == 400, "\(refused.text)")
        }
        let ended = try await admin.json(
          "PUT", "/policy", ["retention": ["opening": "engineer", "days": NSNull()]])
        #expect(ended.status == 200, "\(ended.text)")
        #expect(try await admin.get("/policy").json()["retention"] as? [String] == [])
      }
    }

    @Test func auditsAreMadeByAuditorsAndRecorded() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        for number in 1...30 { try await register(admin, number) }
        let declared = try await admin.json(
          "PUT", "/applicants/1/attributes", ["attributes": ["sex": "female"]])
        #expect(declared.status == 200, "\(declared.text)")
        let auditor = try await server.client(.auditor)
        let reading = try await auditor.json("POST", "/audits/reading", ["opening": "engineer"])
        #expect(reading.status == 201, "\(reading.text)")
        #expect((try reading.json()["withoutScore"] as? [String: Any])?["applicants"] as? Int == 30)
        // Nobody has a decision and a percentage yet.
        let early = try await auditor.json("POST", "/audits/groups", ["opening": "engineer"])
        #expect(early.status == 409, "\(early.text)")
        for number in 1...30 {
          let label = number % 2 == 0 ? "ok" : "ng"
          let labelled = try await admin.json(
            "POST", "/applicants/\(number)/labels", ["label": label, "screening": 0])
          #expect(labelled.status == 201, "\(labelled.text)")
        }
        #expect(try await admin.json("POST", "/models", ["opening": "engineer"]).status == 201)
        for number in 1...30 {
          let path = "/applicants/\(number)/screening"
          #expect(try await admin.send("POST", path).status == 200)
        }
        let groups = try await auditor.json("POST", "/audits/groups", ["opening": "engineer"])
        #expect(groups.status == 201, "\(groups.text)")
        #expect(try groups.json()["applicants"] as? Int == 30)
        #expect(try groups.json()["waiting"] as? Int == 0)
        let none = try await auditor.json("POST", "/audits/groups", ["opening": "nobody"])
        #expect(none.status == 404)
        let listed = try await auditor.get("/audits")
        let audits = try #require(try listed.json()["audits"] as? [[String: Any]])
        #expect(audits.compactMap { $0["kind"] as? String } == ["reading", "groups"])
        #expect(
          audits.compactMap { $0["position"] as? Int } == [
            try reading.json()["position"] as? Int, try groups.json()["position"] as? Int,
          ])
        // Figures on so many people are fixed by the first report on them, whatever moment is asked about.
        let fixed = try #require(try groups.json()["through"] as? Int)
        #expect(
          try await admin.json("POST", "/applicants/1/corrections", ["opening": "sales"]).status
            == 201)
        try await register(admin, 31)
        let again = try await auditor.json("POST", "/audits/groups", ["opening": "engineer"])
        #expect(try again.json()["through"] as? Int == fixed, "\(again.text)")
        #expect(
          try again.json()["tables"] as? NSArray == groups.json()["tables"] as? NSArray,
          "\(again.text)")
        let before = try await auditor.json(
          "POST", "/audits/groups", ["opening": "engineer", "asOf": "\(fixed - 1)"])
        #expect(before.status == 409, "\(before.text)")
        // The audit of an earlier moment counts those who were there.
        let firstTen = try await auditor.get("/applicants?sort=applicant&limit=10").json()
        let tenth = try #require((firstTen["applicants"] as? [[String: Any]])?.last)
        #expect(tenth["applicant"] as? Int == 10)
        let history = try await auditor.get("/applicants/10/history").json()
        let registered = try #require((history["history"] as? [[String: Any]])?.first?["position"])
        let past = try await auditor.json(
          "POST", "/audits/reading", ["opening": "engineer", "asOf": "\(registered)"])
        #expect(
          (try past.json()["withoutScore"] as? [String: Any])?["applicants"] as? Int == 10,
          "\(past.text)")
        let reviewer = try await server.client(.reviewer)
        #expect(
          try await reviewer.json("POST", "/audits/reading", ["opening": "engineer"]).status == 403)
      }
    }
  }
}
