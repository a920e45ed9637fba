/// Numbers terms in the order in which they first come, by an open-addressing table of our own.
///
/// Only look-ups depend on the hash; no order does.
struct TermTable {
  private(set) var bytes: [UInt8] = []
  private(set) var starts: [Int] = [0]
  /// The hash in the upper half, the number plus 1 in the lower; zero is an empty slot.
  private var slots = [UInt64](repeating: 0, count: 1 << 10)

  var count: Int { starts.count - 1 }

  func range(_ identifier: UInt32) -> Range<Int> {
    starts[Int(identifier)]..<starts[Int(identifier) + 1]
  }

  /// The number of a term, a new one for a term that was not seen.
  mutating func identifier(_ term: Span<UInt8>) -> UInt32 {
    let hash = Self.hash(term)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let candidate = UInt32(truncatingIfNeeded: slots[slot]) - 1
      if slots[slot] >> 32 == UInt64(hash), matches(candidate, term) { return candidate }
      slot = (slot + 1) & (slots.count - 1)
    }
    let identifier = UInt32(count)
    for index in term.indices { bytes.append(term[index]) }
    starts.append(bytes.count)
    slots[slot] = UInt64(hash) << 32 | UInt64(identifier + 1)
    if count * 2 > slots.count { grow() }
    return identifier
  }

  private func matches(_ identifier: UInt32, _ term: Span<UInt8>) -> Bool {
    let range = range(identifier)
    guard range.count == term.count else { return false }
    for offset in term.indices where bytes[range.lowerBound + offset] != term[offset] {
      return false
    }
    return true
  }

  private mutating func grow() {
    let former = slots
    slots = [UInt64](repeating: 0, count: former.count * 2)
    for entry in former where entry != 0 {
      var slot = Int(entry >> 32) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = entry
    }
  }

  private static func hash(_ term: Span<UInt8>) -> UInt32 {
    var state: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in term.indices { state = (state ^ UInt64(term[index])) &* 0x100_0000_01b3 }
    return UInt32(truncatingIfNeeded: SplitMix64.mix(state))
  }

  /// The same terms, numbered in another order.
  func reordered(_ order: [UInt32]) -> TermTable {
    var table = TermTable()
    table.bytes.reserveCapacity(bytes.count)
    table.starts.reserveCapacity(starts.count)
    for identifier in order { _ = table.identifier(bytes.span.extracting(range(identifier))) }
    return table
  }

  /// The numbers of all terms in ascending order of their UTF-8 bytes.
  func ascending() -> [UInt32] {
    var order = [UInt32](0..<UInt32(count))
    order.sort { left, right in
      let (first, second) = (range(left), range(right))
      for offset in 0..<min(first.count, second.count) {
        let (a, b) = (bytes[first.lowerBound + offset], bytes[second.lowerBound + offset])
        if a != b { return a < b }
      }
      return first.count < second.count
    }
    return order
  }
}
