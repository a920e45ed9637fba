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

  /// The name whose slash stands at `start`, as it is meant: `#` stands before two digits of a byte (ISO 32000-1, 7.3.5).
  static func name(in bytes: [UInt8], at start: Int) -> ArraySlice<UInt8> {
    let rest = bytes.dropFirst(start + 1)
    let name = rest.prefix(while: isRegular)
    guard name.contains(UInt8(ascii: "#")) else { return name }
    var parser = ObjectParser(bytes, at: start)
    return (parser.value()?.name).map { Array($0.utf8)[...] } ?? name
  }

  /// The number that begins at `start`, which moves behind it.
  static func number(in bytes: [UInt8], at start: inout Int) -> Double {
    var (value, scale, isNegative) = (0.0, 0.0, false)
    var place = start
    reading: while place < bytes.count {
      let byte = bytes[place]
      switch byte {
      case 0x30...0x39:
        value = value * 10 + Double(byte - 0x30)
        scale *= 10
      case UInt8(ascii: "."): scale = 1
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "+"): break
      default: break reading
      }
      place += 1
    }
    start = place
    return (isNegative ? -value : value) / max(1, scale)
  }

  /// About how many characters the string has that begins at `start`, which moves behind it.
  static func characters(ofStringIn bytes: [UInt8], at start: inout Int) -> Int {
    var (depth, count, zeros) = (0, 0, 0)
    var place = start
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\\"):
        var (digits, value) = (0, 0)
        while digits < 3, place + digits < bytes.count,
          (0x30...0x37).contains(bytes[place + digits])
        {
          value = value << 3 | Int(bytes[place + digits] & 7)
          digits += 1
        }
        if digits == 3, value == 0 { zeros += 1 }
        place = min(bytes.count, place + max(1, digits))
      case UInt8(ascii: "("):
        depth += 1
        if depth == 1 { continue }
      case UInt8(ascii: ")"): depth -= 1
      case 0: zeros += 1
      default: break
      }
      if depth == 0 { break }
      count += 1
    }
    start = place
    // Codes of two bytes nearly always have a zero among them.
    return zeros > 0 ? count / 2 : count
  }

  /// As above, of one in hexadecimal.
  static func characters(ofHexadecimalIn bytes: [UInt8], at start: inout Int) -> Int {
    var (place, count) = (start + 1, 0)
    while place < bytes.count, bytes[place] != UInt8(ascii: ">") {
      if bytes[place] > 0x20 { count += 1 }
      place += 1
    }
    start = min(bytes.count, place + 1)
    return count % 4 == 0 ? count / 4 : count / 2
  }

  /// About how many characters a text string has, of which as many were counted; without the mark of UTF-16.
  static func characters(ofTextIn string: ArraySlice<UInt8>, atMost count: Int) -> Int {
    let content = string.dropFirst()
    if content.starts(with: "FEFF".utf8) || content.starts(with: "feff".utf8) { return count - 1 }
    guard content.starts(with: [0xFE, 0xFF]) || content.starts(with: #"\376\377"#.utf8) else {
      return count
    }
    return max(0, min(count, content.count / 2) - 1)
  }
}
