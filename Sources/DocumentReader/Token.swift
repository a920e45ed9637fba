/// A word or compound of a document, kept as a noun or not.
public struct Token: Sendable, Hashable {
  /// How a token came about.
  public enum Kind: UInt8, Sendable, Hashable {
    /// One word of the analysis.
    case word
    /// Several nouns in a row.
    case compound
  }

  /// Where it begins in the normalised text, in bytes of UTF-8.
  public var offset: Int
  /// How long it is in the normalised text, in bytes of UTF-8.
  public var length: Int
  /// The spelling that counts are kept under.
  public var term: String
  /// How it came about.
  public var kind: Kind
  /// Whether it counts as a noun.
  public var kept: Bool
  /// The dictionary's class and subclass, or `unknown`.
  public var partOfSpeech: String

  /// Describes a token.
  public init(
    offset: Int, length: Int, term: String, kind: Kind, kept: Bool, partOfSpeech: String
  ) {
    self.offset = offset
    self.length = length
    self.term = term
    self.kind = kind
    self.kept = kept
    self.partOfSpeech = partOfSpeech
  }
}
