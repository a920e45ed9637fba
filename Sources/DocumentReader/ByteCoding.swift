/// Writes numbers and texts one after the other: LEB128 numbers, texts with their length before them.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  /// Makes room for `count` bytes more.
  mutating func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count) }

  mutating func write(_ value: UInt64) {
    if value < 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value))
      return
    }
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Writes the numbers that `body` gives, which are `limit` at most, without asking for room for each.
  mutating func writeNumbers(atMost limit: Int, _ body: ((UInt64) -> Void) -> Void) {
    bytes += unsafe [UInt8](unsafeUninitializedCapacity: 10 * limit) { buffer, count in
      body { value in
        var rest = value
        while rest >= 0x80 {
          unsafe buffer[count] = UInt8(truncatingIfNeeded: rest) | 0x80
          count += 1
          rest >>= 7
        }
        unsafe buffer[count] = UInt8(truncatingIfNeeded: rest)
        count += 1
      }
    }
  }

  mutating func write(_ value: Int) { write(UInt64(bitPattern: Int64(value))) }

  mutating func write(_ text: String) {
    write(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func write(_ block: [UInt8]) { write(block[...]) }

  mutating func write(_ block: ArraySlice<UInt8>) {
    write(block.count)
    bytes += block
  }

  /// Writes a part of some bytes.
  mutating func write(_ part: Range<Int>, of block: [UInt8]) {
    write(part.count)
    bytes.append(part, of: block)
  }
}

/// Why bytes are not what a writer wrote.
public struct CodingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong.
  public let description: String
}

/// Reads what `ByteWriter` wrote, refusing everything else.
struct ByteReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var atEnd: Bool { position == bytes.count }

  @inline(__always)
  mutating func number() throws(CodingError) -> UInt64 {
    // Most numbers are small.
    if position < bytes.count {
      let byte = bytes[position]
      if byte < 0x80 {
        position += 1
        return UInt64(byte)
      }
    }
    return try longNumber()
  }

  private mutating func longNumber() throws(CodingError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      guard shift < 63 || byte <= 1 else { break }
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 {
        guard byte != 0 || shift == 0 else { break }
        return value
      }
      shift += 7
    }
    throw CodingError(description: "A number does not end, or is not in its shortest form.")
  }

  mutating func integer() throws(CodingError) -> Int {
    Int(Int64(bitPattern: try number()))
  }

  @inline(__always)
  mutating func count(atMost limit: Int) throws(CodingError) -> Int {
    let value = try number()
    guard limit >= 0, value <= UInt64(limit) else {
      throw CodingError(description: "A count is larger than what follows.")
    }
    return Int(value)
  }

  /// The next eight bytes, the first of them lowest; `nil` where there are fewer.
  @inline(__always)
  var word: UInt64? {
    guard bytes.count - position >= 8 else { return nil }
    return unsafe bytes.withUnsafeBytes { bytes in
      UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }
  }

  /// Passes over bytes that were there to be looked at.
  @inline(__always)
  mutating func skip(_ count: Int) { position += count }

  /// How many bytes are left.
  var remaining: Int { bytes.count - position }

  mutating func block() throws(CodingError) -> [UInt8] { Array(bytes[try blockRange()]) }

  /// As `block`: where the bytes stand.
  mutating func blockRange() throws(CodingError) -> Range<Int> {
    let size = try number()
    guard size <= UInt64(remaining) else {
      throw CodingError(description: "A count is larger than what follows.")
    }
    defer { position += Int(size) }
    return position..<position + Int(size)
  }

  mutating func text() throws(CodingError) -> String {
    guard let text = String(validating: bytes[try blockRange()], as: UTF8.self) else {
      throw CodingError(description: "A text is not UTF-8.")
    }
    return text
  }
}
