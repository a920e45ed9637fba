extension JSONScanner {
  /// Steps over `literal` if it is next.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func skip(literal: StaticString) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard count <= bytes.count - offset else { return false }
    let start = unsafe literal.utf8Start
    for index in 0..<count where unsafe bytes[offset + index] != start[index] { return false }
    offset += count
    return true
  }

  /// Steps over a string as strictly as `text` reads it, and returns where its content lies.
  @_lifetime(self: copy self)
  mutating func skipText() throws(JSONError) -> Range<Int> {
    try expect("\"")
    let start = offset
    var seen: UInt8 = 0
    while true {
      var index = offset
      while index < bytes.count {
        let byte = bytes[index]
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
        seen |= byte
        index += 1
      }
      offset = index
      guard let byte = next else { throw failure("a string does not end") }
      if byte == UInt8(ascii: "\"") { break }
      guard byte >= 0x20 else { throw failure("a string holds a bare control character") }
      offset += 1
      _ = try escape()
    }
    let range = start..<offset
    if seen >= 0x80 { try checkUTF8(range) }
    offset += 1
    return range
  }

  /// Steps over a string that is spelled without escapes.
  @_lifetime(self: copy self)
  mutating func skipPlainText() throws(JSONError) -> Range<Int> {
    let range = try skipText()
    for index in range where bytes[index] == UInt8(ascii: "\\") {
      throw failure("a name holds an escape")
    }
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
