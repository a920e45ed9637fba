import CMeCab
import CPoppler

/// Reads documents in this process: text, normalising, words, nouns. Runs in the sandboxed worker.
final class DocumentAnalysis {
  private let analyser: Analyser
  /// What reads, the same for every document of this process.
  let fingerprint: Fingerprint
  /// The most bytes of text that are analysed; what follows is flagged.
  static let mostText = 1 << 20

  /// Loads the dictionary and digests what reads.
  ///
  /// - Returns: `nil` when the dictionary or poppler's tables of Japanese characters are not there.
  init?(dictionary: String = Analyser.dictionary) {
    guard let analyser = Analyser(dictionary: dictionary) else { return nil }
    self.analyser = analyser
    var details = [
      "mecab": unsafe String(cString: mecab_version()),
      "normaliser": Normaliser.version, "nouns": NounRules.version,
      "poppler": unsafe String(cString: poppler_get_version()),
    ]
    for file in ["sys.dic", "unk.dic", "matrix.bin", "char.bin", "dicrc"] {
      details["dictionary-" + file] = sha256File(dictionary + "/" + file) ?? "absent"
    }
    fingerprint = Fingerprint(details: details)
  }

  /// Reads one document.
  func read(_ bytes: [UInt8]) -> ReadingOutcome {
    if bytes.isEmpty { return .unreadable(reason: "empty", fingerprint) }
    guard Self.isPDF(bytes) else { return readText(bytes) }
    do {
      let extraction = try PDFText.extract(bytes)
      if extraction.text.allSatisfy(\.isWhitespace) {
        return .unreadable(
          reason: extraction.imagePages > 0 ? "image-only" : "no-text", fingerprint)
      }
      return .read(reading(of: extraction))
    } catch {
      switch error {
      case .encrypted: return .unreadable(reason: "encrypted", fingerprint)
      case .damaged: return .unreadable(reason: "damaged", fingerprint)
      }
    }
  }

  private static func isPDF(_ bytes: [UInt8]) -> Bool {
    let head = bytes.prefix(1024)
    let mark = Array("%PDF-".utf8)
    return head.indices.dropLast(mark.count - 1).contains { head[$0..<($0 + 5)].elementsEqual(mark) }
  }

  private func readText(_ bytes: [UInt8]) -> ReadingOutcome {
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      return .unreadable(reason: "not-a-document", fingerprint)
    }
    if text.allSatisfy(\.isWhitespace) { return .unreadable(reason: "no-text", fingerprint) }
    return .read(reading(of: .init(text: text, pages: 1)))
  }

  private func reading(of extraction: PDFText.Extraction) -> Reading {
    var raw = extraction.text
    var flags: [String] = []
    if extraction.cut { flags.append("pages-cut") }
    if raw.utf8.count > Self.mostText {
      raw = String(decoding: raw.utf8.prefix(Self.mostText), as: UTF8.self)
      flags.append("text-cut")
    }
    let text = Normaliser.normalise(raw)
    let words = analyser.words(of: text)
    let japanese = text.unicodeScalars.count { (0x3041...0x9FFF).contains($0.value) }
    let visible = text.unicodeScalars.count { !$0.properties.isWhitespace }
    if japanese * 20 < visible { flags.append("foreign-language") }
    return Reading(
      rawText: raw, text: text, tokens: NounRules.tokens(from: words), flags: flags,
      quality: [
        "characters": visible, "japanese": japanese, "pages": extraction.pages,
        "image-pages": extraction.imagePages, "unknown-words": words.count(where: \.isUnknown),
        "words": words.count,
      ], fingerprint: fingerprint)
  }
}

/// SHA-256 of a file in hexadecimal, or `nil` when it cannot be read.
private func sha256File(_ path: String) -> String? {
  var contents: UnsafeMutablePointer<gchar>?
  var length: gsize = 0
  guard unsafe g_file_get_contents(path, &contents, &length, nil) != 0,
    let contents = unsafe contents
  else { return nil }
  defer { unsafe g_free(contents) }
  guard
    let text = unsafe contents.withMemoryRebound(
      to: UInt8.self, capacity: Int(length),
      { unsafe g_compute_checksum_for_data(G_CHECKSUM_SHA256, $0, length) })
  else { return nil }
  defer { unsafe g_free(text) }
  return unsafe String(cString: text)
}
