import Glibc

/// Numbers spellings from 0 in the order in which they are first met, by their bytes.
///
/// Most of the time of encoding tokens goes into finding a spelling again: its hash is a multiplication for eight
/// bytes, with a seed that no document knows.
struct SpellingNumbers {
  /// All of them one after the other, in UTF-8.
  private(set) var bytes: [UInt8] = []
  /// Where each begins in the bytes, and where the last one ends.
  private var starts = [0]
  private var hashes: [UInt64] = []
  /// The numbers by hash, at the first free place from there; −1 is free.
  private var slots = [Int32](repeating: -1, count: 256)
  private static let seed = UInt64.random(in: .min ... .max) | 0x8000_0000_0000_0001

  /// How many there are.
  var count: Int { hashes.count }

  /// Where one stands in the bytes.
  func range(_ number: Int) -> Range<Int> { starts[number]..<starts[number + 1] }

  /// The bytes of one.
  subscript(number: Int) -> ArraySlice<UInt8> { bytes[range(number)] }

  /// The number of `text`.
  mutating func number(of text: String) -> Int {
    var text = text
    return text.withUTF8 { unsafe number(of: UnsafeRawBufferPointer($0)) }
  }

  /// The number of a spelling in UTF-8.
  @unsafe mutating func number(of spelling: UnsafeRawBufferPointer) -> Int {
    let hash = unsafe Self.hash(spelling)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let number = Int(slots[slot])
      if hashes[number] == hash, unsafe isWritten(number, spelling) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Int32(count)
    unsafe bytes.append(contentsOf: spelling)
    starts.append(bytes.count)
    hashes.append(hash)
    if count * 2 > slots.count { grow() }
    return count - 1
  }

  /// Whether a spelling is the one that has a number.
  @unsafe func isWritten(_ number: Int, _ spelling: UnsafeRawBufferPointer) -> Bool {
    let start = starts[number]
    guard starts[number + 1] - start == spelling.count else { return false }
    guard spelling.count > 0, let other = spelling.baseAddress else { return true }
    return unsafe bytes.withUnsafeBytes { known in
      guard let base = known.baseAddress else { return false }
      return unsafe memcmp(base + start, other, spelling.count) == 0
    }
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: 4 * slots.count)
    for (number, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(number)
    }
  }

  /// A hash of some bytes.
  @unsafe static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    let seed = seed
    var hash = mixed(seed, UInt64(bytes.count), seed)
    var place = 0
    while place + 8 <= bytes.count {
      hash = mixed(
        hash, unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self), seed)
      place += 8
    }
    var rest: UInt64 = 0
    while place < bytes.count {
      rest = rest << 8 | UInt64(unsafe bytes[place])
      place += 1
    }
    return mixed(hash, rest, seed)
  }

  /// Both halves of a product, folded.
  private static func mixed(_ hash: UInt64, _ value: UInt64, _ seed: UInt64) -> UInt64 {
    let product = (hash ^ value ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: seed)
    return product.high ^ product.low
  }
}
