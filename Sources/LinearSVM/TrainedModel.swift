/// A model with what only its training knows.
public struct TrainedModel: Sendable {
  /// The model.
  public let model: Model
  /// One dual variable for each applicant, in the order of the training set: with them the certificate
  /// can be checked by ``certify(_:alphas:on:)``.
  public let alphas: [Double]
  /// What each applicant got while held out, by number; empty when no percentages are given for lack of
  /// labels.
  public let heldOut: [HeldOut]
  /// Each applicant's score by a solve with the model's C and representation that did not see the applicant, in the
  /// order of the training set; empty for lack of labels, or when such a solve missed its gap.
  ///
  /// The calibration is fitted to them, so that they are on the scale of the model's own scores. The probabilities of
  /// ``heldOut`` come from others, since there even the choice is made without the applicant.
  public let heldOutScores: [Double]
  /// The groups of applicants with all but the same nouns, which stayed in one fold; each ascending.
  public let duplicates: [[UInt64]]

  /// The bits of the alphas, eight bytes each, least significant first.
  public var alphaBytes: [UInt8] {
    var writer = ByteWriter()
    for alpha in alphas { writer.write(alpha) }
    return writer.bytes
  }
}

/// What an applicant got from a model and a calibration that did not see the label.
public struct HeldOut: Sendable, Hashable {
  /// The applicant's number.
  public let number: UInt64
  /// Whether the label is OK.
  public let label: Bool
  /// The fold that held the applicant out.
  public let fold: Int
  /// The probability of OK.
  public let probability: Double
}
