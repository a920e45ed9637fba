/// How nouns are spelt in readings, so that whoever asks for one need not know it.
public enum TermSpelling {
  /// The text as a noun of it is recorded: normalised as documents are, with small Latin letters.
  public static func spelling(of text: String) -> String {
    Normaliser.normalise(text).lowercased()
  }
}
