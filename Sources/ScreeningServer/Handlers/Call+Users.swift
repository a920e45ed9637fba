import HTTPTypes
import Hummingbird
import Screening

extension Call {
  /// `POST /user`: an admin registers a user.
  func registerUser() async throws -> Answer {
    let form = try await body.form(of: request)
    let email = try form.require("email")
    let role = form["role"] ?? Role.reviewer.rawValue
    guard let role = Role(rawValue: role) else {
      throw Problem.invalid("The role is none of admin, reviewer, auditor.")
    }
    _ = try await desk.office.addUser(
      email: email, name: try form.require("name"), role: role,
      password: try form.require("password"), by: try origin())
    return try .message("User \(email) was created")
  }

  /// `POST /user/login`: an address and a password become two tokens.
  func logIn() async throws -> Answer {
    let form = try await body.form(of: request)
    let email = try form.require("email")
    let password = try form.require("password")
    let user = try await user(
      email, password,
      desk.loginLimits.attempt(
        at: email, from: exchange.client(of: request, desk.configuration)))
    return try .json(
      Login(
        message: "Logged in as \(user.email)",
        access: try await desk.issuer.issue(.access, for: user.email),
        refresh: try await desk.issuer.issue(.refresh, for: user.email)))
  }

  /// The user whom an attempt proves.
  private func user(
    _ email: String, _ password: String, _ attempt: LoginLimits.Attempt
  ) async throws -> UserRecord {
    let limits = desk.loginLimits
    if let wait = limits.begin(attempt) {
      desk.metrics.refuseLogin()
      throw Problem.retry(
        .tooManyRequests, "Too many attempts to log in. Wait \(wait) seconds.", after: wait)
    }
    let pass: Gate.Pass
    do throws(Problem) {
      pass = try (attempt.isFromKnownPlace ? desk.returningChecks : desk.passwordChecks).enter()
    } catch {
      limits.takeBack(attempt)
      throw error
    }
    defer { withExtendedLifetime(pass) {} }
    let user = try await desk.office.authenticate(email: email, password: password)
    limits.succeed(attempt)
    return user
  }

  private struct Login: Encodable {
    let message: String
    let access: String
    let refresh: String

    private enum CodingKeys: String, CodingKey {
      case message
      case access = "access_token"
      case refresh = "refresh_token"
    }
  }

  /// `POST /user/refresh`: a refresh token gives another access token.
  func refresh() async throws -> Answer {
    let identity = try requireSession().token.identity
    return try .json(["access_token": try await desk.issuer.issue(.access, for: identity)])
  }

  /// `GET /user/list`.
  func listUsers(_ moment: Moment) async throws -> Answer {
    let position = try await resolve(moment)
    let office = desk.office
    let users = try await desk.blocking { try office.users(asOf: .resolved(position)) }
    return try .json(["users": users.map { ["email": $0.email, "name": $0.name] }], at: position)
  }

  /// `POST /user/logout`: the access token presented counts no longer, nor does the refresh token that
  /// may be sent along.
  func logOut() async throws -> Answer {
    let session = try requireSession()
    let companion = try await companion(of: session)
    try await revoke(session.token, of: session)
    guard let companion else { return try .message("Access token has been revoked") }
    try await revoke(companion, of: session)
    return try .message("Access token and refresh token have been revoked")
  }

  /// The refresh token in the body, if there is one that still counts.
  private func companion(of session: Session) async throws -> Token? {
    guard request.headers.contains(.contentType),
      let text = try await body.form(of: request)["refresh_token"]
    else { return nil }
    do throws(TokenFault) {
      let token = try desk.checker.parse(text[...])
      guard token.kind == .refresh else { throw .refreshOnly }
      guard token.identity == session.token.identity else { throw .userGone }
      return token
    } catch .expired {
      return nil
    } catch {
      throw Problem(error)
    }
  }

  private func revoke(_ token: Token, of session: Session) async throws {
    let latest = desk.configuration.sources.now() + TokenKind.refresh.lifetime
    try await desk.office.revokeSession(
      token.identifier, expires: token.expires ?? latest, of: session.user.number,
      by: session.origin)
  }
}
