extension TermRows {
  /// The mean share of a row's distinct terms that fewer than `fewest` of the other rows have: what a model of the others
  /// alone would not know; 0 without rows.
  ///
  /// A model's own applicants are no measure of what it knows, since each of them helped a term to be known. The rows
  /// have to be sorted.
  ///
  /// - Complexity: O(entries).
  public func shareUnknown(fewest: Int) -> Double {
    guard count > 0 else { return 0 }
    var frequencies = [Int](repeating: 0, count: termCount)
    for term in terms { frequencies[Int(term)] += 1 }
    var sum = 0.0
    for row in 0..<count {
      let own = range(row)
      guard !own.isEmpty else { continue }
      let unknown = own.count { frequencies[Int(terms[$0])] - 1 < fewest }
      sum += Double(unknown) / Double(own.count)
    }
    return sum / Double(count)
  }
}
