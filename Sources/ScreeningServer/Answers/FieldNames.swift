import HTTPTypes

extension HTTPField.Name {
  /// Names a field; for names that are tokens by themselves.
  private init(known name: String) {
    guard let field = HTTPField.Name(name) else {
      preconditionFailure("\(name) is no field name")
    }
    self = field
  }

  static let checkpoint = Self(known: "Senko-Checkpoint")
  static let decidedAt = Self(known: "Senko-Decided-At")
  static let contentTypeOptions = Self(known: "X-Content-Type-Options")
  static let forwarded = Self(known: "Forwarded")
  static let forwardedFor = Self(known: "X-Forwarded-For")
  static let idempotencyKey = Self(known: "Idempotency-Key")
  static let lastEventID = Self(known: "Last-Event-ID")
  static let link = Self(known: "Link")
  static let position = Self(known: "Senko-Position")
  static let referrerPolicy = Self(known: "Referrer-Policy")
  static let resourcePolicy = Self(known: "Cross-Origin-Resource-Policy")
}
