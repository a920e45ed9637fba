import Cryptography
import EventStore
import Foundation
import HTTPTypes
import Screening
import TestSupport
import Testing

@testable import ScreeningServer

/// A request whose answer is recorded.
struct Sample: Sendable {
  var target: String
  var body: String?
  var fields: [String: String] = [:]

  init(_ target: String, _ body: String? = nil, _ fields: [String: String] = [:]) {
    self.target = target
    self.body = body
    self.fields = fields
  }
}

extension Description.Content {
  /// The schema of the JSON that is answered; `nil` for what is no JSON.
  fileprivate var schema: String? {
    switch self {
    case .json(let name), .either(let name, _), .reported(let name, _): name
    case .text, .lines, .file: nil
    }
  }
}

extension ServerTests {
  /// If these fail, clients get other answers than they were written for: another status, field or member.
  @Suite struct ResponseTests {
    /// Every route over the data folder that every version opens, with clock and identifiers standing still;
    /// first what reads, then what records, in the order of the table.
    @Test func everyRouteAnswersAsRecorded() async throws {
      try await TestServer.run(overFixtureAt: "2026-11-26T00:00:00Z") { server, admin, auditor in
        let order =
          Endpoint.allCases.filter { $0.method == .get }
          + Endpoint.allCases.filter { $0.method != .get && $0 != .logOut } + [.logOut]
        // The views catch up before the first answer.
        while try await server.client.get("/readyz").status != 200 {
          try await Task.sleep(for: .milliseconds(20))
        }
        for endpoint in order {
          let kind: TokenKind = endpoint.access == .refreshToken ? .refresh : .access
          let user = endpoint.isCommand ? admin : auditor
          let client =
            endpoint.access == .everyone
            ? server.client
            : server.client.with(token: try await server.issuer.issue(kind, for: user.email))
          var text = ""
          for sample in endpoint.samples {
            text += try await exchange(endpoint, sample, client)
          }
          let difference = try Snapshot("server/responses/\(endpoint.rawValue).txt")
            .difference(from: text)
          #expect(difference == nil)
        }
      }
    }

    /// The request and its answer as a text; what differs from run to run is left out, what is long is cut.
    private func exchange(
      _ endpoint: Endpoint, _ sample: Sample, _ client: TestClient
    ) async throws -> String {
      let method = endpoint.method.rawValue
      var fields = sample.fields
      if sample.body != nil, fields["Content-Type"] == nil {
        fields["Content-Type"] = "application/json"
      }
      var answer = TestClient.Answer()
      if endpoint == .tail {
        // A tail never ends by itself: its first event is enough.
        let head = "GET \(sample.target) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
        let bytes = try await client.exchange(
          Array((head + "Authorization: Bearer \(client.token ?? "")\r\n\r\n").utf8), seconds: 2)
        answer = try TestClient.parse(bytes + Array("0\r\n\r\n".utf8), isHead: false)
      } else {
        answer = try await client.send(
          method, sample.target, fields, body: Array((sample.body ?? "").utf8))
      }
      if endpoint.records != nil, answer.status == 200 { try check(answer, endpoint) }
      if answer.status == endpoint.description.success.code,
        answer.fields["content-type"] == "application/json",
        let schema = endpoint.description.content.schema
      {
        let faults = SchemaCheck.faults(
          in: try answer.json(), under: OpenAPI.reference(schema))
        #expect(faults.isEmpty, "\(endpoint)")
      }
      var text = "\(method) \(sample.target)\n"
      for (name, value) in sample.fields.sorted(by: { $0.key < $1.key }) {
        text += "\(name): \(value)\n"
      }
      if let body = sample.body { text += body + "\n" }
      text += "\n\(answer.status)\n"
      for (name, value) in answer.fields.sorted(by: { $0.key < $1.key })
      where !["date", "connection", "content-length", "transfer-encoding"].contains(name) {
        // Tags and checkpoints cover values that are random.
        let hidden = ["etag": "W/\"…\"", "senko-checkpoint": "…"]
        text += "\(name): \(hidden[name] ?? value)\n"
      }
      return text + "\n" + shown(answer.body, endpoint) + "\n\n"
    }

    /// What a record holds is what OpenAPI lists, so that all of it can be chosen.
    private func check(_ answer: TestClient.Answer, _ endpoint: Endpoint) throws {
      guard let records = endpoint.records, answer.fields["content-type"] == "application/json"
      else { return }
      let found: [[String: Any]]
      switch records {
      case .whole: found = [try answer.json()]
      case .listed(let list, _):
        found = try #require(try answer.json()[list] as? [[String: Any]])
        #expect(!found.isEmpty, "\(endpoint): nothing is listed, so nothing was checked")
      }
      for record in found {
        for name in record.keys {
          #expect(records.fields.contains(name), "\(endpoint) answers '\(name)', which is unlisted")
        }
      }
    }

    private func shown(_ bytes: [UInt8], _ endpoint: Endpoint) -> String {
      guard var text = String(validating: bytes, as: UTF8.self) else {
        return "\(bytes.count) bytes, SHA-256 \(SHA256.hash(bytes).hex)"
      }
      if endpoint == .metrics {
        return text.split(separator: "\n").filter { $0.hasPrefix("# TYPE") }
          .joined(separator: "\n")
      }
      // Tokens and sealed values are random; the tree's root and its checkpoint cover them.
      text = text.replacing(/"(checkpoint|root|access_token|refresh_token)":"[^"]*"/) { match in
        "\"\(match.1)\":\"…\""
      }
      guard text.utf8.count > 6000 else { return text }
      return String(text.prefix(1500)) + "…\n\(bytes.count) bytes, SHA-256 "
        + SHA256.hash(Array(text.utf8)).hex
    }
  }
}
