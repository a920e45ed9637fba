public import EventStore
import Projections

extension Office {
  /// Registers a user who may log in with `email` and `password`.
  ///
  /// - Throws: `.invalid` for an unusable address or password, `.conflict` when the address is taken.
  public func addUser(
    email: String, name: String, role: Role, password: String, by origin: Origin
  ) async throws(ScreeningError) -> UserNumber {
    try Self.check(email: email)
    guard !name.isEmpty else { throw .invalid("The user's name is empty. Give one.") }
    let hash = try await Self.hash(password)
    // The password is no part of the content: its hash is to be slow to guess from.
    let command = Command(
      "register-user",
      ["email": .string(email), "name": .string(name), "role": .string(role.rawValue)])
    let receipt = try await append(command, by: origin) { [self] (at) throws(ScreeningError) in
      guard try findUser(email: email) == nil else {
        throw .conflict(
          "There is a user with this address already. Change that user's role or password instead.")
      }
      let number = UserNumber(try lastNumber(in: RecordsProjection.users) + 1)
      let subject = log.makeSubject()
      let sealed = (
        email: log.seal(email, for: subject, .email), name: log.seal(name, for: subject, .name),
        password: log.seal(hash.encoded, for: subject, .password)
      )
      var append = origin.append([
        UserRegistered(
          user: number, subject: subject.id, role: role, email: sealed.email.reference,
          name: sealed.name.reference, password: sealed.password.reference
        ).draft(onBehalfOf: origin.onBehalfOf)
      ])
      append.expecting = [number.stream: .zero]
      append.subjects = [subject]
      append.sealed = [sealed.email, sealed.name, sealed.password]
      return append
    }
    let registered = try UserRegistered(try event(receipt.first))
    if receipt.repeated {
      let matches = try await offPool { [self] () throws(ScreeningError) in
        try PasswordHash.matches(
          password, PasswordHash(encoded: try openText(registered.password, .password)))
      }
      guard matches else {
        throw ScreeningError(.conflictingContent(position: receipt.first))
      }
    }
    return registered.user
  }

  /// Gives a user another role.
  public func setRole(
    _ role: Role, of user: UserNumber, by origin: Origin
  ) async throws(ScreeningError) {
    _ = try await append { [self] (at) throws(ScreeningError) in
      _ = try requireUser(user)
      return try change(UserChanged(user: user, role: role), by: origin, at: at)
    }
  }

  /// Gives a user another password; refresh tokens issued before stop working.
  public func setPassword(
    _ password: String, of user: UserNumber, by origin: Origin
  ) async throws(ScreeningError) {
    let hash = try await Self.hash(password)
    _ = try await append { [self] (at) throws(ScreeningError) in
      let row = try requireUser(user)
      let subject = try recorded { () throws(EventLogError) in try log.subject(row.subject) }
      let sealed = log.seal(hash.encoded, for: subject, .password)
      var append = try change(
        UserPasswordChanged(user: user, password: sealed.reference), by: origin, at: at)
      append.sealed = [sealed]
      return append
    }
  }

  /// Keeps a user from logging in; what the user did stays recorded.
  public func disableUser(_ user: UserNumber, by origin: Origin) async throws(ScreeningError) {
    _ = try await append { [self] (at) throws(ScreeningError) in
      _ = try requireUser(user)
      return try change(UserDisabled(user: user), by: origin, at: at)
    }
  }

  /// The user whom `email` and `password` prove, doing the same work for an unknown address.
  ///
  /// - Throws: `.unauthenticated`, not saying which of the two was wrong.
  public func authenticate(
    email: String, password: String
  ) async throws(ScreeningError) -> UserRecord {
    try await offPool { [self] () throws(ScreeningError) in
      try catchUp()
      let row = try findUser(email: email)
      let hash = try row.flatMap { (row) throws(ScreeningError) in
        PasswordHash(encoded: try openText(row.password, .password))
      }
      let matches = try PasswordHash.matches(password, hash)
      guard matches, let row, !row.disabled else {
        throw ScreeningError(.unauthenticated, "Bad email or password.")
      }
      return try record(of: row)
    }
  }

  /// The position of the last event that changed the user: role, password, disabling, a session's end.
  public func lastChange(of user: UserNumber) throws(ScreeningError) -> Position {
    try recorded { () throws(EventLogError) in try log.lastPosition(ofStream: user.stream) }
  }

  /// The user of this number, or `nil`, as of where the log was `seen` to end, or ends now.
  public func user(
    _ number: UserNumber, seen: Position? = nil
  ) throws(ScreeningError) -> UserRecord? {
    try catchUp(through: seen)
    return try row(of: number).map { (row) throws(ScreeningError) in try record(of: row) }
  }

  /// The user of this address, or `nil`.
  public func user(email: String) throws(ScreeningError) -> UserRecord? {
    try catchUp()
    return try findUser(email: email).map { (row) throws(ScreeningError) in try record(of: row) }
  }

  /// All users by number, as they stood at a moment; whose key is damaged, or what is sealed under it, without address
  /// and name.
  public func users(asOf: AsOf = .now) throws(ScreeningError) -> [ListedUser] {
    try userRows(asOf: try resolve(asOf)).map { (row) throws(ScreeningError) in
      do throws(ScreeningError) { return ListedUser(try record(of: row)) } catch {
        guard error.kind == .damaged else { throw error }
        return ListedUser(row, error)
      }
    }
  }

  /// Makes a token count no longer.
  public func revokeSession(
    _ session: String, expires: Int, of user: UserNumber, by origin: Origin
  ) async throws(ScreeningError) {
    guard isSlug(session) else {
      throw .invalid("The session's identifier is not a UUID; log in again and use the new token.")
    }
    _ = try await append { [self] (at) throws(ScreeningError) in
      try change(SessionRevoked(user: user, session: session, expires: expires), by: origin, at: at)
    }
  }

  /// Whether a token was revoked by where the log was `seen` to end, or ends now.
  public func isRevoked(
    _ session: String, seen: Position? = nil
  ) throws(ScreeningError) -> Bool {
    try catchUp(through: seen)
    return try recorded { () throws(ViewError) in
      try views.value(at: Array(session.utf8), in: RecordsProjection.revoked) != nil
    }
  }
}
