import Foundation
import Screening
import Testing

@testable import ScreeningServer

extension ServerTests {
  /// If these fail, clients of the first API can no longer log in, or tokens count that were revoked.
  @Suite struct UserRoutesTests {
    @Test func loggingInAnswersAsTheFirstAPIDid() async throws {
      try await TestServer.run { server in
        let answer = try await server.client.json(
          "POST", "/user/login", ["email": "admin@example.jp", "password": TestServer.password])
        #expect(answer.status == 200)
        let body = try answer.json()
        #expect(Set(body.keys) == ["message", "access_token", "refresh_token"])
        #expect(body["message"] as? String == "Logged in as admin@example.jp")
        #expect(answer.fields["cache-control"] == "no-store")

        let form = multipart([("email", "admin@example.jp"), ("password", TestServer.password)])
        let again = try await server.client.send(
          "POST", "/user/login", form.fields, body: form.body)
        #expect(again.status == 200)
        for (email, password) in [
          ("admin@example.jp", "wrong password"), ("nobody@example.jp", TestServer.password),
        ] {
          let refused = try await server.client.json(
            "POST", "/user/login", ["email": email, "password": password])
          #expect(refused.status == 401)
          #expect(!refused.text.contains(email))
        }
        for body in [["email": "admin@example.jp"], ["password": "x"], [:]] {
          #expect(try await server.client.json("POST", "/user/login", body).status == 400)
        }
      }
    }

    @Test func onlyAdminsRegisterUsers() async throws {
      try await TestServer.run { server in
        let admin = try await server.client(.admin)
        let user = ["email": "new@example.jp", "name": "新人", "password": "long enough words"]
        let answer = try await admin.json("POST", "/user", user)
        #expect(answer.status == 200)
        #expect(try answer.json()["message"] as? String == "User new@example.jp was created")
        #expect(try await admin.json("POST", "/user", user).status == 409)
        #expect(try server.office.user(email: "new@example.jp")?.role == .reviewer)
        let list = try await admin.get("/user/list")
        let users = try #require(try list.json()["users"] as? [[String: String]])
        #expect(users.count == 4)
        #expect(users.last == ["email": "new@example.jp", "name": "新人"])
        for wrong in [
          ["email": "x", "name": "y", "password": "long enough words"],
          ["email": "x@y.jp", "name": "y", "password": "short"],
          ["email": "x@y.jp", "password": "long enough words"],
          ["email": "x@y.jp", "name": "y", "password": "long enough words", "role": "owner"],
        ] {
          #expect(try await admin.json("POST", "/user", wrong).status == 400)
        }
      }
    }

    @Test func refreshTokensGiveAccessTokensUntilThePasswordChanges() async throws {
      let clock = Seconds()
      try await TestServer.run({ $0.sources.now = { clock.now } }) { server in
        let tokens = try await server.tokens(.reviewer)
        let holder = server.client.with(token: tokens.refresh)
        let answer = try await holder.send("POST", "/user/refresh")
        #expect(answer.status == 200)
        let access = try #require(try answer.json()["access_token"] as? String)
        #expect(try await server.client.with(token: access).get("/models").status == 200)
        clock.advance(16 * 60)
        let expired = try await server.client.with(token: access).get("/user/list")
        #expect(expired.status == 401)
        #expect(expired.text == "{\"msg\":\"Token has expired\"}\n")
        #expect(try await holder.send("POST", "/user/refresh").status == 200)

        let user = try #require(try server.office.user(email: "reviewer@example.jp"))
        clock.advance(-16 * 60 - 60)
        let older = try await server.tokens(.reviewer)
        try await server.office.setPassword("another long one", of: user.number, by: .commandLine)
        let refused = try await server.client.with(token: older.refresh)
          .send("POST", "/user/refresh")
        #expect(refused.status == 401)
        #expect(refused.text == "{\"msg\":\"Token has been revoked\"}\n")
      }
    }

    @Test func loggingOutRevokesWhatIsPresented() async throws {
      try await TestServer.run { server in
        let first = try await server.tokens(.admin)
        let client = server.client.with(token: first.access)
        #expect(try await client.send("POST", "/user/logout").status == 200)
        let revoked = try await client.get("/user/list")
        #expect(revoked.status == 401)
        #expect(revoked.text == "{\"msg\":\"Token has been revoked\"}\n")
        let refresh = server.client.with(token: first.refresh)
        #expect(try await refresh.send("POST", "/user/refresh").status == 200)

        let second = try await server.tokens(.admin)
        let both = try await server.client.with(token: second.access).json(
          "POST", "/user/logout", ["refresh_token": second.refresh])
        #expect(both.status == 200)
        let gone = try await server.client.with(token: second.refresh).send("POST", "/user/refresh")
        #expect(gone.status == 401)

        let third = try await server.tokens(.admin)
        let foreign = try await server.tokens(.auditor)
        for token in [foreign.refresh, third.access, "nonsense"] {
          let answer = try await server.client.with(token: third.access).json(
            "POST", "/user/logout", ["refresh_token": token])
          #expect(answer.status == 422 || answer.status == 401)
        }
        // A refused companion revokes nothing.
        #expect(try await server.client.with(token: third.access).get("/user/list").status == 200)
      }
    }

    @Test func disabledUsersAreOutAtOnce() async throws {
      try await TestServer.run { server in
        let client = try await server.client(.reviewer)
        #expect(try await client.get("/models").status == 200)
        let user = try #require(try server.office.user(email: "reviewer@example.jp"))
        try await server.office.disableUser(user.number, by: .commandLine)
        #expect(try await client.get("/models").status == 401)
        let answer = try await server.client.json(
          "POST", "/user/login", ["email": user.email, "password": TestServer.password])
        #expect(answer.status == 401)
      }
    }

    @Test func guessersAreSlowedDown() async throws {
      try await TestServer.run({
        $0.loginBurst = 2
        $0.trustsForwardedFor = true
      }) { server in
        let wrong = ["email": "admin@example.jp", "password": "wrong password"]
        for _ in 0..<2 {
          #expect(try await server.client.json("POST", "/user/login", wrong).status == 401)
        }
        let refused = try await server.client.json("POST", "/user/login", wrong)
        #expect(refused.status == 429)
        #expect(Int(refused.fields["retry-after"] ?? "") ?? 0 >= 1)
        let right = ["email": "admin@example.jp", "password": TestServer.password]
        #expect(try await server.client.json("POST", "/user/login", right).status == 429)
        // The owner is somewhere else, and comes in.
        let elsewhere = try await server.client.send(
          "POST", "/user/login",
          ["Content-Type": "application/json", "X-Forwarded-For": "192.0.2.1"],
          body: Array(try JSONSerialization.data(withJSONObject: right)))
        #expect(elsewhere.status == 200, "\(elsewhere.text)")
        // Neither another port nor another spelling is another place.
        for (count, nodes) in [
          ["10.0.0.2:1", "10.0.0.2:2", "10.0.0.2"], ["a", "b", "c"],
          ["[2001:db8::1]:1", "[2001:db8::2]", "2001:db8::3"],
        ].enumerated() {
          let body = try JSONSerialization.data(withJSONObject: [
            "email": "nobody\(count)@example.jp", "password": "wrong password",
          ])
          var statuses: [Int] = []
          for node in nodes {
            let answer = try await server.client.send(
              "POST", "/user/login",
              ["Content-Type": "application/json", "X-Forwarded-For": node], body: Array(body))
            statuses.append(answer.status)
          }
          #expect(statuses == [401, 401, 429], "\(nodes)")
        }
      }
    }
  }
}
