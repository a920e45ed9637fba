/// Names of technologies that the user adds to those that are built in.
///
/// A text of one name a line; behind a tab may stand the term that it counts as, so that `NodeJS` and
/// `node.js` are one. Lines that begin with `#` say nothing.
public struct OwnTechnologies: Sendable, Hashable {
  /// The most names there may be.
  static let most = 10_000
  private static let longest = 100

  /// The term of each name, both as normalised, by name.
  let terms: [String: String]

  /// No names.
  public init() { terms = [:] }

  /// Reads a text.
  ///
  /// - Throws: `CodingError`, naming the line that is no name.
  public init(parsing text: String) throws(CodingError) {
    var terms: [String: String] = [:]
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(Self.fold)
      guard !line.hasPrefix("#"), line.contains(where: { !$0.isWhitespace }) else { continue }
      let (name, term) = (fields[0], fields.count > 1 ? fields[1] : fields[0])
      guard fields.count <= 2, Self.isName(name), Self.isName(term) else {
        throw CodingError(
          description: "Line \(index + 1) of the technology lexicon is no name of two to "
            + "\(Self.longest) characters, with at most one tab and the term it counts as behind it. "
            + "Correct it.")
      }
      guard terms.updateValue(term, forKey: name) == nil else {
        throw CodingError(
          description: "Line \(index + 1) of the technology lexicon repeats a name. Remove it.")
      }
      guard terms.count <= Self.most else {
        throw CodingError(
          description: "The technology lexicon has more than \(Self.most) names. Shorten it.")
      }
    }
    self.terms = terms
  }

  private static func fold(_ text: Substring) -> String {
    let normal = lowercasedASCII(Normaliser.normalise(String(text)))
    return normal.split(separator: " ").joined(separator: " ")
  }

  private static func isName(_ text: String) -> Bool {
    let count = text.unicodeScalars.count
    return count >= 2 && count <= longest && text.unicodeScalars.contains(where: \.isLetter)
  }
}

extension OwnTechnologies {
  /// Appends the names for the worker.
  func write(to writer: inout ByteWriter) { writer.write(terms) }

  /// Reads what `write` wrote; a parent that knows of no names writes nothing.
  init(reading reader: inout ByteReader) throws(CodingError) {
    terms = reader.atEnd ? [:] : try reader.details()
  }
}
