/// Collects examples term by term, without an array for each term.
///
/// Examples that come by ascending number, with terms in the order of their UTF-8 bytes, need no sorting.
public struct TrainingSetBuilder {
  private let minimumDocumentFrequency: Int
  private var table = TermTable()
  private var numbers: [UInt64] = []
  private var labels: [Bool] = []
  private var starts: [Int] = []
  /// Term number in the upper half, count in the lower: sorts as the terms do once renumbered.
  private var entries: [UInt64] = []

  /// An empty collection.
  public init(minimumDocumentFrequency: Int = 3) {
    self.minimumDocumentFrequency = max(minimumDocumentFrequency, 1)
  }

  /// Begins the next applicant.
  public mutating func begin(number: UInt64, label: Bool) {
    numbers.append(number)
    labels.append(label)
    starts.append(entries.count)
  }

  /// Adds a term of the applicant begun last; a count of zero adds nothing.
  public mutating func add(_ term: Span<UInt8>, count: UInt32) {
    guard count > 0, !starts.isEmpty else { return }
    entries.append(UInt64(table.identifier(term)) << 32 | UInt64(count))
  }

  /// Puts what was collected in canonical order.
  ///
  /// - Throws: as ``TrainingSet/init(_:minimumDocumentFrequency:)``.
  public consuming func finish() throws(TrainingError) -> TrainingSet {
    guard !numbers.isEmpty else { throw .noExamples }
    guard entries.count < UInt32.max else { throw .tooLarge }
    let order = try rowOrder()
    let ascending = table.ascending()
    var frequencies = renumberAndMerge(order, ascending)
    var set = TrainingSet(minimumDocumentFrequency: minimumDocumentFrequency)
    set.numbers = order.map { numbers[$0] }
    set.labels = order.map { labels[$0] }
    guard let first = set.labels.first, set.labels.contains(!first) else {
      throw .oneLabelOnly(ok: labels[0])
    }
    split(order, ascending, &frequencies, into: &set)
    guard !set.vocabulary.isEmpty else { throw .noSharedTerm(minimumDocumentFrequency) }
    return set
  }

  private func rowOrder() throws(TrainingError) -> [Int] {
    var order = [Int](numbers.indices)
    if !zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }) {
      order.sort { numbers[$0] < numbers[$1] }
    }
    for (left, right) in zip(order, order.dropFirst()) where numbers[left] == numbers[right] {
      throw .repeatedNumber(numbers[left])
    }
    return order
  }

  /// Gives terms the numbers of their order, sorts every row by them and merges repeated terms, whose
  /// spare entries become zero.
  ///
  /// - Returns: how many applicants have each term.
  private mutating func renumberAndMerge(_ order: [Int], _ ascending: [UInt32]) -> [UInt32] {
    var rank = [UInt32](repeating: 0, count: ascending.count)
    for (position, identifier) in ascending.enumerated() {
      rank[Int(identifier)] = UInt32(position)
    }
    var frequencies = [UInt32](repeating: 0, count: ascending.count)
    for row in starts.indices {
      let range = entryRange(row)
      var sorted = true
      var last: UInt64 = 0
      for index in range {
        let entry = entries[index]
        let renumbered = UInt64(rank[Int(entry >> 32)]) << 32 | (entry & 0xffff_ffff)
        entries[index] = renumbered
        if index > range.lowerBound, renumbered >> 32 <= last >> 32 { sorted = false }
        last = renumbered
      }
      if !sorted { sortAndMerge(range) }
      for index in range where entries[index] != 0 { frequencies[Int(entries[index] >> 32)] += 1 }
    }
    return frequencies
  }

  private mutating func sortAndMerge(_ range: Range<Int>) {
    entries[range].sort()
    var kept = range.lowerBound
    for index in range.dropFirst() {
      if entries[index] >> 32 == entries[kept] >> 32 {
        let sum = (entries[kept] & 0xffff_ffff) + (entries[index] & 0xffff_ffff)
        entries[kept] = (entries[kept] & ~0xffff_ffff) | min(sum, 0xffff_ffff)
      } else {
        kept += 1
        entries[kept] = entries[index]
      }
    }
    for index in range where index > kept { entries[index] = 0 }
  }

  private func entryRange(_ row: Int) -> Range<Int> {
    starts[row]..<(row + 1 < starts.count ? starts[row + 1] : entries.count)
  }

  private func split(
    _ order: [Int], _ ascending: [UInt32], _ frequencies: inout [UInt32],
    into set: inout TrainingSet
  ) {
    var keptEntries = 0
    for position in ascending.indices {
      let term = table.bytes.span.extracting(table.range(ascending[position]))
      // From here on the array says where the term stands: kept ones even, rare ones odd.
      if frequencies[position] >= minimumDocumentFrequency {
        keptEntries += Int(frequencies[position])
        frequencies[position] = UInt32(set.vocabulary.count) << 1
        set.vocabulary.append(term)
      } else {
        frequencies[position] = UInt32(set.rareTerms.count) << 1 | 1
        set.rareTerms.append(term)
      }
    }
    set.rows.width = set.vocabulary.count
    set.rareRows.width = set.rareTerms.count
    set.rows.columns.reserveCapacity(keptEntries)
    set.counts.reserveCapacity(keptEntries)
    for row in order {
      for index in entryRange(row) where entries[index] != 0 {
        let place = frequencies[Int(entries[index] >> 32)]
        let count = UInt32(truncatingIfNeeded: entries[index])
        if place & 1 == 0 {
          set.rows.columns.append(place >> 1)
          set.counts.append(count)
        } else {
          set.rareRows.columns.append(place >> 1)
          set.rareCounts.append(count)
        }
      }
      set.rows.offsets.append(UInt32(set.rows.columns.count))
      set.rareRows.offsets.append(UInt32(set.rareRows.columns.count))
    }
  }
}
