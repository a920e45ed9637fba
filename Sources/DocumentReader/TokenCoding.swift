/// The one encoding of a reading's tokens, which the log seals.
///
/// A version, a table of the spellings and classes that occur, then each token: its distance from the one
/// before, length, spelling, class, kind and whether it is kept.
public enum TokenCoding {
  private static let version: UInt64 = 1

  /// Encodes tokens that are in the order of their offsets.
  public static func encode(_ tokens: [Token]) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(version)
    var indices: [Spelling: Int] = [:]
    var table: [String] = []
    func index(_ text: String) -> Int {
      let spelling = Spelling(text)
      if let index = indices[spelling] { return index }
      indices[spelling] = table.count
      table.append(text)
      return table.count - 1
    }
    let indexed = tokens.map { (index($0.term), index($0.partOfSpeech)) }
    writer.write(table.count)
    for text in table { writer.write(text) }
    writer.write(tokens.count)
    var last = 0
    for (token, (term, partOfSpeech)) in zip(tokens, indexed) {
      writer.write(token.offset - last)
      last = token.offset
      writer.write(token.length)
      writer.write(term)
      writer.write(partOfSpeech)
      writer.write(UInt64(token.kind.rawValue) << 1 | (token.kept ? 1 : 0))
    }
    return writer.bytes
  }

  /// Reads what `encode` wrote.
  public static func decode(_ bytes: [UInt8]) throws(CodingError) -> [Token] {
    var reader = ByteReader(bytes)
    guard try reader.number() == version else {
      throw CodingError(description: "The tokens are of a later version.")
    }
    var table: [String] = []
    for _ in 0..<(try reader.count(atMost: reader.remaining)) { table.append(try reader.text()) }
    var tokens: [Token] = []
    var offset = 0
    for _ in 0..<(try reader.count(atMost: reader.remaining)) {
      offset += try reader.count(atMost: 1 << 40)
      let length = try reader.count(atMost: 1 << 40)
      let term = try reader.count(atMost: table.count - 1)
      let partOfSpeech = try reader.count(atMost: table.count - 1)
      let form = try reader.number()
      guard let kind = Token.Kind(rawValue: UInt8(truncatingIfNeeded: form >> 1)), form < 4 else {
        throw CodingError(description: "A token is of an unknown kind.")
      }
      tokens.append(
        Token(
          offset: offset, length: length, term: table[term], kind: kind, kept: form & 1 == 1,
          partOfSpeech: table[partOfSpeech]))
    }
    guard reader.atEnd else { throw CodingError(description: "Something follows the tokens.") }
    return tokens
  }
}
