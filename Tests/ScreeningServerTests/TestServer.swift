import EventStore
import Foundation
import Logging
import Screening
import TestSupport
import Testing

@testable import ScreeningServer

/// Tests against a running server, one after the other: each takes passwords and disk writes, and a
/// crowd of them would only wait for each other.
@Suite(.serialized, .timeLimit(.minutes(5))) enum ServerTests {}

/// A server on a port of its own over a data folder of its own, with a user of each role.
struct TestServer: Sendable {
  let office: Office
  let client: TestClient
  let issuer: TokenIssuer

  static let password = "correct horse battery"

  static func email(_ role: Role) -> String { "\(role.rawValue)@example.jp" }

  /// A log of what nobody would want to miss.
  static let quiet = {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return logger
  }()

  /// Runs `body` against a fresh server, and stops it.
  static func run(
    _ change: @Sendable (inout ServerConfiguration) -> Void = { _ in },
    clock: WallClock = .system, logger: Logger = quiet,
    _ body: @Sendable (TestServer) async throws -> Void
  ) async throws {
    let directory = FileManager.default.temporaryDirectory
      .appending(path: "senko-server-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    let office = try Office.open(
      OfficeConfiguration(
        directory: directory.path, worker: product("senko-worker"), readers: 1,
        clock: clock), create: true)
    defer { office.close() }
    for role in Role.allCases {
      _ = try await office.addUser(
        email: email(role), name: "The \(role.rawValue)", role: role, password: password,
        by: .commandLine)
    }
    try await run(over: office, change, logger: logger, body)
  }

  /// Runs `body` against a server over a data folder that is open.
  static func run(
    over office: Office, _ change: @Sendable (inout ServerConfiguration) -> Void = { _ in },
    logger: Logger = quiet,
    _ body: @Sendable (TestServer) async throws -> Void
  ) async throws {
    var configuration = ServerConfiguration(
      secrets: try TokenSecrets(current: String(repeating: "s", count: 32)))
    configuration.port = 0
    configuration.handlesSignals = false
    change(&configuration)
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    configuration.onListening = { listening.yield($0) }
    try await withThrowingTaskGroup(of: Void.self) { [configuration, logger] group in
      group.addTask {
        defer { listening.finish() }
        try await serve(office: office, configuration: configuration, logger: logger)
      }
      var iterator = ports.makeAsyncIterator()
      let port = try #require(await iterator.next(), "the server did not start")
      let issuer = TokenIssuer(
        keys: try await TokenKeys(configuration.secrets), sources: configuration.sources)
      try await body(
        TestServer(office: office, client: TestClient(port: port), issuer: issuer))
      group.cancelAll()
    }
  }

  /// A client with an access token for the role's user, as logging in would give it.
  func client(_ role: Role) async throws -> TestClient {
    client.with(token: try await issuer.issue(.access, for: Self.email(role)))
  }

  /// The tokens that logging in gives.
  func tokens(_ role: Role) async throws -> (access: String, refresh: String) {
    let answer = try await client.json(
      "POST", "/user/login", ["email": Self.email(role), "password": Self.password])
    let body = try answer.json()
    return (
      try #require(body["access_token"] as? String), try #require(body["refresh_token"] as? String)
    )
  }
}

/// A form with documents, as a browser sends it.
func multipart(
  _ fields: [(String, String)], documents: [(name: String, content: [UInt8])] = []
) -> (fields: [String: String], body: [UInt8]) {
  let boundary = "----boundary\(UInt64.random(in: 0 ... .max))"
  var body: [UInt8] = []
  for (name, value) in fields {
    body += Array(
      "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
  }
  for (name, content) in documents {
    body += Array(
      "--\(boundary)\r\nContent-Disposition: form-data; name=\"documents\"; filename=\"\(name)\"\r\n"
        .utf8)
    body += Array("Content-Type: application/octet-stream\r\n\r\n".utf8) + content + [13, 10]
  }
  body += Array("--\(boundary)--\r\n".utf8)
  return (["Content-Type": "multipart/form-data; boundary=\(boundary)"], body)
}
