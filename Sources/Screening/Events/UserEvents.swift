import EventStore

/// A user may from now on log in.
struct UserRegistered: DomainEvent {
  static let type = "user.registered"
  var user: UserNumber
  var subject: SubjectID
  var role: Role
  var email: SealedReference
  var name: SealedReference
  /// The password's scrypt hash.
  var password: SealedReference

  var stream: String { user.stream }
  var data: JSONValue {
    eventData([
      "email": email.json, "name": name.json, "password": password.json,
      "role": .string(role.rawValue), "subject": .string(subject.hex), "user": JSONValue(user),
    ])
  }
}

extension UserRegistered {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      user: try fields.number("user"), subject: try fields.subject(),
      role: try fields.choice("role"), email: try fields.sealed("email"),
      name: try fields.sealed("name"), password: try fields.sealed("password"))
  }
}

/// A user has another role.
struct UserChanged: DomainEvent {
  static let type = "user.changed"
  var user: UserNumber
  var role: Role

  var stream: String { user.stream }
  var data: JSONValue { eventData(["role": .string(role.rawValue), "user": JSONValue(user)]) }
}

extension UserChanged {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(user: try fields.number("user"), role: try fields.choice("role"))
  }
}

/// A user has another password; sessions from before end at their next refresh.
struct UserPasswordChanged: DomainEvent {
  static let type = "user.password-changed"
  var user: UserNumber
  /// The password's scrypt hash.
  var password: SealedReference

  var stream: String { user.stream }
  var data: JSONValue { eventData(["password": password.json, "user": JSONValue(user)]) }
}

extension UserPasswordChanged {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(user: try fields.number("user"), password: try fields.sealed("password"))
  }
}

/// A user may no longer log in.
struct UserDisabled: DomainEvent {
  static let type = "user.disabled"
  var user: UserNumber

  var stream: String { user.stream }
  var data: JSONValue { eventData(["user": JSONValue(user)]) }
  init(user: UserNumber) { self.user = user }
}

extension UserDisabled {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(user: try fields.number("user"))
  }
}

/// A token of a session counts no longer, though it has not expired.
struct SessionRevoked: DomainEvent {
  static let type = "session.revoked"
  var user: UserNumber
  /// The token's `jti`.
  var session: String
  /// When the token would have expired, in seconds since 1970.
  var expires: Int

  var stream: String { user.stream }
  var data: JSONValue {
    eventData([
      "expires": JSONValue(expires), "session": .string(session), "user": JSONValue(user),
    ])
  }
}

extension SessionRevoked {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      user: try fields.number("user"), session: try fields.string("session"),
      expires: try fields.integer("expires"))
  }
}
