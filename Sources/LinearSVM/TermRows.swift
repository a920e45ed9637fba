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
  /// Whether ``sort()`` would change nothing.
  private var isSorted = false
  /// The marks and first slots of the terms that are being added, always in the same memory.
  private var marks: [TermTable.Mark] = []
  private var slots: [UInt32] = []

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
    isSorted = false
    terms.append(table.identifier(term))
    counts.append(count)
  }

  /// Adds several terms to the row begun last, as one after the other.
  ///
  /// A table of many terms lies outside the nearest caches, and most of the time goes by waiting for it. Here the looks
  /// into it follow each other closely, so that they overlap.
  ///
  /// - Parameter bytes: what holds the terms in UTF-8.
  public mutating func add(_ places: [TermPlace], in bytes: Span<UInt8>) {
    guard !starts.isEmpty else { return }
    isSorted = false
    marks.removeAll(keepingCapacity: true)
    for place in places { marks.append(TermTable.Mark(bytes.extracting(place.range))) }
    table.firstSlots(of: marks, into: &slots)
    for (index, place) in places.enumerated() where place.count > 0 {
      terms.append(
        table.identifier(bytes.extracting(place.range), marks[index], slot: slots[index]))
      counts.append(place.count)
    }
  }

  /// Adds a row of others.
  ///
  /// - Parameter numbers: what is known by now of the others' terms here.
  public mutating func append(_ row: Int, of others: TermRows, _ numbers: inout TermNumbers) {
    beginRow()
    isSorted = false
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

  /// How many entries a row has.
  public func termCount(ofRow row: Int) -> Int { range(row).count }

  /// Calls `body` with a row's terms and their counts in the order of the terms' UTF-8 bytes, in which rows that are
  /// made of them need no sorting.
  public func forEachTerm(ofRow row: Int, _ body: (Span<UInt8>, UInt32) -> Void) {
    var order = Array(range(row))
    order.sort { table.precedes(terms[$0], terms[$1]) }
    for entry in order {
      body(table.bytes.span.extracting(table.range(terms[entry])), counts[entry])
    }
  }

  /// Numbers terms by their UTF-8 bytes, puts every row in that order, and sums up what comes twice in it.
  public mutating func sort() {
    guard !isSorted else { return }
    let ascending = table.ascending()
    var rank = [UInt32](repeating: 0, count: ascending.count)
    for (position, identifier) in ascending.enumerated() {
      rank[Int(identifier)] = UInt32(position)
    }
    table = table.reordered(ascending)
    renumber(rank)
    isSorted = true
  }

  /// Gives every term the number that stands in its place, and puts every row in the numbers' order.
  mutating func renumber(_ numbers: [UInt32]) {
    var sorting = RowSorting(largest: numbers.max() ?? 0)
    var end = 0
    for row in starts.indices {
      let range = range(row)
      starts[row] = end
      var isOrdered = true
      var last: UInt32?
      for entry in range {
        let (number, count) = (numbers[Int(terms[entry])], counts[entry])
        if let last, number <= last { isOrdered = false }
        last = number
        (terms[end], counts[end]) = (number, count)
        end += 1
      }
      if !isOrdered { end = sorting.sort(&terms, &counts, from: starts[row], to: end) }
    }
    terms.removeLast(terms.count - end)
    counts.removeLast(counts.count - end)
  }
}

extension TermRows {
  /// The rows of several collections that all number terms alike, by UTF-8 bytes.
  ///
  /// - Parameters:
  ///   - table: the terms in that order.
  ///   - parts: the collections, which are given up piece by piece so that little is held twice.
  ///   - order: which rows of which collection follow each other.
  init(_ table: TermTable, _ parts: consuming [TermRows], in order: [TermRowsJoin.Stretch]) {
    self.table = table
    var parts = parts
    var entries: [(part: Int, range: Range<Int>)] = []
    starts.reserveCapacity(parts.reduce(0) { $0 + $1.starts.count })
    var end = 0
    for (part, rows) in order where !rows.isEmpty {
      let first = parts[part].starts[rows.lowerBound]
      let range = first..<parts[part].range(rows.upperBound - 1).upperBound
      for row in rows { starts.append(end + parts[part].starts[row] - first) }
      entries.append((part, range))
      end += range.count
    }
    terms.reserveCapacity(end)
    for (part, range) in entries { terms += parts[part].terms[range] }
    for part in parts.indices { parts[part].terms = [] }
    counts.reserveCapacity(end)
    for (part, range) in entries { counts += parts[part].counts[range] }
    isSorted = true
  }
}

/// Where a term stands, and how often it counts.
public struct TermPlace: Sendable {
  fileprivate let range: Range<Int>
  fileprivate let count: UInt32

  /// A term that stands at `range` of some bytes.
  public init(_ range: Range<Int>, count: UInt32) { (self.range, self.count) = (range, count) }
}

/// The numbers that the terms of one ``TermRows`` have in another, as far as they came up.
public struct TermNumbers: Sendable {
  var here: [UInt32]

  /// Nothing is known yet.
  public init(of rows: TermRows) { here = [UInt32](repeating: .max, count: rows.termCount) }
}
