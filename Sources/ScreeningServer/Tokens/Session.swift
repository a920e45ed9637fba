import EventStore
import Screening
import Synchronization

/// Who makes a request, as an accepted token proves.
struct Session: Sendable {
  let user: UserRecord
  let token: Token

  /// The session's user as the origin of commands.
  var origin: Origin { Origin(actor: .user(user.number), channel: .http) }
}

/// Turns `Authorization` fields into sessions.
///
/// Each request asks anew whether the token was revoked, the user disabled or the password changed, in
/// this process or another: each of these is an event of the user's stream, whose end the log tells at once.
/// Remembered is what cannot change, and what counted when the stream ended as it still does.
final class Sessions: Sendable {
  private struct Memory {
    var tokens: [String: Token] = [:]
    /// Sessions that counted when the log ended at a position.
    var sessions: [String: (session: Session, head: Position)] = [:]
    var users: [String: UserNumber] = [:]
    var passwordTimes: [Position: Int] = [:]
  }

  /// How many entries each part of the memory holds before it starts anew.
  private static let capacity = 4096

  private let office: Office
  private let checker: TokenChecker
  private let memory = Mutex(Memory())

  init(office: Office, checker: TokenChecker) {
    self.office = office
    self.checker = checker
  }

  /// The session of `field`, if it was found to count and nothing has happened to its user since.
  ///
  /// - Complexity: O(log streams).
  func known(_ field: String?, as kind: TokenKind) throws -> Session? {
    guard let field, let known = memory.withLock({ $0.sessions[field] }),
      known.session.token.kind == kind, let expires = known.session.token.expires,
      expires >= checker.sources.now(),
      try office.lastChange(of: known.session.user.number) <= known.head
    else { return nil }
    return known.session
  }

  /// The session that `field` proves.
  ///
  /// Blocks on the store.
  ///
  /// - Throws: `Problem` with the fault of the token, or of the store.
  func session(_ field: String?, as kind: TokenKind) throws -> Session {
    if let session = try known(field, as: kind) { return session }
    do {
      let head = try office.log.head
      let token = try token(field, as: kind)
      guard try !office.isRevoked(token.identifier, seen: head) else { throw TokenFault.revoked }
      guard let user = try user(token.identity, seen: head), !user.disabled else {
        throw TokenFault.userGone
      }
      if let changed = try passwordTime(user.passwordSet), token.issued < changed {
        throw TokenFault.revoked
      }
      let session = Session(user: user, token: token)
      if let field {
        memory.withLock { remember((session, head), under: field, in: &$0.sessions) }
      }
      return session
    } catch let fault as TokenFault {
      throw Problem(fault)
    }
  }

  private func token(_ field: String?, as kind: TokenKind) throws(TokenFault) -> Token {
    if let field, let known = memory.withLock({ $0.tokens[field] }), known.kind == kind,
      let expires = known.expires, expires >= checker.sources.now()
    {
      return known
    }
    let token = try checker.token(in: field, as: kind)
    if let field {
      memory.withLock { remember(token, under: field, in: &$0.tokens) }
    }
    return token
  }

  private func user(_ identity: String, seen head: Position) throws -> UserRecord? {
    if let number = memory.withLock({ $0.users[identity] }),
      let user = try office.user(number, seen: head), user.email == identity
    {
      return user
    }
    guard let user = try office.user(email: identity) else { return nil }
    memory.withLock { remember(user.number, under: identity, in: &$0.users) }
    return user
  }

  /// The second at which the password was set.
  private func passwordTime(_ position: Position) throws -> Int? {
    if let known = memory.withLock({ $0.passwordTimes[position] }) { return known }
    guard let event = try office.log.event(at: position) else { return nil }
    let seconds = Int(event.clock.milliseconds / 1000)
    memory.withLock { remember(seconds, under: position, in: &$0.passwordTimes) }
    return seconds
  }

  private func remember<Key: Hashable, Value>(
    _ value: Value, under key: Key, in part: inout [Key: Value]
  ) {
    if part.count >= Self.capacity { part = [:] }
    part[key] = value
  }
}
