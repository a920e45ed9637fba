/// Collects examples term by term, without an array for each term.
///
/// Examples that come by ascending number, with terms in the order of their UTF-8 bytes, need no sorting. It
/// cannot be copied, so that what it holds is put in order where it lies: a second holder would double the
/// memory of a large training.
public struct TrainingSetBuilder: ~Copyable {
  private let minimumDocumentFrequency: Int
  private var numbers: [UInt64] = []
  private var labels: [Bool] = []
  /// The applicants' terms, later with the numbers of columns in place of the terms'.
  private var rows: TermRows

  /// An empty collection.
  public init(minimumDocumentFrequency: Int = 3) {
    self.minimumDocumentFrequency = max(minimumDocumentFrequency, 1)
    rows = TermRows()
  }

  /// Takes rows over: one of each applicant, in the order of `numbers` and `labels`.
  public init(
    numbers: [UInt64], labels: [Bool], rows: consuming TermRows, minimumDocumentFrequency: Int = 3
  ) {
    precondition(numbers.count == labels.count && labels.count == rows.count)
    self.minimumDocumentFrequency = max(minimumDocumentFrequency, 1)
    self.numbers = numbers
    self.labels = labels
    self.rows = rows
  }

  /// Begins the next applicant.
  public mutating func begin(number: UInt64, label: Bool) {
    numbers.append(number)
    labels.append(label)
    rows.beginRow()
  }

  /// Adds a term of the applicant begun last; a count of zero adds nothing.
  public mutating func add(_ term: Span<UInt8>, count: UInt32) { rows.add(term, count: count) }

  /// Adds an applicant whose terms stand in a row of a table.
  ///
  /// - Parameter numbers: what is known by now of the table's terms here.
  public mutating func append(
    number: UInt64, label: Bool, row: Int, of table: TermRows, _ numbers: inout TermNumbers
  ) {
    self.numbers.append(number)
    labels.append(label)
    rows.append(row, of: table, &numbers)
  }

  /// Puts what was collected in canonical order.
  ///
  /// - Throws: as ``TrainingSet/init(_:minimumDocumentFrequency:)``.
  public consuming func finish() throws(TrainingError) -> TrainingSet {
    guard !numbers.isEmpty else { throw .noExamples }
    guard rows.terms.count < UInt32.max else { throw .tooLarge }
    let order = try rowOrder()
    var set = TrainingSet(minimumDocumentFrequency: minimumDocumentFrequency)
    set.numbers = order.map { numbers[$0] }
    set.labels = order.map { labels[$0] }
    guard let first = set.labels.first, set.labels.contains(!first) else {
      throw .oneLabelOnly(ok: labels[0])
    }
    rows.sort()
    let columns = nameColumns(in: &set)
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

  /// Numbers the features' columns from the commonest term to the rarest, so that the weights in most use
  /// lie side by side in memory.
  ///
  /// - Returns: for each term twice its column, or twice its place among the rare ones and 1.
  private func nameColumns(in set: inout TrainingSet) -> [UInt32] {
    var frequencies = [UInt32](repeating: 0, count: rows.termCount)
    for term in rows.terms { frequencies[Int(term)] += 1 }
    var kept: [Int] = []
    var columns = [UInt32](repeating: 0, count: rows.termCount)
    for position in frequencies.indices {
      let term = rows.table.bytes.span.extracting(rows.table.range(UInt32(position)))
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
    let size = isOrdered ? 0 : rows.terms.count
    var target = [UInt32](repeating: 0, count: size)
    var targetCounts = target
    let ranges = order.map { rows.range($0) }
    // In place when the rows stand in order already, which spares a second copy of a large set.
    if isOrdered {
      swap(&target, &rows.terms)
      swap(&targetCounts, &rows.counts)
    }
    var end = 0
    // Spans, which need no look at whether somebody else holds the array.
    var places = target.mutableSpan
    var placeCounts = targetCounts.mutableSpan
    let columns = columns.span
    for range in ranges {
      for index in range {
        let place = columns[Int(isOrdered ? places[index] : rows.terms[index])]
        let count = isOrdered ? placeCounts[index] : rows.counts[index]
        if place & 1 == 0 {
          places[end] = place >> 1
          placeCounts[end] = count
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
