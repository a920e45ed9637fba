import Cryptography
import EventStore
import Testing

@testable import Screening

/// If these fail, who tries addresses learns from the time it takes which of them have an account.
@Suite struct PasswordHashTests {
  /// How much a derivation works: scrypt's parameters and the length of its salt (RFC 7914, section 2).
  private struct Cost: Equatable {
    var logN, r, p, salt, password: Int
  }

  private func cost(_ password: String, _ hash: PasswordHash?) throws -> (matches: Bool, [Cost]) {
    var costs: [Cost] = []
    let matches = try PasswordHash.matches(password, hash) {
      (password, salt, logN, r, p) throws(ScreeningError) in
      costs.append(
        Cost(logN: logN, r: r, p: p, salt: salt.count, password: password.utf8.count))
      return try PasswordHash.derive(password, salt: salt, logN: logN, r: r, p: p)
    }
    return (matches, costs)
  }

  @Test func anUnknownUserTakesTheWorkOfAKnownOne() throws {
    let known = try cost("wrong password", try PasswordHash(of: "long enough"))
    let unknown = try cost("wrong password", nil)
    #expect(!known.matches && !unknown.matches)
    #expect(known.1.count == 1)
    #expect(known.1 == unknown.1)
  }

  @Test func onlyThePasswordItselfMatches() throws {
    let hash = try PasswordHash(of: "long enough")
    #expect(try PasswordHash.matches("long enough", hash))
    #expect(try PasswordHash.matches("long enough", PasswordHash(encoded: hash.encoded)))
    #expect(try !PasswordHash.matches("long enougH", hash))
    #expect(try !PasswordHash.matches("", nil), "no password is the unknown user's")
  }

  @Test func aDisabledUserIsToldTheSameAsAnUnknownOne() async throws {
    try await withOffice { office in
      let user = try await office.addUser(
        email: "sato@example.jp", name: "佐藤", role: .reviewer, password: "long enough",
        by: .commandLine)
      try await office.disableUser(user, by: .commandLine)
      var told: Set<String> = []
      for (email, password) in [
        ("sato@example.jp", "long enough"), ("sato@example.jp", "wrong password"),
        ("nobody@example.jp", "long enough"),
      ] {
        let error = await #expect(throws: ScreeningError.self, "\(email) got in") {
          try await office.authenticate(email: email, password: password)
        }
        #expect(error?.kind == .unauthenticated)
        told.insert(error?.description ?? "")
      }
      #expect(told.count == 1, "\(told)")
    }
  }
}
