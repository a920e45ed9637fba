import EventStore
import Foundation
import Screening
import TestSupport
import Testing

@testable import ScreeningServer

/// The built program, answering over a data folder.
private struct ServingProgram {
  let process = Process()
  let port: Int

  /// Starts it, and waits until it listens.
  init(data: String, secret: String) async throws {
    process.executableURL = URL(fileURLWithPath: product("senko"))
    process.arguments = ["serve", "--data", data, "--port", "0"]
    process.environment = ["LANG": "C.UTF-8", "SENKO_CONFIG": "", "SENKO_JWT_SECRET": secret]
    let errors = Pipe()
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = try await waiting {
      var text = ""
      while !text.contains("listening at") || !text.hasSuffix("\n") {
        let piece = errors.fileHandleForReading.availableData
        guard !piece.isEmpty else { break }
        text += String(decoding: piece, as: UTF8.self)
      }
      return text
    }
    let match = try #require(
      text.firstMatch(of: /listening at http:\/\/[0-9.]+:([0-9]+)/), "\(text)")
    port = try #require(Int(match.1))
  }

  /// The status that it ends with.
  func end() async throws -> Int32 {
    let process = process
    return try await waiting {
      process.waitUntilExit()
      return process.terminationStatus
    }
  }
}

extension ServerTests {
  /// If this fails, every restart of the service breaks requests off that had been taken.
  @Suite struct StopTests {
    @Test func aProgramToldToEndFinishesWhatItHasBegun() async throws {
      try await withTemporaryDirectory { folder in
        let office = try Office.open(
          OfficeConfiguration(directory: folder + "/data", worker: product("senko-worker")),
          create: true)
        for role in [Role.admin, .auditor] {
          _ = try await office.addUser(
            email: TestServer.email(role), name: "利用者", role: role,
            password: TestServer.password, by: .commandLine)
        }
        office.close()
        let secret = String(repeating: "s", count: 32)
        let program = try await ServingProgram(data: folder + "/data", secret: secret)
        defer { program.process.terminate() }
        let issuer = TokenIssuer(
          keys: try await TokenKeys(try TokenSecrets(current: secret)), sources: .system)
        let client = TestClient(port: program.port)
        let auditor = client.with(
          token: try await issuer.issue(.access, for: TestServer.email(.auditor)))
        let server = TestServer(office: office, client: client, issuer: issuer)

        let tail = try SlowClient(auditor, "GET", "/events/tail?after=0&format=ndjson")
        #expect(try await server.waits(until: #"senko_gate_occupied{gate="streams"}"#, is: 1))
        let body = #"{"email":"admin@example.jp","password":"\#(TestServer.password)"}"#
        let login = try SlowClient(
          client, "POST", "/user/login",
          ["Content-Type": "application/json", "Content-Length": "\(body.utf8.count)"])
        // This one metrics request and the two that are under way.
        #expect(try await server.waits(until: "senko_http_requests_in_flight", is: 2))
        program.process.terminate()
        // Nobody new is let in; who was is served to the end.
        try await Task.sleep(for: .seconds(1))
        #expect(login.send(body))
        let answer = try TestClient.parse(try await login.read(.max), isHead: false)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try answer.json()["access_token"] is String)
        let events = try TestClient.parse(try await tail.read(.max), isHead: false).text
        let lines = events.split(separator: "\n")
        #expect(
          lines.last?.hasPrefix(#"{"count":\#(lines.count - 1),"end":true,"#) == true, "\(events)")
        #expect(try await program.end() == 0)
      }
    }
  }
}
