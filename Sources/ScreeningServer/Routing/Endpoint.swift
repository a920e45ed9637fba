import HTTPTypes

/// Everything that can be asked for: the one table behind routing, roles, OpenAPI and the tests.
///
/// Each property of an endpoint is a `switch` without a default, so that an endpoint without a
/// template, roles, parameters or an OpenAPI entry does not compile.
enum Endpoint: String, CaseIterable, Sendable {
  // The first API, kept for its clients.
  case registerUser, logIn, listUsers, refresh, logOut
  case registerApplicant, eraseApplicant, applicantPage, healthy
  // The query API.
  case applicants, exportApplicants, applicant, history, why, document, receipt, dossier
  case excludedWords, documents, labels, screenings, openings, queue, audits
  case vocabulary, models, model, modelCard, modelReliability, modelDrift, modelFile
  case modelManifest
  case policy, policies, lexicon, lexicons
  case events, tail, event, proof, checkpoint, consistency, tile, entryBundle
  // Commands of the query API.
  case labelApplicant, setState, openApplicant, screenApplicant
  case correctApplicant, discloseApplicant, placeHold, liftHold, declareGroups
  case auditReading, auditGroups, retain
  case trainModel, trainLike, promoteModel, adoptPolicy, adoptLexicon, replay, replayGrid, verify
  // What runs the server.
  case live, ready, metrics, openAPI, docs, docsAsset, problem

  /// The method; `HEAD` is answered wherever `GET` is.
  var method: HTTPRequest.Method {
    switch self {
    case .listUsers, .applicantPage, .healthy, .applicants, .exportApplicants, .applicant,
      .history, .why, .document, .receipt, .dossier, .tile, .entryBundle, .vocabulary, .models,
      .model, .policy, .lexicon, .documents, .labels, .screenings, .openings, .queue, .audits,
      .modelCard, .modelReliability, .modelDrift, .modelFile, .modelManifest, .policies, .lexicons,
      .excludedWords, .events, .tail, .event, .proof, .checkpoint, .consistency, .live, .ready,
      .metrics, .openAPI,
      .docs, .docsAsset, .problem:
      .get
    case .registerUser, .logIn, .refresh, .logOut, .registerApplicant, .labelApplicant,
      .openApplicant, .screenApplicant, .trainModel, .trainLike, .promoteModel, .replay,
      .replayGrid, .verify, .correctApplicant, .discloseApplicant, .auditReading, .auditGroups,
      .retain:
      .post
    case .setState, .adoptPolicy, .adoptLexicon, .placeHold, .declareGroups: .put
    case .eraseApplicant, .liftHold: .delete
    }
  }

  /// The path as OpenAPI writes it.
  var template: String {
    switch self {
    case .registerUser: "/user"
    case .logIn: "/user/login"
    case .listUsers: "/user/list"
    case .refresh: "/user/refresh"
    case .logOut: "/user/logout"
    case .registerApplicant: "/applicant"
    case .eraseApplicant: "/applicant/{id}"
    case .applicantPage: "/applicant/{limit}/{page}"
    case .healthy: "/healthy"
    case .applicants: "/applicants"
    case .exportApplicants: "/applicants/export"
    case .applicant: "/applicants/{id}"
    case .history: "/applicants/{id}/history"
    case .why: "/applicants/{id}/why"
    case .excludedWords: "/applicants/{id}/excluded"
    case .document: "/applicants/{id}/documents/{n}"
    case .receipt: "/applicants/{id}/receipt"
    case .dossier: "/applicants/{id}/dossier"
    case .vocabulary: "/vocabulary"
    case .models: "/models"
    case .model: "/models/{n}"
    case .modelCard: "/models/{n}/card"
    case .modelReliability: "/models/{n}/reliability"
    case .modelDrift: "/models/{n}/drift"
    case .modelFile: "/models/{n}/file"
    case .modelManifest: "/models/{n}/manifest"
    case .policy: "/policy"
    case .policies: "/policies"
    case .lexicon: "/lexicon"
    case .lexicons: "/lexicons"
    case .events: "/events"
    case .tail: "/events/tail"
    case .event: "/events/{position}"
    case .proof: "/events/{position}/proof"
    case .checkpoint: "/checkpoint"
    case .consistency: "/checkpoint/consistency"
    case .tile: "/tile/{level}/{index}"
    case .entryBundle: "/tile/entries/{index}"
    case .labels, .labelApplicant: "/applicants/{id}/labels"
    case .screenings: "/applicants/{id}/screenings"
    case .documents: "/applicants/{id}/documents"
    case .openings: "/openings"
    case .queue: "/queues/{queue}"
    case .audits: "/audits"
    case .setState: "/applicants/{id}/state"
    case .openApplicant: "/applicants/{id}/opened"
    case .screenApplicant: "/applicants/{id}/screening"
    case .correctApplicant: "/applicants/{id}/corrections"
    case .discloseApplicant: "/applicants/{id}/disclosures"
    case .placeHold, .liftHold: "/applicants/{id}/hold"
    case .declareGroups: "/applicants/{id}/attributes"
    case .auditReading: "/audits/reading"
    case .auditGroups: "/audits/groups"
    case .retain: "/retention"
    case .trainModel: "/models"
    case .trainLike: "/models/like"
    case .promoteModel: "/models/{n}/promotion"
    case .adoptPolicy: "/policy"
    case .adoptLexicon: "/lexicon"
    case .replay: "/replay"
    case .replayGrid: "/replay/grid"
    case .verify: "/verification"
    case .live: "/livez"
    case .ready: "/readyz"
    case .metrics: "/metrics"
    case .openAPI: "/openapi.json"
    case .docs: "/docs"
    case .docsAsset: "/docs/{file}"
    case .problem: "/problems/{code}"
    }
  }

  /// How errors are worded.
  var dialect: Dialect {
    switch self {
    case .registerUser, .logIn, .listUsers, .refresh, .logOut, .registerApplicant, .eraseApplicant,
      .applicantPage, .healthy:
      .seed
    case .applicants, .exportApplicants, .applicant, .history, .why, .document, .receipt,
      .dossier, .tile, .entryBundle,
      .vocabulary, .models, .model, .policy, .lexicon, .events, .tail, .event, .proof, .checkpoint,
      .consistency, .labelApplicant, .setState, .openApplicant, .screenApplicant, .trainModel,
      .trainLike,
      .correctApplicant, .discloseApplicant, .placeHold, .liftHold, .declareGroups, .auditReading,
      .auditGroups, .retain, .documents, .labels, .screenings, .openings, .queue, .audits,
      .modelCard, .modelReliability, .modelDrift, .modelFile, .modelManifest, .policies, .lexicons,
      .excludedWords, .promoteModel, .adoptPolicy, .adoptLexicon, .replay, .replayGrid, .verify,
      .live, .ready,
      .metrics, .openAPI, .docs, .docsAsset, .problem:
      .problem
    }
  }
}

extension Endpoint {
  /// How many bytes a request's body may have at most, whatever the configuration says.
  ///
  /// Only applications bring documents, and only after a token was accepted.
  var longestBody: Int {
    switch self {
    case .registerApplicant: .max
    case .labelApplicant, .setState, .trainModel, .trainLike, .adoptPolicy, .adoptLexicon, .replay,
      .replayGrid, .verify, .correctApplicant, .placeHold, .declareGroups, .auditReading,
      .auditGroups, .retain:
      1 << 20
    case .registerUser, .logIn, .refresh, .logOut: 64 << 10
    case .eraseApplicant, .applicantPage, .healthy, .listUsers, .applicants, .exportApplicants,
      .applicant, .history, .why, .document, .receipt, .dossier, .tile, .entryBundle,
      .vocabulary, .models, .model, .policy, .documents, .labels, .screenings, .openings, .queue,
      .audits, .modelCard, .modelReliability, .modelDrift, .modelFile, .modelManifest, .policies,
      .lexicons, .excludedWords,
      .lexicon, .events, .tail, .event, .proof, .checkpoint, .consistency, .openApplicant,
      .discloseApplicant, .liftHold,
      .screenApplicant, .promoteModel, .live, .ready, .metrics, .openAPI, .docs, .docsAsset,
      .problem:
      0
    }
  }

  /// Whether the answer follows from the log alone, and may be given again while the log stands still.
  ///
  /// A look at one person is an event each time.
  var isRepeatable: Bool {
    switch self {
    case .listUsers, .applicantPage, .applicants, .queue, .openings, .audits, .vocabulary, .models,
      .model, .modelReliability, .modelManifest, .policy, .policies, .lexicon, .lexicons:
      true
    case .registerUser, .logIn, .refresh, .logOut, .registerApplicant, .eraseApplicant, .healthy,
      .applicant, .history, .why, .document, .receipt, .dossier, .tile, .entryBundle,
      .exportApplicants, .events, .tail, .event,
      .proof, .checkpoint, .consistency, .labelApplicant, .setState, .openApplicant,
      .correctApplicant, .discloseApplicant, .placeHold, .liftHold, .declareGroups, .auditReading,
      .auditGroups, .retain, .documents, .labels, .screenings, .modelCard, .modelDrift, .modelFile,
      .excludedWords, .screenApplicant, .trainModel, .trainLike, .promoteModel, .adoptPolicy,
      .adoptLexicon, .verify,
      .replay,
      .replayGrid, .live, .ready, .metrics, .openAPI, .docs, .docsAsset, .problem:
      false
    }
  }
}

/// How an error is worded.
enum Dialect: Sendable {
  /// `{"message": …}` and `{"msg": …}`, as the first API's clients expect.
  case seed
  /// Problem details, RFC 9457.
  case problem
}
