/// What a recogniser made of a page's picture.
struct RecognisedPage {
  /// A character with its box, in points from the top left corner.
  struct Symbol {
    var glyph: Glyph
    /// How sure the recogniser is, in hundredths.
    var confidence: Int
    /// Whether a line begins with it.
    var beginsLine: Bool
    /// Whether a word begins with it, as the recogniser counts words.
    var beginsWord: Bool
  }

  var symbols: [Symbol] = []

  /// The lines as the recogniser found them; between ideographs it sees words where there are none.
  var text: String {
    var text = String.UnicodeScalarView()
    var last: Unicode.Scalar?
    for symbol in symbols {
      let scalar = symbol.glyph.scalar
      if let before = last {
        if symbol.beginsLine {
          text.append("\n")
        } else if symbol.beginsWord, !(before.isIdeographic && scalar.isIdeographic) {
          text.append(" ")
        }
      }
      text.append(scalar)
      last = scalar
    }
    return String(text)
  }
}

extension RecognisedPage {
  /// More symbols than a page of any print holds.
  static let mostSymbols = 20_000

  /// The page as the recogniser sends it: boxes in pixels of `resolution` to the inch.
  static func encode(_ symbols: [Tesseract.Symbol], resolution: Int) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(resolution)
    writer.write(symbols.count)
    for symbol in symbols {
      writer.write(symbol.text)
      for edge in [symbol.left, symbol.top, symbol.right, symbol.bottom] { writer.write(edge) }
      writer.write(symbol.confidence)
      writer.write((symbol.beginsLine ? 1 : 0) | (symbol.beginsWord ? 2 : 0))
    }
    return writer.bytes
  }

  /// Reads what a recogniser sent; nothing in it is believed before it is checked.
  init(decoding bytes: [UInt8]) throws(CodingError) {
    var reader = ByteReader(bytes)
    let resolution = try reader.integer()
    guard (1...1200).contains(resolution) else {
      throw CodingError(description: "A picture has no resolution.")
    }
    let scale = 72 / Double(resolution)
    for _ in 0..<(try reader.count(atMost: Self.mostSymbols)) {
      let scalars = Array(try reader.text().unicodeScalars)
      var edges: [Double] = []
      for _ in 0..<4 { edges.append(Double(try reader.count(atMost: 1 << 16)) * scale) }
      let confidence = try reader.count(atMost: 100)
      let marks = try reader.number()
      let width = (edges[2] - edges[0]) / Double(max(1, scalars.count))
      for (index, scalar) in scalars.enumerated() where !scalar.isBlank {
        let left = edges[0] + Double(index) * width
        symbols.append(
          Symbol(
            glyph: Glyph(
              scalar: scalar, x1: left, y1: edges[1], x2: left + width, y2: edges[3]),
            confidence: confidence, beginsLine: index == 0 && marks & 1 != 0,
            beginsWord: index == 0 && marks & 2 != 0))
      }
    }
    guard reader.atEnd else { throw CodingError(description: "Something follows the symbols.") }
  }
}
