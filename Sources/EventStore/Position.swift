import LMDB

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

/// The number that eight bytes hold, the greatest first; `nil` of fewer or more.
@inline(__always)
func bigEndian(_ bytes: Span<UInt8>) -> UInt64? {
  bytes.count == 8 ? load(bytes) : nil
}

/// The number that eight bytes within a row hold, the greatest first; a row whose length was not looked at is read by
/// the functions around this one.
///
/// - Precondition: there are eight from `offset` on.
@inline(__always)
func bigEndian(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
  load(bytes.extracting(offset..<(offset + 8)))
}

/// As `bigEndian`, of bytes whose count was looked at.
@inline(__always)
private func load(_ bytes: Span<UInt8>) -> UInt64 {
  unsafe bytes.withUnsafeBufferPointer {
    UInt64(bigEndian: unsafe UnsafeRawBufferPointer($0).loadUnaligned(as: UInt64.self))
  }
}

/// The number that a key or a value of the store is.
///
/// - Parameter row: what it is, as in "a key of the table 'events'".
/// - Throws: an error that says which row is damaged where it has not eight bytes.
@inline(__always)
func storedNumber(
  _ bytes: Span<UInt8>, _ row: @autoclosure () -> String
) throws(LMDBError) -> UInt64 {
  guard let number = bigEndian(bytes) else {
    throw .damaged("\(row()) has \(bytes.count) bytes and not 8")
  }
  return number
}
