import EventStore
import Foundation
import HTTPTypes
import Screening
import Synchronization
import Testing

@testable import ScreeningServer

extension ServerTests {
  /// If these fail, somebody reads or changes what their role does not allow, or is kept from their work.
  @Suite struct AccessTests {
    /// The status of a bare request to an endpoint.
    private func status(
      _ endpoint: Endpoint, _ client: TestClient
    ) async throws -> (status: Int, text: String) {
      let path = endpoint.template.split(separator: "/")
        .map { $0.hasPrefix("{") ? "1" : String($0) }.joined(separator: "/")
      var head = "\(endpoint.method.rawValue) /\(path) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
      if endpoint.method != .get { head += "Content-Type: text/x-none\r\nContent-Length: 0\r\n" }
      if let token = client.token { head += "Authorization: Bearer \(token)\r\n" }
      // A tail never ends by itself.
      let bytes = try await client.exchange(
        Array((head + "\r\n").utf8), seconds: endpoint == .tail ? 2 : 20)
      let text = String(decoding: bytes, as: UTF8.self)
      let status = text.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0) }
      return (try #require(status, "\(endpoint) answered nothing"), text)
    }

    @Test func everyRoleAgainstEveryRoute() async throws {
      try await TestServer.run { server in
        for role in Role.allCases {
          let tokens = try await server.tokens(role)
          // Logging out comes last, since afterwards the token counts no longer.
          for endpoint in Endpoint.allCases.filter({ $0 != .logOut }) + [.logOut] {
            let isRefresh = endpoint.access == .refreshToken
            let client = server.client.with(token: isRefresh ? tokens.refresh : tokens.access)
            let (status, text) = try await status(endpoint, client)
            let allowed =
              switch endpoint.access {
              case .roles(let roles): roles.contains(role)
              case .everyone, .thisMachineOr, .refreshToken: true
              }
            if allowed {
              #expect(![401, 403, 422, 500].contains(status), "\(role) \(endpoint): \(text)")
            } else {
              #expect(status == 403, "\(role) \(endpoint): \(text)")
            }
          }
        }
      }
    }

    @Test func nobodyGetsInWithoutTheRightKindOfToken() async throws {
      try await TestServer.run { server in
        let tokens = try await server.tokens(.admin)
        for endpoint in Endpoint.allCases {
          let (status, text) = try await status(endpoint, server.client)
          switch endpoint.access {
          case .everyone, .thisMachineOr: #expect(status != 401, "\(endpoint)")
          case .refreshToken, .roles:
            #expect(status == 401, "\(endpoint): \(text)")
            #expect(text.contains("Missing Authorization Header"), "\(endpoint)")
            let isRefresh = endpoint.access == .refreshToken
            let wrong = server.client.with(token: isRefresh ? tokens.access : tokens.refresh)
            let (swapped, said) = try await self.status(endpoint, wrong)
            #expect(swapped == 422, "\(endpoint): \(said)")
            let kind = isRefresh ? "refresh" : "access"
            #expect(said.contains("\"msg\":\"Only \(kind) tokens are allowed\""), "\(endpoint)")
          }
        }
      }
    }

    @Test func metricsAreForThisMachine() async throws {
      try await TestServer.run { server in
        let metrics = try await server.client.get("/metrics")
        #expect(metrics.status == 200)
        var types: Set<Substring> = []
        var samples: [Substring: Double] = [:]
        for line in metrics.text.split(separator: "\n") {
          let words = line.split(separator: " ")
          if line.hasPrefix("# TYPE ") { types.insert(words[2]) }
          guard !line.hasPrefix("#") else { continue }
          #expect(words.count == 2, "\(line)")
          samples[words[0]] = Double(words[1]) ?? .nan
          let name = words[0].prefix { $0 != "{" }
          #expect(
            types.contains { name == $0 || name.hasPrefix($0 + "_") }, "\(line) has no type")
        }
        let head = try server.office.log.head
        #expect(samples["senko_log_events"] == Double(head.rawValue))
        #expect((samples["senko_views_lag"] ?? .nan) <= Double(head.rawValue))
        #expect((samples["senko_commit_seconds_count"] ?? 0) >= 1)
        #expect((samples["senko_log_bytes"] ?? 0) > 0)
        #expect(samples["senko_gate_capacity{gate=\"uploads\"}"] == 8)
        let forwarded = try await server.client.get("/metrics", ["X-Forwarded-For": "203.0.113.7"])
        #expect(forwarded.status == 401)
      }
    }
  }
}

/// A clock that tests move.
final class Seconds: Sendable {
  private let offset = Mutex(0)
  var now: Int { Int(Date().timeIntervalSince1970) + offset.withLock(\.self) }
  func advance(_ by: Int) { offset.withLock { $0 += by } }
}
