import JWTKit

/// Makes tokens: HS256 by jwt-kit.
struct TokenIssuer: Sendable {
  let keys: TokenKeys
  let sources: TokenSources

  /// A new token for the user of `identity`; never `fresh`, as the first API issued them.
  func issue(_ kind: TokenKind, for identity: String) async throws(Problem) -> String {
    let now = sources.now()
    let claims = TokenClaims(
      iat: now, nbf: now, jti: sources.identifier(), exp: now + kind.lifetime, identity: identity,
      fresh: kind == .access ? false : nil, type: kind.rawValue)
    do {
      return try await keys.collection.sign(
        claims, kid: JWKIdentifier(string: keys.current.identifier))
    } catch {
      throw .internal
    }
  }
}
