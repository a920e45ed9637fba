/// How names are compared, so that whoever asks for one need not know how it is set.
public enum NameSpelling {
  /// A name as documents are normalised, in small letters and without spaces.
  public static func folded(_ name: String) -> String {
    Normaliser.normalise(name).lowercased().filter { !$0.isWhitespace }
  }
}
