import EventStore
import Foundation
import HTTPTypes
import Screening
import Testing

@testable import ScreeningServer

/// If these fail, a client that asks for little gets too much, or something else than the whole answer says.
@Suite struct FieldChoiceTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func membersAreCutOutToTheByte() throws {
    let object = #"{"a":1.50,"b":"x,\"}]y\\","c":{"a":[1,{"b":2}]},"d":null,"e":[]}"#
    for (names, expected) in [
      ("a", #"{"a":1.50}"#), ("b", #"{"b":"x,\"}]y\\"}"#),
      ("c,d", #"{"c":{"a":[1,{"b":2}]},"d":null}"#),
      ("e,a", #"{"a":1.50,"e":[]}"#), ("nothing", "{}"),
    ] {
      let choice = try #require(FieldChoice(names))
      #expect(choice.cut(bytes(object)[...]) == bytes(expected), "\(names)")
      #expect(choice.cut(bytes(object + "\n"), as: .whole("Policy")) == bytes(expected + "\n"))
    }
    let list = #"{"list":[{"a":1,"b":2},{"a":[3],"b":4}],"next":null,"position":7}"# + "\n"
    let choice = try #require(FieldChoice("a"))
    #expect(
      choice.cut(bytes(list), as: .listed("list", "Policy"))
        == bytes(#"{"list":[{"a":1},{"a":[3]}],"next":null,"position":7}"# + "\n"))
    let empty = #"{"list":[],"position":7}"# + "\n"
    #expect(choice.cut(bytes(empty), as: .listed("list", "Policy")) == bytes(empty))
    #expect(FieldChoice(nil) == nil)
  }

  @Test func everyRecordHasFieldsToChoose() {
    for endpoint in Endpoint.allCases {
      guard let records = endpoint.records else { continue }
      #expect(records.fields.count >= 3, "\(endpoint)")
      #expect(endpoint.query.contains { $0.name == "fields" }, "\(endpoint)")
      #expect(endpoint.method == .get, "\(endpoint)")
    }
  }
}

extension ServerTests {
  @Suite struct ChosenFieldsTests {
    @Test func listsPagesExportsAndSinglesChoose() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.admin)
        for name in ["山田 花子", "鈴木 一郎", "高橋 次郎"] {
          _ = try await ServerTests.ApplicantRoutesTests.register(client, name: name)
        }
        let page = try await client.get("/applicants?fields=applicant,name&limit=2")
        #expect(page.status == 200, "\(page.text)")
        let body = try page.json()
        let applicants = try #require(body["applicants"] as? [[String: Any]])
        #expect(
          applicants.map { Set($0.keys) } == [["applicant", "name"], ["applicant", "name"]])
        let link = try #require(page.fields["link"])
        #expect(link.contains("fields=applicant%2Cname"), "the next page chooses as this one")
        let next = try #require(link.firstMatch(of: /<([^>]*)>/)?.1)
        let second = try #require(
          try await client.get(String(next)).json()["applicants"] as? [[String: Any]])
        #expect(second.count == 1 && Set(second[0].keys) == ["applicant", "name"])

        let one = try await client.get("/applicants/1?fields=applicant,opening")
        #expect(one.text == #"{"applicant":1,"opening":"engineer"}"# + "\n")
        let whole = try await client.get("/applicants/1")
        #expect(one.fields["etag"] != whole.fields["etag"], "two bodies under one tag")
        let again = try await client.get(
          "/applicants/1?fields=applicant,opening", ["If-None-Match": one.fields["etag"] ?? ""])
        #expect(again.status == 304)

        let lines = try await client.get("/applicants/export?fields=applicant").text
          .split(separator: "\n").map(String.init)
        #expect(lines.first == #"{"applicant":3}"#)
        #expect(lines.last?.contains(#""end":true"#) == true)

        for wrong in ["nmae", "name,nmae", "name,name", "", "name,", "Name"] {
          let refused = try await client.get("/applicants?fields=\(wrong)")
          #expect(refused.status == 400, "\(wrong)")
          #expect(refused.text.contains("labelledBy"), "the names there are are not said")
        }
        #expect(try await client.get("/applicant/20/1?fields=name").status == 400)
      }
    }
  }

  @Suite struct RepeatedMembersTests {
    @Test func namesMayStandAgainInOtherObjects() throws {
      let names = try MemberNames(of: Array(#"{"x":[{"a":1},{"a":2}],"a":{"a":"{\"a\":"}}"#.utf8))
      #expect(names.outermost == ["x", "a"])
    }

    @Test func whatIsMisspeltWithinAnObjectIsRefusedAsOutsideOfIt() throws {
      for (schema, right, wrong) in [
        (
          "NewPolicy", #"{"retention":{"opening":"e","days":null}}"#,
          #"{"retention":{"opening":"e","days":null,"dyas":3}}"#
        ),
        (
          "NewModelLike", #"{"digest":"0","parameters":{"opening":"e","c":null}}"#,
          #"{"digest":"0","parameters":{"opening":"e","C":2}}"#
        ),
        (
          "NewAttributes", #"{"attributes":{"anything":"goes"}}"#,
          #"{"attributes":{"anything":"goes"},"by":"me"}"#
        ),
      ] {
        let known = try #require(Schemas.members(of: schema))
        try known.require(MemberNames(of: Array(right.utf8)))
        let refusal = #expect(throws: Problem.self, "\(schema)") {
          try known.require(MemberNames(of: Array(wrong.utf8)))
        }
        #expect(refusal?.code == .invalid)
      }
    }

    @Test func anotherEncodingIsRefusedAndEndsNothing() async throws {
      try await TestServer.run { server in
        // U+2220 has a byte in UTF-16 that is a quote in UTF-8.
        let body = #"{"email":"a∠","password":"]]"}"#.data(using: .utf16LittleEndian) ?? Data()
        let client = try await server.client(.reviewer)
        for path in ["/user/login", "/applicants/1/labels"] {
          #expect(try await client.json("POST", path, body).status == 400)
        }
        #expect(throws: MemberNames.Fault.self) { try MemberNames(of: [0x22]) }
        #expect(throws: MemberNames.Fault.self) { try MemberNames(of: [0x5D]) }
        #expect(throws: MemberNames.Fault.self) { try MemberNames(of: [UInt8](body)) }
      }
    }

    @Test func aDecisionIsSaidOnce() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.reviewer)
        _ = try await ServerTests.ApplicantRoutesTests.register(client)
        let head = try server.office.log.head
        for body in [
          #"{"label":"ok","label":"ng"}"#, #"{ "label" : "ok" , "reason":"\\\"","label":"ok"}"#,
          #"{"label":"ok","l\u0061bel":"ng"}"#, #"{"label":"ok","x":{"a":1,"b":[{"c":1,"c":2}]}}"#,
        ] {
          let answer = try await client.json("POST", "/applicants/1/labels", Data(body.utf8))
          #expect(answer.status == 400, "\(body): \(answer.text)")
        }
        #expect(try server.office.log.head == head)
        let foreign = Data(#"{"label":"ok","raeson":"a"}"#.utf8)
        let refused = try await client.json("POST", "/applicants/1/labels", foreign)
        #expect(refused.status == 400 && refused.text.contains("reason"), "\(refused.text)")
        let good = #"{"label":"ok","reason":"a \"label\": b"}"#
        let answer = try await client.json("POST", "/applicants/1/labels", Data(good.utf8))
        #expect(answer.status == 201, "\(answer.text)")
      }
    }
  }

  /// If these fail, a client that lost an answer does a thing twice, or decides upon what is no longer so.
  @Suite struct TermsRoutesTests {
    @Test func everyCommandTakesAKeyAndAPosition() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        for name in ["山田", "鈴木", "高橋"] {
          _ = try await ServerTests.ApplicantRoutesTests.register(admin, name: name)
        }
        let seen = try #require(try await admin.get("/applicants/1").fields["senko-position"])
        let commands:
          [(method: String, target: String, body: [String: Any], other: [String: Any])] = [
            ("POST", "/applicants/1/labels", ["label": "ok"], ["label": "ng"]),
            ("PUT", "/applicants/1/state", ["state": "withdrawn"], ["state": "active"]),
            ("POST", "/applicants/1/corrections", ["name": "山田 花"], ["name": "山田 華"]),
            ("PUT", "/applicants/1/hold", ["reason": "lawsuit"], ["reason": "audit"]),
            (
              "PUT", "/applicants/1/attributes", ["attributes": ["sex": "f"]],
              ["attributes": ["sex": "m"]]
            ),
            ("PUT", "/policy", ["threshold": 6000], ["threshold": 6100]),
            (
              "POST", "/audits/reading", ["opening": "engineer", "sample": 1],
              ["opening": "engineer", "sample": 2]
            ),
            (
              "POST", "/user", ["email": "a@example.jp", "name": "A", "password": "long enough"],
              ["email": "b@example.jp", "name": "B", "password": "long enough"]
            ),
          ]
        for (index, command) in commands.enumerated() {
          func send(_ body: [String: Any], _ fields: [String: String] = [:]) async throws
            -> TestClient.Answer
          {
            try await admin.send(
              command.method, command.target,
              ["Content-Type": "application/json", "Idempotency-Key": "key \(index)"]
                .merging(fields) { $1 },
              body: [UInt8](try JSONSerialization.data(withJSONObject: body)))
          }
          let first = try await send(command.body)
          #expect((200...201).contains(first.status), "\(command.target): \(first.text)")
          let position = try #require(first.fields["senko-position"])
          let head = try server.office.log.head
          let second = try await send(command.body, ["Senko-Decided-At": seen])
          #expect((200...201).contains(second.status), "\(command.target): \(second.text)")
          if command.target != "/user", command.target != "/audits/reading" {
            #expect(second.fields["senko-position"] == position, "\(command.target)")
            #expect(try second.json()["repeated"] as? Bool == true, "\(command.target)")
          }
          let other = try await send(command.other)
          #expect(other.status == 409, "\(command.target): \(other.text)")
          #expect(try server.office.log.head == head, "\(command.target) recorded something")
        }
        let stale = try await admin.send(
          "POST", "/applicants/1/opened", ["Senko-Decided-At": seen])
        #expect(stale.status == 412, "\(stale.text)")
        #expect(stale.text.contains("applicant:1"), "what has changed is not said")
        let ahead = try await admin.send(
          "POST", "/applicants/1/opened", ["Senko-Decided-At": "999999"])
        #expect(ahead.status == 409)
        for wrong in ["-1", "x", "1.5", "99999999999999999999"] {
          let refused = try await admin.send(
            "POST", "/applicants/1/opened", ["Senko-Decided-At": wrong])
          #expect(refused.status == 400, "\(wrong): \(refused.text)")
        }
        let fresh = try await admin.send(
          "POST", "/applicants/2/opened", ["Senko-Decided-At": seen])
        #expect(fresh.status == 201, "what happened to another is no reason")
        for _ in 0..<2 {
          let erased = try await admin.send("DELETE", "/applicant/3", ["Idempotency-Key": "erase"])
          #expect(erased.status == 200, "\(erased.text)")
        }
        #expect(try await admin.send("DELETE", "/applicant/3").status == 410)
      }
    }

    @Test func everyAnswerSaysWhereTheLogEnded() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        for target in [
          "/user/list", "/applicant/20/1", "/applicants", "/models", "/policy", "/checkpoint",
          "/events", "/events/1", "/events/1/proof", "/tile/0/000.p/1", "/openings",
          "/applicants/9",
          "/applicants?limit=0",
        ] {
          let position = try await admin.get(target).fields["senko-position"]
          #expect(position.flatMap { UInt64($0) } ?? 0 >= 3, "\(target)")
          let stranger = try await server.client.get(target).fields["senko-position"]
          #expect(stranger == nil, "\(target) tells strangers how long the log is")
        }
      }
    }
  }
}
