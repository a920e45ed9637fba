/// A reading's tokens as they lie sealed: each spelling once, and tokens as numbers.
///
/// What a training opens by the hundred thousand is never made a `String` but where a rule asks for one.
public struct TokenTable: Sendable {
  /// A token, in bytes of the normalised text and places in the table of spellings.
  struct Entry {
    // Half as wide as an Int: a training goes through some hundreds of these for every document.
    private let start: UInt32
    private let size: UInt32
    private let termPlace: UInt32
    private let partPlace: UInt32
    let kind: Token.Kind
    let kept: Bool

    var offset: Int { Int(start) }
    var length: Int { Int(size) }
    var term: Int { Int(termPlace) }
    var partOfSpeech: Int { Int(partPlace) }

    init(
      offset: Int, length: Int, term: Int, partOfSpeech: Int, kind: Token.Kind, kept: Bool
    ) {
      start = UInt32(offset)
      size = UInt32(length)
      termPlace = UInt32(term)
      partPlace = UInt32(partOfSpeech)
      self.kind = kind
      self.kept = kept
    }
  }

  /// The longest text, in bytes.
  private static let longestText = Int(Int32.max)

  /// What holds the spellings and classes, in UTF-8.
  public private(set) var bytes: [UInt8] = []
  /// Where each stands in the bytes.
  private var ranges: [Range<Int>] = []
  private(set) var entries: [Entry] = []

  /// No tokens.
  public init() {}

  /// Reads what `TokenCoding.encode` wrote.
  ///
  /// - Throws: `CodingError` for anything else.
  public init(decoding coded: [UInt8]) throws(CodingError) { try read(coded.span) }

  /// Reads what `TokenCoding.encode` wrote in place of what the table holds, and in its memory.
  ///
  /// - Throws: `CodingError` for anything else; the table is of no use then.
  public mutating func read(_ coded: Swift.Span<UInt8>) throws(CodingError) {
    bytes.removeAll(keepingCapacity: true)
    ranges.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    unsafe coded.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    var reader = ByteReader(bytes)
    guard try reader.number() == TokenCoding.version else {
      throw CodingError(description: "The tokens are of a later version.")
    }
    let spellings = try reader.count(atMost: reader.remaining)
    // The spellings stay where they lie.
    ranges.reserveCapacity(spellings)
    for _ in 0..<spellings { ranges.append(try reader.blockRange()) }
    try checkSpellings()
    let count = try reader.count(atMost: reader.remaining)
    entries.refill(
      with: Entry(offset: 0, length: 0, term: 0, partOfSpeech: 0, kind: .word, kept: false),
      count: count)
    var places = entries.mutableSpan
    var offset = 0
    for index in 0..<count {
      if let word = reader.word, let entry = Entry(brief: word, after: offset, spellings) {
        offset = entry.offset
        reader.skip(Entry.briefSize(word))
        places[index] = entry
        continue
      }
      offset += try reader.count(atMost: Self.longestText - offset)
      let length = try reader.count(atMost: Self.longestText)
      let term = try reader.count(atMost: spellings - 1)
      let partOfSpeech = try reader.count(atMost: spellings - 1)
      let form = try reader.number()
      guard form < 4, let kind = Token.Kind(rawValue: UInt8(form >> 1)) else {
        throw CodingError(description: "A token is of an unknown kind.")
      }
      places[index] = Entry(
        offset: offset, length: length, term: term, partOfSpeech: partOfSpeech, kind: kind,
        kept: form & 1 == 1)
    }
    guard reader.atEnd else { throw CodingError(description: "Something follows the tokens.") }
  }

  /// Tokens that are in the order of their offsets.
  public init(_ tokens: [Token]) {
    var numbers = SpellingNumbers()
    entries = tokens.map { token in
      Entry(
        offset: token.offset, length: token.length, term: numbers.number(of: token.term),
        partOfSpeech: numbers.number(of: token.partOfSpeech), kind: token.kind, kept: token.kept)
    }
    bytes = numbers.bytes
    ranges = (0..<numbers.count).map(numbers.range)
  }

  /// Whether each spelling is UTF-8.
  private func checkSpellings() throws(CodingError) {
    // Lengths of one byte are ASCII, which no character reaches across: all can be looked at together.
    let whole = (ranges.first?.lowerBound ?? 0)..<(ranges.last?.upperBound ?? 0)
    func isText(_ range: Range<Int>) -> Bool {
      do {
        _ = try UTF8Span(validating: bytes.span.extracting(range))
        return true
      } catch {
        return false
      }
    }
    guard ranges.allSatisfy({ $0.count < 0x80 }) ? isText(whole) : ranges.allSatisfy(isText) else {
      throw CodingError(description: "A text is not UTF-8.")
    }
  }

  /// Whether each spelling stands once, where it is first asked for: as `TokenCoding.encode` writes them.
  var isInOrder: Bool {
    var next = 0
    for entry in entries {
      for place in [entry.term, entry.partOfSpeech] where place >= next {
        guard place == next else { return false }
        next += 1
      }
    }
    guard next == spellingCount else { return false }
    var known = SpellingNumbers()
    return unsafe bytes.withUnsafeBytes { bytes in
      ranges.indices.allSatisfy {
        unsafe known.number(of: UnsafeRawBufferPointer(rebasing: bytes[ranges[$0]])) == $0
      }
    }
  }

  /// How many terms are kept.
  public var keptTermCount: Int {
    var isKept = [Bool](repeating: false, count: spellingCount)
    for entry in entries where entry.kept { isKept[entry.term] = true }
    return isKept.count { $0 }
  }

  /// How many spellings and classes there are.
  var spellingCount: Int { ranges.count }

  /// Where the UTF-8 bytes of a spelling or class stand.
  public func range(_ place: Int) -> Range<Int> { ranges[place] }

  /// The UTF-8 bytes of a spelling or class.
  func spelling(_ place: Int) -> ArraySlice<UInt8> { bytes[range(place)] }

  /// Whether a spelling has no equivalent in Unicode but itself; what is false may still have none.
  ///
  /// So it is where every character stays as it is under canonical composition and combines with none.
  public func isPlain(_ place: Int) -> Bool {
    var index = ranges[place].lowerBound
    let end = ranges[place].upperBound
    while index < end {
      switch bytes[index] {
      case 0..<0x80: index += 1
      // U+0080 to U+02FF.
      case 0xC2...0xCB: index += 2
      // U+3000 to U+3FFF, without tone marks and the combining sound marks.
      case 0xE3:
        let (second, third) = (bytes[index + 1], bytes[index + 2])
        if second == 0x80, third >= 0xAA { return false }
        if second == 0x82, third == 0x99 || third == 0x9A { return false }
        index += 3
      // U+4000 to U+9FFF.
      case 0xE4...0xE9: index += 3
      default: return false
      }
    }
    return true
  }

  /// A spelling or class as a text.
  public func text(_ place: Int) -> String { String(decoding: spelling(place), as: UTF8.self) }

  /// The tokens one by one.
  public var tokens: [Token] {
    let texts = (0..<spellingCount).map(text)
    return entries.map { entry in
      Token(
        offset: entry.offset, length: entry.length, term: texts[entry.term], kind: entry.kind,
        kept: entry.kept, partOfSpeech: texts[entry.partOfSpeech])
    }
  }
}

// Nearly every token is written in five bytes or, where its spelling's number takes two, in six. They are taken from
// one word without asking at every byte whether a number goes on: a third of the time.
extension TokenTable.Entry {
  /// Whether the spelling's number, the third one, takes two bytes: 1 or 0.
  private static func isLong(_ word: UInt64) -> UInt64 { word >> 23 & 1 }

  /// How many bytes the token takes that begins with `word`, where it could be read from it.
  static func briefSize(_ word: UInt64) -> Int { Int(5 + isLong(word)) }

  /// Reads a token from its first eight bytes, the first of them lowest; `nil` where it takes more to read or to
  /// say what is wrong.
  @inline(__always)
  init?(brief word: UInt64, after last: Int, _ spellings: Int) {
    let isLong = Self.isLong(word)
    let second = word >> 24 & 0xFF & (0 &- isLong)
    let rest = word &>> (24 &+ 8 &* isLong)
    let term = word >> 16 & 0x7F | second << 7
    let (place, form) = (rest & 0xFF, rest >> 8 & 0xFF)
    let offset = last &+ Int(word & 0x7F)
    // A second byte that goes on, or says nothing where there is one, is no short number; a class that goes on and a
    // form above 3 are none either.
    guard word & 0x8080 | second & 0x80 | place & 0x80 | form & 0xFC == 0, second >= isLong,
      max(term, place) < UInt64(spellings), offset <= Int(Int32.max)
    else { return nil }
    self.init(
      offset: offset, length: Int(word >> 8 & 0x7F), term: Int(term), partOfSpeech: Int(place),
      kind: form & 2 == 0 ? .word : .compound, kept: form & 1 == 1)
  }
}
