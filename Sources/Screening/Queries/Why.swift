import Cryptography
public import EventStore
import LinearSVM

/// Why a screening said what it said, and in which circumstances people decided.
public struct Why: Sendable, Encodable {
  /// A noun that the screening was made from.
  public struct Noun: Sendable, Encodable {
    /// The noun as recorded.
    public let term: String
    /// How often it stands in the readings.
    public let count: UInt32
    /// Whether the model has a weight for it.
    public let known: Bool
  }

  /// That a person opened the application to read it.
  public struct Opened: Sendable, Encodable {
    /// The event's position.
    public let position: UInt64
    /// When, RFC 3339.
    public let at: String
    /// Who: an address where there is one.
    public let by: String
  }

  /// What certifies that a model solves its problem: the objectives, whose difference bounds the error.
  public struct Certificate: Sendable, Encodable {
    /// The primal objective.
    public let primal: Double
    /// The dual objective.
    public let dual: Double
    /// primal − dual.
    public let gap: Double
    /// Passes over the training set.
    public let epochs: Int

    /// Writes every Double as its bits, and beside them as a decimal.
    public func encode(to encoder: any Encoder) throws {
      var members = encoder.container(keyedBy: MemberName.self)
      try members.encode(bits: primal, forKey: "primal")
      try members.encode(bits: dual, forKey: "dual")
      try members.encode(bits: gap, forKey: "gap")
      try members.encode(epochs, forKey: "epochs")
    }
  }

  /// What of a policy a screening rests on.
  public struct Policy: Sendable, Encodable {
    /// Basis points from which an applicant went to the ordinary review.
    public let threshold: Int
    /// When people saw scores.
    public let scores: ScoreDisplay
    /// The event that adopted it; zero for the one that is built in.
    public let position: UInt64
  }

  /// The label that held at the moment asked about.
  public struct Decision: Sendable, Encodable {
    /// The event's position.
    public let position: UInt64
    /// When it was given, RFC 3339.
    public let given: String
    /// The position of the screening that was in view; `nil` for a label given blind.
    @Nullable public var screening: UInt64?
  }

  /// The words, the model and the label.
  public let explanation: Explanation
  /// The nouns that were scored, in the order of UTF-8 bytes; none where no model was asked.
  public let nouns: [Noun]
  /// The policy in force when the screening was made.
  public let policy: Policy
  /// SHA-256 of the text of the exclusion lexicon that the model was trained with.
  @Nullable public var lexicon: String?
  /// The certificate of the model's solution.
  @Nullable public var certificate: Certificate?
  /// Who opened the application by the moment asked about, oldest first.
  public let opened: [Opened]
  /// What a person decided by the moment asked about.
  @Nullable public var decision: Decision?

  /// Writes the explanation's members beside the others.
  public func encode(to encoder: any Encoder) throws {
    try explanation.encode(to: encoder)
    var members = encoder.container(keyedBy: MemberName.self)
    try members.encode(nouns, forKey: "nouns")
    try members.encode(policy, forKey: "policy")
    try members.encode(_lexicon, forKey: "lexicon")
    try members.encode(_certificate, forKey: "certificate")
    try members.encode(opened, forKey: "opened")
    try members.encode(_decision, forKey: "decision")
  }
}

extension Office {
  /// Explains an applicant's screening; the look is recorded.
  ///
  /// - Parameter screening: the screening's position; `nil` for the newest at `asOf`.
  /// - Throws: `.notFound` when there was no screening by then, `.erased` after an erasure.
  public func why(
    _ number: ApplicantNumber, screening: Position? = nil, asOf: AsOf = .now, by origin: Origin
  ) async throws(ScreeningError) -> Why {
    let moment = try resolve(asOf)
    let row = try applicantRow(number, asOf: moment)
    let asked = try await lookedAt(screening, of: row, asOf: moment, by: origin)
    return try await offPool { [self] () throws(ScreeningError) in
      try why(try self.screening(at: asked, of: number), at: asked, row, asOf: moment)
    }
  }

  private func why(
    _ screened: ApplicantScreened, at position: Position, _ row: ApplicantRow, asOf moment: Position
  ) throws(ScreeningError) -> Why {
    let trained = try screened.model.map { (model) throws(ScreeningError) in
      try trainedModel(model)
    }
    let nouns = try trained.map { (trained) throws(ScreeningError) in
      try scoredNouns(screened, at: position, by: trained)
    }
    let policy = try policyRow(asOf: position)
    return Why(
      explanation: try explain(screened, at: position, row, by: trained, nouns),
      nouns: (nouns?.terms ?? []).map { term, count in
        Why.Noun(
          term: String(decoding: term, as: UTF8.self), count: count,
          known: trained?.model.terms.index(of: term) != nil)
      },
      policy: Why.Policy(
        threshold: policy.threshold, scores: policy.scores, position: policy.position.rawValue),
      lexicon: trained?.event.lexicon.hex, certificate: trained.map { .init($0.event) },
      opened: try opened(row.number, by: moment),
      decision: try row.label.map { (label) throws(ScreeningError) in
        let event = try event(label.position)
        let screening = try ApplicantLabelled(event).screening
        return .init(
          position: label.position.rawValue, given: event.happened ?? event.at.description,
          screening: screening == .zero ? nil : screening.rawValue)
      })
  }

  /// Who opened an application.
  private func opened(
    _ number: ApplicantNumber, by moment: Position
  ) throws(ScreeningError) -> [Why.Opened] {
    let events = try historyPositions(of: number, through: moment)
      .map { (position) throws(ScreeningError) in try event(position) }
      .filter { $0.type == ApplicantOpened.type }
    let addresses = try events.isEmpty ? [:] : addresses()
    return events.map { event in
      let by = event.onBehalfOf ?? event.actor
      return .init(
        position: event.position.rawValue, at: event.at.description, by: addresses[by] ?? by)
    }
  }
}

extension Why.Certificate {
  fileprivate init(_ event: ModelTrained) {
    self.init(primal: event.primal, dual: event.dual, gap: event.gap, epochs: event.epochs)
  }
}
