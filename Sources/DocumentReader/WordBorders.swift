/// Where the words of a reading begin and end.
struct WordBorders {
  private let tokens: TokenTable

  /// - Parameter tokens: in the order of their offsets.
  init(_ tokens: TokenTable) { self.tokens = tokens }

  /// Whether a word begins where a range does, and one ends where it does.
  ///
  /// - Complexity: O(log tokens).
  func enclose(_ range: Range<Int>) -> Bool {
    let first = tokens.entries[tokens.firstEntry(from: range.lowerBound)...]
    guard first.prefix(while: { $0.offset == range.lowerBound }).contains(where: \.isWord),
      let last = lastWord(before: range.upperBound)
    else { return false }
    return last.end == range.upperBound
  }

  /// Whether a word that begins before a range ends within it.
  ///
  /// - Complexity: O(log tokens).
  func cut(beginningOf range: Range<Int>) -> Bool {
    guard let word = lastWord(before: range.lowerBound) else { return false }
    return word.end > range.lowerBound && word.end < range.upperBound
  }

  /// The last word that begins before a place.
  private func lastWord(before place: Int) -> TokenTable.Entry? {
    tokens.entries[..<tokens.firstEntry(from: place)].last(where: \.isWord)
  }
}

extension TokenTable.Entry {
  var isWord: Bool { kind == .word }
  /// Where it ends, in bytes of the text.
  var end: Int { offset + length }
}

extension TokenTable {
  /// The first of the entries, which are in the order of their offsets, that begins at a place or later.
  ///
  /// - Complexity: O(log entries).
  func firstEntry(from place: Int) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].offset < place { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
