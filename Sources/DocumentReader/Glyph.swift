/// A character on a page with its box, in points, x to the right and y downwards.
struct Glyph: Sendable {
  let scalar: Unicode.Scalar
  /// Whether it is written in Japanese without spaces.
  let isIdeographic: Bool
  var x1: Double
  var y1: Double
  var x2: Double
  var y2: Double
  /// Which of the page's fonts it is in.
  var font: Int
  /// A voicing mark that belongs to it, whatever place its own box has.
  var mark: Unicode.Scalar?

  init(
    scalar: Unicode.Scalar, x1: Double, y1: Double, x2: Double, y2: Double, font: Int = 0
  ) {
    self.scalar = scalar
    isIdeographic = scalar.isIdeographic
    (self.x1, self.y1, self.x2, self.y2, self.font) = (x1, y1, x2, y2, font)
  }

  /// Whether a voicing mark belongs to it: one of half width has a place of its own, beside it and not in another column.
  func takes(mark other: Glyph) -> Bool {
    guard scalar.isKana, mark == nil else { return false }
    return other.scalar.value < 0xFF00
      || abs(other.middleX - middleX) < 2 * em && abs(other.middleY - middleY) < 2 * em
  }

  /// Takes a voicing mark in, with its box.
  mutating func take(mark glyph: Glyph) {
    mark = glyph.scalar
    (x1, y1) = (min(x1, glyph.x1), min(y1, glyph.y1))
    (x2, y2) = (max(x2, glyph.x2), max(y2, glyph.y2))
  }

  var width: Double { x2 - x1 }
  var height: Double { y2 - y1 }
  var middleX: Double { (x1 + x2) / 2 }
  var middleY: Double { (y1 + y2) / 2 }
  /// The em: the longer side of the box.
  var em: Double { max(width, height) }
  /// Whether it is a letter that nobody can make out for it is too narrow or too low.
  var isSqueezed: Bool {
    let least = min(width, height)
    return least > 0.01 && least < 0.6 && least * 10 < em && scalar.isLetter
  }
}

extension Unicode.Scalar {
  /// Whether it is written in Japanese without spaces: ideographs, kana, their punctuation and radicals.
  var isIdeographic: Bool {
    switch value {
    case 0x2E80...0x2FDF, 0x3001...0x3002, 0x3005...0x3007, 0x3040...0x30FF, 0x3400...0x4DBF,
      0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE4F, 0xFF01...0xFF9D,
      0x20000...0x3FFFF:
      true
    default: false
    }
  }

  /// Hiragana or katakana, also of half width.
  var isKana: Bool {
    switch value {
    case 0x3040...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9F: true
    default: false
    }
  }

  /// An ideograph proper.
  var isKanji: Bool {
    switch value {
    case 0x2E80...0x2FDF, 0x3005...0x3007, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF,
      0x20000...0x3FFFF:
      true
    default: false
    }
  }

  /// A voicing mark that follows the kana it belongs to.
  var isVoicingMark: Bool { [0x3099, 0x309A, 0xFF9E, 0xFF9F].contains(value) }

  /// White space of any kind.
  var isBlank: Bool {
    switch value {
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F,
      0x3000:
      true
    default: false
    }
  }

  /// A letter of any script.
  var isLetter: Bool {
    switch value {
    case 0x41...0x5A, 0x61...0x7A, 0x3041...0x3096, 0x30A1...0x30FA, 0x30FC...0x30FE,
      0x4E00...0x9FFF:
      return true
    case 0..<0x80, 0x3000...0x3004: return false
    default: break
    }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      return true
    default: return false
    }
  }

  /// A letter or digit of ASCII.
  var isASCIIWord: Bool {
    switch value {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
  }
}

/// How the lines of a page run.
enum Orientation: Int, Sendable, CaseIterable {
  /// From left to right, lines downwards.
  case horizontal
  /// Downwards, lines from right to left: 縦書き, and text turned a quarter clockwise.
  case vertical
  /// From right to left, lines upwards: text turned upside down.
  case upsideDown
  /// Upwards, lines from left to right: text turned a quarter the other way.
  case upward

  /// The box on the page of one that was straightened.
  func turnBack(_ glyph: Glyph) -> Glyph {
    var turned = glyph
    switch self {
    case .horizontal: break
    case .vertical:
      (turned.x1, turned.y1, turned.x2, turned.y2) = (-glyph.y2, glyph.x1, -glyph.y1, glyph.x2)
    case .upsideDown:
      (turned.x1, turned.y1, turned.x2, turned.y2) = (-glyph.x2, -glyph.y2, -glyph.x1, -glyph.y1)
    case .upward:
      (turned.x1, turned.y1, turned.x2, turned.y2) = (glyph.y1, -glyph.x2, glyph.y2, -glyph.x1)
    }
    return turned
  }

  /// The glyph as if its line ran from left to right.
  func straighten(_ glyph: Glyph) -> Glyph {
    var turned = glyph
    switch self {
    case .horizontal: break
    case .vertical:
      (turned.x1, turned.y1, turned.x2, turned.y2) = (glyph.y1, -glyph.x2, glyph.y2, -glyph.x1)
    case .upsideDown:
      (turned.x1, turned.y1, turned.x2, turned.y2) = (-glyph.x2, -glyph.y2, -glyph.x1, -glyph.y1)
    case .upward:
      (turned.x1, turned.y1, turned.x2, turned.y2) = (-glyph.y2, glyph.x1, -glyph.y1, glyph.x2)
    }
    return turned
  }
}
