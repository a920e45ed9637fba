/// Why bytes are no row.
public struct RowCodingError: Error, Sendable {
  /// Says so.
  @inlinable
  public init() {}
}

/// Writes a row's fields one after the other: numbers as LEB128 (DWARF 5, section 7.6), texts with their
/// length before them, what has a fixed size as it is.
///
/// The encoding has no names and no versions: a projection whose rows change gets another version, and
/// is folded anew.
public struct RowEncoder: Sendable {
  /// What has been written; fields of a fixed size may be appended.
  public var bytes: [UInt8] = []

  /// An empty row.
  @inlinable
  public init() { bytes.reserveCapacity(256) }

  /// Writes a number.
  @inlinable
  public mutating func encode(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Writes a count, or another number that is not negative.
  ///
  /// - Precondition: `value >= 0`.
  @inlinable
  public mutating func encode(_ value: Int) { encode(UInt64(value)) }

  /// Writes a truth value.
  @inlinable
  public mutating func encode(_ value: Bool) { bytes.append(value ? 1 : 0) }

  /// Writes a text.
  @inlinable
  public mutating func encode(_ text: String) {
    encode(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  /// Writes bytes whose number the reader knows.
  @inlinable
  public mutating func encode(fixed field: [UInt8]) { bytes.append(contentsOf: field) }

  /// Writes whether there is a value, and the value.
  @inlinable
  public mutating func encode<Value>(
    _ value: Value?, _ encode: (Value, inout RowEncoder) -> Void
  ) {
    self.encode(value != nil)
    if let value { encode(value, &self) }
  }

  /// Writes how many items there are, and the items.
  @inlinable
  public mutating func encode<Item>(
    list: [Item], _ encode: (Item, inout RowEncoder) -> Void
  ) {
    self.encode(list.count)
    for item in list { encode(item, &self) }
  }
}

/// Reads what `RowEncoder` wrote, in the same order.
public struct RowDecoder: Sendable {
  @usableFromInline let bytes: [UInt8]
  @usableFromInline var offset = 0

  /// Reads from the beginning of `bytes`.
  @inlinable
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether everything has been read.
  public var atEnd: Bool { offset == bytes.count }

  @inlinable
  mutating func byte() throws(RowCodingError) -> UInt8 {
    guard offset < bytes.count else { throw RowCodingError() }
    defer { offset += 1 }
    return bytes[offset]
  }

  /// Reads a number.
  @inlinable
  public mutating func number() throws(RowCodingError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64 {
      let byte = try byte()
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw RowCodingError()
  }

  /// Reads a count, or another number that is not negative.
  @inlinable
  public mutating func count() throws(RowCodingError) -> Int {
    guard let value = Int(exactly: try number()) else { throw RowCodingError() }
    return value
  }

  /// Reads a truth value.
  @inlinable
  public mutating func flag() throws(RowCodingError) -> Bool { try byte() != 0 }

  /// Reads a text.
  @inlinable
  public mutating func text() throws(RowCodingError) -> String {
    let count = try count()
    guard count <= bytes.count - offset else { throw RowCodingError() }
    defer { offset += count }
    return String(decoding: bytes[offset..<(offset + count)], as: UTF8.self)
  }

  /// Reads a text that names a case.
  @inlinable
  public mutating func choice<Value: RawRepresentable<String>>(
    as _: Value.Type = Value.self
  ) throws(RowCodingError) -> Value {
    guard let value = Value(rawValue: try text()) else { throw RowCodingError() }
    return value
  }

  /// Reads `count` bytes as `read` does.
  @inlinable
  public mutating func fixed<Value>(
    _ count: Int, _ read: (Span<UInt8>) -> Value?
  ) throws(RowCodingError) -> Value {
    guard count <= bytes.count - offset,
      let value = read(bytes.span.extracting(offset..<(offset + count)))
    else { throw RowCodingError() }
    offset += count
    return value
  }

  /// Reads a value, if there is one.
  @inlinable
  public mutating func optional<Value>(
    _ decode: (inout RowDecoder) throws(RowCodingError) -> Value
  ) throws(RowCodingError) -> Value? {
    try flag() ? try decode(&self) : nil
  }

  /// Reads items.
  @inlinable
  public mutating func list<Item>(
    _ decode: (inout RowDecoder) throws(RowCodingError) -> Item
  ) throws(RowCodingError) -> [Item] {
    let count = try count()
    // An item has at least a byte, so a damaged count asks for no memory.
    guard count <= bytes.count - offset else { throw RowCodingError() }
    var items: [Item] = []
    items.reserveCapacity(count)
    for _ in 0..<count { items.append(try decode(&self)) }
    return items
  }
}
