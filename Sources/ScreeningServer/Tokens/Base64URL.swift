#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Base64 with the URL alphabet (RFC 4648, section 5), without padding.
enum Base64URL {
  static func encode(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  /// The bytes that `text` stands for, or `nil` where a character is left over.
  ///
  /// Characters outside the alphabet are skipped, as Python's decoder does, whose verdicts the token
  /// checks repeat; what a token says is covered by its signature as it was spelt.
  static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var length = 0
    var padding = 0
    var values: [UInt8] = []
    for character in text {
      length += 1
      if character == UInt8(ascii: "=") { padding += 1 }
      if let value = value(of: character) { values.append(value) }
    }
    // That decoder pads by the text's length, skipped characters included.
    padding += length % 4 == 0 ? 0 : 4 - length % 4
    switch values.count % 4 {
    case 1: return nil
    case 2: guard padding >= 2 else { return nil }
    case 3: guard padding >= 1 else { return nil }
    default: break
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * 3 / 4)
    var buffer: UInt32 = 0
    var bits: UInt32 = 0
    for value in values {
      buffer = buffer << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
        buffer &= (1 << bits) - 1
      }
    }
    return bytes
  }

  private static func value(of character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
    case UInt8(ascii: "-"), UInt8(ascii: "+"): 62
    case UInt8(ascii: "_"), UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
