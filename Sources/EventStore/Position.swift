/// A place in the log: the first event stands at 1, without gaps, in the order of commits.
public struct Position: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible,
  ExpressibleByIntegerLiteral
{
  /// The place, counted from 1; 0 is before the first event.
  public let rawValue: UInt64

  /// Wraps a place.
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Wraps a place.
  public init(integerLiteral value: UInt64) { rawValue = value }

  /// Before the first event.
  public static let zero = Position(rawValue: 0)

  /// The place after this one.
  public var next: Position { Position(rawValue: rawValue + 1) }

  /// The place in decimal digits.
  public var description: String { String(rawValue) }

  /// Orders by place.
  public static func < (a: Position, b: Position) -> Bool { a.rawValue < b.rawValue }

  /// The place as eight bytes, the greatest first, so that keys sort as places do.
  var key: [UInt8] { bigEndian(rawValue) }
}

/// The bytes of `value`, the greatest first.
func bigEndian(_ value: UInt64) -> [UInt8] {
  unsafe withUnsafeBytes(of: value.bigEndian) { unsafe [UInt8]($0) }
}

/// The bytes of `value`, the greatest first, where they are used at once.
func bigEndianBytes(_ value: UInt64) -> InlineArray<8, UInt8> {
  unsafe unsafeBitCast(value.bigEndian, to: InlineArray<8, UInt8>.self)
}

/// The number that the first eight bytes of `bytes` hold, the greatest first.
///
/// - Precondition: there are eight.
func bigEndian(_ bytes: Span<UInt8>) -> UInt64 {
  precondition(bytes.count >= 8)
  return unsafe bytes.withUnsafeBufferPointer {
    UInt64(bigEndian: unsafe UnsafeRawBufferPointer($0).loadUnaligned(as: UInt64.self))
  }
}
