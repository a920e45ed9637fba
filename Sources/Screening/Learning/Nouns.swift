import DocumentReader
import EventStore

/// An applicant's nouns under one analysis and one exclusion lexicon: what models learn from and score.
struct Nouns: Sendable {
  /// Each noun with its count over all documents, in the order of the nouns' UTF-8 bytes.
  var terms: [(term: [UInt8], count: UInt32)] = []
  /// How many tokens were dropped as what must not decide.
  var excluded = 0
}

extension Office {
  /// The nouns recorded by an applicant's `readings`, less what `lexicon` excludes.
  ///
  /// - Parameter row: the applicant as of the moment asked about: whose own name and address are dropped.
  /// - Throws: `.erased` when the person is.
  func nouns(
    of row: ApplicantRow, _ readings: [Position], without lexicon: ExclusionLexicon
  ) throws(ScreeningError) -> Nouns {
    try nouns(of: ReadApplicant(row, readings: readings), without: lexicon)
  }

  /// As above.
  func nouns(
    of applicant: ReadApplicant, without lexicon: ExclusionLexicon
  ) throws(ScreeningError) -> Nouns {
    var table = NounTable()
    var reader = NounReader(self, without: lexicon)
    try reader.read([applicant], into: &table)
    table.sort()
    return table.nouns(at: 0)
  }

  /// The tokens that a reading sealed.
  func tokens(of read: DocumentRead) throws(ScreeningError) -> TokenTable {
    let bytes = try open([SealedRequest(read.tokens, .tokens)])[0]
    do { return try TokenTable(decoding: bytes) } catch { throw .undecodable(error) }
  }

  /// The values that are asked for.
  func open(_ requests: [SealedRequest]) throws(ScreeningError) -> [[UInt8]] {
    try recorded { () throws(EventLogError) in try log.open(requests) }
  }
}

extension ScreeningError {
  /// What tokens mean to the domain that are none.
  static func undecodable(_ error: CodingError) -> Self {
    .damaged("The tokens of a reading cannot be decoded: \(error). Run 'senko verify'.")
  }
}

extension SealedRequest {
  init(_ reference: SealedReference, _ purpose: SealedPurpose) {
    self.init(reference, purpose: purpose.rawValue)
  }
}
