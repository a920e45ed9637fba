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
    let own = try ownStrings(of: row)
    var nouns = Nouns()
    var counts: [String: UInt32] = [:]
    for position in readings {
      let read = try DocumentRead(try event(position))
      let (text, tokens) = (try openText(read.text, .text, keeping: false), try tokens(of: read))
      let selection = lexicon.select(in: text, tokens: tokens, own: own)
      nouns.excluded += selection.exclusions.count
      for (term, count) in selection.nouns { counts[term, default: 0] += UInt32(count) }
    }
    nouns.terms = counts.map { (term: Array($0.key.utf8), count: $0.value) }
      .sorted { $0.term.lexicographicallyPrecedes($1.term) }
    return nouns
  }

  /// What only this person has: the name, whole and in parts, and the mail address.
  func ownStrings(of row: ApplicantRow) throws(ScreeningError) -> [String] {
    let name = try openText(row.name, .name)
    var own = [name] + name.split(whereSeparator: \.isWhitespace).map(String.init)
    if let email = row.email { own.append(try openText(email, .email)) }
    return own
  }

  /// The tokens that a reading sealed.
  func tokens(of read: DocumentRead) throws(ScreeningError) -> [Token] {
    let bytes = try recorded { () throws(EventLogError) in
      try log.open(read.tokens, purpose: SealedPurpose.tokens.rawValue)
    }
    do { return try TokenCoding.decode(bytes) } catch {
      throw .damaged("The tokens of a reading cannot be decoded: \(error). Run 'senko verify'.")
    }
  }
}
