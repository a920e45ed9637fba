import CPoppler

/// Makes one spelling of what producers spell in many ways; names for display are never sent through it.
///
/// In this order: invisible characters, radicals before NFKC, punctuation twins, NFKC, un-spacing.
enum Normaliser {
  /// The version of the rules, part of the fingerprint.
  static let version = "6"

  /// The normalised text.
  ///
  /// - Parameter spread: whether the text is known to have spaces between any two characters.
  static func normalise(_ text: String, spread: Bool = false) -> String {
    String(decoding: bytes(of: text, spread: spread), as: UTF8.self)
  }

  /// The normalised text in UTF-8.
  static func bytes(of text: String, spread: Bool = false) -> [UInt8] {
    bytes(of: Array(text.utf8), spread: spread)
  }

  /// As `bytes(of:spread:)`, of a text in UTF-8.
  static func bytes(of bytes: [UInt8], spread: Bool = false) -> [UInt8] {
    var normal: [UInt8] = []
    normal.reserveCapacity(bytes.count + 16)
    // No composition of NFKC reaches over the end of a line.
    var start = 0
    while start < bytes.count {
      let (kept, end) = (normal.count, appendPlain(bytes, from: start, to: &normal))
      guard end < bytes.count else { break }
      if let next = endOfLine(bytes, at: end) {
        normal.append(0x0A)
        start = next
      } else {
        normal.removeSubrange(kept...)
        var end = bytes[end...].firstIndex(of: 0x0A) ?? bytes.count
        if endOfLine(bytes, at: end - 1) != nil { end -= 1 }
        normal += nfkc(folded(bytes, start..<end))
        start = end
      }
    }
    return Unspacing.unspace(normal, spread: spread)
  }

  /// Where the next line begins behind the end of one, of one character or of the two that are one to other systems.
  private static func endOfLine(_ bytes: [UInt8], at place: Int) -> Int? {
    switch bytes[place] {
    case 0x0A: place + 1
    case 0x0D where bytes[(place + 1)...].first == 0x0A: place + 2
    default: nil
    }
  }

  /// Appends what a line has before its end or before the first character that takes more than this to
  /// normalise: nearly all of nearly every line.
  ///
  /// - Returns: where that stands.
  private static func appendPlain(
    _ bytes: [UInt8], from start: Int, to normal: inout [UInt8]
  ) -> Int {
    // What is from `first` on has not been appended yet: it stays as it is.
    var (place, first) = (start, start)
    while place < bytes.count {
      let byte = bytes[place]
      if byte < 0x80 {
        guard byte >= 0x20 && byte != 0x7F || byte == 0x09 else { break }
        place += 1
        continue
      }
      // What is of use here takes three bytes.
      guard byte & 0xF0 == 0xE0 else { break }
      let value =
        UInt32(byte & 0x0F) << 12 | UInt32(bytes[place + 1] & 0x3F) << 6
        | UInt32(bytes[place + 2] & 0x3F)
      if !isStable(value) {
        guard (0xFF01...0xFF5D).contains(value) || value == 0x3000 else { break }
        normal.append(first..<place, of: bytes)
        normal.append(value == 0x3000 ? 0x20 : UInt8(truncatingIfNeeded: value - 0xFEE0))
        first = place + 3
      }
      place += 3
    }
    normal.append(first..<place, of: bytes)
    return place
  }

  /// Whether no step changes a character, nor what stands before or behind it.
  private static func isStable(_ value: UInt32) -> Bool {
    switch value {
    case 0x3041...0x3096, 0x30A1...0x30FE, 0x4E00...0x9AD8, 0x9ADA...0x9FFF, 0x3400...0x4DBF,
      0x3001...0x301B:
      true
    default: false
    }
  }

  /// A line without invisible characters, with one character in the place of those that look like it.
  private static func folded(_ bytes: [UInt8], _ line: Range<Int>) -> [UInt8] {
    var folded: [UInt8] = []
    folded.reserveCapacity(line.count + 1)
    var (place, marks) = (line.lowerBound, 0)
    while place < line.upperBound {
      let (scalar, end) = bytes.scalar(at: place)
      if isPlain(scalar) {
        folded.append(place..<end, of: bytes)
        marks = 0
      } else if !isInvisible(scalar) {
        marks = isMark(scalar) ? marks + 1 : 0
        if marks <= mostMarks {
          folded.append(scalar: twins[scalar] ?? RadicalMap.entries[scalar] ?? scalar)
        }
      }
      place = end
    }
    return folded
  }

  /// Whether nothing here knows anything of it: nearly every character of a page, told without a table.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E, 0x0A, 0x3000...0x301B, 0x3041...0x3096, 0x30A0...0x312F, 0x3400...0x9AD8,
      0x9ADA...0xDFFF,
      0xFF01...0xFF5D:
      true
    default: false
    }
  }

  /// More than any language puts on one letter (UAX #15, 13); to put them in order takes time by their square.
  private static let mostMarks = 30

  /// A mark that combines with the letter before it.
  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x300...0x36F, 0x3099...0x309C, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF: true
    default: scalar.value >= 0x483 && scalar.properties.canonicalCombiningClass != .notReordered
    }
  }

  /// Whether nothing of it is to be seen, or it only says how others are set.
  static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xAD, 0x34F, 0x61C, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F,
      0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0x3164, 0xFFA0, 0xFEFF, 0xFE00...0xFE0F,
      0x1D173...0x1D17A, 0xE0000...0xE007F, 0xE0100...0xE01EF, 0xFFF0...0xFFFB:
      true
    case 0x09...0x0D, 0x85: false
    case 0..<0x20, 0x7F..<0xA0: true
    default: false
    }
  }

  /// Characters that look like others, and some that NFKC would take apart.
  private static let twins: [Unicode.Scalar: Unicode.Scalar] = [
    "\u{2027}": "・", "\u{2215}": "/", "\u{2044}": "/", "\u{2329}": "〈", "\u{232A}": "〉",
    "\u{2035}": "`", "\u{301C}": "~", "\u{FF5E}": "~", "\u{2010}": "-", "\u{2011}": "-",
    "\u{2012}": "-", "\u{2013}": "-", "\u{2212}": "-", "\u{0B}": "\n", "\u{0C}": "\n",
    "\u{0D}": "\n",
    "\u{85}": "\n", "\u{2028}": "\n", "\u{2029}": "\n", "\u{309B}": "\u{3099}",
    "\u{309C}": "\u{309A}", "\u{B4}": "'",
    // Shapes of names that the dictionary does not know.
    "髙": "高", "\u{FA11}": "崎", "\u{20BB7}": "吉",
  ]

  /// Unicode's compatibility composition, by GLib.
  private static func nfkc(_ text: [UInt8]) -> [UInt8] {
    guard !text.isEmpty else { return [] }
    let normal = unsafe text.withUnsafeBufferPointer { buffer in
      unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
        unsafe g_utf8_normalize(
          characters.baseAddress, gssize(characters.count), G_NORMALIZE_ALL_COMPOSE)
      }
    }
    guard let normal = unsafe normal else { return text }
    defer { unsafe g_free(normal) }
    return unsafe Array(
      UnsafeRawBufferPointer(start: normal, count: strlen(normal)))
  }
}
