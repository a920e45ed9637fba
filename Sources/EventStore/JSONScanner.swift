/// Why bytes are not the one encoding of a value.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was found.
  public let reason: String
  /// Where, in bytes from the beginning.
  public let offset: Int

  /// A sentence.
  public var description: String { "Byte \(offset): \(reason)." }
}

/// Reads the one encoding of values, refusing every other spelling.
struct JSONScanner: ~Escapable {
  let bytes: Span<UInt8>
  var offset = 0
  var depth = 0
  /// Whether a member was stepped over that names a sealed value or a blob.
  var sawReference = false

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  var atEnd: Bool { offset == bytes.count }

  // Out of the way of what is read without fault.
  @inline(never)
  func failure(_ reason: StaticString) -> JSONError {
    JSONError(reason: "\(reason)", offset: offset)
  }

  @inline(never)
  private func failure(expected character: Unicode.Scalar) -> JSONError {
    JSONError(reason: "expected '\(character)'", offset: offset)
  }

  @inline(__always)
  var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  @inline(__always)
  @_lifetime(self: copy self)
  mutating func expect(_ character: Unicode.Scalar) throws(JSONError) {
    guard next == UInt8(ascii: character) else {
      throw failure(expected: character)
    }
    offset += 1
  }

  @inline(__always)
  @_lifetime(self: copy self)
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  /// Reads any value.
  @_lifetime(self: copy self)
  mutating func value() throws(JSONError) -> JSONValue {
    switch next {
    case UInt8(ascii: "\""): return .string(try text())
    case UInt8(ascii: "["): return .array(try items())
    case UInt8(ascii: "{"): return .object(try members())
    case UInt8(ascii: "-"), (UInt8(ascii: "0")...UInt8(ascii: "9"))?: return .integer(try integer())
    default: throw failure("expected a string, an integer, an array or an object")
    }
  }

  @_lifetime(self: copy self)
  private mutating func items() throws(JSONError) -> [JSONValue] {
    try enter("[")
    var items: [JSONValue] = []
    if !skip("]") {
      repeat { items.append(try value()) } while skip(",")
      try expect("]")
    }
    depth -= 1
    return items
  }

  @_lifetime(self: copy self)
  private mutating func members() throws(JSONError) -> JSONObject {
    try enter("{")
    var members = JSONObject()
    if !skip("}") {
      var last: Range<Int>?
      repeat {
        let name = try self.name(after: &last)
        members.append(name, try value())
      } while skip(",")
      try expect("}")
    }
    depth -= 1
    return members
  }

  @inline(__always)
  @_lifetime(self: copy self)
  mutating func enter(_ bracket: Unicode.Scalar) throws(JSONError) {
    try expect(bracket)
    depth += 1
    guard depth <= 32 else { throw failure("more than 32 values lie within each other") }
  }

  /// Reads a member's name and the colon, checking that names rise.
  @_lifetime(self: copy self)
  mutating func name(after last: inout Range<Int>?) throws(JSONError) -> String {
    try expect("\"")
    let start = offset
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard (0x20..<0x7F).contains(byte), byte != UInt8(ascii: "\\") else {
        throw failure("a name is not plain ASCII")
      }
      offset += 1
    }
    let range = start..<offset
    try expect("\"")
    if let last, !precedes(last, range) { throw failure("names are not in order, or stand twice") }
    last = range
    try expect(":")
    return string(range)
  }

  func precedes(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
    var i = a.lowerBound
    var j = b.lowerBound
    while i < a.upperBound, j < b.upperBound {
      if bytes[i] != bytes[j] { return bytes[i] < bytes[j] }
      i += 1
      j += 1
    }
    return a.count < b.count
  }

  private func string(_ range: Range<Int>) -> String {
    unsafe bytes.extracting(range).withUnsafeBufferPointer {
      unsafe String(decoding: $0, as: UTF8.self)
    }
  }

  /// Reads an integer without leading zeros, minus zero, fraction or exponent.
  @_lifetime(self: copy self)
  mutating func integer() throws(JSONError) -> Int64 {
    let start = offset
    let negative = skip("-")
    var value: Int64 = 0
    let digits = offset
    while let byte = next, (0x30...0x39).contains(byte) {
      value = value * 10 + Int64(byte - 0x30)
      guard value < 1 << 53 else { throw failure("an integer is not below 2^53") }
      offset += 1
    }
    let count = offset - digits
    guard count > 0, count == 1 || bytes[digits] != 0x30, !(negative && value == 0) else {
      offset = start
      throw failure("a number is not a whole one in its shortest form")
    }
    return negative ? -value : value
  }

  /// Reads a string, checking UTF-8 and that escapes are needed and shortest.
  @_lifetime(self: copy self)
  mutating func text() throws(JSONError) -> String {
    try expect("\"")
    let start = offset
    while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
      offset += 1
    }
    if next == UInt8(ascii: "\"") {
      let text = try valid(start..<offset)
      offset += 1
      return text
    }
    return try escapedText(from: start)
  }

  private func valid(_ range: Range<Int>) throws(JSONError) -> String {
    do {
      return String(copying: try UTF8Span(validating: bytes.extracting(range)))
    } catch {
      throw failure("a string is not valid UTF-8")
    }
  }

  @_lifetime(self: copy self)
  private mutating func escapedText(from start: Int) throws(JSONError) -> String {
    var text = try valid(start..<offset)
    while true {
      guard let byte = next else { throw failure("a string does not end") }
      if byte == UInt8(ascii: "\"") {
        offset += 1
        return text
      }
      guard byte >= 0x20 else { throw failure("a string holds a bare control character") }
      if byte == UInt8(ascii: "\\") {
        offset += 1
        text.unicodeScalars.append(try escape())
      } else {
        let plain = offset
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20
        {
          offset += 1
        }
        text += try valid(plain..<offset)
      }
    }
  }

  @_lifetime(self: copy self)
  mutating func escape() throws(JSONError) -> Unicode.Scalar {
    guard let byte = next else { throw failure("a string does not end") }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "u"):
      var value: UInt32 = 0
      for _ in 0..<4 {
        guard let digit = next else { throw failure("a string does not end") }
        switch digit {
        case 0x30...0x39: value = value << 4 | UInt32(digit - 0x30)
        case 0x61...0x66: value = value << 4 | UInt32(digit - 0x61 + 10)
        default: throw failure("an escape is not in lower-case hexadecimal")
        }
        offset += 1
      }
      guard value < 0x20, ![0x08, 0x09, 0x0A, 0x0C, 0x0D].contains(value),
        let scalar = Unicode.Scalar(value)
      else { throw failure("an escape is not needed, or not the shortest") }
      return scalar
    default: throw failure("an escape is unknown, or not needed")
    }
  }
}

extension JSONValue {
  /// Reads the one encoding of a value, refusing every other spelling.
  public init(canonical bytes: Span<UInt8>) throws(JSONError) {
    var scanner = JSONScanner(bytes)
    self = try scanner.value()
    guard scanner.atEnd else { throw scanner.failure("something follows the value") }
  }
}
