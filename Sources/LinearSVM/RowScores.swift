/// A model asked about many rows: what it knows of their terms is looked up once for each term.
public struct RowScores: Sendable {
  /// What a model says of one row, as ``Score`` tells it.
  public struct RowScore: Sendable, Hashable {
    /// The score, to the bit that of ``Model/score(_:)``.
    public let total: Double
    /// How many of the row's terms the model knows.
    public let knownTerms: Int
    /// How many it does not know.
    public let unknownTerms: Int
  }

  private let model: Model
  /// The model's number of each of the rows' terms; the largest number for a term that it does not know.
  private let known: [UInt32]

  /// Looks up the terms of `rows`, which are sorted.
  ///
  /// - Complexity: O(terms of the model + terms of the rows).
  public init(_ model: Model, of rows: TermRows) {
    self.model = model
    var known = [UInt32](repeating: .max, count: rows.termCount)
    let terms = model.terms
    var place = 0
    for index in known.indices {
      let term = rows.table.bytes.span.extracting(rows.table.range(UInt32(index)))
      while place < terms.count, terms.compare(place, with: term) < 0 { place += 1 }
      if place < terms.count, terms.compare(place, with: term) == 0 { known[index] = UInt32(place) }
    }
    self.known = known
  }

  /// The score of a row of the rows given at first.
  public func score(_ row: Int, of rows: TermRows) -> RowScore {
    let range = rows.range(row)
    var squares = 0.0
    var count = 0
    for entry in range {
      let index = known[Int(rows.terms[entry])]
      guard index != .max else { continue }
      let value = model.value(Int(index), rows.counts[entry])
      squares += value * value
      count += 1
    }
    let scale = squares > 0 ? 1 / squares.squareRoot() : 0
    var total = model.bias
    for entry in range {
      let index = known[Int(rows.terms[entry])]
      guard index != .max else { continue }
      total += model.value(Int(index), rows.counts[entry]) * scale * model.weights[Int(index)]
    }
    return RowScore(total: total, knownTerms: count, unknownTerms: range.count - count)
  }
}
