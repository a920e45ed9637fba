import Cryptography
import EventStore
import LinearSVM

/// A what-if: another training over the same history.
public struct ReplayRequest: Sendable {
  /// The opening replayed.
  public var opening: Opening
  /// How the what-if model is trained.
  public var training: TrainRequest
  /// Basis points from which the what-if outcome is `review`; `nil` for the policy in force.
  public var threshold: Int?

  /// Describes a what-if.
  public init(
    opening: Opening, training: TrainRequest = TrainRequest(), threshold: Int? = nil
  ) {
    self.opening = opening
    self.training = training
    self.threshold = threshold
  }
}

/// Who would have been placed otherwise.
public struct ReplayReport: Sendable, Encodable {
  /// An applicant whose outcome differs.
  public struct Change: Sendable, Encodable {
    /// The applicant's number.
    public let applicant: UInt64
    /// The outcome with the model in force.
    public let from: Outcome
    /// The outcome with the what-if model.
    public let to: Outcome
    /// Basis points with the model in force.
    @Nullable public var fromProbability: Int?
    /// Basis points with the what-if model.
    @Nullable public var toProbability: Int?
    /// The words whose parts differ most, the largest first.
    public let words: [Word]
  }

  /// A word's part in the difference of two scores.
  public struct Word: Sendable, Encodable {
    /// The word.
    public let term: String
    /// Its part with the what-if model less its part with the model in force.
    public let difference: Double
  }

  /// The opening replayed.
  public let opening: String
  /// The model that the what-if is compared with.
  public let model: UInt64
  /// SHA-256 of what the what-if model's file would be.
  public let digest: String
  /// The cost of a misplaced label in the what-if model.
  public let c: Double
  /// Labels behind the what-if model.
  public let labels: ModelSummary.Labels
  /// Applicants scored by both.
  public let applicants: Int
  /// Placed alike in the ordinary review.
  public let bothReview: Int
  /// Placed alike in the second look.
  public let bothSecondLook: Int
  /// Neither: without a score from one of the two.
  public let other: Int
  /// Who would be placed otherwise.
  public let changes: [Change]
}

extension Office {
  /// Trains a what-if model over history and says who would be placed otherwise; appends nothing.
  ///
  /// - Throws: `.notFound` when no model is in force for the opening.
  public func replay(
    _ request: ReplayRequest, progress: (@Sendable (Int, Int) -> Void)? = nil
  ) async throws(ScreeningError) -> ReplayReport {
    try await offPool { [self] () throws(ScreeningError) in
      let head = try catchUp()
      guard let inForce = try modelInForce(for: request.opening, asOf: head) else {
        throw .notFound(
          "No model is in force for '\(request.opening)', so there is nothing to compare with. Train "
            + "one with 'senko train --opening \(request.opening)'.")
      }
      let lessons = try lessons(for: request.opening, request.training)
      let policy = try policyRow(asOf: head)
      var comparison = Comparison(
        present: try trainedModel(inForce.model), whatIf: try fit(lessons, request.training),
        threshold: request.threshold ?? policy.threshold)
      let count = try applicantCount(at: head)
      for number in stride(from: UInt64(1), through: count, by: 1) {
        let row = try applicantRow(ApplicantNumber(number), asOf: head)
        if row.erased == nil, row.opening == request.opening {
          let readings = row.readings(under: lessons.analysis)
          if !readings.isEmpty {
            comparison.add(
              row, present: try nouns(of: row, readings, without: comparison.present.lexicon),
              whatIf: try nouns(of: row, readings, without: lessons.lexicon))
          }
        }
        if number % 100 == 0 { progress?(Int(number), Int(count)) }
      }
      return comparison.report(for: request.opening, lessons)
    }
  }
}

/// The tally of two models over the same applicants.
private struct Comparison {
  let present: TrainedModel
  let whatIf: FittedModel
  let threshold: Int
  var applicants = 0
  var bothReview = 0
  var bothSecondLook = 0
  var other = 0
  var changes: [ReplayReport.Change] = []

  mutating func add(_ row: ApplicantRow, present nouns: Nouns, whatIf others: Nouns) {
    applicants += 1
    let before = judged(row, present.model, nouns)
    let after = judged(row, whatIf.model, others)
    switch (before.outcome, after.outcome) {
    case (.review, .review): bothReview += 1
    case (.secondLook, .secondLook): bothSecondLook += 1
    case (let from, let to) where from == to: other += 1
    case (let from, let to):
      changes.append(
        .init(
          applicant: row.number.rawValue, from: from, to: to,
          fromProbability: before.probability, toProbability: after.probability,
          words: words(nouns, others)))
    }
  }

  private func judged(
    _ row: ApplicantRow, _ model: LinearSVM.Model, _ nouns: Nouns
  ) -> ApplicantScreened {
    var screened = ApplicantScreened(
      applicant: row.number, opening: row.opening, readings: [], policy: .zero,
      threshold: threshold, outcome: .unscored, excluded: 0, known: 0, unknown: 0)
    screened.judge(by: model, nouns)
    return screened
  }

  private func words(_ nouns: Nouns, _ others: Nouns) -> [ReplayReport.Word] {
    var differences: [[UInt8]: Double] = [:]
    for part in whatIf.model.score(others.terms).contributions {
      differences[part.term, default: 0] += part.value
    }
    for part in present.model.score(nouns.terms).contributions {
      differences[part.term, default: 0] -= part.value
    }
    return
      differences
      .map {
        ReplayReport.Word(term: String(decoding: $0.key, as: UTF8.self), difference: $0.value)
      }
      .sorted { (abs($1.difference), $0.term) < (abs($0.difference), $1.term) }
      .prefix(5).filter { $0.difference != 0 }
  }

  func report(for opening: Opening, _ lessons: Lessons) -> ReplayReport {
    ReplayReport(
      opening: opening.slug, model: present.event.model.rawValue,
      digest: SHA256.hash(whatIf.model.encoded()).hex, c: whatIf.model.c,
      labels: .init(ok: lessons.ok, ng: lessons.ng, blind: lessons.blind), applicants: applicants,
      bothReview: bothReview, bothSecondLook: bothSecondLook, other: other, changes: changes)
  }
}
