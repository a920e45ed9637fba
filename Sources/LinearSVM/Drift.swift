/// How the scores of applicants differ from those of the applicants that a model was trained on.
public struct Drift: Sendable, Hashable {
  /// How many applicants fall in each tenth of the scores of the training.
  public private(set) var tenths = [Int](repeating: 0, count: 10)

  /// The scores between the tenths.
  private let bounds: [Double]
  /// How many scores the tenths are of.
  private let references: Int

  /// Begins a comparison with the scores of a training, each from a solve that had not seen the applicant; `nil`
  /// with fewer than ten of them.
  public init?(comparedWith scores: [Double]) {
    guard scores.count >= 10 else { return nil }
    let scores = scores.sorted()
    bounds = (1..<10).map { scores[scores.count * $0 / 10] }
    references = scores.count
  }

  /// How many applicants were looked at.
  public var count: Int { tenths.reduce(0, +) }

  /// Takes an applicant's score in.
  public mutating func add(_ score: Double) {
    var tenth = 0
    while tenth < bounds.count, score >= bounds[tenth] { tenth += 1 }
    tenths[tenth] += 1
  }

  /// The population stability index between the tenths and equal shares; 0 without applicants.
  ///
  /// Under 0.1 little has changed, above 0.25 much has: the usual rule of credit scoring, where a share
  /// of nothing counts as half an applicant. The rule knows no chance; that is ``chanceIndex``.
  public var stabilityIndex: Double {
    let count = Double(count)
    guard count > 0 else { return 0 }
    var index = 0.0
    for tenth in tenths {
      let share = max(Double(tenth), 0.5) / count
      index += (share - 0.1) * Elementary.log(share * 10)
    }
    return index
  }

  /// The index that applicants of the same kind as those trained on exceed once in twenty; infinite without
  /// applicants.
  ///
  /// Without any change the index is distributed as χ² of nine degrees of freedom times 1/n + 1/N, where n are the
  /// applicants and N those trained on (Yurdakul, "Statistical Properties of Population Stability Index", 2018).
  public var chanceIndex: Double {
    Self.quantile * (1 / Double(count) + 1 / Double(references))
  }

  /// Nineteen of twenty draws of χ² of nine degrees of freedom fall below it.
  private static let quantile = 16.918977604620448
}
