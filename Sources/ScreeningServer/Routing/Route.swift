import EventStore
import Screening

/// A request whose path and query have been checked: an endpoint with its values.
enum Route: Sendable {
  case registerUser, logIn, listUsers(Moment), refresh, logOut
  case registerApplicant
  case eraseApplicant(ApplicantNumber, reason: String)
  case applicantPage(limit: Int, page: Int, Moment)
  case healthy
  case applicants(ApplicantList), exportApplicants(ApplicantList)
  case applicant(ApplicantNumber, Moment)
  case history(ApplicantNumber, Moment)
  case why(ApplicantNumber, screening: Position?, Moment)
  case excludedWords(ApplicantNumber, screening: Position?, Moment)
  case document(ApplicantNumber, Int, Moment)
  case receipt(ApplicantNumber, Moment)
  case dossier(
    ApplicantNumber, under: String?, opened: Bool, form: CardForm, language: CardLanguage, Moment)
  case documents(ApplicantNumber, Moment), labels(ApplicantNumber, Moment)
  case screenings(ApplicantNumber, Moment)
  case openings(Moment), queue(ApplicantList), audits(Moment)
  case vocabulary(VocabularyList)
  case models(Moment)
  case model(ModelNumber, Moment)
  case modelCard(ModelNumber, form: CardForm, CardLanguage, Moment)
  case modelReliability(ModelNumber, form: ReliabilityForm, Moment)
  case modelDrift(ModelNumber, Moment), modelManifest(ModelNumber, Moment)
  case modelFile(ModelNumber, format: String, Moment)
  case policy(Moment), policies(Moment), lexicon(Moment), lexicons(Moment)
  case events(from: Position, through: Position?)
  case tail(after: Position?, EventLines.Form)
  case event(Position), proof(Position)
  case checkpoint(Moment), consistency(from: UInt64, to: UInt64?)
  case tile(level: Int, TileAddress), entryBundle(TileAddress)
  case labelApplicant(ApplicantNumber)
  case correctApplicant(ApplicantNumber)
  case discloseApplicant(ApplicantNumber, form: DisclosureForm, CardLanguage)
  case placeHold(ApplicantNumber), liftHold(ApplicantNumber), declareGroups(ApplicantNumber)
  case auditReading, auditGroups, retain
  case setState(ApplicantNumber), openApplicant(ApplicantNumber), screenApplicant(ApplicantNumber)
  case trainModel, trainLike, promoteModel(ModelNumber), adoptPolicy, adoptLexicon, replay,
    replayGrid, verify
  case live, ready, metrics, openAPI, docs, docsAsset(String), problem(Problem.Code)

  /// Gives `endpoint` the values of a request, which were checked against its parameters.
  init(_ endpoint: Endpoint, _ arguments: Arguments) {
    let moment = Moment(asOf: arguments.text("asOf"))
    let applicant = ApplicantNumber(arguments.number("id") ?? 0)
    let model = ModelNumber(arguments.number("n") ?? 0)
    let form = arguments.choice("form") ?? CardForm.json
    let language = arguments.choice("lang") ?? CardLanguage.ja
    self =
      switch endpoint {
      case .registerUser: .registerUser
      case .logIn: .logIn
      case .listUsers: .listUsers(moment)
      case .refresh: .refresh
      case .logOut: .logOut
      case .registerApplicant: .registerApplicant
      case .eraseApplicant:
        .eraseApplicant(applicant, reason: arguments.text("reason") ?? "request")
      case .applicantPage:
        .applicantPage(limit: arguments.count("limit"), page: arguments.count("page"), moment)
      case .healthy: .healthy
      case .applicants: .applicants(ApplicantList(endpoint, arguments, moment))
      case .exportApplicants: .exportApplicants(ApplicantList(endpoint, arguments, moment))
      case .queue: .queue(ApplicantList(endpoint, arguments, moment))
      case .documents: .documents(applicant, moment)
      case .labels: .labels(applicant, moment)
      case .screenings: .screenings(applicant, moment)
      case .openings: .openings(moment)
      case .audits: .audits(moment)
      case .applicant: .applicant(applicant, moment)
      case .history: .history(applicant, moment)
      case .why: .why(applicant, screening: arguments.position("screening"), moment)
      case .excludedWords:
        .excludedWords(applicant, screening: arguments.position("screening"), moment)
      case .receipt: .receipt(applicant, moment)
      case .dossier:
        .dossier(
          applicant, under: arguments.text("under"),
          opened: arguments.text("opened") != "false", form: form, language: language, moment)
      case .document: .document(applicant, arguments.count("n"), moment)
      case .vocabulary:
        .vocabulary(
          VocabularyList(
            opening: arguments.text("opening"), prefix: arguments.text("prefix"),
            limit: arguments.count("limit"), cursor: arguments.text("cursor"), moment: moment))
      case .models: .models(moment)
      case .model: .model(model, moment)
      case .modelCard: .modelCard(model, form: form, language, moment)
      case .modelReliability:
        .modelReliability(model, form: arguments.choice("form") ?? .json, moment)
      case .modelDrift: .modelDrift(model, moment)
      case .modelManifest: .modelManifest(model, moment)
      case .modelFile:
        .modelFile(model, format: arguments.text("format") ?? "senko", moment)
      case .policy: .policy(moment)
      case .policies: .policies(moment)
      case .lexicon: .lexicon(moment)
      case .lexicons: .lexicons(moment)
      case .events:
        .events(
          from: arguments.position("from") ?? 1, through: arguments.position("to"))
      case .tail:
        .tail(after: arguments.position("after"), arguments.choice("format") ?? .serverSent)
      case .event: .event(arguments.position("position") ?? .zero)
      case .proof: .proof(arguments.position("position") ?? .zero)
      case .checkpoint: .checkpoint(moment)
      case .consistency:
        .consistency(from: arguments.number("from") ?? 0, to: arguments.number("to"))
      case .tile: .tile(level: arguments.count("level"), TileAddress(arguments))
      case .entryBundle: .entryBundle(TileAddress(arguments))
      case .labelApplicant: .labelApplicant(applicant)
      case .setState: .setState(applicant)
      case .correctApplicant: .correctApplicant(applicant)
      case .discloseApplicant:
        .discloseApplicant(applicant, form: arguments.choice("form") ?? .json, language)
      case .placeHold: .placeHold(applicant)
      case .liftHold: .liftHold(applicant)
      case .declareGroups: .declareGroups(applicant)
      case .auditReading: .auditReading
      case .auditGroups: .auditGroups
      case .retain: .retain
      case .openApplicant: .openApplicant(applicant)
      case .screenApplicant: .screenApplicant(applicant)
      case .trainModel: .trainModel
      case .trainLike: .trainLike
      case .promoteModel: .promoteModel(model)
      case .adoptPolicy: .adoptPolicy
      case .adoptLexicon: .adoptLexicon
      case .replay: .replay
      case .replayGrid: .replayGrid
      case .verify: .verify
      case .live: .live
      case .ready: .ready
      case .metrics: .metrics
      case .openAPI: .openAPI
      case .docs: .docs
      case .docsAsset: .docsAsset(arguments.text("file") ?? "")
      case .problem:
        .problem(arguments.choice("code") ?? .internal)
      }
  }
}

/// The state that is asked about, in the request's words: a position, a time, or now.
struct Moment: Sendable, Hashable {
  /// As it stood in the query; `nil` for now.
  let asOf: String?
}

extension TileAddress {
  /// The tile that a request names; its parameter has checked that it is one.
  fileprivate init(_ arguments: Arguments) {
    self = arguments.text("index").flatMap { TileAddress($0) } ?? TileAddress(index: 0, width: 256)
  }
}

/// How a card or a dossier is written.
enum CardForm: String, CaseIterable, Sendable {
  case json, html
}

/// How a disclosure is written.
enum DisclosureForm: String, CaseIterable, Sendable {
  case json, text
}

/// How a model's reliability is shown.
enum ReliabilityForm: String, CaseIterable, Sendable {
  case json, svg
}

/// What a list of nouns is narrowed to.
struct VocabularyList: Sendable {
  let opening: String?
  let prefix: String?
  let limit: Int
  let cursor: String?
  let moment: Moment
}

/// What a list of applicants is narrowed to, and how it is sorted.
struct ApplicantList: Sendable {
  let endpoint: Endpoint
  let arguments: Arguments
  let limit: Int
  let cursor: String?
  /// Whether those whom the filter lets through are counted.
  let counts: Bool
  let moment: Moment

  init(_ endpoint: Endpoint, _ arguments: Arguments, _ moment: Moment) {
    self.endpoint = endpoint
    self.arguments = arguments
    limit = arguments.count("limit")
    cursor = arguments.text("cursor")
    counts = arguments.text("total") == "true"
    self.moment = moment
  }
}

extension Arguments {
  /// Checks the captures of a path and the query of a request.
  ///
  /// - Throws: `Problem` naming each parameter that is wrong, unknown or given twice; a number in the
  ///   path that is none means that there is no such resource.
  init(_ endpoint: Endpoint, captures: [String], query: String?) throws(Problem) {
    self.init()
    var faults: [ParameterFault] = []
    for (parameter, text) in zip(endpoint.captures, captures) {
      do throws(ParameterFault) {
        set(parameter.name, to: try parameter.value(of: text))
      } catch {
        // What is no number, or none of the words, names nothing; a number out of range is a mistake.
        guard case .number = parameter.form, text.utf8.allSatisfy(isDigit) else {
          throw .noSuchPath
        }
        faults.append(error)
      }
    }
    guard let pairs = PercentEncoding.pairs(query ?? "", allowsControls: true) else {
      throw .invalid("The query holds a broken percent escape. Encode it as UTF-8 (RFC 3986).")
    }
    let known = endpoint.query
    for parameter in known {
      if let fallback = parameter.fallback { set(parameter.name, to: .number(fallback)) }
    }
    var seen: Set<String> = []
    for (name, text) in pairs {
      guard let parameter = known.first(where: { $0.name == name }) else {
        // An unknown name is not echoed: it may be a value that lost its name.
        faults.append(ParameterFault(parameter: "query", clause: "holds an unknown parameter"))
        continue
      }
      guard seen.insert(name).inserted else {
        faults.append(ParameterFault(parameter: name, clause: "is given twice"))
        continue
      }
      do throws(ParameterFault) {
        set(name, to: try parameter.value(of: text))
      } catch {
        faults.append(error)
      }
    }
    guard faults.isEmpty else { throw .parameters(faults, known: known) }
  }

  /// The number called `name`, which its parameter keeps within an `Int`.
  func count(_ name: String) -> Int { Int(clamping: number(name) ?? 0) }

  /// The word called `name`, which its parameter has checked.
  func choice<Word: RawRepresentable<String>>(_ name: String) -> Word? {
    text(name).flatMap(Word.init(rawValue:))
  }

  /// The position called `name`.
  func position(_ name: String) -> Position? { number(name).map(Position.init(rawValue:)) }
}
