import DocumentReader
import EventStore

/// An applicant's nouns under one analysis: what models learn from and score.
struct Nouns: Sendable, Equatable {
  /// Each noun with its count over all documents, in the order of the nouns' UTF-8 bytes.
  var terms: [(term: [UInt8], count: UInt32)]
  /// The readings they come from.
  var readings: [Position]

  static func == (a: Nouns, b: Nouns) -> Bool {
    a.readings == b.readings && a.terms.elementsEqual(b.terms) { $0 == $1 }
  }
}

extension Office {
  /// The nouns recorded by `readings`: the kept tokens of each, summed.
  ///
  /// - Throws: `.erased` when the person is.
  func nouns(of readings: [Position]) throws(ScreeningError) -> Nouns {
    var counts: [String: UInt32] = [:]
    for position in readings {
      for token in try tokens(of: try DocumentRead(try event(position))) where token.kept {
        counts[token.term, default: 0] += 1
      }
    }
    let terms = counts.map { (term: Array($0.key.utf8), count: $0.value) }
      .sorted { $0.term.lexicographicallyPrecedes($1.term) }
    return Nouns(terms: terms, readings: readings)
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
