/// A picture among the operators of a content stream (ISO 32000-1, 8.9.7).
enum InlineImage {
  /// Where its data end that begin at `start`, before their closing keyword.
  ///
  /// Any byte may be among them, so that the keyword counts where blanks stand around it; where it does so nowhere, the
  /// first one counts.
  static func end(in bytes: [UInt8], from start: Int) -> Int {
    var first: Int?
    var place = start
    while place + 1 < bytes.count {
      defer { place += 1 }
      guard bytes[place] == UInt8(ascii: "E"), bytes[place + 1] == UInt8(ascii: "I") else {
        continue
      }
      first = first ?? place
      let isAfterBlank = place == start || isBlank(bytes[place - 1])
      if isAfterBlank, place + 2 == bytes.count || isBlank(bytes[place + 2]) { return place }
    }
    return first ?? bytes.count
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte) || byte == 0
  }
}
