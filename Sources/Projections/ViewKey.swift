/// What rows are found by: bytes of which none is a prefix of another's, sorting as the values do.
public protocol ViewKey {
  /// Appends the key's bytes.
  func write(to bytes: inout [UInt8])
}

extension ViewKey {
  /// The key's bytes.
  @inlinable
  public var viewKey: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }
}

extension UInt64: ViewKey {
  /// Appends the number, big-endian, so that keys sort as numbers do.
  @inlinable
  public func write(to bytes: inout [UInt8]) {
    unsafe withUnsafeBytes(of: bigEndian) { unsafe bytes.append(contentsOf: $0) }
  }
}

extension String: ViewKey {
  /// Appends the UTF-8 bytes and a zero, which no key may contain otherwise.
  @inlinable
  public func write(to bytes: inout [UInt8]) {
    bytes.append(contentsOf: utf8)
    bytes.append(0)
  }
}

/// A composite key: the parts' bytes one after the other.
public func viewKey(_ parts: any ViewKey...) -> [UInt8] {
  var bytes: [UInt8] = []
  for part in parts { part.write(to: &bytes) }
  return bytes
}

/// The number that eight big-endian bytes at `offset` of `key` hold.
///
/// - Precondition: `key` has at least `offset + 8` bytes.
public func number(in key: [UInt8], at offset: Int) -> UInt64 {
  key[offset..<(offset + 8)].reduce(0) { $0 << 8 | UInt64($1) }
}
