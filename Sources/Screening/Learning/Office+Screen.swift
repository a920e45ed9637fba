import EventStore
import LinearSVM
import Projections

extension Office {
  /// Asks the models in force about applicants, and records what they say.
  ///
  /// An applicant who was asked about already with the same readings, model and threshold, and under the same name
  /// and address, is answered from the record; nothing is appended.
  ///
  /// - Parameters:
  ///   - numbers: whom to ask about; `nil` for everybody who is active.
  ///   - progress: is told how many are done, of how many.
  public func screen(
    _ numbers: [ApplicantNumber]? = nil, by origin: Origin,
    progress: (@Sendable (Int, Int) -> Void)? = nil
  ) async throws(ScreeningError) -> [ScreeningResult] {
    let chosen = try await offPool { [self] () throws(ScreeningError) -> [ApplicantNumber] in
      try catchUp()
      if let numbers { return numbers }
      return try activeApplicants()
    }
    var results: [ScreeningResult] = []
    for number in chosen {
      // A key stands for one command: the answer about one applicant.
      let command = numbers?.count == 1 ? Command("screen", about: number) : nil
      results.append(try await screen(number, as: command, by: origin))
      progress?(results.count, chosen.count)
    }
    return results
  }

  /// Screens where a model is in force for the applicant's opening.
  func screenIfPossible(
    _ number: ApplicantNumber, by origin: Origin
  ) async throws(ScreeningError) -> ScreeningResult? {
    let position = try catchUp()
    let row = try livingRow(number)
    guard try modelInForce(for: row.opening, asOf: position) != nil else { return nil }
    return try await screen(number, as: nil, by: origin)
  }

  private func activeApplicants() throws(ScreeningError) -> [ApplicantNumber] {
    var numbers: [ApplicantNumber] = []
    try scan(RecordsProjection.applicants) { row in
      if row.state == .active { numbers.append(row.number) }
      return true
    }
    return numbers
  }

  private func screen(
    _ number: ApplicantNumber, as command: Command?, by origin: Origin
  ) async throws(ScreeningError) -> ScreeningResult {
    var origin = origin
    if command == nil { origin.terms = Terms() }
    let command = command ?? Command("screen", about: number)
    if let earlier = try await repetition(of: command, by: origin) {
      let event = try ApplicantScreened(try event(earlier.first))
      return try veiled(ScreeningResult(event, at: earlier.first), by: origin)
    }
    let known = try await offPool {
      [self, terms = origin.terms] () throws(ScreeningError) -> ScreeningResult? in
      let position = try catchUp()
      let row = try livingRow(number)
      try requireRules(for: row.opening, at: position, unchangedSince: terms.decidedAt)
      return try earlierScreening(
        of: row, like: try assess(row, at: position, fully: false))
    }
    if let known { return try veiled(known, by: origin) }
    let receipt = try await append(command, by: origin) {
      [self, origin] (at) throws(ScreeningError) in
      let row = try livingRow(number)
      try requireRules(for: row.opening, at: at, unchangedSince: origin.terms.decidedAt)
      return try change(try assess(row, at: at, fully: true), by: origin, at: at)
    }
    return try veiled(
      ScreeningResult(ApplicantScreened(try event(receipt.first)), at: receipt.first), by: origin)
  }

  /// Refuses a screening that was decided before the policy or the model in force was.
  private func requireRules(
    for opening: Opening, at position: Position, unchangedSince decided: Position?
  ) throws(ScreeningError) {
    guard let decided else { return }
    let policy = try policyRow(asOf: position).position
    guard policy <= decided else { throw .stale("policy", since: decided, at: policy) }
    let promoted = try modelInForce(for: opening, asOf: position)?.promoted ?? .zero
    guard promoted <= decided else {
      throw .stale("the model in force for \(opening)", since: decided, at: promoted)
    }
  }

  func veiled(
    _ result: ScreeningResult, by origin: Origin
  ) throws(ScreeningError) -> ScreeningResult {
    guard let row = try newestRow(ApplicantNumber(result.applicant)) else { return result }
    return try scoreVeil(for: origin).hides(row) ? result.veiled : result
  }

  /// The applicant's last screening, if it had the readings, model and threshold of `screened`, and dropped the same
  /// name and address from the nouns.
  private func earlierScreening(
    of row: ApplicantRow, like screened: ApplicantScreened
  ) throws(ScreeningError) -> ScreeningResult? {
    guard let entry = row.screening else { return nil }
    let earlier = try ApplicantScreened(try event(entry.position))
    guard earlier.readings == screened.readings, earlier.model == screened.model,
      earlier.threshold == screened.threshold, earlier.opening == screened.opening
    else { return nil }
    let then = try applicantRow(row.number, asOf: entry.position)
    guard OwnValues(then) == OwnValues(row) else { return nil }
    return ScreeningResult(earlier, at: entry.position)
  }

  /// What is to be recorded of `row` with the model and policy in force at `position`.
  ///
  /// - Parameter fully: whether to compute the score, or only what identifies the screening.
  func assess(
    _ row: ApplicantRow, at position: Position, fully: Bool
  ) throws(ScreeningError) -> ApplicantScreened {
    let policy = try policyRow(asOf: position)
    let inForce = try modelInForce(for: row.opening, asOf: position)
    let trained = try inForce.map { (inForce) throws(ScreeningError) in
      try trainedModel(inForce.model)
    }
    let readings = readings(of: row, for: trained)
    var screened = ApplicantScreened(
      applicant: row.number, opening: row.opening, readings: readings,
      model: trained?.event.model, policy: policy.position, threshold: policy.threshold,
      outcome: .unscored, excluded: 0, known: 0, unknown: 0)
    if fully { try complete(&screened, row, trained) }
    return screened
  }

  /// The readings that a screening is about: those that can be trusted, or where there are none, those that
  /// tell why nothing can be judged.
  private func readings(of row: ApplicantRow, for trained: TrainedModel?) -> [Position] {
    guard let analysis = trained?.event.analysis.shortHex else {
      return row.newestReadings.map(\.position)
    }
    let trusted = row.trustedReadings(under: analysis)
    return trusted.isEmpty ? row.readings(under: analysis) : trusted
  }

  /// Fills in what `trained` says of the readings that `screened` names.
  func complete(
    _ screened: inout ApplicantScreened, _ row: ApplicantRow, _ trained: TrainedModel?
  ) throws(ScreeningError) {
    if screened.readings.isEmpty {
      screened.outcome = .undecidable
      screened.reason = row.newestReadings.isEmpty ? "unreadable" : "other-analysis"
      return
    }
    if let flag = try undecidableFlag(of: screened.readings) {
      screened.outcome = .undecidable
      screened.reason = flag
      return
    }
    guard let trained else {
      screened.reason = "no-model"
      return
    }
    screened.judge(
      by: trained.model, try nouns(of: row, screened.readings, without: trained.lexicon))
  }

  /// A flag that forbids a score, when every reading carries one.
  private func undecidableFlag(of readings: [Position]) throws(ScreeningError) -> String? {
    var last: String?
    for position in readings {
      let flags = try DocumentRead(try event(position)).flags
      guard let flag = flags.first(where: { Trust.undecidableFlags.contains($0) }) else {
        return nil
      }
      last = flag
    }
    return last
  }
}

/// What readings say that forbids a score.
enum Trust {
  /// Flags of a reading whose nouns cannot be trusted.
  static let undecidableFlags: Set = ["foreign-language", "garbled", "slanted"]
}

extension ApplicantScreened {
  /// How many known nouns a score needs at least.
  static let fewestKnownNouns = 5

  /// Fills in what `model` says of `nouns`.
  mutating func judge(by model: LinearSVM.Model, _ nouns: Nouns) {
    let score = model.score(nouns.terms)
    excluded = nouns.excluded
    known = score.knownTerms
    unknown = score.unknownTerms
    judge(by: model, score.total)
  }

  /// Fills in what `model` makes of its score; how many nouns it knows is filled in already.
  mutating func judge(by model: LinearSVM.Model, _ total: Double) {
    guard known >= Self.fewestKnownNouns else {
      outcome = .undecidable
      reason = "too-few-known-nouns"
      return
    }
    self.score = total
    guard let calibration = model.calibration else {
      outcome = .unscored
      reason = model.withheldReason ?? Withholding.unexplained
      return
    }
    let probability = calibration.basisPoints(total)
    let interval = calibration.interval(total)
    self.probability = probability
    self.interval = [interval.0, interval.1]
    outcome = probability >= threshold ? .review : .secondLook
  }
}
