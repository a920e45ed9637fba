/// The one encoding of a reading's tokens, which the log seals.
///
/// A version, a table of the spellings and classes that occur, then each token: its distance from the one
/// before, length, spelling, class, kind and whether it is kept.
public enum TokenCoding {
  static let version: UInt64 = 1

  /// Encodes tokens that are in the order of their offsets.
  public static func encode(_ tokens: [Token]) -> [UInt8] {
    var spellings = SpellingNumbers()
    let entries = tokens.map { token in
      TokenTable.Entry(
        offset: token.offset, length: token.length, term: spellings.number(of: token.term),
        partOfSpeech: spellings.number(of: token.partOfSpeech), kind: token.kind,
        kept: token.kept)
    }
    return encode(entries, spellings)
  }

  /// Encodes tokens whose spellings have numbers, of which any may occur.
  static func encode(_ tokens: [TokenTable.Entry], _ spellings: SpellingNumbers) -> [UInt8] {
    // Spellings stand in the order in which they occur.
    var places = [Int32](repeating: -1, count: spellings.count)
    var occurring: [Int] = []
    var size = 0
    for token in tokens {
      if places[token.term] < 0 {
        places[token.term] = Int32(occurring.count)
        occurring.append(token.term)
        size += spellings.range(token.term).count + 4
      }
      if places[token.partOfSpeech] < 0 {
        places[token.partOfSpeech] = Int32(occurring.count)
        occurring.append(token.partOfSpeech)
        size += spellings.range(token.partOfSpeech).count + 4
      }
    }
    var writer = ByteWriter()
    writer.reserve(size + 16)
    writer.write(version)
    writer.write(occurring.count)
    for number in occurring { writer.write(spellings.range(number), of: spellings.bytes) }
    writer.write(tokens.count)
    writer.writeNumbers(atMost: 5 * tokens.count) { write in
      var last = 0
      for token in tokens {
        write(UInt64(token.offset - last))
        last = token.offset
        write(UInt64(token.length))
        write(UInt64(places[token.term]))
        write(UInt64(places[token.partOfSpeech]))
        write(UInt64(token.kind.rawValue) << 1 | (token.kept ? 1 : 0))
      }
    }
    return writer.bytes
  }

  /// Reads what `encode` wrote.
  public static func decode(_ bytes: [UInt8]) throws(CodingError) -> [Token] {
    try TokenTable(decoding: bytes).tokens
  }
}
