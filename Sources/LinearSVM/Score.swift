/// What a model says of one applicant's nouns.
public struct Score: Sendable {
  /// What everybody's score begins with.
  public let bias: Double
  /// What each known term adds, in the order of UTF-8 bytes.
  public let contributions: [(term: [UInt8], value: Double)]
  /// The bias, then the contributions added one by one in their order.
  public let total: Double
  /// How many of the applicant's distinct terms the model knows.
  public let knownTerms: Int
  /// How many it does not know.
  public let unknownTerms: Int
}

extension Model {
  /// Scores an applicant.
  ///
  /// - Parameter nouns: terms as UTF-8 bytes with their counts, in any order; a repeated term counts as
  ///   the sum.
  public func score(_ nouns: [(term: [UInt8], count: UInt32)]) -> Score {
    var known: [(index: Int, count: UInt32)] = []
    var unknown = 0
    for (term, count) in merged(nouns) {
      if let index = terms.index(of: term) { known.append((index, count)) } else { unknown += 1 }
    }
    let values = known.map { value($0.index, $0.count) }
    var squares = 0.0
    for value in values { squares += value * value }
    let scale = squares > 0 ? 1 / squares.squareRoot() : 0
    var total = bias
    var contributions: [(term: [UInt8], value: Double)] = []
    contributions.reserveCapacity(known.count)
    for (value, (index, _)) in zip(values, known) {
      let contribution = value * scale * weights[index]
      total += contribution
      contributions.append((terms[index], contribution))
    }
    return Score(
      bias: bias, contributions: contributions, total: total, knownTerms: known.count,
      unknownTerms: unknown)
  }

  /// The value of a term before the vector is scaled.
  func value(_ index: Int, _ count: UInt32) -> Double {
    switch representation {
    case .binary: 1
    case .logTF: Features.logarithmic(count)
    case .naiveBayes: termValues[index]
    }
  }

  private func merged(
    _ nouns: [(term: [UInt8], count: UInt32)]
  ) -> [(term: [UInt8], count: UInt32)] {
    var sorted = nouns.filter { $0.count > 0 }
    sorted.sort { $0.term.lexicographicallyPrecedes($1.term) }
    var merged: [(term: [UInt8], count: UInt32)] = []
    merged.reserveCapacity(sorted.count)
    for noun in sorted {
      if let last = merged.last, last.term == noun.term {
        let (sum, overflow) = last.count.addingReportingOverflow(noun.count)
        merged[merged.count - 1].count = overflow ? .max : sum
      } else {
        merged.append(noun)
      }
    }
    return merged
  }
}
