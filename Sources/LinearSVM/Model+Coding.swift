extension Model {
  /// The first bytes of every model file.
  static let magic = [UInt8]("senkomdl".utf8)
  /// The version of the format.
  static let version: UInt32 = 1

  /// The model as a file.
  ///
  /// Numbers stand least significant byte first, Doubles as their bits, lengths before what they measure. Equal models give equal bytes.
  public func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.write(raw: Self.magic)
    writer.write(Self.version)
    writer.write(representation.rawValue)
    writer.write(withheld?.rawValue ?? 0)
    writer.write(c)
    writer.write(count: labels.ok)
    writer.write(count: labels.ng)
    writer.write(count: minimumDocumentFrequency)
    writer.write(count: folds)
    writer.write(certificate.primal)
    writer.write(certificate.dual)
    writer.write(count: certificate.epochs)
    if let calibration { writer.write(calibration) }
    writer.write(UInt8(metrics == nil ? 0 : 1))
    if let metrics { writer.write(metrics) }
    writer.write(count: candidates.count)
    for candidate in candidates { writer.write(candidate) }
    writer.write(bias)
    writer.write(terms)
    writer.write(weights)
    writer.write(termValues)
    return writer.bytes
  }

  /// Reads a model file; takes only bytes that ``encoded()`` gives.
  public init(decoding bytes: [UInt8]) throws(ModelCodingError) {
    var reader = ByteReader(bytes)
    guard try reader.raw(Self.magic.count).elementsEqual(Self.magic) else { throw .notAModel }
    let version = try reader.number(UInt32.self)
    guard version == Self.version else { throw .unknownVersion(version) }
    guard let representation = Representation(rawValue: try reader.number()) else {
      throw .notCanonical("representation")
    }
    let reason = try reader.number(UInt8.self)
    withheld = Withheld(rawValue: reason)
    guard reason == 0 || withheld != nil else { throw .notCanonical("reasons") }
    self.representation = representation
    c = try reader.double()
    labels = LabelCounts(ok: try reader.count32(), ng: try reader.count32())
    minimumDocumentFrequency = try reader.count32()
    folds = try reader.count32()
    certificate = Certificate(
      primal: try reader.double(), dual: try reader.double(), epochs: try reader.count32())
    calibration = withheld == nil ? try reader.calibration() : nil
    metrics = try reader.flag() ? try reader.metrics() : nil
    candidates = try reader.candidates()
    bias = try reader.double()
    terms = try reader.terms()
    weights = try reader.doubles()
    termValues = try reader.doubles()
    guard reader.isAtEnd else { throw .trailingBytes }
    try check()
  }

  private func check() throws(ModelCodingError) {
    guard weights.count == terms.count, bias.isFinite, weights.allSatisfy({ $0.isFinite }) else {
      throw .notCanonical("weights")
    }
    guard termValues.count == (representation == .naiveBayes ? terms.count : 0),
      termValues.allSatisfy({ $0.isFinite })
    else { throw .notCanonical("term values") }
    guard c > 0, c.isFinite, certificate.primal.isFinite, certificate.dual.isFinite else {
      throw .notCanonical("certificates")
    }
    if let calibration {
      guard calibration.a > 0, calibration.a.isFinite, calibration.b.isFinite,
        calibration.varianceA.isFinite, calibration.covarianceAB.isFinite,
        calibration.varianceB.isFinite
      else { throw .notCanonical("calibrations") }
    }
  }

  /// The terms, for a digest: their number, their lengths, their bytes.
  public var vocabularyBytes: [UInt8] {
    var writer = ByteWriter()
    writer.write(terms)
    return writer.bytes
  }

  /// The bits of the bias, the weights and the term values, for a digest.
  public var weightBytes: [UInt8] {
    var writer = ByteWriter()
    writer.write(bias)
    writer.write(weights)
    writer.write(termValues)
    return writer.bytes
  }
}
