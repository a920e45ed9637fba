/// Changes of a table's entries, one after the other in one buffer, until they are written in the order of
/// their keys.
///
/// A portion of events makes millions of them: an array for each key and value would cost more than the fold.
@usableFromInline
struct PackedChanges {
  /// Where a change lies: its key, then its value.
  private struct Place {
    var start: Int
    var keySize: UInt32
    /// `nil` where the entry is removed.
    var valueSize: UInt32?
  }

  private var buffer: [UInt8] = []
  private var places: [Place] = []

  /// Adds a change; without a value it removes the entry.
  mutating func append(key: [UInt8], _ rest: [UInt8] = [], value: [UInt8]?) {
    places.append(
      Place(
        start: buffer.count, keySize: UInt32(key.count + rest.count),
        valueSize: value.map { UInt32($0.count) }))
    buffer.append(contentsOf: key)
    buffer.append(contentsOf: rest)
    if let value { buffer.append(contentsOf: value) }
  }

  /// Adds changes that were made later.
  mutating func append(_ later: PackedChanges) {
    if places.isEmpty {
      self = later
      return
    }
    let base = buffer.count
    buffer.append(contentsOf: later.buffer)
    places.append(
      contentsOf: later.places.lazy.map { place in
        Place(start: base + place.start, keySize: place.keySize, valueSize: place.valueSize)
      })
  }

  /// Calls `body` with the changes in the order of their keys' bytes; of one key the last one comes last.
  ///
  /// - Complexity: O(n log n) comparisons of two words, for keys that differ within 16 bytes.
  func forEachInOrder<Failure: Error>(
    _ body: (_ key: Span<UInt8>, _ value: Span<UInt8>?) throws(Failure) -> Void
  ) throws(Failure) {
    typealias Rank = (high: UInt64, low: UInt64, index: Int)
    var ranks: [Rank] = places.indices.map { (word($0, at: 0), word($0, at: 8), $0) }
    ranks.sort { a, b in
      if a.high != b.high { return a.high < b.high }
      if a.low != b.low { return a.low < b.low }
      let (left, right) = (keyRange(a.index), keyRange(b.index))
      // Keys of up to 16 bytes are told apart by their words and lengths.
      if left.count <= 16, right.count <= 16, left.count == right.count { return a.index < b.index }
      if buffer[left].elementsEqual(buffer[right]) { return a.index < b.index }
      return buffer[left].lexicographicallyPrecedes(buffer[right])
    }
    let bytes = buffer.span
    for rank in ranks {
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
