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

  /// How phrases and names are sought in a text.
  ///
  /// It belongs to the lexicon, so that a model goes on dropping what it dropped when it learnt.
  public enum Matching: Int, Sendable, Hashable, CaseIterable {
    /// Phrases of three characters and more count wherever they stand, and so do the applicant's name and its parts.
    case first = 1
    /// What stands within another word does not count: 学 in 機械学習, Li in client, hiv in archive, 神学部 in 精神学部.
    case second = 2

    /// How a lexicon is matched that does not say how.
    static let newest = second
  }

  /// What it is called.
  public var name: String
  /// The phrases.
  public let phrases: [Phrase]
  /// The kinds of words that are dropped.
  public var classes: Set<WordClass>
  /// Terms that are kept although the dictionary files them under a dropped class.
  public var allowed: Set<String>
  /// How phrases and names are sought.
  public let matching: Matching
  /// The phrases by how they begin.
  let index: PhraseIndex

  /// Describes a lexicon.
  public init(
    name: String, phrases: [Phrase], classes: Set<WordClass>, allowed: Set<String>,
    matching: Matching
  ) {
    self.name = name
    self.phrases = phrases
    self.classes = classes
    self.allowed = allowed
    self.matching = matching
    index = PhraseIndex(phrases)
  }

  /// SHA-256 of the canonical text, in hexadecimal.
  public var id: String { FileDigest.hash(Array(canonicalText.utf8)) }
}
