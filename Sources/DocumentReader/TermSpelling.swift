/// How nouns are spelt in readings, so that whoever asks for one need not know it.
public enum TermSpelling {
  /// The spellings under which readings may record a noun: as a word, and as the name of a technology, which alone
  /// keeps a long vowel at its end.
  public static func spellings(of text: String) -> [String] {
    let normal = Normaliser.normalise(text)
    let (word, name) = (NounRules.term(ofSurface: normal), lowercasedASCII(normal))
    return word == name ? [word] : [word, name]
  }

  /// What the spellings of all nouns begin with that begin as `text` does.
  public static func beginning(of text: String) -> String {
    NounRules.term(ofSurface: Normaliser.normalise(text))
  }
}
