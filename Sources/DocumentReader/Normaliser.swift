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
    for scalar in text.unicodeScalars {
      if isPlain(scalar) {
        scalars.append(scalar)
        continue
      }
      if isInvisible(scalar) { continue }
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

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0xFEFF, 0xFE00...0xFE0F,
      0xE0100...0xE01EF, 0xFFF0...0xFFFB:
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
