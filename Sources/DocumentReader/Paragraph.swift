/// Lines that are read as one, and where they stand.
struct Paragraph: Sendable {
  /// In UTF-8.
  var utf8: [UInt8]
  /// The box of its first line; empty where no box is known.
  var first = Glyph(scalar: " ", x1: 0, y1: 0, x2: 0, y2: 0)
  /// The box of its last line.
  var last = Glyph(scalar: " ", x1: 0, y1: 0, x2: 0, y2: 0)
  /// The height of its characters; nothing where no box is known.
  var em = 0.0

  var text: String { String(decoding: utf8, as: UTF8.self) }
}

extension Paragraph {
  /// Lines of which nothing is known but what they say.
  init(text: String) { self.init(utf8: Array(text.utf8)) }
}
