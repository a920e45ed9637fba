extension ExclusionLexicon {
  /// Where addresses stand: nouns that the name of a place heads, that name a municipality, and that lead to the
  /// number of a house or follow the label 住所; and names of municipalities that the dictionary knows as other names.
  ///
  /// Names of quarters are common words to the dictionary, 橋詰 or 中央, and tell nevertheless where somebody lives.
  /// What somebody does at a place is no address: numbers that count something are no houses.
  ///
  /// - Complexity: O(tokens).
  func addressSpans(
    in text: [UInt8], _ tokens: TokenTable, _ classes: inout TableClasses
  ) -> [Span] {
    var spans: [Span] = []
    var row: AddressRow?
    var previous: (token: TokenTable.Entry, range: Range<Int>)?
    let withBuildings = self.classes.contains(.building)
    func found(_ range: Range<Int>, of row: AddressRow? = nil) {
      spans.append(Span(range: range, category: WordClass.address.rawValue, phrase: ""))
      guard withBuildings, row?.isLabelled ?? false,
        let building = Building.range(in: text, from: range.upperBound)
      else { return }
      spans.append(Span(range: building, category: WordClass.building.rawValue, phrase: ""))
    }
    for token in tokens.entries where token.kind == .word {
      let range = token.offset..<token.offset + token.length
      let isPlace = classes.isPlace(token)
      if let begun = row {
        if begun.isContinued(at: range.lowerBound, in: text), classes.isNoun(token) {
          row?.extend(by: text[range], at: range, isPlace: isPlace)
        } else {
          if let address = begun.labelledAddress { found(address, of: begun) }
          row = nil
        }
      }
      if row == nil, isPlace {
        var head = range
        if let previous, previous.range.upperBound == range.lowerBound,
          classes.isProperNoun(previous.token)
        {
          head = previous.range.lowerBound..<range.upperBound
          found(head)
        }
        row = AddressRow(headedBy: head, in: text)
        row?.extend(by: text[range], at: range, isPlace: true)
      }
      if let begun = row, begun.mayLeadToAHouse,
        let last = HouseNumber.end(in: text, from: range.upperBound)
      {
        found(begun.range.lowerBound..<last, of: begun)
        row = nil
      }
      previous = (token, range)
    }
    if let row, let address = row.labelledAddress { found(address, of: row) }
    return spans
  }
}

/// Nouns in a row, of which the first is the name of a place.
private struct AddressRow {
  private(set) var range: Range<Int>
  /// The row up to its first space.
  private var unbroken: Range<Int>
  /// Whether a label of addresses stands before it.
  let isLabelled: Bool
  private var namesMunicipality = false
  private var nounsSincePlace = 0

  init(headedBy first: Range<Int>, in text: [UInt8]) {
    range = first
    unbroken = first
    isLabelled = Self.isLabel(text[..<first.lowerBound])
  }

  /// A quarter is one noun or two: more are what somebody does there.
  var mayLeadToAHouse: Bool { namesMunicipality && nounsSincePlace <= 2 }

  /// What follows a label without a space, where a house and its number may follow the quarter.
  var labelledAddress: Range<Int>? {
    isLabelled && namesMunicipality && nounsSincePlace <= 4 ? unbroken : nil
  }

  /// Whether a word that begins at `start` belongs to the row: behind a municipality one space may part them.
  func isContinued(at start: Int, in text: [UInt8]) -> Bool {
    range.upperBound == start
      || namesMunicipality && range.upperBound + 1 == start
        && text[range.upperBound] == UInt8(ascii: " ")
  }

  mutating func extend(by word: ArraySlice<UInt8>, at place: Range<Int>, isPlace: Bool) {
    if unbroken.upperBound == place.lowerBound {
      unbroken = unbroken.lowerBound..<place.upperBound
    }
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
    if isPostcode(rest.suffix(8)) { return true }
    guard let label = labels.first(where: { rest.suffix($0.count) == $0[...] }) else {
      return false
    }
    // 勤務先住所 is where somebody works.
    let front = rest.dropLast(label.count)
    return front.last.map { separators.contains($0) } ?? true
  }

  /// Whether this is a postcode such as 100-0001.
  private static func isPostcode(_ text: ArraySlice<UInt8>) -> Bool {
    text.count == 8
      && zip(text, "000-0000".utf8).allSatisfy {
        $1 == $0 || $1 == UInt8(ascii: "0") && HouseNumber.isDigit($0)
      }
  }

  private static let separators: Set<UInt8> = Set(" :\n".utf8)
  private static let labels = ["現住所", "住所"].map { Array($0.utf8) }
  private static let municipalities = ["市", "区", "町", "村", "郡", "都", "府", "県"].map {
    Array($0.utf8)
  }
}

/// The number of a house, such as 4-15, 2丁目, 三丁目 or 7番地.
enum HouseNumber {
  /// Where a house's number ends that begins at a place or a space later; `nil` if none does.
  static func end(in text: [UInt8], from start: Int) -> Int? {
    let start = text[start...].first == UInt8(ascii: " ") ? start + 1 : start
    let first = digits(in: text, from: start)
    let kanji = numerals(in: text, from: start)
    if !kanji.isEmpty { return counter(in: text, at: kanji.upperBound, of: ["丁目", "番地"]) }
    guard (1...4).contains(first.count), !isYear(text[first]) else { return nil }
    guard text[first.upperBound...].first == UInt8(ascii: "-") else {
      return counter(in: text, at: first.upperBound, of: ["丁目", "番地"])
        ?? counter(in: text, at: first.upperBound, of: ["番"]).flatMap { end in
          HouseNumber.digits(in: text, from: end).isEmpty ? nil : end
        }
    }
    var last = first.upperBound
    while text[last...].first == UInt8(ascii: "-") {
      let further = digits(in: text, from: last + 1)
      guard (1...4).contains(further.count), !isYear(text[further]) else { break }
      last = further.upperBound
    }
    return last > first.upperBound && !countsSomething(text[last...]) ? last : nil
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// Whether what follows a number is a thing that it counts, as in 2-3年 or 4-5 名.
  private static func countsSomething(_ rest: ArraySlice<UInt8>) -> Bool {
    guard let next = rest.first, !ends.contains(where: { rest.starts(with: $0) }) else {
      return false
    }
    guard next == UInt8(ascii: " ") else { return true }
    return units.contains { rest.dropFirst().starts(with: $0) }
  }

  private static func isYear(_ digits: ArraySlice<UInt8>) -> Bool {
    digits.count == 4 && (digits.starts(with: "19".utf8) || digits.starts(with: "20".utf8))
  }

  private static func digits(in text: [UInt8], from start: Int) -> Range<Int> {
    start..<(text[start...].firstIndex { !isDigit($0) } ?? text.endIndex)
  }

  private static func numerals(in text: [UInt8], from start: Int) -> Range<Int> {
    var end = start
    while kanji.contains(where: { text[end...].starts(with: $0) }) { end += 3 }
    return start..<end
  }

  private static func counter(in text: [UInt8], at place: Int, of counters: [String]) -> Int? {
    counters.first { text[place...].starts(with: $0.utf8) }.map { place + $0.utf8.count }
  }

  private static let kanji = "一二三四五六七八九十".map { Array(String($0).utf8) }
  private static let ends = ["\n", ",", ")", "号", "、", "。"].map { Array($0.utf8) }
  private static let units =
    "年件名人月回社台本個倍時週日歳工項点割程か箇".map { Array(String($0).utf8) }
    + ["ヶ", "ヵ", "カ月", "%"].map { Array($0.utf8) }
}
