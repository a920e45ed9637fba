/// Changes of a table's entries, one after the other in one buffer, until they are written in the order of
/// their keys.
///
/// A portion of events makes millions of them: an array for each key and value would cost more than the fold.
@usableFromInline
struct PackedChanges: Sendable {
  /// Where a change lies: its key, then its value.
  @usableFromInline
  struct Place: Sendable {
    var start: Int
    var keySize: UInt32
    /// `nil` where the entry is removed.
    var valueSize: UInt32?

    @usableFromInline
    init(start: Int, keySize: UInt32, valueSize: UInt32?) {
      self.start = start
      self.keySize = keySize
      self.valueSize = valueSize
    }
  }

  @usableFromInline var buffer: [UInt8] = []
  @usableFromInline var places: [Place] = []

  @usableFromInline
  init() {}

  /// Adds a change whose key and value are appended by `key` and `value`.
  @inlinable
  mutating func append(key: (inout [UInt8]) -> Void, value: (inout [UInt8]) -> Void) {
    let start = buffer.count
    key(&buffer)
    let end = buffer.count
    value(&buffer)
    places.append(
      Place(
        start: start, keySize: UInt32(end - start), valueSize: UInt32(buffer.count - end)))
  }

  /// Adds the removal of an entry whose key is appended by `key`.
  @inlinable
  mutating func remove(key: (inout [UInt8]) -> Void) {
    let start = buffer.count
    key(&buffer)
    places.append(
      Place(start: start, keySize: UInt32(buffer.count - start), valueSize: nil))
  }

  /// Calls `body` with the changed keys in the order of their bytes, and with the last change of each.
  ///
  /// - Complexity: O(n) for keys that were changed in order, otherwise O(n log n) comparisons of two words, for
  ///   keys that differ within 16 bytes.
  func forEachInOrder<Failure: Error>(
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>?) throws(Failure) -> Void
  ) throws(Failure) {
    let order = order
    let bytes = buffer.span
    for index in order.indices {
      let rank = order[index]
      if index + 1 < order.count, isSameKey(rank, order[index + 1]) { continue }
      let place = places[rank.index]
      let end = place.start + Int(place.keySize)
      let key = bytes.extracting(place.start..<end)
      if let size = place.valueSize {
        try body(key, bytes.extracting(end..<(end + Int(size))))
      } else {
        try body(key, nil)
      }
    }
  }

  /// A change with the first 16 bytes of its key, by which most are told apart.
  private struct Rank {
    var high: UInt64
    var low: UInt64
    var index: Int
  }

  /// The changes by key; those of one key as they were made.
  private var order: [Rank] {
    var ranks = places.indices.map { Rank(high: word($0, at: 0), low: word($0, at: 8), index: $0) }
    var isOrdered = true
    for index in ranks.indices.dropFirst() where !isBefore(ranks[index - 1], ranks[index]) {
      isOrdered = false
      break
    }
    if !isOrdered { ranks.sort(by: isBefore) }
    return ranks
  }

  private func isBefore(_ a: Rank, _ b: Rank) -> Bool {
    if a.high != b.high { return a.high < b.high }
    if a.low != b.low { return a.low < b.low }
    let (left, right) = (keyRange(a.index), keyRange(b.index))
    // Keys of up to 16 bytes are told apart by their words and lengths.
    if left.count <= 16, right.count <= 16, left.count == right.count { return a.index < b.index }
    if buffer[left].elementsEqual(buffer[right]) { return a.index < b.index }
    return buffer[left].lexicographicallyPrecedes(buffer[right])
  }

  private func isSameKey(_ a: Rank, _ b: Rank) -> Bool {
    guard a.high == b.high, a.low == b.low else { return false }
    let (left, right) = (keyRange(a.index), keyRange(b.index))
    return left.count == right.count
      && (left.count <= 16 || buffer[left].elementsEqual(buffer[right]))
  }

  private func keyRange(_ index: Int) -> Range<Int> {
    places[index].start..<(places[index].start + Int(places[index].keySize))
  }

  /// Eight bytes of a key from `offset` on, big-endian, with zeros for those that are missing.
  private func word(_ index: Int, at offset: Int) -> UInt64 {
    let range = keyRange(index).dropFirst(offset)
    var word: UInt64 = 0
    for position in 0..<8 {
      word = word << 8 | (position < range.count ? UInt64(buffer[range.startIndex + position]) : 0)
    }
    return word
  }
}
