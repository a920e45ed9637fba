/// One spelling for what names spell in several ways; every character stays as long in UTF-8.
enum KanaFolding {
  /// Small letters, hiragana for katakana, common forms for the variants that names keep.
  static func fold(_ text: [UInt8]) -> [UInt8] {
    var folded = text
    let forms = forms
    var place = 0
    while place < folded.count {
      let byte = folded[place]
      if byte < 0x80 {
        if (0x41...0x5A).contains(byte) { folded[place] = byte | 0x20 }
        place += 1
      } else if byte & 0xF0 == 0xE0, place + 2 < folded.count {
        let scalar =
          Int(byte & 0x0F) << 12 | Int(folded[place + 1] & 0x3F) << 6
          | Int(folded[place + 2] & 0x3F)
        let form = forms[scalar]
        if form != 0 {
          folded[place] = 0xE0 | UInt8(form >> 12)
          folded[place + 1] = 0x80 | UInt8(form >> 6 & 0x3F)
          folded[place + 2] = 0x80 | UInt8(form & 0x3F)
        }
        place += 3
      } else {
        // The bytes of longer and shorter characters stay; none of them begins one of those above.
        place += 1
      }
    }
    return folded
  }

  /// Every spelling of the first character of a folded string: its bytes, then those of whatever folds to it.
  static func spellings(ofFirst text: [UInt8]) -> [[UInt8]] {
    guard let first = String(decoding: text, as: UTF8.self).unicodeScalars.first else { return [] }
    var spellings = [first]
    switch first.value {
    case 0x61...0x7A: spellings += [Unicode.Scalar(UInt8(first.value) & ~0x20)]
    case 0x3041...0x3096: spellings += [Unicode.Scalar(first.value + 0x60)].compactMap(\.self)
    default: spellings += variants.filter { $0.1 == first }.map(\.0)
    }
    return spellings.map { Array(String($0).utf8) }
  }

  /// What stands for a character of the basic plane; zero where it stands for itself.
  private static let forms: [UInt16] = {
    var forms = [UInt16](repeating: 0, count: 0x10000)
    for katakana in 0x30A1...0x30F6 { forms[katakana] = UInt16(katakana - 0x60) }
    for (variant, common) in variants { forms[Int(variant.value)] = UInt16(common.value) }
    return forms
  }()

  private static let variants: [(Unicode.Scalar, Unicode.Scalar)] = [
    ("髙", "高"), ("﨑", "崎"), ("濵", "浜"), ("濱", "浜"), ("邊", "辺"), ("邉", "辺"), ("齋", "斎"),
    ("齊", "斉"), ("澤", "沢"), ("櫻", "桜"), ("廣", "広"), ("國", "国"), ("嶋", "島"), ("德", "徳"),
    ("眞", "真"), ("惠", "恵"),
  ]
}
