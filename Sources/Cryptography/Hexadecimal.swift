/// The lower-case hexadecimal digits of `bytes`.
public func hexadecimal(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  text.reserveCapacity(bytes.count * 2)
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}

/// The bytes that lower-case hexadecimal digits stand for, or `nil` for anything else.
public func bytes(hexadecimal text: some StringProtocol) -> [UInt8]? {
  var text = String(text)
  return text.withUTF8 { characters in
    guard characters.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(characters.count / 2)
    for index in stride(from: 0, to: characters.count, by: 2) {
      guard let high = unsafe value(ofDigit: characters[index]),
        let low = unsafe value(ofDigit: characters[index + 1])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }
}

/// What a lower-case hexadecimal digit stands for, or `nil` for another character.
func value(ofDigit character: UInt8) -> UInt8? {
  switch character {
  case 0x30...0x39: character - 0x30
  case 0x61...0x66: character - 0x61 + 10
  default: nil
  }
}
