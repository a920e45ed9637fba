/// Takes out the spaces that only spread words: 「氏　　名」, 「株 式 会 社」, and all of them where a text
/// recogniser has put one between any two characters.
enum Unspacing {
  /// - Parameter spread: whether every space between ideographs is to go.
  static func unspace(_ text: String, spread: Bool) -> String {
    let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
      $0.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 }).map(Piece.init)
    }
    let everywhere = spread || isSpread(lines)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for (number, line) in lines.enumerated() {
      if number > 0 { bytes.append(0x0A) }
      for (index, piece) in line.enumerated() {
        if index > 0 {
          let last = line[index - 1]
          let joins =
            last.ends && piece.begins && (everywhere || last.isSingle && piece.isSingle)
          if !joins { bytes.append(0x20) }
        }
        bytes += piece.bytes
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What stands between two spaces.
  private struct Piece {
    var bytes: Substring.UTF8View
    /// Whether it begins and ends with an ideograph.
    var begins: Bool
    var ends: Bool
    var isSingle: Bool

    init(_ bytes: Substring.UTF8View) {
      self.bytes = bytes
      let scalars = Substring(bytes).unicodeScalars
      begins = scalars.first?.isIdeographic ?? false
      ends = scalars.last?.isIdeographic ?? false
      isSingle = begins && scalars.dropFirst().isEmpty
    }
  }

  /// Whether more than half of the pieces that begin with an ideograph are single ones.
  private static func isSpread(_ lines: [[Piece]]) -> Bool {
    var (single, all) = (0, 0)
    for line in lines {
      for piece in line where piece.begins {
        all += 1
        if piece.isSingle { single += 1 }
      }
    }
    return all >= 40 && single * 2 > all
  }
}
