/// Where commands stand that were appended lately, by the first eight bytes of their keyed hash.
///
/// An open-addressed table whose slots follow the order of the prefixes, which is what a keyed hash allows: its
/// values lie evenly. So the commands of a range are neighbours.
struct RecentCommands {
  struct Entry: Hashable, Comparable {
    var prefix: UInt64
    var position: UInt64

    static func < (a: Entry, b: Entry) -> Bool {
      (a.prefix, a.position) < (b.prefix, b.position)
    }
  }

  /// Behind the last home stands what is pushed on; an entry of position zero is none.
  private var slots: [Entry]
  private var shift: UInt64
  private(set) var count = 0
  /// The greatest position.
  private(set) var last: UInt64 = 0

  private static let empty = Entry(prefix: 0, position: 0)
  init() { (slots, shift) = Self.slots(bits: 8) }

  private static func slots(bits: UInt64) -> ([Entry], shift: UInt64) {
    (Array(repeating: empty, count: 1 << Int(bits)), 64 - bits)
  }

  mutating func insert(_ entry: Entry) {
    // At most three quarters of the homes are taken.
    if UInt64(count) >= 3 << (62 - shift) { grow() }
    place(entry)
    count += 1
    last = max(last, entry.position)
  }

  private mutating func place(_ entry: Entry) {
    var index = Int(entry.prefix >> shift)
    while index < slots.count, slots[index].position != 0 { index += 1 }
    if index == slots.count { slots.append(entry) } else { slots[index] = entry }
  }

  private mutating func grow() {
    let old = slots
    (slots, shift) = Self.slots(bits: 65 - shift)
    for entry in old where entry.position != 0 { place(entry) }
  }

  /// Calls `body` with the position of each command of this prefix.
  func forEach(_ prefix: UInt64, _ body: (UInt64) -> Void) {
    var index = Int(prefix >> shift)
    while index < slots.count, slots[index].position != 0 {
      if slots[index].prefix == prefix { body(slots[index].position) }
      index += 1
    }
  }

  /// The commands from one prefix up to but without another, or to the end, sorted.
  ///
  /// - Complexity: O(n log n) of those in the range.
  func entries(from lower: UInt64, below upper: UInt64?) -> [Entry] {
    var found: [Entry] = []
    var index = Int(lower >> shift)
    let end = upper.map { Int($0 >> shift) } ?? slots.count
    while index < slots.count, index < end || slots[index].position != 0 {
      let entry = slots[index]
      if entry.position != 0, entry.prefix >= lower, upper.map({ entry.prefix < $0 }) ?? true {
        found.append(entry)
      }
      index += 1
    }
    return found.sorted()
  }
}
