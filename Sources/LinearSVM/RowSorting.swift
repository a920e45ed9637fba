/// Sorts rows of numbers and counts, by the bytes of the numbers from the lowest to the highest.
///
/// A row has some hundred entries and a number two or three bytes that matter, which is a third of the work of
/// comparing them. The memory is the same for all rows.
struct RowSorting {
  private var entries: [UInt64] = []
  private var others: [UInt64] = []
  private var places = [Int](repeating: 0, count: 256)
  private let passes: Int

  /// - Parameter largest: the largest number that there is.
  init(largest: UInt32) { passes = max((32 - largest.leadingZeroBitCount + 7) / 8, 1) }

  /// Sorts the entries of one row, and sums up what comes twice.
  ///
  /// - Returns: where the entries end that are left.
  mutating func sort(
    _ numbers: inout [UInt32], _ counts: inout [UInt32], from start: Int, to end: Int
  ) -> Int {
    entries.removeAll(keepingCapacity: true)
    for entry in start..<end {
      entries.append(UInt64(numbers[entry]) << 32 | UInt64(counts[entry]))
    }
    for pass in 0..<passes { deal(by: UInt64(32 + 8 * pass)) }
    var last = start
    for (index, entry) in entries.enumerated() {
      let (number, count) = (UInt32(entry >> 32), UInt32(truncatingIfNeeded: entry))
      if index > 0, numbers[last - 1] == number {
        let (sum, overflow) = counts[last - 1].addingReportingOverflow(count)
        counts[last - 1] = overflow ? .max : sum
      } else {
        (numbers[last], counts[last]) = (number, count)
        last += 1
      }
    }
    return last
  }

  /// Puts the entries in the order of one byte, those alike in it in the order that they have.
  private mutating func deal(by shift: UInt64) {
    for byte in places.indices { places[byte] = 0 }
    for entry in entries { places[Int(entry >> shift & 0xFF)] += 1 }
    var place = 0
    for byte in places.indices { (places[byte], place) = (place, place + places[byte]) }
    while others.count < entries.count { others.append(0) }
    for entry in entries {
      let byte = Int(entry >> shift & 0xFF)
      others[places[byte]] = entry
      places[byte] += 1
    }
    if others.count > entries.count { others.removeLast(others.count - entries.count) }
    swap(&entries, &others)
  }
}
