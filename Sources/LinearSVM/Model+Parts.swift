extension ByteWriter {
  mutating func write(_ calibration: Calibration) {
    write(calibration.a)
    write(calibration.b)
    write(calibration.varianceA)
    write(calibration.covarianceAB)
    write(calibration.varianceB)
  }

  mutating func write(_ metrics: Metrics) {
    write(metrics.logLoss)
    write(metrics.brier)
    write(metrics.baseRate)
    write(metrics.baseRateLogLoss)
    write(metrics.baseRateBrier)
    write(metrics.accuracy)
    write(count: metrics.aboveThreshold.threshold)
    write(count: metrics.aboveThreshold.count)
    write(count: metrics.aboveThreshold.ok)
    write(metrics.aboveThreshold.predicted)
    write(metrics.aboveThreshold.lower)
    write(metrics.aboveThreshold.upper)
    write(count: metrics.reliability.count)
    for bin in metrics.reliability {
      write(count: bin.count)
      write(count: bin.ok)
      write(bin.predicted)
    }
    write(UInt8(metrics.isNested ? 1 : 0))
  }

  mutating func write(_ candidate: Candidate) {
    write(candidate.representation.rawValue)
    write(candidate.c)
    switch candidate.outcome {
    case .logLoss(let loss):
      write(UInt8(0))
      write(loss)
    case .gapNotReached: write(UInt8(1))
    case .withoutSignal: write(UInt8(2))
    }
  }
}

extension ByteReader {
  mutating func count32() throws(ModelCodingError) -> Int { Int(try number(UInt32.self)) }

  mutating func flag() throws(ModelCodingError) -> Bool {
    switch try number(UInt8.self) {
    case 0: return false
    case 1: return true
    default: throw .notCanonical("flags")
    }
  }

  mutating func calibration() throws(ModelCodingError) -> Calibration {
    Calibration(
      a: try double(), b: try double(), varianceA: try double(), covarianceAB: try double(),
      varianceB: try double())
  }

  mutating func metrics() throws(ModelCodingError) -> Metrics {
    Metrics(
      logLoss: try double(), brier: try double(), baseRate: try double(),
      baseRateLogLoss: try double(), baseRateBrier: try double(), accuracy: try double(),
      aboveThreshold: ThresholdRate(
        threshold: try count32(), count: try count32(), ok: try count32(),
        predicted: try double(), lower: try double(), upper: try double()),
      reliability: try bins(), isNested: try flag())
  }

  private mutating func bins() throws(ModelCodingError) -> [ReliabilityBin] {
    var bins: [ReliabilityBin] = []
    for _ in 0..<(try count(ofSize: 16)) {
      bins.append(
        ReliabilityBin(count: try count32(), ok: try count32(), predicted: try double()))
    }
    return bins
  }

  mutating func candidates() throws(ModelCodingError) -> [Candidate] {
    var candidates: [Candidate] = []
    for _ in 0..<(try count(ofSize: 10)) {
      guard let representation = Representation(rawValue: try number()) else {
        throw .notCanonical("candidates")
      }
      let c = try double()
      let outcome: Candidate.Outcome
      switch try number(UInt8.self) {
      case 0: outcome = .logLoss(try double())
      case 1: outcome = .gapNotReached
      case 2: outcome = .withoutSignal
      default: throw .notCanonical("candidates")
      }
      candidates.append(Candidate(representation: representation, c: c, outcome: outcome))
    }
    return candidates
  }
}
