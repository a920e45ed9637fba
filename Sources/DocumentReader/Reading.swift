/// What was read from a document.
public struct Reading: Sendable {
  /// The text as extracted.
  public var rawText: String
  /// The text as normalised; tokens name places in it.
  public var text: String
  /// Every word and compound in order, kept or not, as `TokenCoding` encodes them: so they are sealed.
  public let encodedTokens: [UInt8]
  /// How many terms are kept.
  public let nounCount: Int
  /// What the quality gate noticed, as slugs.
  public var flags: [String]
  /// What the quality gate measured.
  public var quality: [String: Int]
  /// What read it.
  public var fingerprint: Fingerprint
  /// What recognised the characters of pages that are pictures, by name.
  ///
  /// `nil` when every character is the document's own. It is no part of the fingerprint: what was recognised
  /// is analysed as any other text.
  public var recogniser: [String: String]?

  /// Describes a reading, of whose tokens all is known.
  init(
    rawText: String, text: String, encodedTokens: [UInt8], nounCount: Int, flags: [String],
    quality: [String: Int], fingerprint: Fingerprint
  ) {
    (self.rawText, self.text, self.encodedTokens) = (rawText, text, encodedTokens)
    self.nounCount = nounCount
    (self.flags, self.quality, self.fingerprint) = (flags, quality, fingerprint)
  }

  /// Every word and compound in order, kept or not.
  ///
  /// - Complexity: decodes them each time.
  public var tokens: [Token] { (try? TokenCoding.decode(encodedTokens)) ?? [] }

  /// The kept terms with how often they stand, in the order of their UTF-8 bytes.
  public var nouns: [(term: String, count: Int)] {
    var counts: [String: Int] = [:]
    for token in tokens where token.kept { counts[token.term, default: 0] += 1 }
    return counts.map { (term: $0.key, count: $0.value) }
      .sorted { $0.term.utf8.lexicographicallyPrecedes($1.term.utf8) }
  }
}

/// What became of a document: a bad one is an answer, not an error.
public enum ReadingOutcome: Sendable {
  /// It was read.
  case read(Reading)
  /// It could not be read, for a reason given as a slug.
  case unreadable(reason: String, Fingerprint?)

  /// What read it, or could not.
  var fingerprint: Fingerprint? {
    switch self {
    case .read(let reading): reading.fingerprint
    case .unreadable(_, let fingerprint): fingerprint
    }
  }
}
