/// Base64 (RFC 4648 §4) with padding, as signed notes use it.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var word: UInt32 = 0
      for (index, byte) in group.enumerated() { word |= UInt32(byte) << (16 - 8 * UInt32(index)) }
      for index in 0..<4 {
        text.append(
          index <= group.count
            ? alphabet[Int(word >> (18 - 6 * UInt32(index)) & 63)] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of the one encoding of them, or `nil`.
  static func decode(_ text: some StringProtocol) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count % 4 == 0 else { return nil }
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: digits.count, by: 4) {
      var word: UInt32 = 0
      var padding = 0
      for digit in digits[start..<(start + 4)] {
        word <<= 6
        if digit == UInt8(ascii: "=") {
          padding += 1
        } else {
          guard padding == 0, let value = alphabet.firstIndex(of: digit) else { return nil }
          word |= UInt32(value)
        }
      }
      guard padding <= 2, padding == 0 || start + 4 == digits.count else { return nil }
      for index in 0..<(3 - padding) {
        bytes.append(UInt8(truncatingIfNeeded: word >> (16 - 8 * UInt32(index))))
      }
    }
    return encode(bytes) == String(text) ? bytes : nil
  }
}
