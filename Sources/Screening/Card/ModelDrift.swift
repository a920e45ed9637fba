import EventStore
import LinearSVM

/// How those whom a model judges differ from those who taught it.
public struct ModelDrift: Sendable, Encodable {
  /// Those who taught the model.
  public struct Reference: Sendable, Encodable {
    /// How many there are.
    public let applicants: Int
    /// When the first of their labels was given.
    public let first: String
    /// When the last was.
    public let last: String
    /// The mean share of distinct nouns that the others alone would not have made known to the model.
    public let unknownShare: Double
    /// How many documents of each form they handed in.
    public let forms: [String: Int]
  }

  /// Those whom the model judged, by the month they applied in.
  public struct Period: Sendable, Encodable {
    /// The month in Japan, as in `2026-11`; `all` for all together.
    public let month: String
    /// How many applicants there are.
    public let applicants: Int
    /// The mean share of distinct nouns that the model has no weight for.
    public let unknownShare: Double
    /// How many fall in each tenth of the scores that the training held out; `nil` without any.
    @Nullable public var tenths: [Int]?
    /// The population stability index of the tenths: under 0.1 little has changed, above 0.25 much has, if it is above
    /// `chanceIndex` too; `nil` with fewer than twenty scores.
    @Nullable public var stabilityIndex: Double?
    /// The index that applicants of the same kind as those who taught exceed by chance once in twenty.
    @Nullable public var chanceIndex: Double?
    /// The mean of the recorded percentages in basis points; `nil` without any.
    @Nullable public var meanProbability: Int?
    /// How many documents of each form they handed in.
    public let forms: [String: Int]
  }

  /// The model's number.
  public let model: UInt64
  /// The opening it is for.
  public let opening: String
  /// Whether it is the one in force.
  public let inForce: Bool
  /// Those who taught it; `nil` once one of them was erased.
  @Nullable public var reference: Reference?
  /// Month by month.
  public let periods: [Period]
  /// All together; `nil` when it has judged nobody who did not teach it.
  @Nullable public var all: Period?
  /// What to look at.
  public let warnings: [ModelWarning]
}

/// Collects what a period holds.
struct PeriodTally: Sendable {
  var drift: Drift?
  var applicants = 0
  var unknownSum = 0.0
  var probabilities: [Int] = []
  var forms: [String: Int] = [:]

  /// - Parameter scores: those of the training, each of an applicant held out.
  init(comparedWith scores: [Double]?) { drift = scores.flatMap { Drift(comparedWith: $0) } }

  mutating func add(_ screened: ApplicantScreened, forms: [String]) {
    applicants += 1
    let terms = screened.known + screened.unknown
    if terms > 0 { unknownSum += Double(screened.unknown) / Double(terms) }
    if let score = screened.score { drift?.add(score) }
    if let probability = screened.probability { probabilities.append(probability) }
    for form in forms { self.forms[form, default: 0] += 1 }
  }

  func period(_ month: String) -> ModelDrift.Period {
    let measured = drift.flatMap { $0.count > 0 ? $0 : nil }
    let indexed = measured.flatMap { $0.count >= ModelDrift.fewest ? $0 : nil }
    return ModelDrift.Period(
      month: month, applicants: applicants,
      unknownShare: applicants == 0 ? 0 : unknownSum / Double(applicants),
      tenths: measured?.tenths, stabilityIndex: indexed?.stabilityIndex,
      chanceIndex: indexed?.chanceIndex,
      meanProbability: probabilities.isEmpty
        ? nil : probabilities.reduce(0, +) / probabilities.count,
      forms: forms)
  }
}

extension ModelDrift {
  /// Fewer applicants than these say nothing of a change.
  static let fewest = 20

  static func warnings(
    _ reference: Reference?, _ all: Period?, lastLabel: Timestamp?, newest: Timestamp?
  ) -> [ModelWarning] {
    guard let reference else {
      return [
        ModelWarning(
          slug: "erased",
          text: CardText(
            "学んだ応募者が消去されたため、比べられません。学び直してください。",
            "An applicant who taught the model was erased, so there is nothing to compare with. Train "
              + "another model."))
      ]
    }
    guard let all, all.applicants >= fewest else { return [] }
    var warnings: [ModelWarning] = []
    if let newest, let lastLabel, newest.isMoreThanAYear(after: lastLabel) {
      let (last, now) = (lastLabel.dayInJapan, newest.dayInJapan)
      warnings.append(
        ModelWarning(
          slug: "other-year",
          text: CardText(
            "モデルが学んだ最後の判断は \(last) のもので、応募者は \(now) まで、一年を超えて後のものです。学び直してください。",
            "The last label that the model learnt from is of \(last), and people applied until \(now), more than a year "
              + "later. Train another model.")))
    }
    if distance(reference.forms, all.forms) > 0.25 {
      warnings.append(
        ModelWarning(
          slug: "other-form",
          text: CardText(
            "書類の形式が、学んだものと異なります。", "Documents are of other forms than those it learnt from.")))
    }
    if all.unknownShare > reference.unknownShare + 0.1 {
      warnings.append(
        ModelWarning(
          slug: "unknown-words",
          text: CardText(
            "モデルの知らない語が増えました。", "More of the words are unknown to the model.")))
    }
    if let index = all.stabilityIndex, let chance = all.chanceIndex, index > max(0.25, chance) {
      warnings.append(
        ModelWarning(
          slug: "other-scores",
          text: CardText(
            "点数の分布が、学習の時から大きく変わりました。", "The scores are distributed otherwise than in training.")))
    }
    return warnings
  }

  /// Half the sum of the differences of shares: 0 for equal ones, 1 for nothing in common.
  private static func distance(_ left: [String: Int], _ right: [String: Int]) -> Double {
    let (leftSum, rightSum) = (left.values.reduce(0, +), right.values.reduce(0, +))
    guard leftSum > 0, rightSum > 0 else { return 0 }
    let forms = Set(left.keys).union(right.keys).sorted()
    return forms.reduce(0.0) { sum, form in
      let shares = (
        Double(left[form] ?? 0) / Double(leftSum), Double(right[form] ?? 0) / Double(rightSum)
      )
      return sum + (shares.0 - shares.1).magnitude / 2
    }
  }
}
