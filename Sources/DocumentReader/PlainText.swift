/// Text files: UTF-8, and nothing that is text only by its bytes.
enum PlainText {
  /// How files of other kinds begin.
  private static let beginnings = [
    "<!doctype", "<!--", "<html", "<?xml", "<head", "<body", "{\\rtf", "%!ps",
  ]

  /// The text of a file.
  static func text(of bytes: [UInt8]) throws(Unreadable) -> String {
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
      throw .notADocument
    }
    // By characters, whose marks Swift puts in order, it would take hours where one has a million of them.
    let head = text.unicodeScalars.prefix(200).drop { $0.isBlank || $0 == "\u{FEFF}" }
    let start = lowercasedASCII(String(head)).utf8
    guard !beginnings.contains(where: { start.starts(with: $0.utf8) }), !isEncoded(bytes) else {
      throw .notADocument
    }
    guard !text.unicodeScalars.allSatisfy({ $0.isBlank || $0 == "\u{FEFF}" }) else {
      throw .empty
    }
    return text
  }

  /// Whether the bytes are ISO-2022-JP, which ASCII's escape sequences tell, or a PDF behind something else.
  private static func isEncoded(_ bytes: [UInt8]) -> Bool {
    !ImageSearch.places(of: "\u{1B}$", in: bytes).isEmpty
      || !ImageSearch.places(of: "%PDF-", in: bytes).isEmpty
        && !ImageSearch.places(of: "endobj", in: bytes).isEmpty
  }
}
