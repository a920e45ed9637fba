/// Rows of counted terms, each spelling kept once: eight bytes an entry.
///
/// Terms are numbered in the order in which they first come, until ``sort()`` numbers them by their UTF-8
/// bytes.
public struct TermRows: Sendable {
  private(set) var table = TermTable()
  private(set) var starts: [Int] = []
  /// The terms' numbers, and how often each occurs in its row.
  var terms: [UInt32] = []
  var counts: [UInt32] = []

  /// No rows.
  public init() {}

  /// How many rows there are.
  public var count: Int { starts.count }
  /// How many distinct terms there are.
  public var termCount: Int { table.count }

  /// Begins the next row.
  public mutating func beginRow() { starts.append(terms.count) }

  /// Adds a term to the row begun last; a count of zero adds nothing, a term that comes twice counts as the sum.
  public mutating func add(_ term: Span<UInt8>, count: UInt32) {
    guard count > 0, !starts.isEmpty else { return }
    terms.append(table.identifier(term))
    counts.append(count)
  }

  /// Adds the rows of others, in their order.
  public mutating func append(_ others: TermRows) {
    var numbers = TermNumbers(of: others)
    for row in 0..<others.count { append(row, of: others, &numbers) }
  }

  /// Adds a row of others.
  ///
  /// - Parameter numbers: what is known by now of the others' terms here.
  public mutating func append(_ row: Int, of others: TermRows, _ numbers: inout TermNumbers) {
    beginRow()
    for entry in others.range(row) {
      let term = Int(others.terms[entry])
      if numbers.here[term] == .max {
        numbers.here[term] = table.identifier(
          others.table.bytes.span.extracting(others.table.range(others.terms[entry])))
      }
      terms.append(numbers.here[term])
      counts.append(others.counts[entry])
    }
  }

  /// The entries of a row.
  func range(_ row: Int) -> Range<Int> {
    starts[row]..<(row + 1 < starts.count ? starts[row + 1] : terms.count)
  }

  /// A row's terms as UTF-8 bytes with their counts, in the order that they have.
  public func row(_ index: Int) -> [(term: [UInt8], count: UInt32)] {
    range(index).map { entry in
      (term: [UInt8](table.bytes[table.range(terms[entry])]), count: counts[entry])
    }
  }

  /// Numbers terms by their UTF-8 bytes, puts every row in that order, and sums up what comes twice in it.
  public mutating func sort() {
    let ascending = table.ascending()
    var rank = [UInt32](repeating: 0, count: ascending.count)
    for (position, identifier) in ascending.enumerated() {
      rank[Int(identifier)] = UInt32(position)
    }
    table = table.reordered(ascending)
    var end = 0
    for row in starts.indices {
      let range = range(row)
      starts[row] = end
      end = move(range, to: end, rank)
    }
    terms.removeLast(terms.count - end)
    counts.removeLast(counts.count - end)
  }

  /// Moves a row's entries down to `end`, sorted by rank.
  ///
  /// - Returns: where they end.
  private mutating func move(_ range: Range<Int>, to start: Int, _ rank: [UInt32]) -> Int {
    var isSorted = true
    for (offset, entry) in range.enumerated() {
      let (term, count) = (rank[Int(terms[entry])], counts[entry])
      (terms[start + offset], counts[start + offset]) = (term, count)
      if offset > 0, term <= terms[start + offset - 1] { isSorted = false }
    }
    let moved = start..<start + range.count
    return isSorted ? moved.upperBound : sortAndMerge(moved)
  }

  /// - Returns: where the entries end that are left.
  private mutating func sortAndMerge(_ range: Range<Int>) -> Int {
    var entries: [UInt64] = []
    entries.reserveCapacity(range.count)
    for entry in range { entries.append(UInt64(terms[entry]) << 32 | UInt64(counts[entry])) }
    entries.sort()
    var end = range.lowerBound
    for entry in entries {
      let (term, count) = (UInt32(entry >> 32), UInt32(truncatingIfNeeded: entry))
      if end > range.lowerBound, terms[end - 1] == term {
        let (sum, overflow) = counts[end - 1].addingReportingOverflow(count)
        counts[end - 1] = overflow ? .max : sum
      } else {
        (terms[end], counts[end]) = (term, count)
        end += 1
      }
    }
    return end
  }
}

/// The numbers that the terms of one ``TermRows`` have in another, as far as they came up.
public struct TermNumbers: Sendable {
  var here: [UInt32]

  /// Nothing is known yet.
  public init(of rows: TermRows) { here = [UInt32](repeating: .max, count: rows.termCount) }
}
