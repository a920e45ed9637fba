import Cryptography
import EventStore
import LinearSVM
import Projections

/// One line of the list of models.
public struct ModelSummary: Sendable, Encodable {
  /// How many labels of each kind it learnt from.
  public struct Labels: Sendable, Encodable {
    /// Applicants labelled OK.
    public let ok: Int
    /// Applicants labelled NG.
    public let ng: Int
    /// How many of them were labelled with no score in view.
    public let blind: Int
  }

  /// The model's number.
  public let model: UInt64
  /// The opening it is for.
  public let opening: String
  /// SHA-256 of the model file.
  public let digest: String
  /// The position of its training.
  public let position: UInt64
  /// The last event that the training saw.
  public let through: UInt64
  /// What it learnt from.
  public let labels: Labels
  /// Who had a label and taught nothing; `nil` for a model of the first version of senko, which did not tell.
  public let leftOut: LeftOut?
  /// How many terms have a weight.
  public let terms: Int
  /// The cost of a misplaced label.
  public let c: Double
  /// How counts became features.
  public let representation: String
  /// The certificate: primal and dual objective and their difference.
  public let primal: Double
  /// The dual objective.
  public let dual: Double
  /// primal − dual, never under zero but for rounding.
  public let gap: Double
  /// Out-of-fold log-loss in nats.
  public let logLoss: Double?
  /// Out-of-fold Brier score.
  public let brier: Double?
  /// The share of OK among the labels.
  public let baseRate: Double
  /// Why it gives no percentage.
  @Nullable public var withheld: String?
  /// Whether it is the one in force for its opening.
  public let inForce: Bool
  /// How many of those it learnt from were erased since.
  public let erased: Int

  /// Writes every Double as its bits, and beside them as a decimal.
  public func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: MemberName.self)
    try members.encode(model, forKey: "model")
    try members.encode(opening, forKey: "opening")
    try members.encode(digest, forKey: "digest")
    try members.encode(position, forKey: "position")
    try members.encode(through, forKey: "through")
    try members.encode(labels, forKey: "labels")
    try members.encodeIfPresent(leftOut, forKey: "leftOut")
    try members.encode(terms, forKey: "terms")
    try members.encode(bits: c, forKey: "c")
    try members.encode(representation, forKey: "representation")
    try members.encode(bits: primal, forKey: "primal")
    try members.encode(bits: dual, forKey: "dual")
    try members.encode(bits: gap, forKey: "gap")
    try members.encode(bits: logLoss, forKey: "logLoss")
    try members.encode(bits: brier, forKey: "brier")
    try members.encode(bits: baseRate, forKey: "baseRate")
    try members.encode(_withheld, forKey: "withheld")
    try members.encode(inForce, forKey: "inForce")
    try members.encode(erased, forKey: "erased")
  }
}

extension Office {
  /// The models trained up to a moment, by number.
  public func models(asOf: AsOf = .now) throws(ScreeningError) -> [ModelSummary] {
    let position = try resolve(asOf)
    var summaries: [ModelSummary] = []
    try scan(RecordsProjection.models) { (row) throws(ScreeningError) in
      guard row.trained <= position else { return false }
      summaries.append(try summary(ofModel: row.number, asOf: position))
      return true
    }
    return summaries
  }

  func summary(
    ofModel number: ModelNumber, asOf position: Position
  ) throws(ScreeningError) -> ModelSummary {
    let row = try recorded { () throws(ViewError) in
      try RecordsProjection.models.row(for: number.rawValue, asOf: position, in: views)
    }
    guard let row else {
      throw .notFound("There is no model \(number). 'senko models' lists those there are.")
    }
    let event = try ModelTrained(try event(row.trained))
    return ModelSummary(
      model: number.rawValue, opening: event.opening.slug, digest: event.file.hex,
      position: row.trained.rawValue, through: event.through.rawValue,
      labels: .init(ok: event.ok, ng: event.ng, blind: event.blind), leftOut: event.leftOut,
      terms: event.terms,
      c: event.c, representation: event.representation, primal: event.primal,
      dual: event.dual, gap: event.gap, logLoss: event.logLoss,
      brier: event.brier, baseRate: event.baseRate,
      withheld: try Withholding.told(event.withheld, ok: event.ok, ng: event.ng) {
        () throws(ScreeningError) in
        try trainedModel(number).model.candidates.map(\.outcome)
      },
      inForce: try modelInForce(for: event.opening, asOf: position)?.model == number,
      erased: row.erased)
  }

  /// The openings that a model was ever trained for.
  func openings() throws(ScreeningError) -> Set<Opening> {
    var openings: Set<Opening> = []
    try scan(RecordsProjection.models) { row in
      openings.insert(row.opening)
      return true
    }
    return openings
  }

  /// Which model was in force for an opening at `position`.
  func modelInForce(
    for opening: Opening, asOf position: Position
  ) throws(ScreeningError) -> InForceRow? {
    try recorded { () throws(ViewError) in
      try RecordsProjection.modelsInForce.row(for: opening.slug, asOf: position, in: views)
    }
  }
}

/// One model with the weight of every term.
public struct ModelDetail: Sendable, Encodable {
  /// A term with its weight.
  public struct Weight: Sendable, Encodable {
    /// The term.
    public let term: String
    /// Its weight.
    public let weight: Double
  }

  /// The line that lists show.
  public let summary: ModelSummary
  /// SHA-256 of the manifest that lists every label and reading.
  public let manifest: String
  /// SHA-256 of the canonical training data.
  public let data: String
  /// SHA-256 of the fingerprint that all readings share.
  public let analysis: String
  /// The algorithm's name and version.
  public let algorithm: String
  /// Every term, in the order of UTF-8 bytes; `nil` for whoever is to see no score yet, which they add up to.
  @Nullable public internal(set) var weights: [Weight]?

  /// The model without its weights.
  public var withoutWeights: ModelDetail {
    var detail = self
    detail.weights = nil
    return detail
  }

  /// Writes the summary's members beside the others.
  public func encode(to encoder: any Encoder) throws {
    try summary.encode(to: encoder)
    var members = encoder.container(keyedBy: MemberName.self)
    try members.encode(manifest, forKey: "manifest")
    try members.encode(data, forKey: "data")
    try members.encode(analysis, forKey: "analysis")
    try members.encode(algorithm, forKey: "algorithm")
    try members.encode(_weights, forKey: "weights")
  }
}

extension Office {
  /// One model with its weights.
  ///
  /// - Throws: `.notFound` when there was no such model then.
  public func model(
    _ number: ModelNumber, asOf: AsOf = .now
  ) throws(ScreeningError) -> ModelDetail {
    let summary = try summary(ofModel: number, asOf: try resolve(asOf))
    let trained = try trainedModel(number)
    let model = trained.model
    return ModelDetail(
      summary: summary, manifest: trained.event.manifest.hex, data: trained.event.dataDigest.hex,
      analysis: trained.event.analysis.hex, algorithm: trained.event.algorithm,
      weights: model.terms.indices.map {
        .init(
          term: String(decoding: model.terms[$0], as: UTF8.self), weight: model.weights[$0])
      })
  }
}

/// How true a model's percentages are.
public struct ModelReliability: Sendable, Encodable {
  /// The model's number.
  public let model: UInt64
  /// The opening it is for.
  public let opening: String
  /// Why it gives no percentage.
  @Nullable public var withheld: String?
  /// How the percentages did on those held out; `nil` with too few labels.
  @Nullable public var metrics: CardMetrics?
}

extension Office {
  /// How a model's percentages did on applicants whose labels they had not seen.
  ///
  /// - Throws: `.notFound` when there was no such model then.
  public func reliability(
    of number: ModelNumber, asOf: AsOf = .now
  ) throws(ScreeningError) -> ModelReliability {
    let summary = try summary(ofModel: number, asOf: try resolve(asOf))
    return ModelReliability(
      model: summary.model, opening: summary.opening, withheld: summary.withheld,
      metrics: try trainedModel(number).model.metrics.map { CardMetrics($0) })
  }
}

extension Office {
  /// The names of the formats that `exportModel` writes.
  public static let modelFormats = ModelExport.allCases.map(\.rawValue)

  /// A model's file as other programs read it; `senko` is the recorded file itself.
  ///
  /// - Parameter format: the name of a format that the learner exports.
  /// - Throws: `.notFound` when there was no such model then, `.invalid` for an unknown format.
  public func exportModel(
    _ number: ModelNumber, as format: String, asOf: AsOf = .now
  ) throws(ScreeningError) -> [UInt8] {
    _ = try summary(ofModel: number, asOf: try resolve(asOf))
    let trained = try trainedModel(number)
    guard let known = ModelExport(rawValue: format) else {
      let names = Self.modelFormats.joined(separator: ", ")
      throw .invalid("There is no format '\(format)'. There are \(names).")
    }
    return trained.model.exported(as: known)
  }
}
