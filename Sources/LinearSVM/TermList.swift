/// Terms in strictly ascending order of their UTF-8 bytes, held in one array.
public struct TermList: Sendable, Hashable {
  private(set) var bytes: [UInt8] = []
  private(set) var ends: [UInt32] = []

  init() {}

  /// Appends a term without looking at the order, which the caller vouches for.
  mutating func append(_ term: Span<UInt8>) {
    for index in term.indices { bytes.append(term[index]) }
    ends.append(UInt32(bytes.count))
  }

  func range(_ index: Int) -> Range<Int> {
    (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
  }

  /// Finds a term; O(log n) comparisons.
  ///
  /// - Returns: its index, or `nil` when it is not in the list.
  public func index(of term: [UInt8]) -> Int? {
    var low = 0
    var high = ends.count
    while low < high {
      let middle = (low + high) / 2
      if precedes(range(middle), term) { low = middle + 1 } else { high = middle }
    }
    guard low < ends.count else { return nil }
    let found = range(low)
    guard found.count == term.count else { return nil }
    for offset in 0..<term.count where bytes[found.lowerBound + offset] != term[offset] {
      return nil
    }
    return low
  }

  /// Below zero, zero or above as a term of the list stands before, at or behind another one.
  func compare(_ index: Int, with term: Span<UInt8>) -> Int {
    let range = range(index)
    for offset in 0..<Swift.min(range.count, term.count) {
      let difference = Int(bytes[range.lowerBound + offset]) - Int(term[offset])
      if difference != 0 { return difference }
    }
    return range.count - term.count
  }

  private func precedes(_ range: Range<Int>, _ term: [UInt8]) -> Bool {
    let shared = Swift.min(range.count, term.count)
    for offset in 0..<shared {
      let (left, right) = (bytes[range.lowerBound + offset], term[offset])
      if left != right { return left < right }
    }
    return range.count < term.count
  }

  /// Whether every term stands after the one before it.
  var isAscending: Bool {
    for index in ends.indices.dropFirst() where !precedes(range(index - 1), self[index]) {
      return false
    }
    return true
  }
}

extension TermList: RandomAccessCollection {
  /// The position of the first term.
  public var startIndex: Int { 0 }
  /// How many terms there are.
  public var endIndex: Int { ends.count }
  /// The UTF-8 bytes of one term.
  public subscript(index: Int) -> [UInt8] { [UInt8](bytes[range(index)]) }
}
