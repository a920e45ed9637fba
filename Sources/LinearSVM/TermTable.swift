/// Numbers terms in the order in which they first come, by an open-addressing table of our own.
///
/// Only look-ups depend on the hash; no order does. What tells most terms apart are their first eight bytes, kept as
/// one number: a noun of two ideographs has no more. The slots, which are looked into at random, hold nothing but
/// numbers, so that many fit into the nearest caches; and common terms, which come first, have their marks side by
/// side.
struct TermTable {
  private(set) var bytes: [UInt8] = []
  private(set) var starts: [Int] = [0]
  private var marks: [Mark] = []
  /// A term's number plus 1 at the first free slot from its hash on; zero is an empty slot.
  private var slots = [UInt32](repeating: 0, count: 1 << 10)

  /// What nearly always tells a term apart without a look at its bytes.
  struct Mark: Hashable {
    /// Its first eight bytes, the first of them highest; zeros behind its end.
    fileprivate let head: UInt64
    fileprivate let hash: UInt32
    fileprivate let length: UInt32

    @inline(__always)
    init(_ term: Span<UInt8>) {
      head = TermTable.word(term, 0)
      hash = TermTable.hash(term, head)
      length = UInt32(term.count)
    }
  }

  var count: Int { marks.count }

  func range(_ identifier: UInt32) -> Range<Int> {
    starts[Int(identifier)]..<starts[Int(identifier) + 1]
  }

  /// The number of a term, a new one for a term that was not seen.
  mutating func identifier(_ term: Span<UInt8>) -> UInt32 { search(term, Mark(term)) }

  /// What stands in the slots where a search for some terms would begin.
  ///
  /// The processor reads a dozen of them in the time that it waits for one.
  func firstSlots(of sought: [Mark], into found: inout [UInt32]) {
    found.removeAll(keepingCapacity: true)
    let (slots, last) = (slots.span, slots.count - 1)
    for mark in sought { found.append(slots[Int(mark.hash) & last]) }
  }

  /// The number of a term whose mark and first slot are known.
  @inline(__always)
  mutating func identifier(_ term: Span<UInt8>, _ mark: Mark, slot: UInt32) -> UInt32 {
    if slot != 0, mark.length <= 8, marks[Int(slot - 1)] == mark { return slot - 1 }
    return search(term, mark)
  }

  @inline(never)
  private mutating func search(_ term: Span<UInt8>, _ mark: Mark) -> UInt32 {
    var place = Int(mark.hash) & (slots.count - 1)
    while slots[place] != 0 {
      let identifier = slots[place] - 1
      if marks[Int(identifier)] == mark, mark.length <= 8 || endsAlike(identifier, term) {
        return identifier
      }
      place = (place + 1) & (slots.count - 1)
    }
    let identifier = UInt32(count)
    for index in term.indices { bytes.append(term[index]) }
    starts.append(bytes.count)
    marks.append(mark)
    slots[place] = identifier + 1
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
    var slots = [UInt32](repeating: 0, count: size)
    for (identifier, mark) in marks.enumerated() {
      var place = Int(mark.hash) & (size - 1)
      while slots[place] != 0 { place = (place + 1) & (size - 1) }
      slots[place] = UInt32(identifier) + 1
    }
    self.slots = slots
  }

  /// At most eight bytes of a term from an offset on, the first of them highest; zeros behind its end.
  fileprivate static func word(_ term: Span<UInt8>, _ offset: Int) -> UInt64 {
    let count = min(term.count - offset, 8)
    var word: UInt64 = 0
    for index in 0..<count { word = word << 8 | UInt64(term[offset + index]) }
    return word << UInt64(64 - 8 * count)
  }

  fileprivate static func hash(_ term: Span<UInt8>, _ head: UInt64) -> UInt32 {
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
    table.marks.reserveCapacity(count)
    for identifier in order {
      let range = range(identifier)
      table.bytes += bytes[range]
      table.starts.append(table.bytes.count)
      table.marks.append(marks[Int(identifier)])
    }
    table.grow(to: slots.count)
    return table
  }

  /// The numbers of all terms in ascending order of their UTF-8 bytes.
  func ascending() -> [UInt32] {
    // The heads beside the numbers: most are told apart without a look at the bytes.
    var order = marks.enumerated().map { (head: $1.head, identifier: UInt32($0)) }
    order.sort { left, right in
      left.head == right.head
        ? bytesPrecede(left.identifier, right.identifier) : left.head < right.head
    }
    return order.map { $0.identifier }
  }

  /// Whether one term comes before another in the order of their UTF-8 bytes.
  func precedes(_ identifier: UInt32, _ other: UInt32) -> Bool {
    let (left, right) = (marks[Int(identifier)].head, marks[Int(other)].head)
    return left == right ? bytesPrecede(identifier, other) : left < right
  }

  private func bytesPrecede(_ identifier: UInt32, _ other: UInt32) -> Bool {
    let (first, second) = (range(identifier), range(other))
    for offset in 0..<min(first.count, second.count) {
      let (a, b) = (bytes[first.lowerBound + offset], bytes[second.lowerBound + offset])
      if a != b { return a < b }
    }
    return first.count < second.count
  }
}
