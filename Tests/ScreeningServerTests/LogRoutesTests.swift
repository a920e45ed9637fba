import EventStore
import Foundation
import Screening
import TestSupport
import Testing

@testable import ScreeningServer

extension ServerTests {
  /// If these fail, an auditor's export is not what is stored, or a cut-off one passes for whole.
  @Suite struct LogRoutesTests {
    @Test func theExportIsTheStoredBytesWithATrailer() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.auditor)
        let answer = try await client.get("/events")
        #expect(answer.status == 200)
        #expect(answer.fields["content-type"] == "application/x-ndjson")
        let lines = answer.text.split(separator: "\n").map(String.init)
        let head = try server.office.log.head
        #expect(lines.count == Int(head.rawValue) + 1)
        for (index, line) in lines.dropLast().enumerated() {
          let event = try #require(
            try server.office.log.event(at: Position(rawValue: UInt64(index + 1))))
          #expect(Array(line.utf8) == event.bytes)
        }
        #expect(lines.last == "{\"count\":\(head),\"end\":true,\"position\":\(head)}")
        let part = try await client.get("/events?from=2&to=3").text.split(separator: "\n")
        #expect(
          part.map(String.init) == Array(lines[1...2]) + [
            "{\"count\":2,\"end\":true,\"position\":3}"
          ]
        )
        let none = try await client.get("/events?from=900000").text
        #expect(none == "{\"count\":0,\"end\":true,\"position\":\(head)}\n")
      }
    }

    @Test func theCheckpointIsTheNotesExactBytes() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.reviewer)
        let answer = try await client.get("/checkpoint")
        #expect(answer.fields["content-type"] == "text/plain; charset=utf-8")
        #expect(answer.text == (try server.office.log.checkpoint()))
      }
    }

    @Test func proofsHoldWithoutTrustInTheServer() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.auditor)
        let event = try await client.get("/events/2")
        let proof = try await client.get("/events/2/proof")
        let parsed = try #require(TransparencyProof(proof.text))
        let key = try #require(VerifierKey(server.office.log.publicKey))
        #expect(parsed.verifies(event.body, key: key))
        #expect(!parsed.verifies(event.body + [0x20], key: key))
        let growth = try await client.get("/checkpoint/consistency?from=2").json()
        #expect(growth["first"] as? Int == 2)
        #expect((growth["hashes"] as? [String])?.allSatisfy { $0.count == 64 } == true)
        try await withTemporaryDirectory { folder in
          func write(_ bytes: [UInt8], _ name: String) throws -> String {
            try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
            return folder + "/" + name
          }
          let older = try await client.get("/checkpoint").body
          _ = try await ApplicantRoutesTests.register(try await server.client(.reviewer))
          let newer = try await client.get("/checkpoint").body
          let sizes = [older, newer].compactMap {
            Checkpoint(note: String(decoding: $0, as: UTF8.self))?.size
          }
          try #require(sizes.count == 2 && sizes[0] < sizes[1])
          let grown = try await client.get(
            "/checkpoint/consistency?from=\(sizes[0])&to=\(sizes[1])")
          let (status, answer) = try runTool(
            "verify-log.py",
            [
              "--consistency", try write(grown.body, "grown"), "--older", try write(older, "older"),
              "--checkpoint", try write(newer, "newer"), "--key", server.office.log.publicKey,
            ])
          #expect(status == 0, "\(answer)")
        }
        #expect(try await client.get("/events/99999").status == 404)
        #expect(try await client.get("/events/99999/proof").status == 404)
        #expect(try await client.get("/checkpoint/consistency?to=99999").status == 409)
        #expect(try await client.get("/checkpoint/consistency?from=3&to=2").status == 409)
      }
    }

    @Test func aTailGoesOnWhereItBrokeOff() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.auditor)
        let head = try server.office.log.head
        async let bytes = client.exchange(
          Array(
            """
            GET /events/tail HTTP/1.1\r
            Host: h\r
            Last-Event-ID: \(head.rawValue - 1)\r
            Authorization: Bearer \(client.token ?? "")\r
            \r

            """.utf8), seconds: 4)
        try await Task.sleep(for: .seconds(1))
        let user = try #require(try server.office.user(email: "reviewer@example.jp"))
        try await server.office.setRole(.auditor, of: user.number, by: .commandLine)
        let text = String(decoding: try await bytes, as: UTF8.self)
        #expect(text.contains("text/event-stream"))
        #expect(!text.contains("id: \(head.rawValue - 1)\n"))
        #expect(text.contains("id: \(head)\n"))
        #expect(text.contains("id: \(head.rawValue + 1)\n"))
        #expect(text.contains("\"type\":\"user.changed\""))
      }
    }

    @Test func aFollowedExportEndsWithATrailerOnceItsTokenCountsNoLonger() async throws {
      try await TestServer.run { server in
        let client = server.client.with(token: try await server.tokens(.auditor).access)
        let head = try server.office.log.head
        let target = "/events/tail?format=ndjson&after=\(head.rawValue - 1)"
        let tail = try SlowClient(client, "GET", target)
        let gate = #"senko_gate_occupied{gate="streams"}"#
        #expect(try await server.waits(until: gate, is: 1))
        let user = try #require(try server.office.user(email: "reviewer@example.jp"))
        try await server.office.setRole(.admin, of: user.number, by: .commandLine)
        let last = try server.office.log.head
        // The tail says what was appended before it says that it ends.
        var bytes: [UInt8] = []
        while bytes.firstRange(of: Array("user.changed".utf8)) == nil {
          let piece = try await tail.read(1)
          guard !piece.isEmpty else { break }
          bytes += piece
        }
        #expect(try await client.send("POST", "/user/logout").status == 200)
        bytes += try await tail.read(.max)
        let answer = try TestClient.parse(bytes, isHead: false)
        #expect(answer.fields["content-type"] == "application/x-ndjson")
        var lines = answer.text.split(separator: "\n").map { Array($0.utf8) }
        let end = lines.popLast()
        #expect(lines.count >= 2)
        for (index, line) in lines.enumerated() {
          let position = Position(rawValue: head.rawValue + UInt64(index))
          #expect(line == (try server.office.log.event(at: position)?.bytes))
        }
        #expect(Position(rawValue: head.rawValue + UInt64(lines.count) - 1) >= last)
        let position = head.rawValue + UInt64(lines.count) - 1
        let expected = #"{"count":\#(lines.count),"end":true,"position":\#(position)}"#
        #expect(end == Array(expected.utf8))
      }
    }

    @Test func aTailEndsBeforeTheEventThatForbidsIt() async throws {
      try await TestServer.run { server in
        let client = server.client.with(token: try await server.tokens(.auditor).access)
        let tail = try SlowClient(client, "GET", "/events/tail?format=ndjson")
        let gate = #"senko_gate_occupied{gate="streams"}"#
        #expect(try await server.waits(until: gate, is: 1))
        let user = try #require(try server.office.user(email: "auditor@example.jp"))
        try await server.office.setRole(.reviewer, of: user.number, by: .commandLine)
        let answer = try TestClient.parse(try await tail.read(.max), isHead: false)
        #expect(!answer.text.contains("user.changed"))
        #expect(answer.text.contains(#""end":true"#))
      }
    }

    @Test func aCommandSaysUnderWhichCheckpointItLies() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        let answer = try await admin.json("PUT", "/policy", ["threshold": 7_000])
        let field = try #require(answer.fields["senko-checkpoint"])
        let text = String(decoding: try #require(Data(base64Encoded: field)), as: UTF8.self)
        let note = try #require(SignedNote(text))
        #expect(try #require(VerifierKey(server.office.log.publicKey)).verifies(note))
        let size = try #require(Checkpoint(text: note.text)).size
        #expect(String(size) == answer.fields["senko-position"])
        #expect(try await admin.get("/policy").fields["senko-checkpoint"] == nil)
      }
    }

    @Test func aTailThatCannotBeTakenUpIsRefused() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.auditor)
        let beyond = try server.office.log.head.rawValue + 1
        #expect(try await client.get("/events/tail?after=\(beyond)").status == 409)
        let answer = try await client.get("/events/tail", ["Last-Event-ID": "1e3"])
        #expect(answer.status == 400)
      }
    }

    @Test func aQueryWaitsForThePositionThatItsClientHasSeen() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.auditor)
        let head = try server.office.log.head
        async let waiting = client.get("/openings?minPosition=\(head.rawValue + 1)")
        try await Task.sleep(for: .milliseconds(500))
        let user = try #require(try server.office.user(email: "reviewer@example.jp"))
        try await server.office.setRole(.admin, of: user.number, by: .commandLine)
        let answer = try await waiting
        #expect(answer.status == 200, "\(answer.text)")
        let seen = try #require(answer.fields["senko-position"].flatMap { UInt64($0) })
        #expect(seen > head.rawValue, "the answer is from before")
      }
    }

    @Test func whatAnotherAppendedIsSeenAtTheNextRequest() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.admin)
        let before = try await client.get("/user/list").json()["users"] as? [Any]
        _ = try await server.office.addUser(
          email: "cli@example.jp", name: "命令", role: .auditor, password: TestServer.password,
          by: .commandLine)
        let after = try await client.get("/user/list").json()["users"] as? [Any]
        #expect((after?.count ?? 0) == (before?.count ?? 0) + 1)
      }
    }
  }
}
