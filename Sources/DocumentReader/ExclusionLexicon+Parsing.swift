extension ExclusionLexicon {
  /// The lexicon as a text that a person can edit: one statement a line, in the order of their bytes.
  ///
  ///     name standard-5
  ///     allow ツール
  ///     class person
  ///     exclude birthplace 本籍
  ///     matching 2
  ///
  /// The first way of matching is not stated: texts of before there was another are as they were.
  public var canonicalText: String {
    let statements =
      allowed.map { "allow \($0)" } + classes.map { "class \($0.rawValue)" }
      + Set(phrases).map { "exclude \($0.category) \($0.text)" }
      + (matching == .first ? [] : ["matching \(matching.rawValue)"])
    let sorted = statements.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return (["name \(name)"] + sorted).joined(separator: "\n") + "\n"
  }

  /// The lexicon as a text of which `init(parsing:)` makes the same one: it states the first way of matching, too.
  public var editableText: String {
    canonicalText + (matching == .first ? "matching \(matching.rawValue)\n" : "")
  }

  /// Reads a lexicon that a person wrote; empty lines and lines that begin with `#` are passed over.
  ///
  /// A note behind a statement is refused: it would be taken for a part of the phrase, which then is found nowhere.
  ///
  /// What states no way of matching is matched in the newest.
  ///
  /// - Throws: `CodingError` that names the line, or for a text that states nothing.
  public init(parsing text: String) throws(CodingError) {
    var statements = try Statements(text, isRecorded: false)
    guard !statements.keywords.isEmpty else {
      throw CodingError(
        description:
          "The lexicon states nothing, so that every word would teach. Write statements as "
          + "'senko lexicon show' does; 'name NAME' alone is a lexicon that excludes nothing.")
    }
    if statements.matching != .first { statements.spellAllowedAsRead() }
    self.init(statements, matchedUnlessStated: .newest)
  }

  /// Reads a lexicon from its canonical text, as a log recorded it: what states no way of matching is matched in the
  /// first.
  ///
  /// - Throws: as `init(parsing:)`.
  public init(recorded text: String) throws(CodingError) {
    self.init(try Statements(text, isRecorded: true), matchedUnlessStated: .first)
  }

  private init(_ statements: Statements, matchedUnlessStated matching: Matching) {
    self.init(
      name: statements.name, phrases: statements.phrases, classes: statements.classes,
      allowed: statements.allowed, matching: statements.matching ?? matching)
  }
}

/// What the lines of a text state.
private struct Statements {
  private(set) var name = "unnamed"
  private(set) var phrases: [ExclusionLexicon.Phrase] = []
  private(set) var classes: Set<ExclusionLexicon.WordClass> = []
  private(set) var allowed: Set<String> = []
  private(set) var matching: ExclusionLexicon.Matching?
  /// What the statements begin with.
  private(set) var keywords: Set<String> = []

  /// - Parameter isRecorded: whether it is taken as it is, though nobody would be let write it any more.
  init(_ text: String, isRecorded: Bool) throws(CodingError) {
    // Other systems begin a text with a mark of its encoding, and end lines with what Swift takes for one character.
    let lines = text.drop { $0 == "\u{FEFF}" }
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (number, line) in lines.enumerated() {
      let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      let rest = Array(words.dropFirst())
      let problem = isRecorded ? nil : problem(with: first, rest)
      guard problem == nil, read(first, rest) else {
        let quoted = words.joined(separator: " ").prefix(60)
        throw CodingError(
          description:
            "Line \(number + 1) of the lexicon, '\(quoted)', \(problem ?? Self.noStatement)")
      }
      keywords.insert(first)
    }
  }

  /// Spells what is allowed as readings record it: オリバ, where オリバー was written.
  mutating func spellAllowedAsRead() { allowed = Set(allowed.map(NounRules.term)) }

  private typealias Class = ExclusionLexicon.WordClass
  private typealias Matching = ExclusionLexicon.Matching

  private static func choice<Choice: CaseIterable & RawRepresentable>(
    of _: Choice.Type
  ) -> String {
    Choice.allCases.map { "\($0.rawValue)" }.joined(separator: "|")
  }

  private static let noStatement =
    "is no statement. Write 'name NAME', 'allow TERM', 'class CLASS' with CLASS one of "
    + "\(choice(of: Class.self)), 'exclude CATEGORY PHRASE', or 'matching NUMBER' with NUMBER one of "
    + "\(choice(of: Matching.self))."

  /// Why a statement would do nothing, or other than it says.
  private func problem(with keyword: String, _ words: [String]) -> String? {
    // A phrase may begin with a '#', as a hashtag does.
    let later = words.dropFirst(keyword == "exclude" ? 2 : 1)
    if words.contains(where: { $0 == "#" || $0 == "＃" })
      || later.contains(where: { $0.hasPrefix("#") || $0.hasPrefix("＃") })
    {
      return "has a note behind it. Write the note on a line of its own that begins with '#'."
    }
    return switch (keyword, words.count) {
    case ("name", 1) where keywords.contains(keyword),
      ("matching", 1) where keywords.contains(keyword):
      "is the second of its kind. Remove one of them."
    case ("exclude", 2...) where words[0] == ExclusionLexicon.own:
      "names the matter under which the applicant's own name is dropped. Give it another."
    case ("exclude", 2...)
    where !PhraseIndex.holds(Normaliser.normalise(words.dropFirst().joined(separator: " "))):
      "has too short a phrase to be found. Write one of two letters or one other character at least."
    case ("exclude", 2...) where !Self.comesBack(words.dropFirst()),
      ("allow", 1...) where !Self.comesBack(words[...]):
      "has a character that is read as another one once it is recorded. Leave it out."
    default: nil
    }
  }

  /// Whether words, as they are recorded, are read as the same: `¨` is a space and a mark once it is normalised.
  private static func comesBack(_ words: ArraySlice<String>) -> Bool {
    let recorded = "exclude " + Normaliser.normalise(words.joined(separator: " "))
    let read = recorded.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return Array(Normaliser.normalise(read).utf8) == Array(recorded.utf8)
  }

  /// Takes in a statement; false where it is none.
  private mutating func read(_ keyword: String, _ words: [String]) -> Bool {
    switch (keyword, words.count) {
    case ("name", 1): name = words[0]
    case ("allow", 1...):
      allowed.insert(lowercasedASCII(Normaliser.normalise(words.joined(separator: " "))))
    case ("class", 1):
      guard let word = Class(rawValue: words[0]) else { return false }
      classes.insert(word)
    case ("exclude", 2...):
      let phrase = Normaliser.normalise(words.dropFirst().joined(separator: " "))
      phrases.append(ExclusionLexicon.Phrase(category: words[0], text: phrase))
    case ("matching", 1):
      guard let stated = Int(words[0]).flatMap(Matching.init) else { return false }
      matching = stated
    default: return false
    }
    return true
  }
}
