/// A SHA-256 digest, or another value of 32 bytes that names or authenticates something.
public struct Digest: Hashable, Comparable, Sendable, CustomStringConvertible {
  // Four words rather than an array: digests are compared and hashed by the million.
  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// Wraps 32 bytes.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.init(exactly: bytes.span)
  }

  /// Reads 64 lower-case hexadecimal digits.
  public init?(hex: String) {
    var hex = hex
    let digest = hex.withUTF8 { characters in unsafe Digest(hex: characters.span) }
    guard let digest else { return nil }
    self = digest
  }

  /// Reads 64 lower-case hexadecimal digits of ASCII.
  public init?(hex: Span<UInt8>) {
    guard hex.count == 64 else { return nil }
    var seen: UInt64 = 0
    func word(_ index: Int) -> UInt64 {
      unsafe hex.withUnsafeBufferPointer { hex in
        let raw = UnsafeRawBufferPointer(hex)
        let high = nibbles(
          unsafe raw.loadUnaligned(fromByteOffset: index * 16, as: UInt64.self), &seen)
        let low = nibbles(
          unsafe raw.loadUnaligned(fromByteOffset: index * 16 + 8, as: UInt64.self), &seen)
        return high << 32 | low
      }
    }
    words = (word(0), word(1), word(2), word(3))
    guard seen == 0 else { return nil }
  }

  /// Wraps the 32 bytes of a span.
  ///
  /// - Precondition: `bytes.count == 32`.
  public init(exactly bytes: Span<UInt8>) {
    precondition(bytes.count == 32)
    words = unsafe bytes.withUnsafeBufferPointer { bytes in
      let raw = UnsafeRawBufferPointer(bytes)
      func word(_ index: Int) -> UInt64 {
        UInt64(bigEndian: unsafe raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
      }
      return (word(0), word(1), word(2), word(3))
    }
  }

  /// The 32 bytes.
  public var bytes: [UInt8] {
    let words = bigEndianWords
    return unsafe words.span.withUnsafeBufferPointer { words in
      unsafe [UInt8](UnsafeRawBufferPointer(words))
    }
  }

  /// The 32 bytes, where they are used at once.
  public var inlineBytes: InlineArray<32, UInt8> {
    unsafe unsafeBitCast(bigEndianWords, to: InlineArray<32, UInt8>.self)
  }

  /// The first eight bytes as a number, the greatest first.
  public var firstWord: UInt64 { words.0 }

  /// Appends the 32 bytes.
  public func write(to bytes: inout [UInt8]) {
    let words = bigEndianWords
    unsafe words.span.withUnsafeBufferPointer { words in
      unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(words))
    }
  }

  /// The bytes as words that lie in memory as they do.
  var bigEndianWords: InlineArray<4, UInt64> {
    [words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian]
  }

  /// The 64 lower-case hexadecimal digits.
  public var hex: String { hexadecimal(bytes) }

  /// Appends the 64 lower-case hexadecimal digits in ASCII.
  public func writeHex(to buffer: inout [UInt8]) {
    let digits: InlineArray<8, UInt64> = [
      hexDigits(words.0 >> 32), hexDigits(words.0), hexDigits(words.1 >> 32), hexDigits(words.1),
      hexDigits(words.2 >> 32), hexDigits(words.2), hexDigits(words.3 >> 32), hexDigits(words.3),
    ]
    unsafe digits.span.withUnsafeBufferPointer { digits in
      unsafe buffer.append(contentsOf: UnsafeRawBufferPointer(digits))
    }
  }

  /// The 64 lower-case hexadecimal digits.
  public var description: String { hex }

  /// Whether all bytes are equal; not in constant time.
  public static func == (a: Digest, b: Digest) -> Bool { a.words == b.words }

  /// Orders as the bytes do.
  public static func < (a: Digest, b: Digest) -> Bool { a.words < b.words }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }
}

/// The eight hexadecimal digits of the lower 32 bits, in ASCII, as they lie in memory.
private func hexDigits(_ number: UInt64) -> UInt64 {
  // A nibble to each byte, then all at once: '0' and, from ten on, what lies between '9' and 'a'.
  var word = number & 0xFFFF_FFFF
  word = (word | word << 16) & 0x0000_FFFF_0000_FFFF
  word = (word | word << 8) & 0x00FF_00FF_00FF_00FF
  word = (word | word << 4) & 0x0F0F_0F0F_0F0F_0F0F
  let ones: UInt64 = 0x0101_0101_0101_0101
  let letters = (word &+ ones &* 6) >> 4 & ones
  return (word &+ ones &* 0x30 &+ letters &* 0x27).bigEndian
}

/// The 32 bits that eight hexadecimal digits of ASCII spell; `wrong` takes a bit when one is no lower-case
/// digit.
///
/// All eight are looked at in one word: events name digests by the million.
private func nibbles(_ digits: UInt64, _ wrong: inout UInt64) -> UInt64 {
  let (ones, high): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
  let word = UInt64(bigEndian: digits)
  // Each sum's highest bit says whether its byte, below 128, is at least the bound.
  let low = word & ~high
  let from0 = low &+ ones &* (0x80 - 0x30)
  let past9 = low &+ ones &* (0x80 - 0x3A)
  let fromA = low &+ ones &* (0x80 - 0x61)
  let pastF = low &+ ones &* (0x80 - 0x67)
  let letter = fromA & ~pastF & high
  wrong |= (word | ~(from0 & ~past9 | letter)) & high
  var value = (word & (ones &* 0x0F)) &+ (letter >> 7) &* 9
  value = (value | value >> 4) & 0x00FF_00FF_00FF_00FF
  value = (value | value >> 8) & 0x0000_FFFF_0000_FFFF
  return (value | value >> 16) & 0xFFFF_FFFF
}
