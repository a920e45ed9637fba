import HTTPTypes

/// Why a token is not accepted, with the statuses and texts of flask-jwt-extended 3.10.0 and the
/// PyJWT 1.7.1 beneath it, which clients of the first API compare.
enum TokenFault: Error, Sendable, Hashable {
  case missingHeader, badHeader
  case notEnoughSegments
  case headerPadding, headerString, headerNotObject
  case payloadPadding, signaturePadding, payloadString
  case algorithm, signature
  case issuedAt, notBefore, immature, expiration, expired, audience
  case missingClaim(String)
  case type
  case accessOnly, refreshOnly
  case revoked
  case userGone

  /// The answer's status.
  var status: HTTPResponse.Status {
    switch self {
    case .missingHeader, .expired, .revoked, .userGone: .unauthorized
    case .badHeader, .notEnoughSegments, .headerPadding, .headerString, .headerNotObject,
      .payloadPadding, .signaturePadding, .payloadString, .algorithm, .signature, .issuedAt,
      .notBefore, .immature, .expiration, .audience, .missingClaim, .type, .accessOnly,
      .refreshOnly:
      .unprocessableContent
    }
  }

  /// The text under `msg`.
  var message: String {
    switch self {
    case .missingHeader: "Missing Authorization Header"
    case .badHeader: "Bad Authorization header. Expected value 'Bearer <JWT>'"
    case .notEnoughSegments: "Not enough segments"
    case .headerPadding: "Invalid header padding"
    // Python's text for the commonest case, whatever is wrong with the JSON.
    case .headerString: "Invalid header string: Expecting value: line 1 column 1 (char 0)"
    case .headerNotObject: "Invalid header string: must be a json object"
    case .payloadPadding: "Invalid payload padding"
    case .signaturePadding: "Invalid crypto padding"
    case .payloadString: "Invalid payload string: must be a json object"
    case .algorithm: "The specified alg value is not allowed"
    case .signature: "Signature verification failed"
    case .issuedAt: "Issued At claim (iat) must be an integer."
    case .notBefore: "Not Before claim (nbf) must be an integer."
    case .immature: "The token is not yet valid (nbf)"
    case .expiration: "Expiration Time claim (exp) must be an integer."
    case .expired: "Token has expired"
    case .audience: "Invalid audience"
    case .missingClaim(let claim): "Missing claim: \(claim)"
    case .type: "Missing or invalid claim: type"
    case .accessOnly: "Only access tokens are allowed"
    case .refreshOnly: "Only refresh tokens are allowed"
    case .revoked: "Token has been revoked"
    // The original names the user here; an answer to a token that no longer counts does not.
    case .userGone: "Error loading the user"
    }
  }
}

extension Problem {
  /// A token's fault.
  init(_ fault: TokenFault) {
    self.init(.token, "\(fault.message). Log in or refresh to get a token that counts.")
    status = fault.status
    tokenFault = fault.message
  }
}
