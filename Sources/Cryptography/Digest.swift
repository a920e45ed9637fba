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
    guard let bytes = Cryptography.bytes(hexadecimal: hex) else { return nil }
    self.init(bytes)
  }

  /// Wraps the 32 bytes of a span.
  ///
  /// - Precondition: `bytes.count == 32`.
  public init(exactly bytes: Span<UInt8>) {
    precondition(bytes.count == 32)
    func word(_ start: Int) -> UInt64 {
      var word: UInt64 = 0
      for index in start..<(start + 8) { word = word << 8 | UInt64(bytes[index]) }
      return word
    }
    words = (word(0), word(8), word(16), word(24))
  }

  /// The 32 bytes.
  public var bytes: [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      withWords { index, word in
        for byte in 0..<8 {
          unsafe buffer[index * 8 + byte] =
            UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * byte))
        }
      }
      count = 32
    }
  }

  /// Calls `body` with the four words of the bytes, the greatest byte first.
  func withWords(_ body: (Int, UInt64) -> Void) {
    body(0, words.0)
    body(1, words.1)
    body(2, words.2)
    body(3, words.3)
  }

  /// The 64 lower-case hexadecimal digits.
  public var hex: String { hexadecimal(bytes) }

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
