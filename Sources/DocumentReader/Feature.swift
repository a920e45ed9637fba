/// What the dictionary says of a word, as far as the noun rules ask.
struct Feature: Sendable {
  /// What the rules make of a class.
  enum Role: Sendable {
    /// A noun that counts: 一般, サ変接続, 固有名詞, 形容動詞語幹.
    case noun
    /// The name of a person or a place.
    case name
    /// A suffix of nouns.
    case suffix
    /// A noun of another subclass: a number, a pronoun, a dependent noun.
    case otherNoun
    /// A prefix of nouns.
    case prefix
    case other
  }

  let role: Role
  /// The class with its subclasses.
  let partOfSpeech: String
  /// What an unknown word of the class is recorded as.
  let unknown: String
  /// Whether the first field is that of nouns.
  let isNoun: Bool
  /// The form that the dictionary lists, if it names one.
  let base: String?

  /// Reads the fields of ipadic.
  init(_ text: String) {
    let fields = text.split(separator: ",", omittingEmptySubsequences: false)
    func field(_ index: Int) -> Substring { index < fields.count ? fields[index] : "*" }
    isNoun = field(0) == "名詞"
    unknown = "unknown-" + String(field(0))
    partOfSpeech = fields.prefix(3).filter { $0 != "*" }.joined(separator: "-")
    base = field(6) == "*" ? nil : String(field(6))
    role = Self.role(field(0), field(1), field(2))
  }

  private static func role(_ kind: Substring, _ sub: Substring, _ third: Substring) -> Role {
    if kind == "接頭詞", sub == "名詞接続" { return .prefix }
    guard kind == "名詞" else { return .other }
    switch sub {
    case "固有名詞": return third == "人名" || third == "地域" ? .name : .noun
    case "一般", "サ変接続", "形容動詞語幹": return .noun
    case "接尾": return .suffix
    default: return .otherNoun
    }
  }
}
