/// What was read from a document.
public struct Reading: Sendable {
  /// The text as extracted.
  public var rawText: String
  /// The text as normalised; tokens name places in it.
  public var text: String
  /// Every word and compound in order, kept or not.
  public var tokens: [Token]
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
}
