import CPoppler

/// Makes one spelling of what producers spell in many ways; names for display are never sent through it.
///
/// In this order: invisible characters, radicals before NFKC, punctuation twins, NFKC, un-spacing.
enum Normaliser {
  /// The version of the rules, part of the fingerprint.
  static let version = "3"

  /// The normalised text.
  ///
  /// - Parameter spread: whether the text is known to have spaces between any two characters.
  static func normalise(_ text: String, spread: Bool = false) -> String {
    var scalars = String.UnicodeScalarView()
    var marks = 0
    for scalar in text.unicodeScalars {
      if isPlain(scalar) {
        scalars.append(scalar)
        marks = 0
        continue
      }
      if isInvisible(scalar) { continue }
      marks = isMark(scalar) ? marks + 1 : 0
      if marks > mostMarks { continue }
      scalars.append(twins[scalar] ?? RadicalMap.entries[scalar] ?? scalar)
    }
    return Unspacing.unspace(nfkc(String(scalars)), spread: spread)
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

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xAD, 0x61C, 0x115F...0x1160, 0x180B...0x180F, 0x200B...0x200F, 0x202A...0x202E,
      0x2060...0x206F, 0x3164, 0xFFA0, 0xFEFF, 0xFE00...0xFE0F,
      0xE0000...0xE007F, 0xE0100...0xE01EF, 0xFFF0...0xFFFB:
      true
    case 0x09, 0x0A, 0x0C, 0x0D, 0x85: false
    case 0..<0x20, 0x7F..<0xA0: true
    default: false
    }
  }

  /// Characters that look like others, and some that NFKC would take apart.
  private static let twins: [Unicode.Scalar: Unicode.Scalar] = [
    "\u{2027}": "・", "\u{2215}": "/", "\u{2044}": "/", "\u{2329}": "〈", "\u{232A}": "〉",
    "\u{2035}": "`", "\u{301C}": "~", "\u{FF5E}": "~", "\u{2010}": "-", "\u{2011}": "-",
    "\u{2012}": "-", "\u{2013}": "-", "\u{2212}": "-", "\u{0C}": "\n", "\u{0D}": "\n",
    "\u{85}": "\n", "\u{2028}": "\n", "\u{2029}": "\n", "\u{309B}": "\u{3099}",
    "\u{309C}": "\u{309A}", "\u{B4}": "'",
    // Shapes of names that the dictionary does not know.
    "髙": "高", "\u{FA11}": "崎", "\u{20BB7}": "吉",
  ]

  /// Unicode's compatibility composition, by GLib.
  private static func nfkc(_ text: String) -> String {
    let normal = unsafe text.withCString { pointer in
      unsafe g_utf8_normalize(pointer, -1, G_NORMALIZE_ALL_COMPOSE)
    }
    guard let normal = unsafe normal else { return text }
    defer { unsafe g_free(normal) }
    return unsafe String(cString: normal)
  }
}
