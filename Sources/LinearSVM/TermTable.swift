/// Numbers terms in the order in which they first come, by an open-addressing table of our own.
///
/// Only look-ups depend on the hash; no order does. What tells most terms apart are their first eight bytes,
/// kept as one number in the slot itself: a noun of two ideographs has no more, and is found with one look
/// into memory.
struct TermTable {
  private(set) var bytes: [UInt8] = []
  private(set) var starts: [Int] = [0]
  /// Each term's first eight bytes, the first of them highest; zeros behind its end.
  private var heads: [UInt64] = []
  private var slots = [Slot](repeating: Slot(), count: 1 << 10)

  private struct Slot {
    var head: UInt64 = 0
    var length: UInt32 = 0
    /// The number plus 1; zero is an empty slot.
    var number: UInt32 = 0
  }

  var count: Int { heads.count }

  func range(_ identifier: UInt32) -> Range<Int> {
    starts[Int(identifier)]..<starts[Int(identifier) + 1]
  }

  /// The number of a term, a new one for a term that was not seen.
  mutating func identifier(_ term: Span<UInt8>) -> UInt32 {
    let head = Self.word(term, 0)
    let length = UInt32(term.count)
    var place = Int(Self.hash(term, head)) & (slots.count - 1)
    while true {
      let slot = slots[place]
      if slot.number == 0 { break }
      if slot.head == head, slot.length == length,
        length <= 8 || endsAlike(slot.number - 1, term)
      {
        return slot.number - 1
      }
      place = (place + 1) & (slots.count - 1)
    }
    let identifier = UInt32(count)
    for index in term.indices { bytes.append(term[index]) }
    starts.append(bytes.count)
    heads.append(head)
    slots[place] = Slot(head: head, length: length, number: identifier + 1)
    if count * 2 > slots.count { grow(to: slots.count * 2) }
    return identifier
  }

  /// Whether a term is the same as one of its length behind the first eight bytes.
  private func endsAlike(_ identifier: UInt32, _ term: Span<UInt8>) -> Bool {
    let start = starts[Int(identifier)]
    for offset in 8..<term.count where bytes[start + offset] != term[offset] { return false }
    return true
  }

  private mutating func grow(to size: Int) {
    var slots = [Slot](repeating: Slot(), count: size)
    for identifier in 0..<UInt32(count) {
      let range = range(identifier)
      let term = bytes.span.extracting(range)
      var place = Int(Self.hash(term, heads[Int(identifier)])) & (size - 1)
      while slots[place].number != 0 { place = (place + 1) & (size - 1) }
      slots[place] = Slot(
        head: heads[Int(identifier)], length: UInt32(range.count), number: identifier + 1)
    }
    self.slots = slots
  }

  /// At most eight bytes of a term from an offset on, the first of them highest; zeros behind its end.
  private static func word(_ term: Span<UInt8>, _ offset: Int) -> UInt64 {
    let count = min(term.count - offset, 8)
    var word: UInt64 = 0
    for index in 0..<count { word = word << 8 | UInt64(term[offset + index]) }
    return word << UInt64(64 - 8 * count)
  }

  private static func hash(_ term: Span<UInt8>, _ head: UInt64) -> UInt32 {
    var state = SplitMix64.mix(head ^ UInt64(term.count))
    var offset = 8
    while offset < term.count {
      state = SplitMix64.mix(state ^ word(term, offset))
      offset += 8
    }
    return UInt32(truncatingIfNeeded: state)
  }

  /// The same terms, numbered in another order.
  func reordered(_ order: [UInt32]) -> TermTable {
    var table = TermTable()
    table.bytes.reserveCapacity(bytes.count)
    table.starts.reserveCapacity(starts.count)
    table.heads.reserveCapacity(count)
    table.grow(to: slots.count)
    for identifier in order { _ = table.identifier(bytes.span.extracting(range(identifier))) }
    return table
  }

  /// The numbers of all terms in ascending order of their UTF-8 bytes.
  func ascending() -> [UInt32] {
    // The heads beside the numbers: most are told apart without a look at the bytes.
    var order = heads.enumerated().map { (head: $1, identifier: UInt32($0)) }
    order.sort { left, right in
      if left.head != right.head { return left.head < right.head }
      let (first, second) = (range(left.identifier), range(right.identifier))
      for offset in 0..<min(first.count, second.count) {
        let (a, b) = (bytes[first.lowerBound + offset], bytes[second.lowerBound + offset])
        if a != b { return a < b }
      }
      return first.count < second.count
    }
    return order.map { $0.identifier }
  }
}
