import EventStore
import HTTPTypes
import Hummingbird
import Screening

extension Call {
  /// Who the office records as asking, and the terms of a command.
  func origin() throws(Problem) -> Origin {
    var origin = try requireSession().origin
    if endpoint.isCommand { origin.terms = Terms(key: try key(), decidedAt: try decidedAt()) }
    return origin
  }

  /// What makes a second try of the same command recognisable.
  private func key() throws(Problem) -> String? {
    guard let key = request.headers[.idempotencyKey] else { return nil }
    guard (1...255).contains(key.utf8.count) else {
      throw .invalid("The Idempotency-Key has not 1 to 255 bytes. Use a UUID.")
    }
    return "http:" + key
  }

  /// The position at which the command was decided.
  private func decidedAt() throws(Problem) -> Position? {
    guard let text = request.headers[.decidedAt] else { return nil }
    do throws(ParameterFault) {
      guard case .number(let position) = try Self.decision.value(of: text) else { return nil }
      return Position(rawValue: position)
    } catch { throw .parameters([error], known: []) }
  }

  /// Refuses a command that was decided at a position which the log has not reached.
  func requireReached() throws {
    guard endpoint.isCommand, let decided = try decidedAt() else { return }
    let head = try desk.office.log.head
    guard decided <= head else { throw Problem.positionAhead(decided, head: head) }
  }

  private static let decision = Parameter(
    "Senko-Decided-At", .number(0...Parameter.largest),
    """
    The position at which the command was decided, as `Senko-Position` gave it: where what it relies on has \
    changed since, it is refused with 412.
    """)

  /// The fields that a command may bring.
  static let termsFields: [JSONTree] = [
    [
      "name": "Idempotency-Key", "in": "header", "required": false,
      "description": """
      Makes a second try of the same command recognisable, for ever: it answers as the first; another command \
      under the key is refused with 409.
      """,
      "schema": ["type": "string", "minLength": 1, "maxLength": 255],
    ],
    [
      "name": .text(decision.name), "in": "header", "required": false,
      "description": .text(decision.meaning),
      "schema": ["type": "integer", "minimum": 0, "maximum": .number(Int(Parameter.largest))],
    ],
  ]
}

extension HTTPResponse.Status {
  /// 201 where a command recorded something after `start`, 200 where all of it was recorded before, under the same key.
  static func recorded(_ positions: [UInt64], since start: Position) -> Self {
    positions.contains { $0 > start.rawValue } ? .created : .ok
  }
}

extension Endpoint {
  /// Whether it records something about people, models or rules, and so takes the terms of a command.
  ///
  /// Logging in and out says something of the one who asks alone, and answers tokens that are kept nowhere.
  var isCommand: Bool {
    switch self {
    case .registerUser, .registerApplicant, .eraseApplicant, .labelApplicant, .setState,
      .openApplicant, .screenApplicant, .correctApplicant, .discloseApplicant, .placeHold,
      .liftHold, .declareGroups, .auditReading, .auditGroups, .retain, .trainModel, .trainLike,
      .promoteModel,
      .adoptPolicy, .adoptLexicon:
      true
    case .logIn, .listUsers, .refresh, .logOut, .applicantPage, .healthy, .applicants,
      .exportApplicants, .applicant, .history, .why, .document, .receipt, .dossier, .documents,
      .labels, .screenings, .openings, .queue, .audits, .vocabulary, .models, .model, .modelCard,
      .modelReliability, .modelDrift, .modelFile, .modelManifest, .excludedWords, .policy,
      .policies, .lexicon, .lexicons, .events,
      .tail, .event, .proof, .checkpoint, .consistency, .tile, .entryBundle, .replay, .replayGrid,
      .verify, .live, .ready, .metrics, .openAPI, .docs, .docsAsset, .problem:
      false
    }
  }
}
