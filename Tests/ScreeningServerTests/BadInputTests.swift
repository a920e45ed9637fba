import Foundation
import Logging
import Screening
import Testing

@testable import ScreeningServer

extension ServerTests {
  /// If these fail, a wrong request stops the server, is answered with a riddle, or leaks what it carried.
  @Suite struct BadInputTests {
    @Test func bodiesOverTheLimitAreRefusedHoweverTheyCome() async throws {
      try await TestServer.run({ $0.maximumBodySize = 100_000 }) { server in
        let client = try await server.client(.reviewer)
        let form = multipart(
          [("name", "山田")], documents: [("a.txt", Array(repeating: 0x61, count: 150_000))])
        let answer = try await client.send("POST", "/applicant", form.fields, body: form.body)
        #expect(answer.status == 413, "\(answer.text)")
        // Without a length beforehand.
        var head = "POST /applicant HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
        head += "Connection: close\r\nContent-Type: \(form.fields["Content-Type"] ?? "")\r\n"
        head += "Authorization: Bearer \(client.token ?? "")\r\n\r\n"
        var bytes = Array(head.utf8)
        for start in stride(from: 0, to: form.body.count, by: 4096) {
          let piece = form.body[start..<min(start + 4096, form.body.count)]
          bytes += Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + [13, 10]
        }
        bytes += Array("0\r\n\r\n".utf8)
        let chunked = String(decoding: try await client.exchange(bytes), as: UTF8.self)
        #expect(chunked.hasPrefix("HTTP/1.1 413"), "\(chunked.prefix(200))")
        #expect(try server.office.applicantCount() == 0)
        #expect(try await client.get("/healthy").text == "healthy")
      }
    }

    @Test func strangersCannotFillTheMemory() async throws {
      try await TestServer.run { server in
        let padding = String(repeating: "x", count: 100_000)
        let login = try await server.client.json(
          "POST", "/user/login", ["email": "admin@example.jp", "password": padding])
        #expect(login.status == 413)
        let anonymous = try await server.client.json("POST", "/applicant", ["name": padding])
        #expect(anonymous.status == 401)
      }
    }

    @Test func wrongBodiesAreNamed() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.reviewer)
        for (type, status) in [
          ("application/pdf", 415), ("text/plain", 415), ("multipart/form-data", 400),
          ("application/json", 400), ("multipart/form-data; boundary=x", 400), ("nonsense", 415),
        ] {
          let answer = try await client.send(
            "POST", "/applicant", ["Content-Type": type], body: Array("{".utf8))
          #expect(answer.status == status, "\(type): \(answer.text)")
          #expect(try answer.json()["message"] is String)
        }
        #expect(try await client.send("POST", "/applicant", body: [0x7B]).status == 415)
        let none = multipart([("name", "山田")])
        #expect(
          try await client.send("POST", "/applicant", none.fields, body: none.body).status == 400)
        let text = multipart([("name", "山田"), ("documents", "no file")])
        #expect(
          try await client.send("POST", "/applicant", text.fields, body: text.body).status == 400)
        let twice = multipart([("name", "a"), ("name", "b")], documents: [("a", [0x61])])
        #expect(
          try await client.send("POST", "/applicant", twice.fields, body: twice.body).status == 400)
        for opening in ["Engineer", "a b", "設計", String(repeating: "a", count: 65)] {
          let form = multipart([("name", "山田"), ("opening", opening)], documents: [("a", [0x61])])
          let answer = try await client.send("POST", "/applicant", form.fields, body: form.body)
          #expect(answer.status == 400, "\(answer.text)")
        }
      }
    }

    @Test func wrongPathsAndMomentsAreNamed() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.auditor)
        for (target, status) in [
          ("/applicants/1", 404), ("/applicants/1/history", 404), ("/applicants/1/why", 404),
          ("/models/1", 404), ("/applicants/x", 404), ("/applicants/0", 400), ("/nowhere", 404),
          ("/applicants?asOf=999999", 409), ("/applicants?asOf=yesterday", 400),
          ("/applicants?cursor=AAAA", 400), ("/applicants?limit=0", 400), ("/models?x=1", 400),
          ("/applicant/0/1", 400), ("/applicant/x/1", 404), ("/events?from=0", 400),
          ("/applicants?minPosition=99999", 409), ("/applicants/%zz", 404),
        ] {
          let answer = try await client.get(target)
          #expect(answer.status == status, "\(target): \(answer.text)")
          if target.hasPrefix("/applicants") || target.hasPrefix("/models") {
            #expect(answer.fields["content-type"] == "application/problem+json", "\(target)")
            #expect(try answer.json()["status"] as? Int == status, "\(target)")
          }
        }
        #expect(try await client.get("/applicant/x/1").text == "{\"message\":\"Not Found.\"}\n")
        #expect(
          try await client.send("TRACE", "/models").fields["allow"] == "GET, HEAD, OPTIONS, POST")
      }
    }

    @Test func brokenHTTPEndsTheConnectionAndNothingElse() async throws {
      try await TestServer.run { server in
        for text in [
          "nonsense\r\n\r\n", "GET / HTTP/9\r\n\r\n",
          "GET /healthy HTTP/1.1\r\nContent-Length: x\r\n\r\n",
          "GET /healthy HTTP/1.1\r\nHost: h\r\nX: \(String(repeating: "a", count: 70_000))\r\n\r\n",
          "POST /user/login HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ] {
          _ = try await server.client.exchange(Array(text.utf8), seconds: 5)
          #expect(try await server.client.get("/healthy").text == "healthy")
        }
      }
    }

    /// Whoever waits with a large body is asked for it, or told beforehand that it is of no use.
    @Test func aBodyThatIsHeldBackIsAskedForWhenItIsWanted() async throws {
      try await TestServer.run { server in
        let login = try JSONSerialization.data(withJSONObject: [
          "email": TestServer.email(.admin), "password": TestServer.password,
        ])
        let fields = [
          "Content-Type": "application/json", "Content-Length": "\(login.count)",
          "Expect": "100-Continue, 100-continue",
        ]
        let client = try SlowClient(server.client, "POST", "/user/login", fields)
        let invitation = "HTTP/1.1 100 Continue\r\n\r\n"
        let first = try await client.read(invitation.utf8.count)
        #expect(String(decoding: first, as: UTF8.self) == invitation)
        #expect(client.send(String(decoding: login, as: UTF8.self)))
        let answer = String(decoding: try await client.read(100_000), as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 200 OK"), "\(answer)")

        for (target, length, status) in [
          ("/applicant", "60000", "401"), ("/nowhere", "60000", "404"),
          ("/user/login", "\(1 << 40)", "413"),
        ] {
          let fields = fields.merging(["Content-Length": length]) { $1 }
          let refused = try SlowClient(server.client, "POST", target, fields)
          let answer = String(decoding: try await refused.read(100_000), as: UTF8.self)
          #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
          #expect(answer.lowercased().contains("connection: close"), "\(answer)")
        }
      }
    }

    /// Two requests at once, of which the first is refused with its body unread: the other could be a part of that body.
    @Test func nothingIsServedBehindAnAnswerThatClosesTheConnection() async throws {
      try await TestServer.run({ $0.idleTimeout = 600 }) { server in
        for (target, expectation, size) in [
          ("/nowhere", "Expect: 100-continue\r\n", 5), ("/user/login", "", 4 << 20),
        ] {
          let requests =
            "POST \(target) HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\(expectation)"
            + "Content-Length: \(size)\r\n\r\n" + String(repeating: " ", count: size)
            + "GET /healthy HTTP/1.1\r\nHost: h\r\n\r\n"
          let bytes = try await server.client.exchange(Array(requests.utf8), seconds: 60)
          let text = String(decoding: bytes, as: UTF8.self)
          #expect(text.lowercased().contains("connection: close"), "\(text)")
          #expect(text.ranges(of: "HTTP/1.1 ").count == 1, "\(text)")
        }
      }
    }

    /// That nobody is silent here, so that it is the request's own time that ends.
    private static let slow: @Sendable (inout ServerConfiguration) -> Void = {
      $0.requestTimeout = 1
      $0.idleTimeout = 600
    }

    @Test func aBodyThatDripsIsCutOffAndNoFaultOfTheServer() async throws {
      let log = RecordedLog()
      try await TestServer.run(Self.slow, logger: log.logger) { server in
        let client = try SlowClient(
          server.client, "POST", "/user/login",
          ["Content-Type": "application/json", "Content-Length": "60000"])
        var dripped = 0
        while dripped < 600, client.send(" ") {
          dripped += 1
          try await Task.sleep(for: .milliseconds(100))
        }
        #expect(dripped < 600, "a minute of drops was taken")
        #expect(try await server.client.get("/healthy").text == "healthy")
        // Its answer, which nobody takes any more, is logged like any other.
        while !log.lines.contains(where: { $0.text.contains("logIn") }) {
          try await Task.sleep(for: .milliseconds(20))
        }
        let errors = log.lines.filter { $0.level >= .warning }
        #expect(errors.isEmpty, "\(errors.map(\.text))")
      }
    }

    @Test func whoTakesNothingOfAnAnswerIsCutOff() async throws {
      try await TestServer.run(Self.slow) { server in
        try await BrokenExportTests.fill(server.office)
        let auditor = try await server.client(.auditor)
        let client = try SlowClient(auditor, "GET", "/events")
        _ = try await client.read(4096)
        let gate = #"senko_gate_occupied{gate="streams"}"#
        #expect(try await server.waits(until: gate, is: 0), "the export waits for ever")
        let rest = try await client.read(.max)
        #expect(rest.firstRange(of: Array("\"end\":true".utf8)) == nil)
      }
    }

    @Test func clientsThatStallAreCutOff() async throws {
      try await TestServer.run({
        $0.requestTimeout = 1
        $0.idleTimeout = 1
      }) { server in
        // The client itself would wait 20 seconds: that these return at all is the server's doing.
        for text in [
          "", "GET /heal", "GET /healthy HTTP/1.1\r\nHost: h\r\nX",
          "POST /user/login HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
        ] {
          let started = ContinuousClock.now
          _ = try await server.client.exchange(Array(text.utf8), seconds: 60)
          #expect(ContinuousClock.now - started < .seconds(50), "\(text)")
        }
      }
    }
  }
}
