import EventStore
import Foundation
import HTTPTypes
import Screening
import Testing

@testable import ScreeningServer

extension ServerTests {
  /// If this fails, a client that tries again after a broken connection records something twice, or is told that
  /// what it did not do was done.
  @Suite struct IdempotencyTests {
    /// A request of the command that records something over the fixture.
    private func sample(_ endpoint: Endpoint, _ office: Office) async throws -> Sample {
      switch endpoint {
      case .trainLike:
        let request = TrainRequest(c: 0.25, representation: "binary")
        let replay = try await office.replay(
          ReplayRequest(opening: try Opening("engineer"), training: request))
        let parameters = String(
          decoding: try JSON.encode(try #require(replay.parameters)), as: UTF8.self)
        return Sample(
          "/models/like", #"{"parameters":\#(parameters),"digest":"\#(replay.digest)"}"#)
      case .adoptLexicon:
        let text = try office.lexicon().text + "\nexclude own-rule 設計\n"
        let body = try JSONSerialization.data(withJSONObject: ["text": text])
        return Sample("/lexicon", String(decoding: body, as: UTF8.self))
      case .retain:
        return Sample(
          "/retention",
          #"{"opening":"engineer","before":"2025-04-01T00:00:00Z","rehearse":false}"#)
      default: return try #require(endpoint.samples.first)
      }
    }

    private func send(
      _ endpoint: Endpoint, _ sample: Sample, _ client: TestClient
    ) async throws -> TestClient.Answer {
      var fields = ["Idempotency-Key": "of \(endpoint)"]
      if sample.body?.isEmpty == false { fields["Content-Type"] = "application/json" }
      return try await client.send(
        endpoint.method.rawValue, sample.target, fields, body: Array((sample.body ?? "").utf8))
    }

    /// What an answer says, but that it was said before and where the log stands now.
    private func said(_ answer: TestClient.Answer) throws -> NSDictionary {
      var members = try answer.json()
      members["repeated"] = nil
      members["checkpoint"] = nil
      return members as NSDictionary
    }

    @Test func aBoundThatIsADayMeansTheSameUnderItsKeyWhenMoreIsRecorded() async throws {
      try await TestServer.run(overFixtureAt: "2026-11-26T00:00:00Z") { server, admin, _ in
        let client = server.client.with(
          token: try await server.issuer.issue(.access, for: admin.email))
        let sample = Sample(
          "/models", #"{"opening":"engineer","from":"2020-01-01","until":"2026-11-26"}"#)
        let first = try await send(.trainModel, sample, client)
        #expect(first.status == 201, "\(first.text)")
        let adopted = try await client.json("PUT", "/policy", ["threshold": 4_321])
        #expect(adopted.status == 200, "\(adopted.text)")
        let second = try await send(.trainModel, sample, client)
        #expect(second.status == 200, "\(second.text)")
        #expect(try said(second) == said(first))
      }
    }

    @Test func everyCommandIsRecordedOnceUnderItsKey() async throws {
      try await TestServer.run(overFixtureAt: "2026-11-26T00:00:00Z") { server, admin, _ in
        let client = server.client.with(
          token: try await server.issuer.issue(.access, for: admin.email))
        // A group audit takes more people than the fixture has.
        for endpoint in Endpoint.allCases where endpoint.isCommand && endpoint != .auditGroups {
          let sample = try await sample(endpoint, server.office)
          let start = try server.office.log.head
          let first = try await send(endpoint, sample, client)
          #expect(
            first.status == endpoint.description.success.code,
            "\(endpoint): \(first.status) \(first.text)")
          let head = try server.office.log.head
          #expect(head > start, "\(endpoint) recorded nothing")
          let second = try await send(endpoint, sample, client)
          #expect(second.status == 200, "\(endpoint): \(second.text)")
          #expect(try said(second) == said(first), "\(endpoint): \(first.text) \(second.text)")
          let more = try server.office.log.events(from: head.next, limit: 10).map(\.type)
          #expect(more.allSatisfy { $0 == "personal.accessed" }, "\(endpoint) recorded \(more)")
          // The key is this command's alone.
          let other = try await client.send(
            "PUT", "/policy",
            ["Idempotency-Key": "of \(endpoint)", "Content-Type": "application/json"],
            body: Array(#"{"threshold":4321}"#.utf8))
          #expect(other.status == 409, "\(endpoint): \(other.text)")
        }
      }
    }
  }
}
