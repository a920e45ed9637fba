import EventStore
import JWTKit

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a token is good for.
enum TokenKind: String, Sendable, Hashable {
  case access, refresh

  /// For how many seconds a new one counts.
  var lifetime: Int {
    switch self {
    case .access: 15 * 60
    case .refresh: 30 * 24 * 60 * 60
    }
  }
}

/// What a token says, after its signature and times were checked.
struct Token: Sendable, Hashable {
  /// The token's own name, by which it is revoked.
  let identifier: String
  /// The mail address of the user who logged in.
  let identity: String
  let kind: TokenKind
  /// Seconds since 1970.
  let issued: Int
  /// Seconds since 1970; tokens that this server issues always have one.
  let expires: Int?
}

/// The claims of a token that is issued, with the names that flask-jwt-extended 3.10 uses.
struct TokenClaims: JWTPayload {
  let iat: Int
  let nbf: Int
  let jti: String
  let exp: Int
  let identity: String
  /// Access tokens alone carry it.
  let fresh: Bool?
  let type: String

  /// Nothing: `TokenChecker` checks in the order that clients rely on.
  func verify(using algorithm: some JWTAlgorithm) async throws {}
}

/// Where the server takes the time and new identifiers from.
struct TokenSources: Sendable {
  /// Seconds since 1970.
  var now: @Sendable () -> Int
  /// A random UUID, version 4, in lower case.
  var identifier: @Sendable () -> String
}

extension TokenSources {
  /// The system's clock and random source.
  static let system = TokenSources(
    now: { Int(WallClock.system.now().milliseconds / 1000) },
    identifier: { UUID().uuidString.lowercased() })
}
