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
    try selectedReadings(of: [applicant][...], without: lexicon)[0]
  }

  /// As above, of some dozens of applicants, whose events and values are read from one snapshot each.
  func selectedReadings(
    of applicants: ArraySlice<ReadApplicant>, without lexicon: ExclusionLexicon
  ) throws(ScreeningError) -> [SelectedReadings] {
    let readings = try sealedReadings(at: applicants.flatMap(\.readings))
    var requests: [SealedRequest] = []
    var next = 0
    for applicant in applicants where !applicant.readings.isEmpty {
      requests += Self.ownRequests(applicant.name, applicant.email)
      for reading in readings[next..<next + applicant.readings.count] {
        requests.append(SealedRequest(reading.text, .text))
        requests.append(SealedRequest(reading.tokens, .tokens))
      }
      next += applicant.readings.count
    }
    var values = try open(requests)[...]
    return try applicants.map { (applicant) throws(ScreeningError) in
      var selected = SelectedReadings()
      guard !applicant.readings.isEmpty else { return selected }
      let own = Self.ownStrings(values.prefix(applicant.email == nil ? 1 : 2))
      values = values.dropFirst(applicant.email == nil ? 1 : 2)
      for _ in applicant.readings {
        let tokens = try tableOfTokens(values[values.startIndex + 1])
        selected.append(tokens, values[values.startIndex], lexicon, own: own)
        values = values.dropFirst(2)
      }
      return selected
    }
  }

  /// The text and the tokens that readings sealed.
  private func sealedReadings(
    at positions: [Position]
  ) throws(ScreeningError) -> [(text: SealedReference, tokens: SealedReference)] {
    let read = try recorded { () throws(EventLogError) in
      try log.events(at: positions) { line -> (text: SealedReference, tokens: SealedReference)? in
        guard line.type.isText("document.read"), line.version == 1 else { return nil }
        var (text, tokens): (SealedReference?, SealedReference?)
        var members = JSONMembers(line.data)
        while members.next() {
          if members.isNamed("text") {
            text = members.reference
          } else if members.isNamed("tokens") {
            tokens = members.reference
          }
        }
        return text.flatMap { text in tokens.map { (text, $0) } }
      }
    }
    return try zip(positions, read).map { (position, read) throws(ScreeningError) in
      if let read { return read }
      let event = try DocumentRead(try event(position))
      return (event.text, event.tokens)
    }
  }

  /// What only this person has: the name, whole and in parts, and the mail address.
  func ownStrings(
    _ name: SealedReference, _ email: SealedReference?
  ) throws(ScreeningError) -> [String] {
    Self.ownStrings(try open(Self.ownRequests(name, email))[...])
  }

  private static func ownRequests(
    _ name: SealedReference, _ email: SealedReference?
  ) -> [SealedRequest] {
    [SealedRequest(name, .name)] + (email.map { [SealedRequest($0, .email)] } ?? [])
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
    try tableOfTokens(try open([SealedRequest(read.tokens, .tokens)])[0])
  }

  private func tableOfTokens(_ bytes: [UInt8]) throws(ScreeningError) -> TokenTable {
    do { return try TokenTable(decoding: bytes) } catch {
      throw .damaged("The tokens of a reading cannot be decoded: \(error). Run 'senko verify'.")
    }
  }

  private func open(_ requests: [SealedRequest]) throws(ScreeningError) -> [[UInt8]] {
    try recorded { () throws(EventLogError) in try log.open(requests) }
  }
}

extension SealedRequest {
  fileprivate init(_ reference: SealedReference, _ purpose: SealedPurpose) {
    self.init(reference, purpose: purpose.rawValue)
  }
}
