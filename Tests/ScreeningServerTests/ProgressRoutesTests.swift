import EventStore
import Foundation
import Screening
import Testing

@testable import ScreeningServer

extension ServerTests {
  /// If these fail, a client that waits for minutes sees nothing, or takes a broken answer for a whole one.
  @Suite struct ProgressRoutesTests {
    private let lines = ["Accept": "application/x-ndjson", "Content-Type": "application/json"]

    private func post(
      _ client: TestClient, _ target: String, _ body: String
    ) async throws -> TestClient.Answer {
      try await client.send("POST", target, lines, body: Array(body.utf8))
    }

    private func objects(_ answer: TestClient.Answer) throws -> [[String: Any]] {
      #expect(answer.text.hasSuffix("}\n"))
      return try answer.text.split(separator: "\n").map { line in
        try #require(
          try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
      }
    }

    @Test func progressComesBeforeWhatTheAnswerAloneWouldSay() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        try await LearningRoutesTests.teach(admin, count: 40)
        let trained = try await post(admin, "/models", #"{"opening":"engineer"}"#)
        let models = try #require(try objects(trained).last?["result"] as? [String: Any])
        #expect((models["models"] as? [[String: Any]])?.first?["model"] as? Int == 1)
        for (target, body) in [
          ("/replay", #"{"opening":"engineer","c":0.5}"#),
          ("/replay/grid", #"{"opening":"engineer","c":[0.5,1],"representation":["binary"]}"#),
          ("/verification", #"{"retrain":true}"#),
        ] {
          let answer = try await post(admin, target, body)
          #expect(answer.status == 200, "\(target): \(answer.text)")
          #expect(answer.fields["content-type"] == "application/x-ndjson")
          #expect(answer.fields["connection"] == "close")
          let steps = try objects(answer)
          #expect(steps.count > 1, "\(target) told nothing: \(answer.text)")
          for step in steps.dropLast() {
            let progress = try #require(step["progress"] as? [String: Any], "\(target): \(step)")
            let part = try #require(progress["part"] as? String)
            #expect(WorkProgress.Part(rawValue: part) != nil, "\(part)")
            let done = try #require(progress["done"] as? Int)
            #expect(0...(try #require(progress["total"] as? Int)) ~= done, "\(target)")
          }
          let alone = try await admin.send(
            "POST", target, ["Content-Type": "application/json"], body: Array(body.utf8))
          #expect(alone.fields["content-type"] == "application/json")
          let last = try #require(answer.text.split(separator: "\n").last)
          if target != "/verification" {
            #expect(last == #"{"result":\#(alone.text.dropLast())}"#, "\(target)")
          } else {
            #expect(last.hasPrefix(#"{"result":{"#) && last.contains(#""ok":true"#), "\(last)")
          }
        }
      }
    }

    @Test func auditsAndDossiersTellHowFarTheyHaveCome() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        try await LearningRoutesTests.teach(admin, count: 40)
        _ = try await admin.json("POST", "/models", ["opening": "engineer"])
        for number in 1...40 {
          #expect(try await admin.send("POST", "/applicants/\(number)/screening").status == 200)
          _ = try await admin.json(
            "PUT", "/applicants/\(number)/attributes",
            ["attributes": ["sex": number % 3 == 0 ? "female" : "male"]])
        }
        for (target, body, parts) in [
          ("/audits/reading", #"{"opening":"engineer"}"#, ["applicants"]),
          ("/audits/groups", #"{"opening":"engineer"}"#, ["applicants", "tables"]),
          ("/applicants/1/dossier", nil, ["models", "screenings"]),
        ] {
          let answer =
            if let body { try await post(admin, target, body) } else {
              try await admin.get(target, lines)
            }
          #expect(answer.status == 200, "\(target): \(answer.text)")
          #expect(answer.fields["content-type"] == "application/x-ndjson")
          let steps = try objects(answer)
          for part in parts {
            let own = steps.compactMap { $0["progress"] as? [String: Any] }
              .filter { $0["part"] as? String == part }
            let last = try #require(own.last, "\(target) tells nothing of \(part)")
            #expect(last["done"] as? Int == last["total"] as? Int, "\(target): \(last)")
          }
          let result = try #require(steps.last?["result"] as? [String: Any], "\(answer.text)")
          #expect(result["opening"] as? String == "engineer" || result["applicant"] as? Int == 1)
        }
        let none = try await post(admin, "/audits/reading", #"{"opening":"nobody"}"#)
        let problem = try #require(try objects(none).last?["problem"] as? [String: Any])
        #expect(problem["status"] as? Int == 404)
      }
    }

    @Test func whatFailsLaterIsTheLastLineAndWhatFailsAtOnceHasItsStatus() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        let late = try await post(admin, "/replay", #"{"opening":"engineer"}"#)
        #expect(late.status == 200)
        let problem = try #require(try objects(late).last?["problem"] as? [String: Any])
        #expect(problem["status"] as? Int == 404)
        #expect(problem["type"] as? String == "/problems/not-found")
        #expect(try await post(admin, "/replay", #"{"opening":"E"}"#).status == 400)
        #expect(try await post(admin, "/replay/grid", "{").status == 400)
        #expect(try await post(server.client, "/replay", "{}").status == 401)
        let key = String(repeating: "k", count: 256)
        let terms = try await admin.send(
          "POST", "/models", lines.merging(["Idempotency-Key": key]) { $1 },
          body: Array("{}".utf8))
        #expect(terms.status == 400, "\(terms.text)")
      }
    }
  }
}
