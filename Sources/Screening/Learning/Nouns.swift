import DocumentReader
import EventStore

/// An applicant's nouns under one analysis and one exclusion lexicon: what models learn from and score.
struct Nouns: Sendable {
  /// Each noun with its count over all documents, in the order of the nouns' UTF-8 bytes.
  var terms: [(term: [UInt8], count: UInt32)] = []
  /// How many tokens were dropped as what must not decide.
  var excluded = 0
}

/// What an exclusion lexicon leaves of one applicant's readings.
struct SelectedReadings: Sendable {
  private var parts: [(tokens: TokenTable, nouns: [(place: Int, count: Int)])] = []
  /// How many tokens were dropped as what must not decide.
  private(set) var excluded = 0

  /// Adds a reading.
  ///
  /// - Parameter own: what only this person has.
  mutating func append(
    _ tokens: TokenTable, _ text: [UInt8], _ lexicon: ExclusionLexicon, own: [String]
  ) {
    let selection = lexicon.select(in: text, tokens, own: own)
    parts.append((tokens, selection.nouns))
    excluded += selection.exclusions.count
  }

  /// Calls `body` with nouns and counts; what stands in several readings comes several times.
  func forEachNoun(_ body: (Span<UInt8>, UInt32) -> Void) {
    guard parts.allSatisfy({ part in part.nouns.allSatisfy { part.tokens.isPlain($0.place) } })
    else {
      for (term, count) in counted { body(term.span, count) }
      return
    }
    for part in parts {
      for (place, count) in part.nouns {
        body(part.tokens.bytes.span.extracting(part.tokens.range(place)), UInt32(count))
      }
    }
  }

  /// The nouns where one may stand in several spellings that Unicode calls equivalent: the first of them
  /// counts for all.
  private var counted: [(term: [UInt8], count: UInt32)] {
    var counts: [String: UInt32] = [:]
    for part in parts {
      for (place, count) in part.nouns {
        counts[part.tokens.text(place), default: 0] += UInt32(count)
      }
    }
    return counts.map { (term: Array($0.key.utf8), count: $0.value) }
  }
}

extension Office {
  /// The nouns recorded by an applicant's `readings`, less what `lexicon` excludes.
  ///
  /// - Parameter row: the applicant as of the moment asked about: whose own name and address are dropped.
  /// - Throws: `.erased` when the person is.
  func nouns(
    of row: ApplicantRow, _ readings: [Position], without lexicon: ExclusionLexicon
  ) throws(ScreeningError) -> Nouns {
    var table = NounTable()
    table.append(
      try selectedReadings(of: ReadApplicant(row, readings: readings), without: lexicon))
    table.sort()
    return table.nouns(at: 0)
  }

  /// Opens what an applicant's readings sealed, and applies `lexicon` to it.
  ///
  /// - Throws: `.erased` when the person is.
  func selectedReadings(
    of applicant: ReadApplicant, without lexicon: ExclusionLexicon
  ) throws(ScreeningError) -> SelectedReadings {
    var selected = SelectedReadings()
    var own: [String] = []
    for (index, position) in applicant.readings.enumerated() {
      let read = try DocumentRead(try event(position))
      var wanted = [(read.text, SealedPurpose.text), (read.tokens, .tokens)]
      // The own strings with the first reading, under one look for the person's key.
      if index == 0 {
        wanted.append((applicant.name, .name))
        if let email = applicant.email { wanted.append((email, .email)) }
      }
      let values = try open(wanted)
      if index == 0 { own = Self.ownStrings(values.dropFirst(2)) }
      selected.append(try tableOfTokens(values[1]), values[0], lexicon, own: own)
    }
    return selected
  }

  /// What only this person has: the name, whole and in parts, and the mail address.
  func ownStrings(
    _ name: SealedReference, _ email: SealedReference?
  ) throws(ScreeningError) -> [String] {
    Self.ownStrings(try open([(name, .name)] + (email.map { [($0, .email)] } ?? []))[...])
  }

  /// The same of the opened name and, where there is one, the opened address.
  private static func ownStrings(_ values: ArraySlice<[UInt8]>) -> [String] {
    let texts = values.map { String(decoding: $0, as: UTF8.self) }
    guard let name = texts.first else { return [] }
    return [name] + name.split(whereSeparator: \.isWhitespace).map(String.init)
      + texts.dropFirst()
  }

  /// The tokens that a reading sealed.
  func tokens(of read: DocumentRead) throws(ScreeningError) -> TokenTable {
    try tableOfTokens(try open([(read.tokens, .tokens)])[0])
  }

  private func tableOfTokens(_ bytes: [UInt8]) throws(ScreeningError) -> TokenTable {
    do { return try TokenTable(decoding: bytes) } catch {
      throw .damaged("The tokens of a reading cannot be decoded: \(error). Run 'senko verify'.")
    }
  }

  private func open(
    _ values: [(SealedReference, SealedPurpose)]
  ) throws(ScreeningError) -> [[UInt8]] {
    try recorded { () throws(EventLogError) in
      try log.open(values.map { (reference: $0.0, purpose: $0.1.rawValue) })
    }
  }
}
