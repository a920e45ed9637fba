/// Collects examples term by term, without an array for each term.
///
/// Examples that come by ascending number, with terms in the order of their UTF-8 bytes, need no sorting. It
/// cannot be copied, so that what it holds is put in order where it lies: a second holder would double the
/// memory of a large training.
public struct TrainingSetBuilder: ~Copyable {
  private let minimumDocumentFrequency: Int
  private var table = TermTable()
  private var numbers: [UInt64] = []
  private var labels: [Bool] = []
  /// Where each applicant's terms begin, and how many are left of them once repeated ones are merged.
  private var starts: [Int] = []
  private var lengths: [Int] = []
  /// The terms' numbers, first those of the table and later those of the columns, and their counts.
  private var terms: [UInt32] = []
  private var counts: [UInt32] = []

  /// An empty collection.
  public init(minimumDocumentFrequency: Int = 3) {
    self.minimumDocumentFrequency = max(minimumDocumentFrequency, 1)
  }

  /// Begins the next applicant.
  public mutating func begin(number: UInt64, label: Bool) {
    numbers.append(number)
    labels.append(label)
    starts.append(terms.count)
  }

  /// Adds a term of the applicant begun last; a count of zero adds nothing.
  public mutating func add(_ term: Span<UInt8>, count: UInt32) {
    guard count > 0, !starts.isEmpty else { return }
    terms.append(table.identifier(term))
    counts.append(count)
  }

  /// Puts what was collected in canonical order.
  ///
  /// - Throws: as ``TrainingSet/init(_:minimumDocumentFrequency:)``.
  public consuming func finish() throws(TrainingError) -> TrainingSet {
    guard !numbers.isEmpty else { throw .noExamples }
    guard terms.count < UInt32.max else { throw .tooLarge }
    let order = try rowOrder()
    var set = TrainingSet(minimumDocumentFrequency: minimumDocumentFrequency)
    set.numbers = order.map { numbers[$0] }
    set.labels = order.map { labels[$0] }
    guard let first = set.labels.first, set.labels.contains(!first) else {
      throw .oneLabelOnly(ok: labels[0])
    }
    let ascending = table.ascending()
    let frequencies = renumberAndMerge(ascending)
    let columns = nameColumns(ascending, frequencies, in: &set)
    split(order, columns, into: &set)
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

  /// Gives terms the numbers of their order, sorts every row by them and merges repeated terms.
  ///
  /// - Returns: how many applicants have each term.
  private mutating func renumberAndMerge(_ ascending: [UInt32]) -> [UInt32] {
    var rank = [UInt32](repeating: 0, count: ascending.count)
    for (position, identifier) in ascending.enumerated() {
      rank[Int(identifier)] = UInt32(position)
    }
    var frequencies = [UInt32](repeating: 0, count: ascending.count)
    for row in starts.indices {
      let range = starts[row]..<(row + 1 < starts.count ? starts[row + 1] : terms.count)
      var isSorted = true
      for index in range {
        terms[index] = rank[Int(terms[index])]
        if index > range.lowerBound, terms[index] <= terms[index - 1] { isSorted = false }
      }
      lengths.append(isSorted ? range.count : sortAndMerge(range))
      for index in range.prefix(lengths[row]) { frequencies[Int(terms[index])] += 1 }
    }
    return frequencies
  }

  /// - Returns: how many entries are left, which stand at the beginning of the range.
  private mutating func sortAndMerge(_ range: Range<Int>) -> Int {
    let entries = range.map { UInt64(terms[$0]) << 32 | UInt64(counts[$0]) }.sorted()
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
    return end - range.lowerBound
  }

  /// Numbers the features' columns from the commonest term to the rarest, so that the weights in most use
  /// lie side by side in memory.
  ///
  /// - Returns: for each term twice its column, or twice its place among the rare ones and 1.
  private func nameColumns(
    _ ascending: [UInt32], _ frequencies: [UInt32], in set: inout TrainingSet
  ) -> [UInt32] {
    var kept: [Int] = []
    var columns = [UInt32](repeating: 0, count: ascending.count)
    for position in ascending.indices {
      let term = table.bytes.span.extracting(table.range(ascending[position]))
      if frequencies[position] >= minimumDocumentFrequency {
        kept.append(position)
        set.vocabulary.append(term)
      } else {
        columns[position] = UInt32(set.rareTerms.count) << 1 | 1
        set.rareTerms.append(term)
      }
    }
    var common = [Int](kept.indices)
    common.sort { (frequencies[kept[$1]], $0) < (frequencies[kept[$0]], $1) }
    for (column, term) in common.enumerated() { columns[kept[term]] = UInt32(column) << 1 }
    set.terms = common.map { UInt32($0) }
    set.rows.width = set.vocabulary.count
    set.rareRows.width = set.rareTerms.count
    return columns
  }

  /// Moves the rare terms out of the rows, and the rows together.
  private mutating func split(
    _ order: [Int], _ columns: [UInt32], into set: inout TrainingSet
  ) {
    let isOrdered = zip(order, order.dropFirst()).allSatisfy { $0 < $1 }
    let size = isOrdered ? 0 : terms.count
    var target = [UInt32](repeating: 0, count: size)
    var targetCounts = target
    // In place when the rows stand in order already, which spares a second copy of a large set.
    if isOrdered {
      swap(&target, &terms)
      swap(&targetCounts, &counts)
    }
    var end = 0
    for row in order {
      for index in starts[row]..<(starts[row] + lengths[row]) {
        let place = columns[Int(isOrdered ? target[index] : terms[index])]
        let count = isOrdered ? targetCounts[index] : counts[index]
        if place & 1 == 0 {
          target[end] = place >> 1
          targetCounts[end] = count
          end += 1
        } else {
          set.rareRows.columns.append(place >> 1)
          set.rareCounts.append(count)
        }
      }
      set.rows.offsets.append(UInt32(end))
      set.rareRows.offsets.append(UInt32(set.rareRows.columns.count))
    }
    target.removeLast(target.count - end)
    targetCounts.removeLast(targetCounts.count - end)
    set.rows.columns = target
    set.counts = targetCounts
  }
}
