import DocumentReader
import EventStore

/// What only this person has, sealed: it is dropped from the nouns.
struct OwnValues: Sendable, Hashable {
  var name: SealedReference
  var email: SealedReference?
  /// The name in kana and the postal address.
  var further: [SealedPurpose: SealedReference]

  /// An applicant's as of a moment.
  init(_ row: ApplicantRow) { (name, email, further) = (row.name, row.email, row.further) }

  /// Each with what it is; the name first.
  var all: [(purpose: SealedPurpose, value: SealedReference)] {
    let others: [(SealedPurpose, SealedReference?)] = [
      (.kana, further[.kana]), (.email, email), (.address, further[.address]),
    ]
    return [(.name, name)] + others.compactMap { purpose, value in value.map { (purpose, $0) } }
  }
}

extension SealedPurpose {
  /// What `lexicon` seeks of such a value in what an applicant wrote.
  func ownStrings(of value: String, for lexicon: ExclusionLexicon) -> [String] {
    switch self {
    // Such a lexicon takes parts of them for parts of any word.
    case .kana where lexicon.matching == .first, .address where lexicon.matching == .first:
      [String(value.filter { !$0.isWhitespace })]
    case .name, .kana: lexicon.ownStrings(ofName: value)
    case .address:
      // Numbers are written in many ways: 1-2-3 is also 一丁目2番3号.
      [value]
        + value.split { $0.isWhitespace || Self.numbering.contains($0) }.filter { $0.count > 1 }
        .map(String.init)
    default: [value]
    }
  }

  private static let numbering = Set("0123456789０１２３４５６７８９-－−‐")
}

extension Office {
  /// What only this person has, as `lexicon` seeks it in what they wrote.
  func ownStrings(
    of row: ApplicantRow, for lexicon: ExclusionLexicon
  ) throws(ScreeningError) -> [String] {
    let own = OwnValues(row).all
    let values = try open(own.map { SealedRequest($0.value, $0.purpose) })
    return zip(own, values).flatMap { own, value in
      own.purpose.ownStrings(of: String(decoding: value, as: UTF8.self), for: lexicon)
    }
  }
}
