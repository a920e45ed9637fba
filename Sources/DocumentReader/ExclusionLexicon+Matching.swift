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

  /// What is left of a reading's nouns, and what was dropped.
  public struct Selection: Sendable {
    /// The nouns that may be used: kept tokens that are not excluded, and those that the lexicon allows
    /// although the dictionary takes them for names; summed, in the order of their UTF-8 bytes.
    public var nouns: [(term: String, count: Int)]
    /// The dropped tokens, as `exclusions` tells them.
    public var exclusions: [Exclusion]
  }

  /// As `Selection`, with nouns by their place in the table of spellings.
  public struct PlacedSelection: Sendable {
    /// The nouns that may be used, in the order in which they first stand in the text.
    public var nouns: [(place: Int, count: Int)]
    /// The dropped tokens, as `exclusions` tells them.
    public var exclusions: [Exclusion]
  }

  /// Which of the nouns in `tokens` are dropped.
  ///
  /// - Parameters:
  ///   - text: the normalised text of a reading.
  ///   - tokens: the tokens of that reading, in the order of their offsets.
  ///   - own: the applicant's name, its kana, the address: any string that only this person has.
  /// - Returns: one entry for each dropped token, in the tokens' order.
  /// - Complexity: O(length of the text × longest candidates + tokens + spans × log spans).
  public func exclusions(in text: String, tokens: [Token], own: [String] = []) -> [Exclusion] {
    let table = TokenTable(tokens)
    var classes = TableClasses(table, self)
    return exclusions(in: Array(text.utf8), table, own: own, &classes)
  }

  /// Applies the lexicon to one reading.
  ///
  /// - Parameters: as of `exclusions`.
  /// - Complexity: as of `exclusions`.
  public func select(in text: String, tokens: [Token], own: [String] = []) -> Selection {
    let table = TokenTable(tokens)
    let selection = select(in: Array(text.utf8), table, own: own)
    var counts: [String: Int] = [:]
    for (place, count) in selection.nouns { counts[table.text(place), default: 0] += count }
    let nouns = counts.map { (term: $0.key, count: $0.value) }
      .sorted { $0.term.utf8.lexicographicallyPrecedes($1.term.utf8) }
    return Selection(nouns: nouns, exclusions: selection.exclusions)
  }

  /// Applies the lexicon to one reading, as it lies sealed.
  ///
  /// - Parameters: as of `exclusions`, the text as UTF-8.
  /// - Complexity: as of `exclusions`.
  public func select(
    in text: [UInt8], _ tokens: TokenTable, own: [String]
  ) -> PlacedSelection {
    var classes = TableClasses(tokens, self)
    let exclusions = exclusions(in: text, tokens, own: own, &classes)
    var rest = exclusions.lazy.map(\.token).makeIterator()
    var nextExcluded = rest.next()
    var counts = [Int](repeating: 0, count: tokens.spellingCount)
    var order: [Int] = []
    for (index, token) in tokens.entries.enumerated() {
      if index == nextExcluded {
        nextExcluded = rest.next()
        continue
      }
      guard token.kept || classes.isName(token) && classes.isAllowed(token) else { continue }
      if counts[token.term] == 0 { order.append(token.term) }
      counts[token.term] += 1
    }
    return PlacedSelection(
      nouns: order.map { (place: $0, count: counts[$0]) }, exclusions: exclusions)
  }

  private func exclusions(
    in text: [UInt8], _ tokens: TokenTable, own: [String], _ classes: inout TableClasses
  ) -> [Exclusion] {
    var spans = phraseSpans(in: text, tokens) + ownSpans(in: text, own)
    if self.classes.contains(.address) {
      spans += addressSpans(in: text, tokens, &classes)
    }
    for token in tokens.entries where token.kind == .word {
      guard let category = classes.excluded(token) else { continue }
      spans.append(
        Span(
          range: token.offset..<token.offset + token.length, category: category, phrase: ""))
    }
    guard !spans.isEmpty else { return [] }
    // The longest first: it says most.
    spans.sort {
      ($0.range.lowerBound, -$0.range.count) < ($1.range.lowerBound, -$1.range.count)
    }
    let reach = spans.map(\.range.count).max() ?? 0
    var exclusions: [Exclusion] = []
    var first = 0
    for (index, token) in tokens.entries.enumerated() {
      while first < spans.count, spans[first].range.lowerBound < token.offset - reach { first += 1 }
      guard token.kept || classes.isName(token) else { continue }
      let end = token.offset + token.length
      var place = first
      var found: Int?
      while place < spans.count, spans[place].range.lowerBound < end {
        // A phrase says more than a class.
        if spans[place].range.upperBound > token.offset,
          found == nil || !spans[place].phrase.isEmpty
        {
          found = place
          if !spans[place].phrase.isEmpty { break }
        }
        place += 1
      }
      if let found {
        exclusions.append(
          Exclusion(
            token: index, category: spans[found].category, phrase: spans[found].phrase))
      }
    }
    return exclusions
  }
}

/// A place in the text that is not used.
struct Span: Hashable {
  var range: Range<Int>
  var category: String
  var phrase: String
}
