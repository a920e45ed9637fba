extension ContentScanner {
  /// The characters of an operator in a number.
  @inline(__always)
  static func key(_ only: Unicode.Scalar) -> UInt32 { only.value }

  @inline(__always)
  static func key(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> UInt32 {
    first.value << 8 | second.value
  }

  @inline(__always)
  static func key(
    _ first: Unicode.Scalar, _ second: Unicode.Scalar, _ third: Unicode.Scalar
  ) -> UInt32 {
    first.value << 16 | second.value << 8 | third.value
  }

  /// Whether a byte belongs to a name, a number or an operator (ISO 32000-1, 7.2.2).
  static func isRegular(_ byte: UInt8) -> Bool {
    switch byte {
    case ...0x20, 0x7F..., 0x28, 0x29, 0x3C, 0x3E, 0x5B, 0x5D, 0x7B, 0x7D, 0x2F, 0x25: false
    default: true
    }
  }
}
