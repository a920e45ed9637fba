import HTTPTypes

/// What OpenAPI says of an endpoint beside its path, parameters and roles.
struct Description: Sendable {
  /// What a request's body holds.
  enum Body: Sendable {
    case none
    /// A form in any of the three media types, with the schema of this name.
    case form(String, required: Bool)
    /// JSON of the schema of this name.
    case json(String)
  }

  /// What a successful answer holds.
  enum Content: Sendable {
    case json(String)
    case text(String)
    /// JSON of the schema of this name, or on wish text of this media type.
    case either(String, String)
    /// JSON of the schema of this name, or on wish lines of progress that end with it, or text of this media type.
    case reported(String, or: String? = nil)
    /// Events, under this media type and the schema of this name.
    case lines(String, String)
    /// Bytes of one of these media types.
    case file([String])
  }

  let tag: String
  let summary: String
  let body: Body
  let success: HTTPResponse.Status
  let content: Content
  /// Problems beyond those that the endpoint's parameters, body and access bring along.
  let problems: [Problem.Code]

  init(
    _ tag: String, _ summary: String, body: Body = .none, success: HTTPResponse.Status = .ok,
    _ content: Content, problems: [Problem.Code] = []
  ) {
    self.tag = tag
    self.summary = summary
    self.body = body
    self.success = success
    self.content = content
    self.problems = problems
  }
}

extension Endpoint {
  /// The members that a JSON body may have; `nil` passes over others, as the first API did.
  var bodyMembers: KnownMembers? {
    guard case .json(let schema) = description.body else { return nil }
    return Schemas.members(of: schema)
  }

  /// What OpenAPI says of the endpoint.
  var description: Description {
    switch self {
    case .registerUser, .logIn, .listUsers, .refresh, .logOut: userDescription
    case .registerApplicant, .eraseApplicant, .applicantPage, .applicants, .exportApplicants,
      .applicant, .history, .receipt, .documents, .labels, .screenings, .openings, .queue,
      .why, .excludedWords, .document, .labelApplicant, .setState, .openApplicant, .screenApplicant:
      applicantDescription
    case .correctApplicant, .discloseApplicant, .dossier, .placeHold, .liftHold, .declareGroups,
      .auditReading, .auditGroups, .audits, .retain:
      rightsDescription
    case .vocabulary, .models, .model, .policy, .lexicon, .trainModel, .trainLike, .promoteModel,
      .adoptPolicy,
      .adoptLexicon, .replay, .replayGrid:
      modelDescription
    case .modelCard, .modelReliability, .modelDrift, .modelFile, .modelManifest, .policies,
      .lexicons:
      cardDescription
    case .events, .tail, .event, .proof, .checkpoint, .consistency, .tile, .entryBundle, .verify:
      logDescription
    case .healthy, .live, .ready, .metrics, .openAPI, .docs, .docsAsset, .problem:
      operationDescription
    }
  }

  private var userDescription: Description {
    switch self {
    case .registerUser:
      Description(
        "users", "Register a user", body: .form("NewUser", required: true), .json("Message"),
        problems: [.conflict])
    case .logIn:
      Description(
        "users", "Log in", body: .form("Credentials", required: true), .json("Login"),
        problems: [.unauthenticated, .tooManyRequests])
    case .listUsers: Description("users", "List the users", .json("UserList"))
    case .refresh:
      Description("users", "Get another access token by a refresh token", .json("AccessToken"))
    default:
      Description(
        "users",
        "Log out: revoke the access token presented, and the refresh token if one is sent along",
        body: .form("Logout", required: false), .json("Message"), problems: [.token])
    }
  }

  private var applicantDescription: Description {
    switch self {
    case .registerApplicant:
      Description(
        "applicants", "Register an application with its documents, and screen it",
        body: .form("NewApplicant", required: true), .json("Registration"),
        problems: [.conflict, .erased])
    case .eraseApplicant:
      Description(
        "applicants", "Erase an applicant", .json("Erasure"),
        problems: [.notFound, .erased, .conflict])
    case .applicantPage:
      Description("applicants", "A page of applicants, newest first", .json("ApplicantPage"))
    case .applicants:
      Description(
        "applicants", "Applicants, filtered, newest first, in pages that share one moment",
        .json("ApplicantList"), problems: [.conflict])
    case .applicant:
      Description(
        "applicants", "One applicant; the look is recorded", .json("Applicant"),
        problems: [.notFound, .erased])
    case .history:
      Description(
        "applicants", "What happened to an applicant, oldest first", .json("History"),
        problems: [.notFound])
    case .why:
      Description(
        "applicants",
        "Why a screening said what it said: bias and words, adding up to the score bit for bit",
        .json("Why"), problems: [.notFound, .erased])
    case .excludedWords:
      Description(
        "applicants",
        "What the lexicon kept from a screening, and what it would have done there in a shadow model",
        .json("ExcludedWords"), problems: [.notFound, .erased])
    case .document:
      Description(
        "applicants", "A document as it was sent",
        .file(["application/pdf", "text/plain"]), problems: [.notFound, .erased])
    case .documents:
      Description(
        "applicants", "An applicant's documents as they were read; the look is recorded",
        .json("DocumentList"), problems: [.notFound, .erased])
    case .labels:
      Description(
        "applicants", "Every label that people gave, oldest first; the look is recorded",
        .json("LabelList"), problems: [.notFound])
    case .screenings:
      Description(
        "applicants", "Every screening, oldest first; the look is recorded",
        .json("ScreeningList"), problems: [.notFound])
    case .openings:
      Description(
        "applicants", "The openings: who is decided, who waits, which model is asked",
        .json("OpeningList"))
    case .queue:
      Description(
        "applicants",
        "Who waits for a person, the first to arrive first; no score ends the waiting",
        .json("ApplicantList"), problems: [.conflict])
    case .exportApplicants:
      Description(
        "applicants", "All of a filtered list, one applicant a line, and a trailer line",
        .lines("application/x-ndjson", "ApplicantSummary"), problems: [.conflict])
    case .receipt:
      Description(
        "applicants", "A registration with its proof, to be handed to the applicant",
        .text("text/plain"), problems: [.notFound])
    case .setState:
      Description(
        "applicants", "Record that an application was withdrawn, is a duplicate, or is active",
        body: .json("NewState"), .json("ApplicantCommand"), problems: [.notFound, .erased])
    case .openApplicant:
      Description(
        "applicants", "Record that a person opened the application to read it", success: .created,
        .json("ApplicantCommand"), problems: [.notFound, .erased])
    case .screenApplicant:
      Description(
        "applicants", "Ask the model in force about an applicant; asking again changes nothing",
        .json("Screening"), problems: [.notFound, .erased])
    default:
      Description(
        "applicants", "Record what a person decided", body: .json("NewLabel"), success: .created,
        .json("ApplicantCommand"), problems: [.notFound, .erased, .conflict])
    }
  }

  private var modelDescription: Description {
    switch self {
    case .vocabulary:
      Description(
        "models", "Nouns that at least three applicants share, the most frequent first",
        .json("Vocabulary"), problems: [.conflict])
    case .models: Description("models", "The models trained so far", .json("ModelList"))
    case .model:
      Description(
        "models", "One model with its weights", .json("Model"), problems: [.notFound])
    case .policy: Description("models", "The policy in force", .json("Policy"))
    case .lexicon:
      Description("models", "What must not decide about anybody", .json("Lexicon"))
    case .adoptLexicon:
      Description(
        "models", "Put another lexicon in force", body: .json("NewLexicon"), .json("Command"))
    case .trainModel:
      Description(
        "models", "Train on the labels as they stand, for one opening or for all",
        body: .json("NewModel"), success: .created, .reported("ModelList"),
        problems: [.notFound, .conflict])
    case .trainLike:
      Description(
        "models", "Make the what-if of a replay a model, if it still gives the same bits",
        body: .json("NewModelLike"), success: .created, .reported("ModelList"),
        problems: [.notFound, .conflict])
    case .promoteModel:
      Description(
        "models", "Put a model in force", success: .created, .json("Command"),
        problems: [.notFound])
    case .adoptPolicy:
      Description(
        "models", "Put another threshold, display of scores or retention of an opening in force",
        body: .json("NewPolicy"), .json("Command"))
    case .replayGrid:
      Description(
        "models",
        "Every combination of several C and representations as what-ifs, which share what is opened; records "
          + "nothing",
        body: .json("NewReplayGrid"), .reported("ReplayList"), problems: [.notFound, .conflict])
    default:
      Description(
        "models",
        "A what-if model over history, and who would be placed otherwise; records nothing",
        body: .json("NewReplay"), .reported("Replay"), problems: [.notFound, .conflict])
    }
  }

  private var logDescription: Description {
    switch self {
    case .events:
      Description(
        "log", "The log's stored bytes, one event a line, and a trailer line",
        .lines("application/x-ndjson", "Event"))
    case .tail:
      Description(
        "log", "Events as they are appended, as server-sent events",
        .lines("text/event-stream", "Event"), problems: [.positionAhead])
    case .verify:
      Description(
        "log", "Check the whole store, and on wish every model and screening",
        body: .json("NewVerification"), .reported("Verification"))
    case .event:
      Description(
        "log", "One event's stored bytes", .json("Event"), problems: [.notFound])
    case .proof:
      Description(
        "log", "A C2SP tlog-proof that an event lies under the newest checkpoint",
        .text("text/plain"), problems: [.notFound])
    case .consistency:
      Description(
        "log", "An RFC 9162 proof that the tree has only grown", .json("Consistency"),
        problems: [.positionAhead, .conflict])
    case .tile:
      Description(
        "log", "Hashes of the tree, 256 a tile (C2SP tlog-tiles)",
        .file(["application/octet-stream"]), problems: [.notFound])
    case .entryBundle:
      Description(
        "log", "The events below a tile of hashes, each after its length in two bytes",
        .file(["application/octet-stream"]),
        problems: [.notFound])
    default:
      Description(
        "log", "The newest signed checkpoint, or the one of a moment", .text("text/plain"),
        problems: [.notFound])
    }
  }

  private var operationDescription: Description {
    switch self {
    case .healthy: Description("operation", "Whether the server answers", .text("text/plain"))
    case .live: Description("operation", "Whether the process lives", .text("text/plain"))
    case .ready:
      Description(
        "operation", "Whether the views have caught up", .text("text/plain"),
        problems: [.unavailable])
    case .metrics: Description("operation", "Counts for Prometheus", .text("text/plain"))
    case .openAPI: Description("operation", "This document", .json("OpenAPI"))
    case .docsAsset:
      Description(
        "operation", "A file that the page of routes loads", .text("text/javascript"))
    case .problem: Description("operation", "A kind of problem explained", .text("text/plain"))
    default: Description("operation", "The routes as a page to read", .text("text/html"))
    }
  }
}
