/// What a recogniser made of a page's picture.
struct RecognisedPage {
  /// Characters that were recognised together, with their box in points from the top left corner.
  struct Word {
    var scalars: [Unicode.Scalar]
    var x1: Double
    var y1: Double
    var x2: Double
    var y2: Double
    /// How sure the recogniser is, in hundredths.
    var confidence: Int
    /// Whether a line begins with it.
    var beginsLine: Bool
  }

  /// The words in the recogniser's order.
  private(set) var words: [Word] = []
}

extension RecognisedPage {
  /// The lines as the recogniser ordered them, cut between the cells of a table.
  ///
  /// Its network is sure of characters and vague about the place of each, so that the characters are spread
  /// evenly over what their line covers.
  var segments: [Segment] {
    let em = Segment.median(words.map { $0.y2 - $0.y1 })
    var segments: [Segment] = []
    var line: [Word] = []
    func cut() {
      if let segment = Self.segment(of: line, em: em) { segments.append(segment) }
      line = []
    }
    for word in words {
      if word.beginsLine || line.last.map({ word.x1 - $0.x2 > 1.5 * em }) ?? false { cut() }
      // The ruled lines of a table come out as bars.
      if word.scalars.allSatisfy({ $0 == "|" || $0 == "\u{FF5C}" }) {
        cut()
      } else {
        line.append(word)
      }
    }
    cut()
    return segments
  }

  private static func segment(of line: [Word], em: Double) -> Segment? {
    // Places for the characters, and an empty one where words have a space between them.
    var places: [Unicode.Scalar?] = []
    var right = line.first?.x2 ?? 0
    for word in line {
      if let before = places.last ?? nil, let first = word.scalars.first,
        !before.isIdeographic, !first.isIdeographic, word.x1 - right > 0.2 * em
      {
        places.append(nil)
      }
      places += word.scalars
      right = word.x2
    }
    guard let first = line.first, !places.isEmpty else { return nil }
    let left = line.reduce(first.x1) { min($0, $1.x1) }
    let width = (line.reduce(first.x2) { max($0, $1.x2) } - left) / Double(places.count)
    let middle = Segment.median(line.map { ($0.y1 + $0.y2) / 2 })
    let height = line.reduce(0) { max($0, $1.y2 - $1.y1) }
    return Segment(
      places.enumerated().compactMap { index, scalar in
        scalar.map {
          let x1 = left + Double(index) * width
          return Glyph(
            scalar: $0, x1: x1, y1: middle - height / 2, x2: x1 + width, y2: middle + height / 2)
        }
      })
  }
}

extension RecognisedPage {
  /// How sure the recogniser is of a character in the middle of all, in thousandths.
  static func confidence(of words: [(characters: Int, confidence: Int)]) -> Int {
    let characters = words.reduce(0) { $0 + $1.characters }
    guard characters > 0 else { return 0 }
    return words.reduce(0) { $0 + $1.characters * $1.confidence } * 10 / characters
  }

  /// Below this the recogniser guesses, in thousandths: legible Japanese has 800 and more, a page that lies on
  /// its side 250 and less.
  static let lowestConfidence = 600

  /// How sure the recogniser is of a character in the middle of all, in thousandths.
  var confidence: Int { Self.confidence(of: words.map { ($0.scalars.count, $0.confidence) }) }

  /// More words than a page of any print holds.
  static let mostWords = 20_000

  /// The page as the recogniser sends it: boxes in pixels of `resolution` to the inch.
  static func encode(_ words: [Tesseract.Word], resolution: Int) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(resolution)
    writer.write(words.count)
    for word in words {
      writer.write(word.text)
      for edge in [word.left, word.top, word.right, word.bottom] { writer.write(edge) }
      writer.write(word.confidence)
      writer.write(word.beginsLine ? 1 : 0)
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
    for _ in 0..<(try reader.count(atMost: Self.mostWords)) {
      let scalars = try reader.text().unicodeScalars.filter { !$0.isBlank }
      var edges: [Double] = []
      for _ in 0..<4 { edges.append(Double(try reader.integer(atMost: 1 << 16)) * scale) }
      let confidence = try reader.integer(atMost: 100)
      let beginsLine = try reader.number() == 1
      words.append(
        Word(
          scalars: Array(scalars), x1: edges[0], y1: edges[1], x2: edges[2], y2: edges[3],
          confidence: confidence, beginsLine: beginsLine))
    }
    guard reader.atEnd else { throw CodingError(description: "Something follows the words.") }
  }
}

extension ByteReader {
  /// A number from 0 to `limit`.
  fileprivate mutating func integer(atMost limit: Int) throws(CodingError) -> Int {
    let value = try integer()
    guard (0...limit).contains(value) else {
      throw CodingError(description: "A number is larger than any that is sent.")
    }
    return value
  }
}
