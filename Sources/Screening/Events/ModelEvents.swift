import Cryptography
import EventStore

/// A model was trained from the log as it stood.
struct ModelTrained: DomainEvent {
  static let type = "model.trained"
  var model: ModelNumber
  var opening: Opening
  /// The model file: terms, weights, calibration.
  var file: Digest
  /// Which labels and readings it was trained on.
  var manifest: Digest
  /// The last event that the training could see.
  var through: Position
  /// The analysis of the readings it was trained on.
  var analysis: Digest
  /// The exclusion lexicon: the blob that holds its text.
  var lexicon: Digest
  var algorithm: String
  /// The blob that names the program that trained, and the versions of what it was built from and ran with.
  ///
  /// Events of the first version of senko have none.
  var code: Digest?
  /// The C that was asked for, when it was not left to the choice by out-of-fold log-loss.
  var requestedC: Double?
  var requestedRepresentation: String?
  var dataDigest: Digest
  var vocabularyDigest: Digest
  var weightsDigest: Digest
  var alphasDigest: Digest
  var ok: Int
  var ng: Int
  /// Labels that were given with no score in view.
  var blind: Int
  /// Who had a label and taught nothing.
  ///
  /// Events of the first version of senko do not tell.
  var leftOut: LeftOut?
  var terms: Int
  var c: Double
  var representation: String
  var epochs: Int
  var primal: Double
  var dual: Double
  var gap: Double
  var logLoss: Double?
  var brier: Double?
  var baseRate: Double
  /// Why the model gives no percentage.
  var withheld: String?

  var stream: String { model.stream }
  var data: JSONValue {
    eventData([
      "algorithm": .string(algorithm),
      "alphasDigest": .string(alphasDigest.hex),
      "analysis": .string(analysis.hex),
      "baseRate": JSONValue(bits: baseRate),
      "blind": JSONValue(blind),
      "brier": brier.map { JSONValue(bits: $0) },
      "c": JSONValue(bits: c),
      "code": code.map { blobReference($0) },
      "dataDigest": .string(dataDigest.hex),
      "dual": JSONValue(bits: dual),
      "epochs": JSONValue(epochs),
      "file": blobReference(file),
      "gap": JSONValue(bits: gap),
      "leftOut": leftOut?.json,
      "lexicon": blobReference(lexicon),
      "logLoss": logLoss.map { JSONValue(bits: $0) },
      "manifest": blobReference(manifest),
      "model": JSONValue(model),
      "ng": JSONValue(ng),
      "ok": JSONValue(ok),
      "opening": .string(opening.slug),
      "primal": JSONValue(bits: primal),
      "representation": .string(representation),
      "requestedC": requestedC.map { JSONValue(bits: $0) },
      "requestedRepresentation": requestedRepresentation.map { .string($0) },
      "terms": JSONValue(terms),
      "through": JSONValue(through),
      "vocabularyDigest": .string(vocabularyDigest.hex),
      "weightsDigest": .string(weightsDigest.hex),
      "withheld": withheld.map { .string($0) },
    ])
  }
}

extension ModelTrained {
  init(_ fields: EventFields) throws(ScreeningError) {
    self.init(
      model: try fields.number("model"),
      opening: try fields.opening("opening"),
      file: try fields.require("file") { blobDigest($0) },
      manifest: try fields.require("manifest") { blobDigest($0) },
      through: try fields.position("through"),
      analysis: try fields.digest("analysis"),
      lexicon: try fields.require("lexicon") { blobDigest($0) },
      algorithm: try fields.string("algorithm"),
      code: try fields.optional("code") { blobDigest($0) },
      requestedC: try fields.optional("requestedC") { $0.double },
      requestedRepresentation: try fields.optional("requestedRepresentation") { $0.string },
      dataDigest: try fields.digest("dataDigest"),
      vocabularyDigest: try fields.digest("vocabularyDigest"),
      weightsDigest: try fields.digest("weightsDigest"),
      alphasDigest: try fields.digest("alphasDigest"),
      ok: try fields.integer("ok"),
      ng: try fields.integer("ng"),
      blind: try fields.integer("blind"),
      leftOut: try fields.optional("leftOut") { LeftOut($0) },
      terms: try fields.integer("terms"),
      c: try fields.require("c") { $0.double },
      representation: try fields.string("representation"),
      epochs: try fields.integer("epochs"),
      primal: try fields.require("primal") { $0.double },
      dual: try fields.require("dual") { $0.double },
      gap: try fields.require("gap") { $0.double },
      logLoss: try fields.optional("logLoss") { $0.double },
      brier: try fields.optional("brier") { $0.double },
      baseRate: try fields.require("baseRate") { $0.double },
      withheld: try fields.optional("withheld") { $0.string })
  }
}
