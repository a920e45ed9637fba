/// What must not decide about a person, and is therefore no feature of a model.
///
/// A pure function of a recorded reading and the applicant's own strings: a replay may use another lexicon
/// on the same record. Phrases are matched as spans on the normalised text, since the analysis cuts many of
/// them apart; every token that overlaps a span is dropped. Categories follow the fourteen matters of the
/// Ministry of Health, Labour and Welfare (公正な採用選考の基本) and the acts on sex, age and disability.
public struct ExclusionLexicon: Sendable, Hashable {
  /// A phrase and the matter it belongs to.
  public struct Phrase: Sendable, Hashable {
    /// The matter, as a slug.
    public var category: String
    /// The phrase as it stands in normalised text.
    public var text: String

    /// Describes a phrase.
    public init(category: String, text: String) {
      self.category = category
      self.text = text
    }
  }

  /// A kind of word that is dropped whatever it says.
  public enum WordClass: String, Sendable, Hashable, CaseIterable {
    /// Names of persons.
    case person
    /// Names of places.
    case place
    /// Numbers, and what counts them.
    case number
    /// Addresses: all of the words that one is made of, common ones too.
    case address
    /// What follows フリガナ: the applicant's name in kana, which an application does not tell.
    case furigana
    /// The applicant's own name however it is set: in kana behind any label, over several lines, with a space within.
    case name
    /// What stands in a line behind the number of a house: the name of a building, a room.
    case building
    /// What stands behind the label of a forbidden matter: 有 behind 配偶者.
    case value
    /// Schools and faculties: a proxy of origin and sex, off unless switched on.
    case school
  }

  /// What it is called.
  public var name: String
  /// The phrases.
  public let phrases: [Phrase]
  /// The kinds of words that are dropped.
  public var classes: Set<WordClass>
  /// Terms that are kept although the dictionary files them under a dropped class.
  public var allowed: Set<String>
  /// The phrases by how they begin.
  let index: PhraseIndex

  /// Describes a lexicon.
  public init(name: String, phrases: [Phrase], classes: Set<WordClass>, allowed: Set<String>) {
    self.name = name
    self.phrases = phrases
    self.classes = classes
    self.allowed = allowed
    index = PhraseIndex(phrases)
  }

  /// SHA-256 of the canonical text, in hexadecimal.
  public var id: String { FileDigest.hash(Array(canonicalText.utf8)) }
}

extension ExclusionLexicon {
  /// The lexicon as a text that a person can edit: one statement a line, in the order of their bytes.
  ///
  ///     name standard-4
  ///     allow ツール
  ///     class person
  ///     exclude birthplace 本籍
  public var canonicalText: String {
    let statements =
      allowed.map { "allow \($0)" } + classes.map { "class \($0.rawValue)" }
      + Set(phrases).map { "exclude \($0.category) \($0.text)" }
    let sorted = statements.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return (["name \(name)"] + sorted).joined(separator: "\n") + "\n"
  }

  private static var classNames: String {
    WordClass.allCases.map(\.rawValue).joined(separator: "|")
  }

  /// Reads a lexicon from its text; empty lines and lines that begin with `#` are passed over.
  ///
  /// - Throws: `CodingError` that names the line.
  public init(parsing text: String) throws(CodingError) {
    var name = "unnamed"
    var phrases: [Phrase] = []
    var classes: Set<WordClass> = []
    var allowed: Set<String> = []
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      let rest = Normaliser.normalise(words.dropFirst().joined(separator: " "))
      switch (first, words.count) {
      case ("name", 2): name = words[1]
      case ("allow", 2...): allowed.insert(lowercasedASCII(rest))
      case ("class", 2) where WordClass(rawValue: words[1]) != nil:
        if let word = WordClass(rawValue: words[1]) { classes.insert(word) }
      case ("exclude", 3...):
        let phrase = Normaliser.normalise(words.dropFirst(2).joined(separator: " "))
        phrases.append(Phrase(category: words[1], text: phrase))
      default:
        throw CodingError(
          description: "Line \(number + 1) of the lexicon is no statement. Write 'name NAME', "
            + "'allow TERM', 'class CLASS' with CLASS one of \(Self.classNames), or 'exclude CATEGORY "
            + "PHRASE'."
        )
      }
    }
    self.init(name: name, phrases: phrases, classes: classes, allowed: allowed)
  }
}
