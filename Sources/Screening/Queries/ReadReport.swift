public import DocumentReader

/// What reading a file gives, without any store.
public struct ReadReport: Sendable, Encodable {
  /// A noun with its count.
  public struct Noun: Sendable, Encodable {
    /// The noun as normalised.
    public let term: String
    /// How often it stands in the document.
    public let count: Int
  }

  /// What the file is called.
  @Nullable public var file: String?
  /// `read` or `unreadable`.
  public let status: String
  /// Why it could not be read.
  @Nullable public var reason: String?
  /// The text as normalised.
  @Nullable public var text: String?
  /// The nouns, in the order of their UTF-8 bytes.
  public let nouns: [Noun]
  /// What the quality gate noticed.
  public let flags: [String]
  /// What the quality gate measured.
  public let quality: [String: Int]
  /// SHA-256 of the fingerprint of the programs and dictionaries that read the file.
  @Nullable public var fingerprint: String?
  /// The fingerprint's parts.
  @Nullable public var analysis: [String: String]?

  /// Describes the outcome of reading `file`.
  public init(_ outcome: ReadingOutcome, of file: String?) {
    self.file = file
    switch outcome {
    case .read(let reading):
      status = "read"
      reason = nil
      text = reading.text
      nouns = reading.nouns.map { Noun(term: $0.term, count: $0.count) }
      flags = reading.flags
      quality = reading.quality
      fingerprint = reading.fingerprint.id
      analysis = reading.fingerprint.details
    case .unreadable(let reason, let fingerprint):
      status = "unreadable"
      self.reason = reason
      text = nil
      nouns = []
      flags = []
      quality = [:]
      self.fingerprint = fingerprint?.id
      analysis = fingerprint?.details
    }
  }

  /// Reads a file in a worker of its own.
  ///
  /// - Throws: `.unavailable` when the worker cannot be run; a bad file is an answer, not an error.
  public static func read(
    _ file: DocumentFile, worker: String
  ) async throws(ScreeningError) -> ReadReport {
    let pool = ReaderPool(worker: worker, workers: 1)
    defer { pool.shutdown() }
    do {
      return ReadReport(try await pool.read(file.bytes), of: file.name)
    } catch {
      throw .unavailable("\(error)")
    }
  }
}
