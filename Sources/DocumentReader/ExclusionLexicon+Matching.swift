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
    var classifier = Classifier()
    return exclusions(in: text, tokens: tokens, own: own, &classifier)
  }

  private func exclusions(
    in text: String, tokens: [Token], own: [String], _ classifier: inout Classifier
  ) -> [Exclusion] {
    let bytes = Array(text.utf8)
    var spans = phraseSpans(in: bytes, tokens) + ownSpans(in: bytes, own)
    for token in tokens where token.kind == .word {
      guard let category = excludedClass(of: token, &classifier) else { continue }
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
      guard token.kept || classifier.classes(of: token).isName else { return nil }
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

  /// What is left of a reading's nouns, and what was dropped.
  public struct Selection: Sendable {
    /// The nouns that may be used: kept tokens that are not excluded, and those that the lexicon allows
    /// although the dictionary takes them for names; summed, in the order of their UTF-8 bytes.
    public var nouns: [(term: String, count: Int)]
    /// The dropped tokens, as `exclusions` tells them.
    public var exclusions: [Exclusion]
  }

  /// Applies the lexicon to one reading.
  ///
  /// - Parameters: as of `exclusions`.
  /// - Complexity: as of `exclusions`.
  public func select(in text: String, tokens: [Token], own: [String] = []) -> Selection {
    var classifier = Classifier()
    let exclusions = exclusions(in: text, tokens: tokens, own: own, &classifier)
    var rest = exclusions.lazy.map(\.token).makeIterator()
    var nextExcluded = rest.next()
    var counts: [String: Int] = [:]
    for (index, token) in tokens.enumerated() {
      if index == nextExcluded {
        nextExcluded = rest.next()
        continue
      }
      guard
        token.kept || classifier.classes(of: token).isName && allowed.contains(token.term)
      else { continue }
      counts[token.term, default: 0] += 1
    }
    let nouns = counts.map { (term: $0.key, count: $0.value) }
      .sorted { $0.term.utf8.lexicographicallyPrecedes($1.term.utf8) }
    return Selection(nouns: nouns, exclusions: exclusions)
  }

  private func excludedClass(of token: Token, _ classifier: inout Classifier) -> String? {
    let found = classifier.classes(of: token)
    if let word = found.excluded, classes.contains(word), !allowed.contains(token.term) {
      return word.rawValue
    }
    if classes.contains(.school), Classifier.isSchool(token.term), !allowed.contains(token.term) {
      return WordClass.school.rawValue
    }
    return nil
  }
}

/// What parts of speech say of a word; there are few of them, and each is looked at once a reading.
private struct Classifier {
  struct Classes {
    /// The class that the lexicon may exclude.
    var excluded: ExclusionLexicon.WordClass?
    /// Whether the word is the name of a person or a place.
    var isName: Bool
  }

  private var known: [String: Classes] = [:]

  mutating func classes(of token: Token) -> Classes {
    if let classes = known[token.partOfSpeech] { return classes }
    func begins(_ prefixes: String...) -> Bool {
      prefixes.contains { token.partOfSpeech.utf8.starts(with: $0.utf8) }
    }
    let excluded: ExclusionLexicon.WordClass? =
      if begins("名詞-固有名詞-人名") { .person } else if begins("名詞-固有名詞-地域", "名詞-接尾-地域") {
        .place
      } else if begins("名詞-数", "名詞-接尾-助数詞") { .number } else { nil }
    let classes = Classes(
      excluded: excluded, isName: begins("名詞-固有名詞-人名", "名詞-固有名詞-地域"))
    known[token.partOfSpeech] = classes
    return classes
  }

  private static let schools = [
    "大学", "高校", "高等学校", "学院", "学園", "学部", "学科", "専門学校", "高専",
  ].map { Array($0.utf8) }

  static func isSchool(_ term: String) -> Bool {
    schools.contains { term.utf8.count >= $0.count && term.utf8.suffix($0.count).elementsEqual($0) }
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
