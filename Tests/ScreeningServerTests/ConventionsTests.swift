import Foundation
import Screening
import TestSupport
import Testing

@testable import ScreeningServer

extension ServerTests {
  /// If these fail, browsers, caches and tools that rely on HTTP's conventions get them broken.
  @Suite struct ConventionsTests {
    @Test func unchangedAnswersAreNotSentAgain() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.reviewer)
        _ = try await ServerTests.ApplicantRoutesTests.register(client)
        for target in ["/applicants/1", "/applicants", "/applicant/20/1", "/models", "/vocabulary"]
        {
          let first = try await client.get(target)
          let tag = try #require(first.fields["etag"], "\(target)")
          let second = try await client.get(target, ["If-None-Match": tag])
          #expect(second.status == 304, "\(target): looking at data must change no tag")
          #expect(second.body.isEmpty)
          #expect(second.fields["etag"] == tag)
          #expect(first.fields["cache-control"] == "private, no-cache")
        }
        let before = try #require(try await client.get("/applicants/1").fields["etag"])
        _ = try await client.json("POST", "/applicants/1/labels", ["label": "hold"])
        #expect(try await client.get("/applicants/1", ["If-None-Match": before]).status == 200)
      }
    }

    @Test func aRuleThatWasAdoptedAgainIsAnotherAnswer() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        let before = try await admin.get("/policy")
        let tag = try #require(before.fields["etag"])
        _ = try await admin.json("PUT", "/policy", ["threshold": 6_500])
        let after = try await admin.get("/policy", ["If-None-Match": tag])
        #expect(after.status == 200, "the policy says another position than the client knows")
        #expect(after.body != before.body)
        let again = try #require(after.fields["etag"])
        #expect(try await admin.get("/policy", ["If-None-Match": again]).status == 304)
      }
    }

    @Test func headAndOptionsAreAnswered() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.reviewer)
        let get = try await client.get("/models")
        let head = try await client.send("HEAD", "/models")
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(head.fields["content-length"] == get.fields["content-length"])
        let options = try await server.client.send("OPTIONS", "/applicant/20/1")
        #expect(options.status == 204)
        #expect(options.fields["allow"] == "GET, HEAD, OPTIONS")
        let all = try await server.client.send("OPTIONS", "*")
        #expect(all.status == 204)
        #expect(all.fields["allow"] == "DELETE, GET, HEAD, OPTIONS, POST, PUT")
      }
    }

    @Test func everyAnswerKeepsBrowsersInBounds() async throws {
      try await TestServer.run { server in
        for target in ["/healthy", "/nowhere", "/user/list", "/openapi.json", "/docs"] {
          let fields = try await server.client.get(target, ["Origin": "https://evil.example"])
            .fields
          #expect(fields["x-content-type-options"] == "nosniff", "\(target)")
          #expect(fields["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
          #expect(fields["referrer-policy"] == "no-referrer")
          #expect(fields["access-control-allow-origin"] == nil)
        }
      }
    }

    @Test func onlyNamedOriginsMayCall() async throws {
      try await TestServer.run({ $0.allowedOrigins = ["https://hr.example.jp"] }) { server in
        let named = try await server.client.send(
          "OPTIONS", "/models",
          ["Origin": "https://hr.example.jp", "Access-Control-Request-Method": "GET"])
        #expect(named.fields["access-control-allow-origin"] == "https://hr.example.jp")
        #expect(named.fields["access-control-allow-methods"]?.contains("GET") == true)
        for origin in ["https://hr.example.jp.evil", "http://hr.example.jp", "null", "*"] {
          let other = try await server.client.get("/healthy", ["Origin": origin])
          #expect(other.fields["access-control-allow-origin"] == nil, "\(origin)")
        }
      }
    }

    @Test func otherNetworksAreKeptOut() async throws {
      try await TestServer.run({ $0.allowedNetworks = [Network("10.0.0.0/8")].compactMap(\.self) })
      {
        server in
        let answer = try await server.client.get("/livez")
        #expect(answer.status == 403)
        let claimed = try await server.client.get("/livez", ["X-Forwarded-For": "10.0.0.1"])
        #expect(claimed.status == 403, "What a client says of itself does not count.")
      }
    }

    @Test func whoeverAProxyNamesUnreadablyIsKeptOut() async throws {
      try await TestServer.run({
        $0.allowedNetworks = [Network("127.0.0.0/8")].compactMap(\.self)
        $0.trustsForwardedFor = true
      }) { server in
        for (field, status) in [("127.0.0.1", 200), ("somebody", 403)] {
          let answer = try await server.client.get("/livez", ["X-Forwarded-For": field])
          #expect(answer.status == status, "\(field)")
        }
        #expect(try await server.client.get("/livez").status == 200)
      }
    }

    @Test func thePageOfRoutesNeedsNothingFromElsewhere() async throws {
      try await withTemporaryDirectory { folder in
        for name in ["swagger-ui-bundle.js", "swagger-ui.css"] {
          try Data("/* \(name) */".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        try Data("secret".utf8).write(to: URL(fileURLWithPath: "\(folder)/other.js"))
        try await TestServer.run({ $0.docsAssets = folder }) { server in
          let page = try await server.client.get("/docs")
          let policy = try #require(page.fields["content-security-policy"])
          #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self';"))
          #expect(!policy.contains("http") && !policy.contains("unsafe"))
          let links = page.text.matches(of: /(?:src|href)="([^"]*)"/).map { String($0.1) }
          #expect(Set(links) == Set(DocsPage.assets.map { "/docs/\($0)" }))
          var loaded = page.text
          for link in links {
            let asset = try await server.client.get(link)
            #expect(asset.status == 200, "\(link)")
            let type = link.hasSuffix(".css") ? "text/css" : "text/javascript"
            #expect(asset.fields["content-type"]?.hasPrefix(type) == true, "\(link)")
            loaded += asset.text
          }
          #expect(loaded.contains("/* swagger-ui.css */") && loaded.contains("SwaggerUIBundle("))
          #expect(loaded.contains("validatorUrl: null"))
          #expect(loaded.firstMatch(of: /(https?:)?\/\/[a-z]/) == nil, "something is elsewhere")
          #expect(try await server.client.get("/docs/other.js").status == 404)
        }
      }
    }

    @Test func operatorsSeeHowItStands() async throws {
      try await TestServer.run { server in
        #expect(try await server.client.get("/healthy").text == "healthy")
        #expect(try await server.client.get("/livez").status == 200)
        var ready = try await server.client.get("/readyz")
        // Catching up takes a moment after the start.
        for _ in 0..<50 where ready.status == 503 {
          try await Task.sleep(for: .milliseconds(100))
          ready = try await server.client.get("/readyz")
        }
        #expect(ready.status == 200)
        let document = try await server.client.get("/openapi.json").json()
        #expect(document["openapi"] as? String == "3.1.0")
        #expect(try await server.client.get("/docs").text.contains("/applicants/{id}/why"))
      }
    }
  }
}
