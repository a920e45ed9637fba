import Cryptography
import EventStore
import LinearSVM

/// A model as it came out of training, with the digests that its event records.
struct FittedModel: Sendable {
  var model: LinearSVM.Model
  var data: Digest
  var vocabulary: Digest
  var weights: Digest
  var alphas: Digest
  /// What each applicant got while held out; empty without percentages.
  var heldOut: [HeldOut]

  /// - Parameter data: the digest of the set that it was trained on.
  init(_ trained: LinearSVM.TrainedModel, data: Digest) {
    model = trained.model
    self.data = data
    vocabulary = SHA256.hash(trained.model.vocabularyBytes)
    weights = SHA256.hash(trained.model.weightBytes)
    alphas = SHA256.hash(trained.alphaBytes)
    heldOut = trained.heldOut
  }

  /// How the percentages did on those held out, with a count of those at `threshold` or above; the model's file has
  /// that count at one threshold only.
  ///
  /// - Returns: `nil` when too few labels allowed no percentages.
  func metrics(threshold: Int) -> Metrics? {
    guard let recorded = model.metrics else { return nil }
    return Metrics(
      probabilities: heldOut.map(\.probability), labels: heldOut.map(\.label),
      threshold: threshold, isNested: recorded.isNested)
  }
}

extension TrainingSet {
  /// SHA-256 of the canonical bytes.
  var digest: Digest {
    var hasher = SHA256Hasher()
    forEachCanonicalPart { hasher.update($0.span) }
    return hasher.finish()
  }
}

extension ModelTrained {
  /// The event that records a fitted model.
  init(
    _ number: ModelNumber, _ lessons: Lessons, _ fitted: FittedModel, request: TrainRequest,
    manifest: Digest, code: Digest
  ) {
    let model = fitted.model
    self.init(
      model: number, opening: lessons.opening, file: SHA256.hash(model.encoded()),
      manifest: manifest, through: lessons.through, analysis: lessons.analysisDigest,
      lexicon: lessons.lexiconDigest,
      algorithm: String(model.algorithm.map { $0 == "/" ? "-" : $0 }), code: code,
      requestedC: request.c,
      requestedRepresentation: request.representation, dataDigest: fitted.data,
      vocabularyDigest: fitted.vocabulary, weightsDigest: fitted.weights,
      alphasDigest: fitted.alphas, ok: lessons.ok, ng: lessons.ng, blind: lessons.blind,
      leftOut: lessons.leftOut,
      terms: model.terms.count, c: model.c, representation: model.representation.slug,
      epochs: model.certificate.epochs, primal: model.certificate.primal,
      dual: model.certificate.dual, gap: model.certificate.gap, logLoss: model.metrics?.logLoss,
      brier: model.metrics?.brier, baseRate: Double(lessons.ok) / Double(lessons.ok + lessons.ng),
      withheld: model.withheldReason)
  }
}
