import EventStore
import HTTPTypes
import Hummingbird
import Screening

extension Call {
  /// Answers with what long work gives, and to a client that prefers lines with how far it has come.
  ///
  /// - Parameters:
  ///   - isAlone: whether it takes its turn with trainings and replays.
  ///   - shown: the answer without lines; JSON where absent.
  ///   - recorded: the positions of the events that a command's answer tells of; lines are 200 all the same, since they
  ///     begin before the end is known.
  func answer<Value: Encodable & Sendable>(
    isAlone: Bool = true,
    with work: @escaping @Sendable ((@Sendable (WorkProgress) -> Void)?) async throws -> Value,
    shown: ((Value) throws -> Answer)? = nil, recorded: ((Value) -> [UInt64])? = nil
  ) async throws -> Answer {
    let pass = isAlone ? try desk.heavyWork.enter() : nil
    guard wantsProgress else {
      defer { withExtendedLifetime(pass) {} }
      let start = try desk.office.log.head
      let value = try await work(nil)
      if let recorded { return try .json(value, .recorded(recorded(value), since: start)) }
      return try shown?(value) ?? .json(value)
    }
    let (request, exchange) = (request, exchange)
    let lines = ProgressLines(
      work: { progress in try JSON.encode(try await work(progress)) },
      problem: { exchange.problem(of: $0) })
    return Answer(
      headers: [.contentType: ProgressLines.mediaType],
      body: .stream { writer in
        defer { withExtendedLifetime(pass) {} }
        try await request.body.consumeWithCancellationOnInboundClose { _ in
          try await lines.write(to: &writer)
        }
      })
  }

  /// Whether the answer comes in lines that tell how far its work has come.
  private var wantsProgress: Bool {
    endpoint.tellsProgress
      && Acceptance(request.headers[.accept]).prefers(
        ProgressLines.mediaType, to: "application/json")
  }

  /// Answers the route, whose work stops when the client hangs up.
  ///
  /// Its connection serves no other request, since it is watched for its end.
  func answerWhileConnected(_ route: Route) async throws -> Answer {
    var answer =
      wantsProgress
      // These stop by themselves, after the answer has begun.
      ? try await self.answer(route)
      : try await request.body.consumeWithCancellationOnInboundClose { [self] body in
        var call = self
        call.request.body = body
        return try await call.answer(route)
      }
    answer.closes = true
    return answer
  }
}

extension Endpoint {
  /// Whether the answer takes long to work out, so that it is not for a client that has gone.
  var takesLong: Bool {
    switch self {
    case .trainModel, .trainLike, .replay, .replayGrid, .verify, .modelCard, .modelDrift,
      .excludedWords, .dossier, .auditReading, .auditGroups:
      true
    case .registerUser, .logIn, .listUsers, .refresh, .logOut, .registerApplicant, .eraseApplicant,
      .applicantPage, .healthy, .applicants, .exportApplicants, .applicant, .history, .why,
      .document, .receipt, .documents, .labels, .screenings, .openings, .queue, .audits,
      .vocabulary, .models, .model, .modelReliability, .modelFile, .modelManifest, .policy,
      .policies,
      .lexicon, .lexicons, .events, .tail, .event, .proof, .checkpoint, .consistency, .tile,
      .entryBundle,
      .labelApplicant, .setState, .openApplicant, .screenApplicant, .correctApplicant,
      .discloseApplicant, .placeHold, .liftHold, .declareGroups, .retain, .promoteModel,
      .adoptPolicy, .adoptLexicon, .live, .ready, .metrics, .openAPI, .docs, .docsAsset, .problem:
      false
    }
  }

  /// Whether the answer may come in lines that tell how far its work has come.
  var tellsProgress: Bool {
    guard case .reported = description.content else { return false }
    return true
  }
}
