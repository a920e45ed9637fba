/// Numbers texts from 0 in the order in which they are first met, by their bytes.
///
/// Most of the time of encoding tokens goes into finding a text again: its hash is a multiplication for eight bytes,
/// with a seed that no document knows.
struct SpellingNumbers {
  private(set) var texts: [String] = []
  private var hashes: [UInt64] = []
  /// The numbers by hash, at the first free place from there; −1 is free.
  private var slots = [Int32](repeating: -1, count: 256)
  private static let seed = UInt64.random(in: .min ... .max)

  /// The number of `text`.
  mutating func number(of text: String) -> Int {
    let hash = Self.hash(text)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let number = Int(slots[slot])
      if hashes[number] == hash, Spelling(texts[number]) == Spelling(text) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Int32(texts.count)
    texts.append(text)
    hashes.append(hash)
    if texts.count * 2 > slots.count { grow() }
    return texts.count - 1
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: 4 * slots.count)
    for (number, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(number)
    }
  }

  private static func hash(_ text: String) -> UInt64 {
    let hash: UInt64? = unsafe text.utf8.withContiguousStorageIfAvailable { buffer in
      var hash = mixed(seed, UInt64(buffer.count))
      var place = 0
      let bytes = UnsafeRawBufferPointer(buffer)
      while place + 8 <= bytes.count {
        hash = mixed(hash, unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        place += 8
      }
      var rest: UInt64 = 0
      while place < bytes.count {
        rest = rest << 8 | UInt64(unsafe bytes[place])
        place += 1
      }
      return mixed(hash, rest)
    }
    return hash ?? text.utf8.reduce(seed) { mixed($0, UInt64($1)) }
  }

  /// Both halves of a product, folded.
  private static func mixed(_ hash: UInt64, _ value: UInt64) -> UInt64 {
    let product = (hash ^ value ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(
      by: seed | 0x8000_0000_0000_0001)
    return product.high ^ product.low
  }
}
