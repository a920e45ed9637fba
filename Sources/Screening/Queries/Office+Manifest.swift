import EventStore

/// Whose labels and readings a model learnt from.
public struct ModelManifest: Sendable, Encodable {
  /// What the model learnt from one applicant.
  public struct Source: Sendable, Encodable {
    /// The applicant's number.
    public let applicant: UInt64
    /// The position of the label.
    public let position: UInt64
    /// OK or NG.
    public let label: Label
    /// Who gave it: an address where there is one.
    public let labelledBy: String
    /// Whether the operator only named them.
    public let claimed: Bool
    /// Whether no score was in view.
    public let blind: Bool
    /// The positions of the readings whose nouns were counted.
    public let readings: [UInt64]
    /// Whether the applicant was erased since, so that the training cannot be repeated.
    public let erased: Bool
  }

  /// The model's number.
  public let model: UInt64
  /// The last event that the training saw.
  public let through: UInt64
  /// By applicant.
  public let sources: [Source]
}

extension Office {
  /// What a model learnt from, as its training recorded it.
  ///
  /// - Throws: `.notFound` when there was no such model then.
  public func manifest(
    of number: ModelNumber, asOf: AsOf = .now
  ) throws(ScreeningError) -> ModelManifest {
    let position = try resolve(asOf)
    _ = try summary(ofModel: number, asOf: position)
    let trained = try trainedModel(number).event
    let addresses = try addresses()
    return ModelManifest(
      model: number.rawValue, through: trained.through.rawValue,
      sources: try Manifest(decoding: try blob(trained.manifest)).sources.map {
        (source) throws(ScreeningError) in
        let event = try event(source.label)
        let labelled = try ApplicantLabelled(event)
        let by = event.onBehalfOf ?? event.actor
        return ModelManifest.Source(
          applicant: source.applicant.rawValue, position: source.label.rawValue,
          label: labelled.label, labelledBy: addresses[by] ?? by,
          claimed: event.onBehalfOf != nil, blind: labelled.screening == .zero,
          readings: source.readings.map(\.rawValue),
          erased: try applicantRow(source.applicant, asOf: position).erased != nil)
      })
  }
}
