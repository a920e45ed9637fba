public import DocumentReader

/// What reading a file gives, without any store: all that a reading records, and what it took.
public struct ReadReport: Sendable, Encodable {
  /// A noun that models may use.
  public struct Noun: Sendable, Encodable {
    /// The noun as normalised.
    public let term: String
    /// How often it stands in the document.
    public let count: Int
  }

  /// A word or compound at its place.
  public struct Word: Sendable, Encodable {
    /// Where it begins in `text`, in bytes of UTF-8.
    public let offset: Int
    /// How long it is in `text`, in bytes of UTF-8.
    public let length: Int
    /// The spelling that it is counted under.
    public let term: String
    /// `word`, or `compound` for several nouns in a row.
    public let kind: String
    /// The dictionary's class and subclass.
    public let partOfSpeech: String
    /// Whether it is a noun.
    public let noun: Bool
    /// The matter or class by which the lexicon excludes it, as a slug.
    @Nullable public var excluded: String?
    /// The phrase that was found; empty for classes and for the applicant's own strings.
    @Nullable public var phrase: String?
  }

  /// What the file is called.
  @Nullable public var file: String?
  /// `read` or `unreadable`.
  public let status: String
  /// Why it could not be read.
  @Nullable public var reason: String?
  /// The text as extracted.
  @Nullable public var raw: String?
  /// The text as normalised.
  @Nullable public var text: String?
  /// The nouns that are not excluded, in the order of their UTF-8 bytes.
  public let nouns: [Noun]
  /// Every word and compound, in the order of the text.
  public var tokens: [Word]
  /// SHA-256 of the exclusion lexicon that was asked.
  public let lexicon: String
  /// What the quality gate noticed.
  public let flags: [String]
  /// What the quality gate measured.
  public let quality: [String: Int]
  /// SHA-256 of the fingerprint of the programs and dictionaries that read the file.
  @Nullable public var fingerprint: String?
  /// The fingerprint's parts.
  @Nullable public var analysis: [String: String]?
  /// What recognised the characters of pages that are pictures; left out when none were recognised.
  public var recogniser: [String: String]?
  /// Time on the wall, in microseconds.
  public let wallMicroseconds: Int
  /// Processor time of the worker, in microseconds.
  public let processorMicroseconds: Int
  /// The most memory that the worker held, in bytes.
  public let peakMemoryBytes: Int

  /// Describes the outcome of reading `file`.
  ///
  /// - Parameter own: the applicant's name and address, or other strings that only this person has.
  public init(
    _ outcome: ReadingOutcome, of file: String?, usage: Usage = Usage(),
    lexicon: ExclusionLexicon = .standard, own: [String] = []
  ) {
    self.file = file
    self.lexicon = lexicon.id
    wallMicroseconds = usage.wallMicroseconds
    processorMicroseconds = usage.processorMicroseconds
    peakMemoryBytes = usage.peakMemoryBytes
    switch outcome {
    case .read(let reading):
      status = "read"
      reason = nil
      raw = reading.rawText
      text = reading.text
      let selection = lexicon.select(in: reading.text, tokens: reading.tokens, own: own)
      nouns = selection.nouns.map { Noun(term: $0.term, count: $0.count) }
      tokens = Self.words(of: reading, selection.exclusions)
      flags = reading.flags
      quality = reading.quality
      fingerprint = reading.fingerprint.id
      analysis = reading.fingerprint.details
      recogniser = reading.recogniser
    case .unreadable(let reason, let fingerprint):
      status = "unreadable"
      self.reason = reason
      raw = nil
      text = nil
      nouns = []
      tokens = []
      flags = []
      quality = [:]
      self.fingerprint = fingerprint?.id
      analysis = fingerprint?.details
    }
  }

  private static func words(
    of reading: Reading, _ exclusions: [ExclusionLexicon.Exclusion]
  ) -> [Word] {
    let excluded = Dictionary(exclusions.map { ($0.token, $0) }) { first, _ in first }
    return reading.tokens.enumerated().map { index, token in
      Word(
        offset: token.offset, length: token.length, term: token.term,
        kind: token.kind == .word ? "word" : "compound", partOfSpeech: token.partOfSpeech,
        noun: token.kept, excluded: excluded[index]?.category, phrase: excluded[index]?.phrase)
    }
  }
}
