import Foundation
import Testing

@testable import ScreeningServer

/// If these fail, tokens lack claims that clients read, outlive their time, or stop counting when the
/// secret is changed.
@Suite struct TokenIssuerTests {
  private let old = String(repeating: "o", count: 32)
  private let new = String(repeating: "n", count: 32)

  private func sources(_ now: Int) -> TokenSources {
    TokenSources(now: { now }, identifier: { "07ffdce0-4d02-4ebb-8eb4-aaa657e54ea7" })
  }

  private func claims(_ token: String) throws -> [String: ClaimValue] {
    let payload = try #require(Base64URL.decode(token.split(separator: ".")[1].utf8))
    return try JSONDecoder().decode([String: ClaimValue].self, from: Data(payload))
  }

  @Test func claimsAreThoseOfTheOriginal() async throws {
    let issuer = TokenIssuer(
      keys: try await TokenKeys(try TokenSecrets(current: old)), sources: sources(1000))
    #expect(
      try claims(try await issuer.issue(.access, for: "hr@example.jp")) == [
        "iat": .integer(1000), "nbf": .integer(1000), "exp": .integer(1900), "fresh": .flag(false),
        "identity": .text("hr@example.jp"), "type": .text("access"),
        "jti": .text("07ffdce0-4d02-4ebb-8eb4-aaa657e54ea7"),
      ])
    let refresh = try claims(try await issuer.issue(.refresh, for: "hr@example.jp"))
    #expect(refresh["exp"] == .integer(1000 + 30 * 24 * 3600))
    #expect(refresh["fresh"] == nil)
    #expect(refresh["type"] == .text("refresh"))
  }

  @Test func tokensOfTheSecretBeforeStillCountAndOthersDoNot() async throws {
    let before = TokenIssuer(
      keys: try await TokenKeys(try TokenSecrets(current: old)), sources: sources(1000))
    let token = try await before.issue(.access, for: "hr@example.jp")
    let rotated = TokenChecker(
      keys: try await TokenKeys(try TokenSecrets(current: new, previous: old)),
      sources: sources(1001))
    #expect(try rotated.token(in: "Bearer \(token)", as: .access).identity == "hr@example.jp")
    let replaced = TokenChecker(
      keys: try await TokenKeys(try TokenSecrets(current: new)), sources: sources(1001))
    #expect(throws: TokenFault.signature) { try replaced.token(in: "Bearer \(token)", as: .access) }
  }

  @Test func aSecretFileIsMadeOnceAndForNobodyElse() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let made = try TokenSecrets.load(environment: [:], directory: folder.path)
    let again = try TokenSecrets.load(environment: [:], directory: folder.path)
    #expect(made.current == again.current)
    #expect(made.current.count == 64)
    let file = folder.appending(path: "token-secret").path
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
    #expect(throws: TokenSecrets.Failure.self) {
      try TokenSecrets.load(environment: [:], directory: folder.path)
    }
    let given = try TokenSecrets.load(
      environment: ["SENKO_JWT_SECRET": new, "SENKO_JWT_SECRET_PREVIOUS": old],
      directory: folder.path)
    #expect(given.current == Array(new.utf8))
    #expect(given.previous == Array(old.utf8))
    #expect(throws: TokenSecrets.Failure.self) { try TokenSecrets(current: "short") }
  }
}
