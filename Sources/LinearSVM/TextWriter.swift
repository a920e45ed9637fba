/// Writes ASCII text and UTF-8 terms.
struct TextWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ text: StaticString) {
    text.withUTF8Buffer { buffer in
      for index in buffer.indices { unsafe bytes.append(buffer[index]) }
    }
  }

  mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func write(_ number: Int) { write(String(number)) }

  /// A JSON string.
  mutating func write(quoted term: [UInt8]) {
    bytes.append(0x22)
    for byte in term {
      if byte < 0x20 {
        bytes.append(contentsOf: "\\u00".utf8)
        for digit in [byte >> 4, byte & 15] {
          bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
      } else {
        if byte == 0x22 || byte == 0x5c { bytes.append(0x5c) }
        bytes.append(byte)
      }
    }
    bytes.append(0x22)
  }

  /// A finite number in 17 decimal digits: every reader that rounds correctly gets the same bits.
  ///
  /// They come from the exact expansion by whole numbers alone, so no library's short form enters.
  mutating func writeExactly(_ number: Double) {
    if number.sign == .minus { bytes.append(0x2d) }
    let bits = number.bitPattern
    let field = Int(bits >> 52 & 0x7ff)
    let fraction = bits & 0x000f_ffff_ffff_ffff
    let significand = field == 0 ? fraction : fraction | 1 << 52
    guard significand != 0 else { return bytes.append(0x30) }
    let exponent = max(field, 1) - 1_075
    var digits = Decimal(significand)
    // m · 2^−k = m · 5^k · 10^−k.
    for _ in 0..<exponent.magnitude { digits.multiply(by: exponent < 0 ? 5 : 2) }
    let text = digits.rounded()
    bytes.append(text.digits[0])
    if text.digits.count > 1 { bytes.append(0x2e) }
    bytes.append(contentsOf: text.digits.dropFirst())
    let power = text.power + (exponent < 0 ? exponent : 0) + text.digits.count - 1
    if power != 0 {
      bytes.append(0x65)
      write(power)
    }
  }
}

/// A large whole number in base 10⁹, least significant part first.
private struct Decimal {
  private var parts: [UInt64] = []

  init(_ number: UInt64) {
    var rest = number
    while rest > 0 {
      parts.append(rest % 1_000_000_000)
      rest /= 1_000_000_000
    }
  }

  mutating func multiply(by factor: UInt64) {
    var carry: UInt64 = 0
    for index in parts.indices {
      let product = parts[index] * factor + carry
      parts[index] = product % 1_000_000_000
      carry = product / 1_000_000_000
    }
    if carry > 0 { parts.append(carry) }
  }

  /// The first 17 digits, which fix a Double, rounded to the nearest, ties to even, without zeros at the
  /// end; and the power of ten of the last digit.
  func rounded() -> (digits: [UInt8], power: Int) {
    var digits: [UInt8] = []
    for part in parts.reversed() {
      var group: [UInt8] = []
      var rest = part
      for _ in 0..<9 {
        group.append(0x30 + UInt8(rest % 10))
        rest /= 10
      }
      digits.append(contentsOf: group.reversed())
    }
    digits = Array(digits.drop { $0 == 0x30 })
    let power = max(digits.count - 17, 0)
    guard power > 0 else { return Self.withoutZeros(digits, 0) }
    let (first, rest) = (digits[17], digits.dropFirst(18))
    digits.removeLast(power)
    let isAboveHalf = first > 0x35 || first == 0x35 && rest.contains { $0 != 0x30 }
    if isAboveHalf || first == 0x35 && digits[16] & 1 == 1 { return Self.raised(digits, power) }
    return Self.withoutZeros(digits, power)
  }

  private static func raised(_ digits: [UInt8], _ power: Int) -> (digits: [UInt8], power: Int) {
    var digits = digits
    var position = digits.count - 1
    while position >= 0, digits[position] == 0x39 {
      digits[position] = 0x30
      position -= 1
    }
    if position >= 0 { digits[position] += 1 } else { digits.insert(0x31, at: 0) }
    return withoutZeros(digits, power)
  }

  private static func withoutZeros(
    _ digits: [UInt8], _ power: Int
  ) -> (digits: [UInt8], power: Int) {
    let kept = max((digits.lastIndex { $0 != 0x30 } ?? 0) + 1, 1)
    return (Array(digits.prefix(kept)), power + digits.count - kept)
  }
}
