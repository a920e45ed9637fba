/// The one encoding of a reading's tokens, which the log seals.
///
/// A version, a table of the spellings and classes that occur, then each token: its distance from the one
/// before, length, spelling, class, kind and whether it is kept.
public enum TokenCoding {
  static let version: UInt64 = 1

  /// Encodes tokens that are in the order of their offsets.
  public static func encode(_ tokens: [Token]) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(version)
    let table = TokenTable(tokens)
    writer.reserve(8 * tokens.count + 2 * table.bytes.count + 16)
    writer.write(table.spellingCount)
    for place in 0..<table.spellingCount { writer.write(table.spelling(place)) }
    writer.write(tokens.count)
    var last = 0
    for token in table.entries {
      writer.write(token.offset - last)
      last = token.offset
      writer.write(token.length)
      writer.write(token.term)
      writer.write(token.partOfSpeech)
      writer.write(UInt64(token.kind.rawValue) << 1 | (token.kept ? 1 : 0))
    }
    return writer.bytes
  }

  /// Reads what `encode` wrote.
  public static func decode(_ bytes: [UInt8]) throws(CodingError) -> [Token] {
    try TokenTable(decoding: bytes).tokens
  }
}
