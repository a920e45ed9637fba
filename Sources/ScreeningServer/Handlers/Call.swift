import EventStore
import HTTPTypes
import Hummingbird
import Screening

/// One request on its way to an answer.
struct Call: Sendable {
  let desk: Desk
  let endpoint: Endpoint
  var request: Request
  let exchange: Exchange
  /// Who asks; `nil` at endpoints that are open to everyone.
  let session: Session?
  /// The position that is now for a query: the office's present when the request had come in.
  let head: Position

  /// Answers the route.
  ///
  /// Whether the session may use it was checked by the table of endpoints.
  func answer(_ route: Route) async throws -> Answer {
    switch route {
    case .registerUser: try await registerUser()
    case .logIn: try await logIn()
    case .listUsers(let moment): try await listUsers(moment)
    case .refresh: try await refresh()
    case .logOut: try await logOut()
    case .registerApplicant: try await registerApplicant()
    case .eraseApplicant(let number, let reason):
      try await eraseApplicant(number, reason: reason)
    case .applicantPage(let limit, let page, let moment):
      try await applicantPage(limit: limit, page: page, moment)
    case .healthy: .text("healthy")
    case .applicants(let list), .queue(let list): try await applicants(list)
    case .exportApplicants(let list): try await exportApplicants(list)
    case .applicant(let number, let moment): try await applicant(number, moment)
    case .history(let number, let moment): try await history(number, moment)
    case .why(let number, let screening, let moment): try await why(number, screening, moment)
    case .excludedWords(let number, let screening, let moment):
      try await excludedWords(of: number, screening, moment)
    case .document(let number, let index, let moment):
      try await document(index, of: number, moment)
    case .receipt(let number, let moment): try await receipt(of: number, moment)
    case .dossier(let number, let note, let opened, let form, let language, let moment):
      try await dossier(of: number, under: note, opened: opened, form: form, in: language, moment)
    case .documents(let number, let moment): try await documents(of: number, moment)
    case .labels(let number, let moment): try await labels(of: number, moment)
    case .screenings(let number, let moment): try await screenings(of: number, moment)
    case .openings(let moment): try await openings(moment)
    case .audits(let moment): try await audits(moment)
    case .vocabulary(let list): try await vocabulary(list)
    case .models(let moment): try await models(moment)
    case .model(let number, let moment): try await model(number, moment)
    case .modelCard(let number, let form, let language, let moment):
      try await card(of: number, form: form, in: language, moment)
    case .modelReliability(let number, let form, let moment):
      try await reliability(of: number, form: form, moment)
    case .modelDrift(let number, let moment): try await drift(of: number, moment)
    case .modelManifest(let number, let moment): try await manifest(of: number, moment)
    case .modelFile(let number, let format, let moment):
      try await file(of: number, format: format, moment)
    case .policy(let moment): try await policy(moment)
    case .policies(let moment): try await policies(moment)
    case .lexicon(let moment): try await lexicon(moment)
    case .lexicons(let moment): try await lexicons(moment)
    case .events(let first, let last): try await events(from: first, through: last)
    case .tail(let position, let form): try await tail(after: position, form: form)
    case .event(let position): try await event(at: position)
    case .proof(let position): try await proof(of: position)
    case .checkpoint(let moment): try await checkpoint(moment)
    case .consistency(let first, let second): try await consistency(from: first, to: second)
    case .tile(let level, let address): try await tile(address, level: level)
    case .entryBundle(let address): try await entryBundle(address)
    case .labelApplicant(let number): try await label(number)
    case .setState(let number): try await setState(number)
    case .correctApplicant(let number): try await correct(number)
    case .discloseApplicant(let number, let form, let language):
      try await disclose(number, form: form, in: language)
    case .placeHold(let number): try await placeHold(on: number)
    case .liftHold(let number): try await liftHold(on: number)
    case .declareGroups(let number): try await declare(number)
    case .auditReading: try await auditReading()
    case .auditGroups: try await auditGroups()
    case .retain: try await retain()
    case .openApplicant(let number): try await open(number)
    case .screenApplicant(let number): try await screen(number)
    case .trainModel: try await train()
    case .trainLike: try await trainLike()
    case .promoteModel(let number): try await promote(number)
    case .adoptPolicy: try await adoptPolicy()
    case .adoptLexicon: try await adoptLexicon()
    case .replay: try await replay()
    case .replayGrid: try await replayGrid()
    case .verify: try await verify()
    case .live: .text("live\n")
    case .ready: try await ready()
    case .metrics: try await metrics()
    case .openAPI: try .json(OpenAPI.document)
    case .docs: docs()
    case .docsAsset(let name): try await docsAsset(name)
    case .problem(let code): describe(code)
    }
  }

  /// The request's body, as long as the endpoint allows.
  var body: BodyReader {
    BodyReader(
      limit: min(endpoint.longestBody, desk.configuration.maximumBodySize),
      members: endpoint.bodyMembers, invitation: exchange.invitation)
  }

  /// The session of an endpoint that asks for one.
  func requireSession() throws(Problem) -> Session {
    guard let session else { throw Problem(TokenFault.missingHeader) }
    return session
  }
}
