import Cryptography
import EventStore
import LinearSVM
import Projections

extension Office {
  /// Trains every model again.
  func retrainModels(
    _ counts: inout VerificationReport.Counts, _ problems: inout [String],
    _ work: LongWork
  ) throws(ScreeningError) {
    let last = Int(try lastNumber(in: RecordsProjection.models))
    for number in 1..<(last + 1) {
      try work.check()
      work.report(.models, number - 1, of: last)
      let model = ModelNumber(UInt64(number))
      do throws(ScreeningError) {
        switch try retrain(model, work) {
        case .equal: counts.verified += 1
        case .erased: counts.irreproducible += 1
        case .different(let what):
          counts.failed += 1
          problems.append("Model \(model), trained again, has \(what) than recorded.")
        }
      } catch {
        if error.kind == .cancelled { throw error }
        counts.failed += 1
        problems.append("Model \(model) cannot be trained again: \(error)")
      }
    }
    work.report(.models, last, of: last)
  }

  private enum Retraining {
    case equal, erased
    case different(String)
  }

  /// Trains a model again from what its manifest names.
  private func retrain(
    _ number: ModelNumber, _ work: LongWork
  ) throws(ScreeningError) -> Retraining {
    let trained = try trainedModel(number)
    let manifest = try Manifest(decoding: try blob(trained.event.manifest))
    guard let (lessons, nouns) = try lessons(of: manifest, for: trained.event, work) else {
      return .erased
    }
    let fitted = try fit(lessons, consume nouns, trained.event.request, work)
    if fitted.data != trained.event.dataDigest { return .different("other data") }
    if fitted.alphas != trained.event.alphasDigest { return .different("other multipliers") }
    if SHA256.hash(fitted.model.encoded()) != trained.event.file {
      return .different("another model file")
    }
    return .equal
  }

  /// Derives every screening again.
  func rederiveScreenings(
    _ counts: inout VerificationReport.Counts, _ problems: inout [String],
    _ work: LongWork
  ) throws(ScreeningError) {
    let head = try recorded { () throws(EventLogError) in try log.head }
    var next: UInt64 = 1
    while next <= head.rawValue {
      try work.check()
      work.report(.events, Int(next - 1), of: Int(head.rawValue))
      let portion = try recorded { () throws(EventLogError) in
        try log.events(from: Position(rawValue: next), through: head, limit: 4096)
      }
      guard let last = portion.last else { break }
      for event in portion where event.type == ApplicantScreened.type {
        do throws(ScreeningError) {
          if try rederive(try ApplicantScreened(event), at: event.position) {
            counts.verified += 1
          } else {
            counts.failed += 1
            problems.append("The screening at event \(event.position) comes out otherwise now.")
          }
        } catch {
          if error.kind == .erased {
            counts.irreproducible += 1
          } else {
            counts.failed += 1
            problems.append("The screening at event \(event.position) fails: \(error)")
          }
        }
      }
      next = last.position.rawValue + 1
    }
    work.report(.events, Int(head.rawValue), of: Int(head.rawValue))
  }

  /// Whether the recorded readings and model give the recorded screening again.
  private func rederive(
    _ screened: ApplicantScreened, at position: Position
  ) throws(ScreeningError) -> Bool {
    let row = try applicantRow(screened.applicant, asOf: position)
    guard row.erased == nil else { throw .erased(screened.applicant) }
    var again = ApplicantScreened(
      applicant: screened.applicant, opening: screened.opening, readings: screened.readings,
      model: screened.model, policy: screened.policy, threshold: screened.threshold,
      outcome: .unscored, excluded: 0, known: 0, unknown: 0)
    let trained = try screened.model.map { (model) throws(ScreeningError) in
      try trainedModel(model)
    }
    try complete(&again, row, trained)
    return again == screened
  }
}
