extension ExclusionLexicon {
  /// Where addresses stand: what follows a label such as 現住所 on its line, or makes the next line where nothing
  /// follows, and what leads from the name of a place to the number of a house.
  ///
  /// Names of quarters are common words to the dictionary, 橋詰 or 中央, and tell nevertheless where somebody lives.
  ///
  /// - Parameter isPlace: whether the dictionary takes a word for the name of a place.
  /// - Complexity: O(length of the text + tokens).
  func addressSpans(
    in text: [UInt8], _ tokens: TokenTable, isPlace: (TokenTable.Entry) -> Bool
  ) -> [Span] {
    labelledLines(of: text) + houses(in: text, tokens, isPlace: isPlace)
  }

  private func labelledLines(of text: [UInt8]) -> [Span] {
    var spans: [Span] = []
    var continues = false
    var start = 0
    for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      defer { start += line.count + 1 }
      let rest: ArraySlice<UInt8>? = continues ? line : Self.labels.firstAddress(in: line)
      guard let rest else { continue }
      let isEmpty = !rest.contains { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: ":") }
      if !isEmpty {
        let end = start + line.count
        spans.append(Span(range: end - rest.count..<end, category: Self.address, phrase: ""))
      }
      continues = isEmpty && !continues
    }
    return spans
  }

  private func houses(
    in text: [UInt8], _ tokens: TokenTable, isPlace: (TokenTable.Entry) -> Bool
  ) -> [Span] {
    var spans: [Span] = []
    /// Where a row of words without a gap begins that a place's name heads, and where it ends so far.
    var row: Range<Int>?
    for token in tokens.entries where token.kind == .word {
      let end = token.offset + token.length
      if let begun = row, begun.upperBound == token.offset {
        row = begun.lowerBound..<end
      } else {
        row = isPlace(token) ? token.offset..<end : nil
      }
      if let found = row, let last = Self.houseNumber(in: text, from: end) {
        spans.append(
          Span(range: found.lowerBound..<last, category: Self.address, phrase: ""))
        row = nil
      }
    }
    return spans
  }

  /// The end of a house's number that begins at a place, such as 4-15, 2丁目 or 7番.
  private static func houseNumber(in text: [UInt8], from start: Int) -> Int? {
    func isDigit(_ place: Int) -> Bool {
      place < text.count && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[place])
    }
    var end = start
    while isDigit(end) { end += 1 }
    guard end > start, end < text.count else { return nil }
    if text[end] == UInt8(ascii: "-"), isDigit(end + 1) {
      while isDigit(end) || end < text.count && text[end] == UInt8(ascii: "-") { end += 1 }
      return end
    }
    return numerators.first { text[end...].starts(with: $0) }.map { end + $0.count }
  }

  private static let address = WordClass.address.rawValue
  private static let numerators = ["丁目", "番", "号"].map { Array($0.utf8) }
  private static let labels = AddressLabels()
}

/// The labels that say that an address follows.
private struct AddressLabels {
  /// Wherever they stand.
  private let always = ["現住所", "〒"].map { Array($0.utf8) }
  /// Where a line begins with them, and a space, a colon or nothing follows: 住所録 is another matter.
  private let leading = ["住所", "連絡先"].map { Array($0.utf8) }

  /// What follows the first label of a line; `nil` without one.
  func firstAddress(in line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    for label in leading where line.starts(with: label) {
      let rest = line.dropFirst(label.count)
      if rest.isEmpty || rest.first == UInt8(ascii: " ") || rest.first == UInt8(ascii: ":") {
        return rest
      }
    }
    for label in always {
      guard let first = label.first else { continue }
      var place = line.startIndex
      while let next = line[place...].firstIndex(of: first) {
        if line[next...].starts(with: label) { return line[(next + label.count)...] }
        place = next + 1
      }
    }
    return nil
  }
}
