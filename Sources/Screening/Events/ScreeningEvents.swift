import Cryptography
import EventStore

/// A model was asked about an applicant; or why none could be.
struct ApplicantScreened: DomainEvent {
  static let type = "applicant.screened"
  var applicant: ApplicantNumber
  var opening: Opening
  /// The readings that were scored.
  var readings: [Position]
  var model: ModelNumber?
  /// The policy in force, or zero for the built-in one.
  var policy: Position
  /// Basis points from which the outcome is `review`.
  var threshold: Int
  var outcome: Outcome
  /// Why there is no probability.
  var reason: String?
  var score: Double?
  /// Basis points.
  var probability: Int?
  /// The 90 % interval, basis points.
  var interval: [Int]?
  /// Tokens that were dropped as what must not decide.
  var excluded: Int
  /// Distinct nouns that the model knows.
  var known: Int
  /// Distinct nouns that it does not know.
  var unknown: Int

  var stream: String { applicant.stream }
  var data: JSONValue {
    eventData([
      "applicant": JSONValue(applicant),
      "excluded": JSONValue(excluded),
      "interval": interval.map { .array($0.map { JSONValue($0) }) },
      "known": JSONValue(known),
      "model": model.map { JSONValue($0) },
      "opening": .string(opening.slug),
      "outcome": .string(outcome.rawValue),
      "policy": JSONValue(policy),
      "probability": probability.map { JSONValue($0) },
      "readings": JSONValue(readings),
      "reason": reason.map { .string($0) },
      "score": score.map { JSONValue(bits: $0) },
      "threshold": JSONValue(threshold),
      "unknown": JSONValue(unknown),
    ])
  }
}

extension ApplicantScreened {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      applicant: try fields.number("applicant"),
      opening: try fields.opening("opening"),
      readings: try fields.require("readings") { $0.positions },
      model: try fields.optional("model") { $0.number() },
      policy: try fields.position("policy"),
      threshold: try fields.integer("threshold"),
      outcome: try fields.choice("outcome"),
      reason: try fields.optional("reason") { $0.string },
      score: try fields.optional("score") { $0.double },
      probability: try fields.optional("probability") { $0.integer.map(Int.init) },
      interval: try fields.optional("interval") { value in
        value.array.map { $0.compactMap(\.integer).map(Int.init) }
      },
      excluded: try fields.integer("excluded"), known: try fields.integer("known"),
      unknown: try fields.integer("unknown"))
  }
}

/// Another policy is in force.
struct PolicyAdopted: DomainEvent {
  static let type = "policy.adopted"
  /// Basis points.
  var threshold: Int
  /// When people see scores; absent in the record where always.
  var scores = ScoreDisplay.always
  /// How long one opening's applications are kept from now on, where that is what changed.
  var retention: RetentionRule?

  static let stream = "policy"
  var stream: String { Self.stream }
  var data: JSONValue {
    eventData([
      "retention": retention?.json,
      "scores": scores == .always ? nil : .string(scores.rawValue),
      "threshold": JSONValue(threshold),
    ])
  }
}

extension PolicyAdopted {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      threshold: try fields.integer("threshold"),
      scores: try fields.optional("scores") { value in
        value.string.flatMap { ScoreDisplay(rawValue: $0) }
      } ?? .always,
      retention: try fields.optional("retention") { RetentionRule($0) })
  }
}

/// A model is from now on the one in force for its opening.
struct ModelPromoted: DomainEvent {
  static let type = "model.promoted"
  var model: ModelNumber
  var opening: Opening

  var stream: String { model.stream }
  var data: JSONValue {
    eventData([
      "model": JSONValue(model),
      "opening": .string(opening.slug),
    ])
  }
}

extension ModelPromoted {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      model: try fields.number("model"),
      opening: try fields.opening("opening"))
  }
}

/// Another exclusion lexicon is in force for the models trained from now on.
struct LexiconAdopted: DomainEvent {
  static let type = "lexicon.adopted"
  /// The blob that holds its text.
  var lexicon: Digest

  var stream: String { "lexicon" }
  var data: JSONValue { eventData(["lexicon": blobReference(lexicon)]) }
}

extension LexiconAdopted {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(lexicon: try fields.require("lexicon") { blobDigest($0) })
  }
}
