extension ExclusionLexicon {
  /// Where addresses stand: nouns without a gap that the name of a place heads, and that lead over a
  /// municipality to the number of a house, or follow a label such as 現住所.
  ///
  /// Names of quarters are common words to the dictionary, 橋詰 or 中央, and tell nevertheless where somebody lives.
  ///
  /// - Complexity: O(tokens).
  func addressSpans(
    in text: [UInt8], _ tokens: TokenTable, _ classes: inout TableClasses
  ) -> [Span] {
    var spans: [Span] = []
    var row: AddressRow?
    func end(_ range: Range<Int>) {
      spans.append(Span(range: range, category: WordClass.address.rawValue, phrase: ""))
    }
    for token in tokens.entries where token.kind == .word {
      let range = token.offset..<token.offset + token.length
      if let begun = row {
        if begun.range.upperBound == range.lowerBound, classes.isNoun(token) {
          row?.extend(by: text[range], at: range, isPlace: classes.isPlace(token))
        } else {
          if begun.isLabelled { end(begun.range) }
          row = nil
        }
      }
      if row == nil, classes.isPlace(token) {
        row = AddressRow(headedBy: range, in: text)
        row?.extend(by: text[range], at: range, isPlace: true)
      }
      if let found = row, found.mayLeadToAHouse,
        let last = HouseNumber.end(in: text, from: range.upperBound)
      {
        end(found.range.lowerBound..<last)
        row = nil
      }
    }
    if let row, row.isLabelled { end(row.range) }
    return spans
  }
}

/// Nouns without a gap, of which the first is the name of a place.
private struct AddressRow {
  private(set) var range: Range<Int>
  /// Whether a label of addresses stands before it.
  let isLabelled: Bool
  private var namesMunicipality = false
  private var nounsSincePlace = 0

  init(headedBy first: Range<Int>, in text: [UInt8]) {
    range = first
    isLabelled = Self.isLabel(text[..<first.lowerBound])
  }

  /// A quarter is one noun or two: more are what somebody does there.
  var mayLeadToAHouse: Bool { namesMunicipality && nounsSincePlace <= 2 }

  mutating func extend(by word: ArraySlice<UInt8>, at place: Range<Int>, isPlace: Bool) {
    range = range.lowerBound..<place.upperBound
    nounsSincePlace = isPlace ? 0 : nounsSincePlace + 1
    guard isPlace else { return }
    namesMunicipality =
      namesMunicipality || Self.municipalities.contains { word.suffix($0.count) == $0[...] }
  }

  /// Whether a text ends with a label and what may stand after one.
  private static func isLabel(_ before: ArraySlice<UInt8>) -> Bool {
    var rest = before
    while let last = rest.last, separators.contains(last) { rest = rest.dropLast() }
    guard rest.count < before.count else { return false }
    return labels.contains { rest.suffix($0.count) == $0[...] } || isPostcode(rest.suffix(8))
  }

  /// Whether this is a postcode such as 100-0001.
  private static func isPostcode(_ text: ArraySlice<UInt8>) -> Bool {
    text.count == 8
      && zip(text, "000-0000".utf8).allSatisfy { $1 == $0 || $1 == 0x30 && HouseNumber.isDigit($0) }
  }

  private static let separators: Set<UInt8> = Set(" :\n".utf8)
  private static let labels = ["住所", "連絡先"].map { Array($0.utf8) }
  private static let municipalities = ["市", "区", "町", "村", "郡", "都", "府", "県"].map {
    Array($0.utf8)
  }
}

/// The number of a house, such as 4-15, 2丁目 or 7番地.
private enum HouseNumber {
  /// Where a house's number ends that begins at a place; `nil` if none does.
  static func end(in text: [UInt8], from start: Int) -> Int? {
    let first = digits(in: text, from: start)
    // What four digits begin is a year before it is a house.
    guard (1...3).contains(first.count), let next = text[first.upperBound...].first else {
      return nil
    }
    if next == UInt8(ascii: "-") {
      var last = first.upperBound
      while text[last...].first == UInt8(ascii: "-") {
        let further = digits(in: text, from: last + 1)
        guard (1...4).contains(further.count) else { break }
        last = further.upperBound
      }
      return last > first.upperBound ? last : nil
    }
    return counters.first { text[first.upperBound...].starts(with: $0) }
      .map { first.upperBound + $0.count }
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func digits(in text: [UInt8], from start: Int) -> Range<Int> {
    start..<(text[start...].firstIndex { !isDigit($0) } ?? text.endIndex)
  }

  private static let counters = ["丁目", "番地", "番"].map { Array($0.utf8) }
}
