/// Takes out the spaces that only spread words: 「氏　　名」, 「【学 歴】」, 「株 式 会 社」, and all of them where a text
/// recogniser has put one between any two characters.
enum Unspacing {
  /// - Parameters:
  ///   - text: UTF-8.
  ///   - spread: whether every space between ideographs is to go.
  static func unspace(_ text: [UInt8], spread: Bool) -> [UInt8] {
    guard text.contains(where: { $0 == 0x20 || $0 == 0x09 }) else { return text }
    let pieces = pieces(of: text)
    let everywhere = spread || isSpread(pieces)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var last: Piece?
    for piece in pieces {
      if piece.range.isEmpty {
        bytes.append(0x0A)
        last = nil
        continue
      }
      if let last {
        let isSpread =
          last.endsAlone && piece.beginsAlone && (piece.isSingle || !last.endsValue)
        let joins = last.ends && piece.begins && (everywhere || isSpread)
        if !joins { bytes.append(0x20) }
      }
      bytes.append(piece.range, of: text)
      last = piece
    }
    return bytes
  }

  /// What stands between two spaces, or nothing at all for the end of a line.
  private struct Piece {
    var range: Range<Int>
    /// Whether it begins and ends with an ideograph.
    var begins = false
    var ends = false
    var isSingle = false
    /// Whether that ideograph has no other letter beside it in the piece: 「歴】」, 「【学」.
    var beginsAlone = false
    var endsAlone = false
    /// Whether the last one is what a label says.
    var endsValue = false

    init(endOfLine place: Int) { range = place..<place }

    init(_ range: Range<Int>, in text: [UInt8]) {
      self.range = range
      var last = range.upperBound - 1
      while last > range.lowerBound, text[last] & 0xC0 == 0x80 { last -= 1 }
      let (first, end) = text.scalar(at: range.lowerBound)
      begins = first.isIdeographic
      ends = text.scalar(at: last).scalar.isIdeographic
      isSingle = begins && end == range.upperBound
      (beginsAlone, endsAlone) = (isSingle, isSingle)
      guard begins || ends, !isSingle else { return }
      beginsAlone = begins && text.scalar(at: end).scalar.bordersSpreadWord
      guard ends, last > range.lowerBound else { return }
      var before = last - 1
      while before > range.lowerBound, text[before] & 0xC0 == 0x80 { before -= 1 }
      let sign = text.scalar(at: before).scalar
      (endsAlone, endsValue) = (sign.bordersSpreadWord, sign.endsLabel)
    }
  }

  private static func pieces(of text: [UInt8]) -> [Piece] {
    var pieces: [Piece] = []
    var start = 0
    for (place, byte) in text.enumerated() where byte <= 0x20 {
      guard byte == 0x20 || byte == 0x09 || byte == 0x0A else { continue }
      if start < place { pieces.append(Piece(start..<place, in: text)) }
      if byte == 0x0A { pieces.append(Piece(endOfLine: place)) }
      start = place + 1
    }
    if start < text.count { pieces.append(Piece(start..<text.count, in: text)) }
    return pieces
  }

  /// Whether more than half of the pieces that begin with an ideograph are single ones.
  private static func isSpread(_ pieces: [Piece]) -> Bool {
    var (single, all) = (0, 0)
    for piece in pieces where piece.begins {
      all += 1
      if piece.isSingle { single += 1 }
    }
    return all >= 40 && single * 2 > all
  }
}

extension Unicode.Scalar {
  /// Whether a word whose characters are spread may begin behind it or end before it: a bracket, a bullet, a colon.
  var bordersSpreadWord: Bool { !isLetter && !isFigure && !Self.stops.contains(self) }
  /// Whether a label ends with it.
  var endsLabel: Bool { self == ":" || self == "：" }

  private var isFigure: Bool {
    (0x30...0x39).contains(value) || (0xFF10...0xFF19).contains(value)
  }

  /// What a sentence goes on behind.
  private static let stops: Set<Unicode.Scalar> = ["、", "。", "，", ","]
}
