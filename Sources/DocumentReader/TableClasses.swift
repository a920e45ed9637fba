/// What a lexicon makes of the parts of speech and spellings of one reading after another; each is looked at once.
struct TableClasses: Sendable {
  /// What is known of a part of speech.
  private struct PartOfSpeech {
    /// The class that the lexicon excludes.
    var excluded: ExclusionLexicon.WordClass?
    /// Whether it is that of names of persons or places.
    var isName: Bool
    /// Whether it is that of names of places, or of what ends them.
    var isPlace: Bool
    var isNoun: Bool
    var isProperNoun: Bool
    /// Whether it is that of words that name nobody and nothing by a name.
    var isCommon = false
  }

  private let lexicon: ExclusionLexicon
  private let excludesSchools: Bool
  private var table = TokenTable()
  private var partsOfSpeech: [PartOfSpeech?] = []
  /// Whether a part of speech is known to be neither excluded nor that of names: nearly all are.
  private var isPlain: [Bool] = []
  private var allowed: [Bool?] = []

  init(_ lexicon: ExclusionLexicon) {
    self.lexicon = lexicon
    excludesSchools = lexicon.classes.contains(.school)
  }

  /// Turns to another reading.
  mutating func begin(_ table: TokenTable) {
    self.table = table
    partsOfSpeech.refill(with: nil, count: table.spellingCount)
    isPlain.refill(with: false, count: table.spellingCount)
    allowed.refill(with: nil, count: table.spellingCount)
  }

  /// Lets go of the reading, whose memory another one is to take.
  mutating func end() { table = TokenTable() }

  /// The class under which the lexicon excludes a word, as a slug.
  @inline(__always)
  mutating func excluded(_ token: TokenTable.Entry) -> String? {
    isPlain[token.partOfSpeech] && !excludesSchools ? nil : lookedUp(token)
  }

  private mutating func lookedUp(_ token: TokenTable.Entry) -> String? {
    if let word = partOfSpeech(token).excluded, !isAllowed(token) { return word.rawValue }
    if excludesSchools, Self.isSchool(table.spelling(token.term)), !isAllowed(token) {
      return ExclusionLexicon.WordClass.school.rawValue
    }
    return nil
  }

  /// Whether the dictionary takes a word for the name of a person or a place.
  @inline(__always)
  mutating func isName(_ token: TokenTable.Entry) -> Bool {
    !isPlain[token.partOfSpeech] && partOfSpeech(token).isName
  }

  /// Whether the dictionary takes a word for the name of a place, or for what ends one, such as 市.
  mutating func isPlace(_ token: TokenTable.Entry) -> Bool {
    !isPlain[token.partOfSpeech] && partOfSpeech(token).isPlace
  }

  mutating func isNoun(_ token: TokenTable.Entry) -> Bool { partOfSpeech(token).isNoun }

  /// Whether the dictionary takes a word for the name of something, but not of a person or a place.
  mutating func isProperNoun(_ token: TokenTable.Entry) -> Bool {
    partOfSpeech(token).isProperNoun
  }

  /// Whether the dictionary, or the lexicon against it, takes a word for a common noun.
  mutating func isCommon(_ token: TokenTable.Entry) -> Bool {
    partOfSpeech(token).isCommon || isAllowed(token)
  }

  /// Whether the lexicon keeps a word whatever its class.
  mutating func isAllowed(_ token: TokenTable.Entry) -> Bool {
    if let known = allowed[token.term] { return known }
    let answer = lexicon.allowed.contains(table.text(token.term))
    allowed[token.term] = answer
    return answer
  }

  private mutating func partOfSpeech(_ token: TokenTable.Entry) -> PartOfSpeech {
    if let known = partsOfSpeech[token.partOfSpeech] { return known }
    let answer = partOfSpeech(named: table.spelling(token.partOfSpeech))
    partsOfSpeech[token.partOfSpeech] = answer
    isPlain[token.partOfSpeech] = answer.excluded == nil && !answer.isName && !answer.isPlace
    return answer
  }

  private static let noun = Array("名詞".utf8)

  private func partOfSpeech(named name: ArraySlice<UInt8>) -> PartOfSpeech {
    guard name.starts(with: Self.noun) else {
      return PartOfSpeech(
        excluded: nil, isName: false, isPlace: false, isNoun: false, isProperNoun: false)
    }
    let rest = name.dropFirst(Self.noun.count)
    func begins(_ prefixes: String...) -> Bool { prefixes.contains { rest.starts(with: $0.utf8) } }
    let word: ExclusionLexicon.WordClass? =
      if begins("-固有名詞-人名") { .person } else if begins("-固有名詞-地域", "-接尾-地域") {
        .place
      } else if begins("-数", "-接尾-助数詞") { .number } else { nil }
    return PartOfSpeech(
      excluded: word.flatMap { lexicon.classes.contains($0) ? $0 : nil },
      isName: begins("-固有名詞-人名", "-固有名詞-地域"), isPlace: word == .place, isNoun: true,
      isProperNoun: begins("-固有名詞-一般", "-固有名詞-組織"),
      isCommon: begins("-一般", "-サ変接続", "-形容動詞語幹", "-固有名詞-技術"))
  }

  private static let schools = [
    "大学", "高校", "高等学校", "学院", "学園", "学部", "学科", "専門学校", "高専",
  ].map { Array($0.utf8) }

  private static func isSchool(_ term: ArraySlice<UInt8>) -> Bool {
    schools.contains { term.suffix($0.count).elementsEqual($0) }
  }
}

extension Array {
  /// Makes it so many of one element, in the memory that it has.
  mutating func refill(with element: Element, count: Int) {
    removeAll(keepingCapacity: true)
    append(contentsOf: repeatElement(element, count: count))
  }
}
