/// What rows are found by: bytes of which none is a prefix of another's, sorting as the values do.
public protocol ViewKey {
  /// The key's bytes.
  var viewKey: [UInt8] { get }
}

extension UInt64: ViewKey {
  /// The number, big-endian, so that keys sort as numbers do.
  public var viewKey: [UInt8] {
    [
      UInt8(truncatingIfNeeded: self >> 56), UInt8(truncatingIfNeeded: self >> 48),
      UInt8(truncatingIfNeeded: self >> 40), UInt8(truncatingIfNeeded: self >> 32),
      UInt8(truncatingIfNeeded: self >> 24), UInt8(truncatingIfNeeded: self >> 16),
      UInt8(truncatingIfNeeded: self >> 8), UInt8(truncatingIfNeeded: self),
    ]
  }
}

extension String: ViewKey {
  /// The UTF-8 bytes and a zero, which no key may contain otherwise.
  public var viewKey: [UInt8] { Array(utf8) + [0] }
}

/// A composite key: the parts' bytes one after the other.
public func viewKey(_ parts: any ViewKey...) -> [UInt8] { parts.flatMap(\.viewKey) }

/// The number that eight big-endian bytes at `offset` of `key` hold.
///
/// - Precondition: `key` has at least `offset + 8` bytes.
public func number(in key: [UInt8], at offset: Int) -> UInt64 {
  key[offset..<(offset + 8)].reduce(0) { $0 << 8 | UInt64($1) }
}
