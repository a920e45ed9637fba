extension ExclusionLexicon {
  /// A token that is not used, and why.
  public struct Exclusion: Sendable, Hashable {
    /// Which token of the reading it is.
    public var token: Int
    /// The matter or class, as a slug: `own` for the applicant's own strings.
    public var category: String
    /// The phrase that was found; empty for the applicant's own strings and for classes.
    public var phrase: String

    /// Whether it is one of the applicant's own strings, and no phrase that a lexicon files under the same slug.
    public var isOwn: Bool { category == ExclusionLexicon.own && phrase.isEmpty }
  }

  /// What is left of a reading's nouns, and what was dropped.
  public struct Selection: Sendable {
    /// The nouns that may be used: kept tokens that are not excluded, and those that the lexicon allows
    /// although the dictionary takes them for names; summed, in the order of their UTF-8 bytes.
    public var nouns: [(term: String, count: Int)]
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
  /// - Complexity: O(length of the text + tokens + spans × log spans) for a given lexicon and given own strings.
  public func exclusions(in text: String, tokens: [Token], own: [String] = []) -> [Exclusion] {
    var selection = NounSelection(by: self)
    selection.select(in: Array(text.utf8), TokenTable(tokens), own: own)
    return selection.exclusions
  }

  /// Applies the lexicon to one reading.
  ///
  /// - Parameters: as of `exclusions`.
  /// - Complexity: as of `exclusions`.
  public func select(in text: String, tokens: [Token], own: [String] = []) -> Selection {
    let table = TokenTable(tokens)
    var selection = NounSelection(by: self)
    selection.select(in: Array(text.utf8), table, own: own)
    var counts: [String: Int] = [:]
    for place in selection.nouns {
      counts[table.text(place), default: 0] += selection.counts[place]
    }
    let nouns = counts.map { (term: $0.key, count: $0.value) }
      .sorted { $0.term.utf8.lexicographicallyPrecedes($1.term.utf8) }
    return Selection(nouns: nouns, exclusions: selection.exclusions)
  }

  fileprivate func exclusions(
    in text: [UInt8], _ tokens: TokenTable, own: [String], _ classes: inout TableClasses
  ) -> [Exclusion] {
    var spans = phraseSpans(in: text, tokens)
    spans += ownSpans(in: text, tokens, own, maySpread: self.classes.contains(.name))
    if self.classes.contains(.address) {
      spans += addressSpans(in: text, tokens, &classes)
    }
    if self.classes.contains(.furigana) { spans += furiganaSpans(in: text) }
    if self.classes.contains(.name) { spans += kanaNameSpans(in: text, tokens, &classes) }
    if self.classes.contains(.value) { spans += valueSpans(in: text) }
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
    var (phrases, others) = (SpanSweep(), SpanSweep())
    for span in spans {
      if span.phrase.isEmpty { others.add(span) } else { phrases.add(span) }
    }
    var exclusions: [Exclusion] = []
    for (index, token) in tokens.entries.enumerated() {
      guard token.kept || classes.isName(token) else { continue }
      // A phrase says more than a class.
      let range = token.offset..<token.end
      guard let found = phrases.first(over: range) ?? others.first(over: range),
        !isSpared(token, by: found, &classes)
      else { continue }
      exclusions.append(
        Exclusion(token: index, category: found.category, phrase: found.phrase))
    }
    return exclusions
  }

  /// Whether a word of an address stays because the lexicon allows it.
  private func isSpared(
    _ token: TokenTable.Entry, by span: Span, _ classes: inout TableClasses
  ) -> Bool {
    span.category == WordClass.address.rawValue && span.phrase.isEmpty && classes.isAllowed(token)
  }
}

/// What a lexicon leaves of readings as they lie sealed, of one after another in the same memory.
public struct NounSelection: Sendable {
  private let lexicon: ExclusionLexicon
  private var classes: TableClasses
  /// The nouns that may be used, by their places in the table of spellings, in the order in which they first stand
  /// in the text.
  public private(set) var nouns: [Int] = []
  /// How often each spelling is such a noun, by its place.
  public private(set) var counts: [Int] = []
  /// The dropped tokens, as `ExclusionLexicon.exclusions` tells them.
  public private(set) var exclusions: [ExclusionLexicon.Exclusion] = []

  /// Has looked at no reading yet.
  public init(by lexicon: ExclusionLexicon) {
    self.lexicon = lexicon
    classes = TableClasses(lexicon)
  }

  /// Applies the lexicon to a reading.
  ///
  /// - Parameters: as of `ExclusionLexicon.exclusions`, the text as UTF-8.
  /// - Complexity: as of `ExclusionLexicon.exclusions`.
  public mutating func select(in text: [UInt8], _ tokens: TokenTable, own: [String]) {
    classes.begin(tokens)
    defer { classes.end() }
    exclusions = lexicon.exclusions(in: text, tokens, own: own, &classes)
    nouns.removeAll(keepingCapacity: true)
    counts.refill(with: 0, count: tokens.spellingCount)
    var rest = exclusions.lazy.map(\.token).makeIterator()
    var nextExcluded = rest.next()
    for (index, token) in tokens.entries.enumerated() {
      if index == nextExcluded {
        nextExcluded = rest.next()
        continue
      }
      guard token.kept || classes.isName(token) && classes.isAllowed(token) else { continue }
      if counts[token.term] == 0 { nouns.append(token.term) }
      counts[token.term] += 1
    }
  }
}

/// A place in the text that is not used.
struct Span: Hashable {
  var range: Range<Int>
  var category: String
  var phrase: String
}
