/// The one place where percent-encoding (RFC 3986, section 2.1) is undone.
enum PercentEncoding {
  /// The text that `encoded` stands for, or `nil` where it is not valid: a broken escape, bytes that
  /// are not UTF-8, or, outside forms, a control character.
  static func decode(
    _ encoded: some StringProtocol, plusIsSpace: Bool = false, allowsControls: Bool = false
  ) -> String? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(encoded.utf8.count)
    var rest = encoded.utf8.makeIterator()
    while let byte = rest.next() {
      if byte == UInt8(ascii: "%") {
        guard let high = rest.next().flatMap(nibble), let low = rest.next().flatMap(nibble) else {
          return nil
        }
        bytes.append(high << 4 | low)
      } else if plusIsSpace, byte == UInt8(ascii: "+") {
        bytes.append(UInt8(ascii: " "))
      } else {
        bytes.append(byte)
      }
    }
    guard allowsControls || !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  /// The names and values of a query or of an `application/x-www-form-urlencoded` body, in order, or
  /// `nil` where an escape is broken.
  static func pairs(
    _ query: some StringProtocol, allowsControls: Bool = false
  ) -> [(name: String, value: String)]? {
    var pairs: [(name: String, value: String)] = []
    for pair in query.split(separator: "&") {
      let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let texts = [halves[0], halves.count > 1 ? halves[1] : ""]
        .compactMap { decode($0, plusIsSpace: true, allowsControls: allowsControls) }
      guard texts.count == 2
      else { return nil }
      pairs.append((texts[0], texts[1]))
    }
    return pairs
  }

  /// `text` with every byte escaped that has a meaning in a query.
  static func encode(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        bytes.append(byte)
      default:
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func nibble(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
