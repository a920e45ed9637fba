import EventStore
import HTTPTypes
import Hummingbird
import Logging
import Screening

/// Answers every request: finds the route, proves who asks, checks what is asked, asks the office.
struct Responder: HTTPResponder {
  let desk: Desk

  func respond(to request: Request, context: Exchange) async throws -> Response {
    let started = ContinuousClock.now
    let routing = Routing(request.method, request.uri.path)
    desk.metrics.begin()
    var answer = await answer(to: request, routing, context)
    desk.metrics.end(routing.endpoint, answer.status.code, after: ContinuousClock.now - started)
    answer.negotiate(with: request)
    if context.invitation.isOutstanding(request) { answer.closes = true }
    answer.secure(
      for: request, allowing: desk.configuration.allowedOrigins,
      overTLS: desk.configuration.tls != nil)
    context.logger.debug(
      "answered",
      metadata: [
        "endpoint": "\(routing.endpoint?.rawValue ?? "none")", "status": "\(answer.status.code)",
      ])
    return answer.response(withBody: request.method != .head)
  }

  private func answer(
    to request: Request, _ routing: Routing, _ context: Exchange
  ) async -> Answer {
    switch routing {
    case .options(let allow): Answer(.noContent, headers: [.allow: allow])
    case .methodNotAllowed(let allow, let dialect):
      Problem.methodNotAllowed(allow: allow).answer(in: dialect)
    case .notFound(let dialect): Problem.noSuchPath.answer(in: dialect)
    case .found(let endpoint, let captures):
      await answer(to: request, endpoint, captures, context)
    }
  }

  private func answer(
    to request: Request, _ endpoint: Endpoint, _ captures: [String], _ context: Exchange
  ) async -> Answer {
    // What the answer was computed from; told only to those who may know.
    var seen: Position?
    do {
      try admit(request, context)
      let head = try desk.office.present
      let session = try await authorize(request, endpoint, context)
      if session != nil { seen = head }
      let key = cacheKey(request, endpoint, session)
      if let key, let answer = await desk.answers.answer(key, at: head) { return answer }
      var settled: Answer?
      defer { if let key { desk.answers.settle(settled, for: key, at: head) } }
      let arguments = try Arguments(endpoint, captures: captures, query: request.uri.query)
      let call = Call(
        desk: desk, endpoint: endpoint, request: request, exchange: context, session: session,
        head: try await awaitPosition(arguments) ?? head)
      try call.requireReached()
      let route = Route(endpoint, arguments)
      var answer =
        endpoint.takesLong
        ? try await call.answerWhileConnected(route) : try await call.answer(route)
      answer.choose(arguments, in: endpoint)
      if session != nil, endpoint.method != .get { seen = try desk.office.present }
      answer.mark(seen)
      // What tells its progress is not recorded yet.
      if endpoint.isCommand, answer.status.kind == .successful, !answer.isStream {
        let log = desk.office.log
        answer.vouch(try await desk.blocking { try log.checkpoint() })
      }
      if endpoint.method == .get, answer.status == .ok, case .bytes(let bytes) = answer.body {
        answer.tag = EntityTag(of: bytes, namesMoment: endpoint.namesMoment)
      }
      if key != nil { settled = answer }
      return answer
    } catch {
      var answer = context.problem(of: error).answer(in: endpoint.dialect)
      answer.mark(seen)
      return answer
    }
  }

  private func cacheKey(
    _ request: Request, _ endpoint: Endpoint, _ session: Session?
  ) -> AnswerCache.Key? {
    guard endpoint.isRepeatable, let session else { return nil }
    return AnswerCache.Key(
      target: request.uri.string, user: session.user.number,
      hour: desk.configuration.sources.now() / 3600)
  }
}

extension Responder {
  /// Keeps out clients from other networks than those allowed.
  private func admit(_ request: Request, _ context: Exchange) throws(Problem) {
    let networks = desk.configuration.allowedNetworks
    guard !networks.isEmpty else { return }
    let client = context.client(of: request, desk.configuration)
    guard networks.contains(where: { $0.contains(client) }) else {
      throw Problem(.forbidden, "This server does not answer the network that you are in.")
    }
  }

  /// The session that the endpoint asks for.
  private func authorize(
    _ request: Request, _ endpoint: Endpoint, _ context: Exchange
  ) async throws -> Session? {
    switch endpoint.access {
    case .everyone: return nil
    case .refreshToken: return try await session(request, as: .refresh)
    case .roles(let roles): return try await session(request, among: roles)
    case .thisMachineOr(let roles):
      let isForwarded =
        request.headers.contains(.forwarded) || request.headers.contains(.forwardedFor)
      if !isForwarded, context.peer == "127.0.0.1" || context.peer == "::1" { return nil }
      return try await session(request, among: roles)
    }
  }

  private func session(
    _ request: Request, among roles: Set<Role>
  ) async throws -> Session {
    let session = try await session(request, as: .access)
    guard roles.contains(session.user.role) else {
      let names = roles.map(\.rawValue).sorted().joined(separator: " or ")
      throw Problem(.forbidden, "This is for the role \(names); yours is another.")
    }
    return session
  }

  private func session(_ request: Request, as kind: TokenKind) async throws -> Session {
    let field = request.headers[.authorization]
    let sessions = desk.sessions
    if let session = try sessions.known(field, as: kind) { return session }
    return try await desk.blocking { try sessions.session(field, as: kind) }
  }

  /// Waits a little for the position that the client has seen elsewhere; returns where the log ends then.
  private func awaitPosition(_ arguments: Arguments) async throws -> Position? {
    guard let wanted = arguments.position("minPosition") else { return nil }
    let office = desk.office
    let seen = try await desk.blocking { try office.log.head }
    if seen >= wanted { return seen }
    let before = Position(rawValue: wanted.rawValue - 1)
    let head = try await office.log.waitForEvents(after: before, timeout: .seconds(2))
    guard head >= wanted else { throw Problem.positionAhead(wanted, head: head) }
    return head
  }
}

extension Routing {
  /// The endpoint, if one was found.
  var endpoint: Endpoint? {
    guard case .found(let endpoint, _) = self else { return nil }
    return endpoint
  }
}
