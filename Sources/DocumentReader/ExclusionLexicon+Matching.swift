extension ExclusionLexicon {
  /// A token that is not used, and why.
  public struct Exclusion: Sendable, Hashable {
    /// Which token of the reading it is.
    public var token: Int
    /// The matter or class, as a slug: `own` for the applicant's own strings.
    public var category: String
    /// The phrase that was found; empty for the applicant's own strings and for classes.
    public var phrase: String
  }

  /// Which of the nouns in `tokens` are dropped.
  ///
  /// - Parameters:
  ///   - text: the normalised text of a reading.
  ///   - tokens: the tokens of that reading, in the order of their offsets.
  ///   - own: the applicant's name, its kana, the address: any string that only this person has.
  /// - Returns: one entry for each dropped token, in the tokens' order.
  /// - Complexity: O(length of the text × longest candidates + tokens × log spans).
  public func exclusions(in text: String, tokens: [Token], own: [String] = []) -> [Exclusion] {
    let bytes = Array(text.utf8)
    var spans = phraseSpans(in: bytes, tokens) + ownSpans(in: bytes, own)
    for token in tokens where token.kind == .word {
      guard let category = excludedClass(of: token) else { continue }
      spans.append(
        Span(
          range: token.offset..<token.offset + token.length, category: category, phrase: ""))
    }
    // The longest first: it says most.
    spans.sort {
      ($0.range.lowerBound, -$0.range.count) < ($1.range.lowerBound, -$1.range.count)
    }
    let reach = spans.map(\.range.count).max() ?? 0
    return tokens.indices.compactMap { index in
      let token = tokens[index]
      guard token.kept || isName(token) else { return nil }
      let end = token.offset + token.length
      var place = spans.partition { $0.range.lowerBound >= token.offset - reach }
      var found: Exclusion?
      while place < spans.count, spans[place].range.lowerBound < end {
        let span = spans[place]
        // A phrase says more than a class.
        if span.range.upperBound > token.offset, found == nil || !span.phrase.isEmpty {
          found = Exclusion(token: index, category: span.category, phrase: span.phrase)
        }
        if found?.phrase.isEmpty == false { break }
        place += 1
      }
      return found
    }
  }

  /// The nouns that may be used: kept tokens that are not excluded, and those that the lexicon allows
  /// although the dictionary takes them for names; summed, in the order of their UTF-8 bytes.
  public func nouns(
    in text: String, tokens: [Token], own: [String] = []
  ) -> [(term: String, count: Int)] {
    let excluded = Set(exclusions(in: text, tokens: tokens, own: own).map(\.token))
    var counts: [String: Int] = [:]
    for (index, token) in tokens.enumerated() where !excluded.contains(index) {
      guard token.kept || isName(token) && allowed.contains(token.term) else { continue }
      counts[token.term, default: 0] += 1
    }
    return counts.map { (term: $0.key, count: $0.value) }
      .sorted { $0.term.utf8.lexicographicallyPrecedes($1.term.utf8) }
  }

  private func isName(_ token: Token) -> Bool {
    token.partOfSpeech.hasPrefix("名詞-固有名詞-人名")
      || token.partOfSpeech.hasPrefix("名詞-固有名詞-地域")
  }

  private func excludedClass(of token: Token) -> String? {
    guard !allowed.contains(token.term) else { return nil }
    let classes: [(WordClass, [String])] = [
      (.person, ["名詞-固有名詞-人名"]), (.place, ["名詞-固有名詞-地域", "名詞-接尾-地域"]),
      (.number, ["名詞-数", "名詞-接尾-助数詞"]),
    ]
    for (word, prefixes) in classes where self.classes.contains(word) {
      if prefixes.contains(where: token.partOfSpeech.hasPrefix) { return word.rawValue }
    }
    let schools = ["大学", "高校", "高等学校", "学院", "学園", "学部", "学科", "専門学校", "高専"]
    if self.classes.contains(.school), schools.contains(where: token.term.hasSuffix) {
      return WordClass.school.rawValue
    }
    return nil
  }
}

/// A place in the text that is not used.
struct Span: Hashable {
  var range: Range<Int>
  var category: String
  var phrase: String
}

extension [Span] {
  /// The first index from which on `belongs` holds, for spans in order.
  fileprivate func partition(_ belongs: (Span) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
