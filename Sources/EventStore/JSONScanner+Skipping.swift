import Glibc

extension JSONScanner {
  /// Steps over `literal` if it is next.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func skip(literal: StaticString) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard count <= bytes.count - offset else { return false }
    let start = unsafe literal.utf8Start
    let equal = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe bytes.baseAddress.map { unsafe memcmp($0 + offset, start, count) == 0 } ?? false
    }
    guard equal else { return false }
    offset += count
    return true
  }

  /// Steps over a string as strictly as `text` reads it, and returns where its content lies.
  @_lifetime(self: copy self)
  mutating func skipText() throws(JSONError) -> Range<Int> {
    var escapes = false
    return try skipText(&escapes)
  }

  @_lifetime(self: copy self)
  private mutating func skipText(_ escapes: inout Bool) throws(JSONError) -> Range<Int> {
    try expect("\"")
    let start = offset
    var seen: UInt8 = 0
    while true {
      offset = plainEnd(from: offset, &seen)
      guard let byte = next else { throw failure("a string does not end") }
      if byte == UInt8(ascii: "\"") { break }
      guard byte >= 0x20 else { throw failure("a string holds a bare control character") }
      offset += 1
      escapes = true
      _ = try escape()
    }
    let range = start..<offset
    if seen >= 0x80 { try checkUTF8(range) }
    offset += 1
    return range
  }

  /// Where the next quote, backslash or control character stands; `seen` takes the bits before it.
  ///
  /// Looks at eight bytes at a time (Mycroft's test for a zero byte).
  private func plainEnd(from start: Int, _ seen: inout UInt8) -> Int {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      let raw = UnsafeRawBufferPointer(bytes)
      let (ones, high): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
      var bits: UInt64 = 0
      var index = start
      while index + 8 <= raw.count {
        let word = UInt64(
          littleEndian: unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        let found =
          ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash
            | (word &- ones &* 0x20) & ~word) & high
        if found != 0 {
          let count = found.trailingZeroBitCount / 8
          // What lies before the first find is exact.
          bits |= count == 0 ? 0 : word << UInt64(64 - 8 * count)
          index += count
          if bits & high != 0 { seen |= 0x80 }
          return index
        }
        bits |= word
        index += 8
      }
      if bits & high != 0 { seen |= 0x80 }
      while unsafe index < raw.count && raw[index] != 0x22 && raw[index] != 0x5C
        && raw[index] >= 0x20
      {
        unsafe seen |= raw[index]
        index += 1
      }
      return index
    }
  }

  /// Steps over a string that is spelled without escapes.
  @_lifetime(self: copy self)
  mutating func skipPlainText() throws(JSONError) -> Range<Int> {
    var escapes = false
    let range = try skipText(&escapes)
    if escapes { throw failure("a name holds an escape") }
    return range
  }

  private func checkUTF8(_ range: Range<Int>) throws(JSONError) {
    do { _ = try UTF8Span(validating: bytes.extracting(range)) } catch {
      throw failure("a string is not valid UTF-8")
    }
  }

  /// Steps over any value as strictly as `value` reads it.
  @_lifetime(self: copy self)
  mutating func skipValue() throws(JSONError) {
    switch next {
    case UInt8(ascii: "\""): _ = try skipText()
    case UInt8(ascii: "["):
      try enter("[")
      if !skip("]") {
        repeat { try skipValue() } while skip(",")
        try expect("]")
      }
      depth -= 1
    case UInt8(ascii: "{"):
      try enter("{")
      if !skip("}") {
        var last: Range<Int>?
        repeat {
          try skipName(after: &last)
          try skipValue()
        } while skip(",")
        try expect("}")
      }
      depth -= 1
    case UInt8(ascii: "-"), (UInt8(ascii: "0")...UInt8(ascii: "9"))?: _ = try integer()
    default: throw failure("expected a string, an integer, an array or an object")
    }
  }

  @_lifetime(self: copy self)
  private mutating func skipName(after last: inout Range<Int>?) throws(JSONError) {
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
    if range.count == 7 && bytes[start] == UInt8(ascii: "s") || range.count == 4 {
      sawReference = true
    }
    try expect(":")
  }
}
