import Screening

extension Parameter {
  static let asOf = Parameter(
    "asOf", .moment,
    "Answer as of this position in the log, as of the last event at or before this RFC 3339 time, or at the end of a day in Japan."
  )
  static let opening = Parameter("opening", .slug, "Only applicants for this opening.")
  static func limit(_ fallback: UInt64) -> Parameter {
    Parameter("limit", .number(1...1000), "At most so many entries.", fallback: fallback)
  }
  static let cursor = Parameter(
    "cursor", .cursor, "Where the page before ended: `next` of its answer.")
  static let total = Parameter(
    "total", .choice(["true", "false"]),
    "Whether those whom the filter lets through are counted, which passes over all of them.")
  static func fields(of records: Records) -> Parameter {
    Parameter(
      "fields", .words(records.fields),
      "Only these members of each record, with commas between them; all where absent.")
  }
  static let minimumPosition = Parameter(
    "minPosition", .number(0...largest),
    "Answer only from a state that includes this position, as a command before answered it.")
}

extension Endpoint {
  /// The parameters that stand in the template, by order.
  var captures: [Parameter] {
    switch self {
    case .registerUser, .logIn, .listUsers, .refresh, .logOut, .registerApplicant, .healthy,
      .applicants, .exportApplicants, .vocabulary, .models, .policy, .lexicon, .events, .tail,
      .checkpoint, .consistency,
      .trainModel, .trainLike, .auditReading, .auditGroups, .retain, .openings, .audits, .policies,
      .lexicons,
      .adoptPolicy, .adoptLexicon, .replay, .replayGrid, .verify, .live, .ready, .metrics, .openAPI,
      .docs:
      []
    case .eraseApplicant, .applicant, .history, .why, .receipt, .dossier, .labelApplicant,
      .setState,
      .correctApplicant, .discloseApplicant, .placeHold, .liftHold, .declareGroups,
      .openApplicant, .documents, .labels, .screenings, .excludedWords,
      .screenApplicant:
      [Self.applicantNumber]
    case .queue:
      [Parameter("queue", .choice(of: Queue.self), "The queue's name.")]
    case .document:
      [
        Self.applicantNumber,
        Parameter("n", .number(1...1000), "The document's number within the application."),
      ]
    case .model, .modelCard, .modelReliability, .modelDrift, .modelFile, .modelManifest,
      .promoteModel:
      [Parameter("n", .number(1...Parameter.largest), "The model's number.")]
    case .event, .proof:
      [Parameter("position", .number(1...Parameter.largest), "The event's position in the log.")]
    case .tile:
      [
        Parameter(
          "level", .number(0...7), "0 for the hashes of events; each level spans 256 below."),
        Self.tileIndex,
      ]
    case .entryBundle: [Self.tileIndex]
    case .docsAsset:
      [Parameter("file", .choice(DocsPage.assets), "A file that the page of routes loads.")]
    case .problem:
      [Parameter("code", .choice(of: Problem.Code.self), "A kind of problem.")]
    case .applicantPage:
      [
        Parameter("limit", .number(1...1000), "How many applicants a page holds."),
        Parameter("page", .number(1...1_000_000_000), "The page, from 1; newest first."),
      ]
    }
  }

  /// The parameters that the query may hold; any other is refused.
  var query: [Parameter] { Self.queries[self] ?? [] }

  private static let queries = Dictionary(
    uniqueKeysWithValues: allCases.map { endpoint in
      (endpoint, endpoint.ownQuery + (endpoint.records.map { [Parameter.fields(of: $0)] } ?? []))
    })

  private var ownQuery: [Parameter] {
    switch self {
    case .registerUser, .logIn, .refresh, .logOut, .registerApplicant, .healthy,
      .event, .proof, .labelApplicant, .setState, .openApplicant, .screenApplicant,
      .correctApplicant, .placeHold, .liftHold, .declareGroups, .auditReading,
      .auditGroups, .retain,
      .trainModel, .trainLike,
      .promoteModel, .adoptPolicy, .adoptLexicon, .replay, .replayGrid, .verify, .live,
      .ready,
      .metrics, .openAPI, .docs, .docsAsset,
      .problem, .tile, .entryBundle:
      []
    case .eraseApplicant:
      [Parameter("reason", .slug, "Why, as a slug; 'request' where absent.")]
    case .discloseApplicant:
      [
        Parameter(
          "form", .choice(of: DisclosureForm.self),
          "As data, or as a letter to the applicant; 'json' where absent."),
        Self.language,
      ]
    case .applicants: Self.filters + [.limit(100), .cursor, .total, .asOf, .minimumPosition]
    case .exportApplicants: Self.filters + [.asOf, .minimumPosition]
    case .listUsers, .applicantPage, .document, .applicant, .history, .documents, .labels,
      .screenings, .openings, .audits, .models,
      .model,
      .modelDrift, .modelManifest, .policy, .policies, .lexicon, .lexicons:
      [.asOf, .minimumPosition]
    case .queue: [.opening, .limit(100), .cursor, .total, .asOf, .minimumPosition]
    case .modelCard:
      [
        Parameter(
          "form", .choice(of: CardForm.self), "As data, or as a page; 'json' where absent."),
        Self.language, .asOf, .minimumPosition,
      ]
    case .modelReliability:
      [
        Parameter(
          "form", .choice(of: ReliabilityForm.self),
          "As a table, or as a diagram; 'json' where absent."),
        .asOf, .minimumPosition,
      ]
    case .modelFile:
      [
        Parameter(
          "format", .choice(Office.modelFormats),
          "Who is to read it; 'senko' where absent, which is the recorded file itself."),
        .asOf, .minimumPosition,
      ]
    case .why, .excludedWords:
      [
        Parameter(
          "screening", .number(1...Parameter.largest),
          "The position of the screening to explain; the newest where absent."),
        .asOf, .minimumPosition,
      ]
    case .receipt:
      [
        Parameter(
          "asOf", .moment,
          "Only if the applicant was there at this position in the log, at this RFC 3339 time, or at the end of this day in Japan."
        ),
        .minimumPosition,
      ]
    case .checkpoint:
      [
        Parameter(
          "asOf", .moment,
          """
          The one that covers the events up to this position and no more, or up to the last event at or before this RFC 3339 \
          time; beside the newest, about one in 256 is kept.
          """),
        .minimumPosition,
      ]
    case .dossier:
      [
        Parameter(
          "opened", .choice(["true", "false"]),
          "Whether sealed values are opened and words shown; 'true' where absent."),
        Parameter(
          "form", .choice(of: CardForm.self),
          "To be checked, or to be printed; 'json' where absent."
        ),
        Self.language,
        Parameter(
          "under", .note,
          "A checkpoint kept elsewhere, perhaps cosigned, that all proofs lead to; the newest where absent."
        ),
        Parameter(
          "asOf", .moment,
          "As of this position in the log, or time; the last event that the checkpoint covers where absent."
        ),
        .minimumPosition,
      ]
    case .vocabulary:
      [
        Parameter(
          "opening", .slug,
          "Only nouns of those who applied for this opening, with the weights of its model alone."),
        Parameter("prefix", .text(128), "Only nouns that begin so."), .limit(1000),
        .cursor,
        .asOf, .minimumPosition,
      ]
    case .consistency:
      [
        Parameter(
          "from", .number(0...Parameter.largest), "The size of the tree that is known.",
          fallback: 0),
        Parameter(
          "to", .number(0...Parameter.largest), "The size it has grown to; the head where absent."),
      ]
    case .events:
      [
        Parameter("from", .number(1...Parameter.largest), "The first position.", fallback: 1),
        Parameter(
          "to", .number(1...Parameter.largest), "The last position; the head where absent."),
      ]
    case .tail:
      [
        Parameter(
          "after", .number(0...Parameter.largest),
          "The position to go on after; the head where absent. Last-Event-ID wins over it."),
        Parameter(
          "format", .choice(of: EventLines.Form.self),
          "Server-sent events, or one event a line with a trailer."),
      ]
    }
  }

  /// What lists of applicants are narrowed by.
  private static let filters: [Parameter] = [
    .opening,
    Parameter(
      "state", .choice(of: ApplicantState.self),
      "Only applicants in this state."),
    Parameter("label", .choice(of: Label.self), "Only applicants labelled so."),
    Parameter(
      "outcome", .choice(of: Outcome.self),
      "Only applicants whose screening said so."),
    Parameter(
      "unlabelled", .choice(["true", "false"]),
      "Only applicants that nobody has decided about, or only the others."),
    Parameter(
      "unread", .choice(["true", "false"]),
      "Only applicants that nobody has opened, or only the others."),
    Parameter(
      "probabilityFrom", .number(0...10_000), "Only from this OK percentage, in basis points."),
    Parameter(
      "probabilityTo", .number(0...10_000), "Only up to this OK percentage, in basis points."),
    Parameter(
      "receivedFrom", .time, "Only applications that arrived at or after this RFC 3339 time."),
    Parameter(
      "receivedBefore", .time, "Only applications that arrived before this RFC 3339 time."),
    Parameter("word", .text(128), "Only applicants whose documents have this noun, as normalised."),
    Parameter("name", .text(128), "Only applicants whose name has this part, whatever its spaces."),
    Parameter(
      "flag",
      .choice(of: ApplicantFlag.self),
      "Only applicants with this flag."),
    Parameter(
      "sort", .choice(of: ApplicantOrder.self),
      "The order, '-' for falling; '-applicant', the newest first, where absent."),
  ]

  private static let language = Parameter(
    "lang", .choice(of: CardLanguage.self),
    "The language of the printed form; 'ja' where absent.")

  private static let tileIndex = Parameter(
    "index", .tile,
    "Which tile, in groups of three digits: 067, x001/x234/067, or a partial one as 067.p/12.")

  private static let applicantNumber = Parameter(
    "id", .number(1...Parameter.largest), "The applicant's number.")
}
