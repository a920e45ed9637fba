#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Checks tokens in the order in which flask-jwt-extended 3.10 does.
///
/// So a token with several faults is told the same one: form of the header field, segments, header, algorithm, signature,
/// times, claims, kind. Whether it was revoked is asked afterwards.
struct TokenChecker: Sendable {
  let keys: TokenKeys
  let sources: TokenSources

  /// The token in an `Authorization` field, if it is of the wanted kind.
  func token(in field: String?, as kind: TokenKind) throws(TokenFault) -> Token {
    let token = try parse(try Self.credentials(in: field))
    guard token.kind == kind else { throw kind == .access ? .accessOnly : .refreshOnly }
    return token
  }

  private static func credentials(in field: String?) throws(TokenFault) -> Substring {
    guard let field, !field.isEmpty else { throw .missingHeader }
    let parts = field.split(whereSeparator: \.isWhitespace)
    guard parts.count == 2, parts[0] == "Bearer" else { throw .badHeader }
    return parts[1]
  }

  /// Checks a token by itself, of whatever kind.
  func parse(_ text: Substring) throws(TokenFault) -> Token {
    let bytes = Array(text.utf8)
    guard let lastDot = bytes.lastIndex(of: UInt8(ascii: ".")),
      let firstDot = bytes[..<lastDot].firstIndex(of: UInt8(ascii: "."))
    else { throw .notEnoughSegments }
    guard let headerBytes = Base64URL.decode(bytes[..<firstDot]) else { throw .headerPadding }
    guard let header = Self.json(headerBytes) else { throw .headerString }
    guard case .object(let header) = header else { throw .headerNotObject }
    guard let payload = Base64URL.decode(bytes[(firstDot + 1)..<lastDot]) else {
      throw .payloadPadding
    }
    guard let signature = Base64URL.decode(bytes[(lastDot + 1)...]) else { throw .signaturePadding }
    // The algorithm is the server's choice; the header may only agree.
    guard header["alg"] == .text("HS256") else { throw .algorithm }
    let input = Array(bytes[..<lastDot])
    guard keys.accept(signature, over: input, named: header["kid"]?.asText) else {
      throw .signature
    }
    guard case .object(let claims)? = Self.json(payload) else { throw .payloadString }
    try checkTimes(of: claims)
    return try Self.token(of: claims)
  }

  private func checkTimes(of claims: [String: ClaimValue]) throws(TokenFault) {
    let now = Int64(sources.now())
    if let issued = claims["iat"], issued.asInteger == nil { throw .issuedAt }
    if let claim = claims["nbf"] {
      guard let notBefore = claim.asInteger else { throw .notBefore }
      guard notBefore <= now else { throw .immature }
    }
    if let claim = claims["exp"] {
      guard let expires = claim.asInteger else { throw .expiration }
      guard expires >= now else { throw .expired }
    }
    guard claims["aud"] == nil else { throw .audience }
  }

  private static func token(of claims: [String: ClaimValue]) throws(TokenFault) -> Token {
    guard let identifier = claims["jti"] else { throw .missingClaim("jti") }
    guard let identity = claims["identity"] else { throw .missingClaim("identity") }
    guard let kind = claims["type"]?.asText.flatMap(TokenKind.init(rawValue:)) else { throw .type }
    if kind == .access, claims["fresh"] == nil { throw .missingClaim("fresh") }
    guard let identifier = identifier.asText else { throw .missingClaim("jti") }
    guard let identity = identity.asText else { throw .userGone }
    return Token(
      identifier: identifier, identity: identity, kind: kind,
      issued: Int(clamping: claims["iat"]?.asInteger ?? 0),
      expires: claims["exp"]?.asInteger.map { Int(clamping: $0) })
  }

  private static func json(_ bytes: [UInt8]) -> ClaimValue? {
    try? JSONDecoder().decode(ClaimValue.self, from: Data(bytes))
  }
}
