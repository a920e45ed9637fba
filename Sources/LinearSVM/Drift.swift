/// How applicants differ from those that a model was trained on.
public struct Drift: Sendable, Hashable {
  /// How many applicants were looked at.
  public private(set) var count = 0
  /// The mean share of an applicant's distinct terms that the model does not know; 0 without applicants.
  public var unknownShare: Double { count == 0 ? 0 : unknownSum / Double(count) }
  /// How many applicants fall in each tenth of the held-out scores of the training.
  public private(set) var tenths = [Int](repeating: 0, count: 10)

  private var unknownSum = 0.0
  /// The scores between the tenths.
  private let bounds: [Double]

  /// Begins a comparison with the scores of those held out; `nil` with fewer than ten of them.
  public init?(comparedWith heldOut: [HeldOut]) {
    guard heldOut.count >= 10 else { return nil }
    let scores = heldOut.map { $0.score }.sorted()
    bounds = (1..<10).map { scores[scores.count * $0 / 10] }
  }

  /// Takes an applicant's score in.
  public mutating func add(_ score: Score) {
    add(score: score.total, known: score.knownTerms, unknown: score.unknownTerms)
  }

  /// Takes a recorded score in.
  ///
  /// - Parameters:
  ///   - known: how many of the applicant's distinct terms the model knows.
  ///   - unknown: how many it does not know.
  public mutating func add(score: Double, known: Int, unknown: Int) {
    count += 1
    if known + unknown > 0 { unknownSum += Double(unknown) / Double(known + unknown) }
    var tenth = 0
    while tenth < bounds.count, score >= bounds[tenth] { tenth += 1 }
    tenths[tenth] += 1
  }

  /// The population stability index between the tenths and equal shares; 0 without applicants.
  ///
  /// Under 0.1 little has changed, above 0.25 much has: the usual rule of credit scoring, where a share
  /// of nothing counts as half an applicant.
  public var stabilityIndex: Double {
    guard count > 0 else { return 0 }
    var index = 0.0
    for tenth in tenths {
      let share = max(Double(tenth), 0.5) / Double(count)
      index += (share - 0.1) * Elementary.log(share * 10)
    }
    return index
  }
}
