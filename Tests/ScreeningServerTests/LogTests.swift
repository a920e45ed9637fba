import EventStore
import Foundation
import HTTPTypes
import Logging
import Screening
import Testing

@testable import ScreeningServer

extension ServerTests {
  /// If this fails, names, passwords or tokens lie in log files that everybody on the machine may read.
  @Suite struct LogTests {
    @Test func nothingPersonalAndNoSecretIsLoggedAtAnyLevel() async throws {
      let log = RecordedLog()
      let secrets = [
        "犀川", "鷹之進", "saikawa", TestServer.password, "another password", "高所恐怖", "eyJ",
      ]
      try await TestServer.run(logger: log.logger) { server in
        let tokens = try await server.tokens(.admin)
        let admin = server.client.with(token: tokens.access)
        let form = multipart(
          [("name", "犀川 鷹之進"), ("email", "saikawa@example.jp"), ("opening", "engineer")],
          documents: [("犀川.txt", Array("高所恐怖を克服し、設計をした。犀川".utf8))])
        let registered = try await admin.send("POST", "/applicant", form.fields, body: form.body)
        #expect(registered.status == 200, "\(registered.text)")
        _ = try await admin.json(
          "POST", "/applicants/1/labels", ["label": "ng", "reason": "高所恐怖"])
        _ = try await admin.json(
          "POST", "/applicants/1/corrections", ["name": "犀川", "email": "saikawa@example.com"])
        for (email, password) in [
          ("saikawa@example.jp", TestServer.password),
          (TestServer.email(.admin), "another password"),
        ] {
          _ = try await server.client.json(
            "POST", "/user/login", ["email": email, "password": password])
        }
        // What cannot be read, and what fails late.
        for body in ["{\"name\":\"犀川", "{\"name\":\"犀川\",\"name\":\"犀川\"}", "犀川"] {
          for endpoint in Endpoint.allCases where endpoint.method != .get {
            guard endpoint != .logOut, let sample = endpoint.samples.first else { continue }
            _ = try await admin.send(
              endpoint.method.rawValue, sample.target, ["Content-Type": "application/json"],
              body: Array(body.utf8))
          }
        }
        let name = "犀川".addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        for endpoint in Endpoint.allCases where endpoint.method == .get && endpoint != .tail {
          for sample in endpoint.samples {
            let path = sample.target.prefix { $0 != "?" }.replacing("/27", with: "/1")
            _ = try await admin.get(String(path))
            _ = try await admin.get("\(path)?name=\(name)&word=\(name)")
          }
        }
        _ = try await admin.get("/\(name)")
        _ = try await server.client.with(token: tokens.refresh + "x").get("/applicants")
        _ = try await admin.send("POST", "/user/logout")
        let errors = log.lines.filter { $0.level >= .error }
        #expect(errors.isEmpty, "\(errors.map(\.text))")
      }
      let lines = log.lines
      #expect(lines.count { $0.text.contains("answered") } > 100, "the requests were not logged")
      for secret in secrets {
        let escaped = secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret
        let telling = lines.filter { $0.text.contains(secret) || $0.text.contains(escaped) }
        #expect(telling.isEmpty, "a line of level \(telling.first?.level ?? .trace) tells a secret")
      }
    }
  }
}
