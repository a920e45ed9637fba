/// Signs and small letters that stand alone between Japanese ones, where a font's wrong table has put them for kana:
/// 「を~とめ~し2移行{」.
struct LoneCharacters {
  private(set) var count = 0
  private var kinds: Set<Unicode.Scalar> = []
  private var pending: Unicode.Scalar?
  private var isAfterJapanese = false
  private var last: Unicode.Scalar = " "

  /// Takes the next character of a text.
  mutating func take(_ scalar: Unicode.Scalar, isJapanese: Bool) {
    defer { last = scalar }
    if isJapanese {
      if let pending {
        count += 1
        kinds.insert(pending)
      }
      (pending, isAfterJapanese) = (nil, true)
    } else {
      pending = isAfterJapanese && Self.isStrange(scalar, after: last) ? scalar : nil
      isAfterJapanese = false
    }
  }

  /// Whether there are so many, and of so many kinds, that no author has set them.
  ///
  /// Measured: of the characters of texts whose kana a rewriting has spoilt 24 to 48 in a thousand, of others none but
  /// in ranges of dates.
  func areSpoilt(of visible: Int) -> Bool { count * 1000 > visible * 15 && kinds.count >= 2 }

  private static func isStrange(_ scalar: Unicode.Scalar, after last: Unicode.Scalar) -> Bool {
    switch scalar {
    // 「4月~現在」
    case "~": last != "年" && last != "月" && last != "日"
    case "\\", "^", "_", "`", "w"..."z", "{", "}": true
    default: false
    }
  }
}
