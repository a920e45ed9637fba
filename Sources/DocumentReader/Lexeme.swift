/// A word as MeCab gives it, wherever it stands, with what the noun rules make of it.
struct Lexeme {
  /// Where the dictionary keeps what it says of it.
  var key: UInt
  /// Its first bytes, eight at most, and how many it has: with them nearly all words are told apart.
  var beginning: UInt64
  var length: Int32
  /// The number of how it is written.
  var surface: Int32
  /// The number of the spelling that counts are kept under.
  var term: Int32
  /// The number of its part of a compound's spelling.
  var part: Int32
  /// The number of its class as recorded.
  var partOfSpeech: Int32
  /// What the rules make of its class.
  var role: Feature.Role
  /// Whether its class is one of nouns; of an unknown word only this counts.
  var isOfNouns: Bool
  /// Whether the dictionary does not have it.
  var isUnknown: Bool
  var hasLetter: Bool
  /// Whether it counts as a noun.
  var isNoun: Bool
  /// Whether the dictionary takes it for the name of a person or place; common words among them are nouns.
  var isName: Bool
}

/// The words met, made once, since those of one résumé stand in the next one as well; and the spellings of
/// everything that tokens are made of.
struct Lexemes {
  private(set) var all: [Lexeme] = []
  var spellings = SpellingNumbers()
  /// The labels of forms have the first numbers.
  private let stopWords: Int
  /// The number of the class of technologies' names.
  let technologyClass: Int
  /// The number of the class of compounds.
  let compoundClass: Int
  private var hashes: [UInt64] = []
  /// The words by hash, at the first free place from there; −1 is free.
  private var slots = [Int32](repeating: -1, count: 1 << 12)
  /// The classes of unknown words, which many share.
  private var features: [UInt: Feature] = [:]
  /// The compound being made.
  private var compoundBytes: [UInt8] = []
  /// A worker keeps no more from one document to the next: they are found again.
  private static let mostKept = 50_000

  init() {
    for word in NounRules.stopWords { _ = spellings.number(of: word.text) }
    stopWords = spellings.count
    technologyClass = spellings.number(of: "名詞-固有名詞-技術")
    compoundClass = spellings.number(of: "compound")
  }

  /// Forgets all words when there are too many of them, or of their spellings.
  ///
  /// - Precondition: no word of an analysis is asked for afterwards.
  mutating func forgetIfMany() {
    if all.count > Self.mostKept || spellings.count > 4 * Self.mostKept { self = Lexemes() }
  }

  /// Whether a spelling is a label of forms, which says nothing.
  func isStopWord(_ spelling: Int) -> Bool { spelling < stopWords }

  /// The number of the spelling that words make together.
  mutating func compound(of words: ArraySlice<Analyser.Word>) -> Int {
    compoundBytes.removeAll(keepingCapacity: true)
    for word in words {
      compoundBytes.append(
        spellings.range(word.technology ?? Int(all[word.lexeme].part)), of: spellings.bytes)
    }
    return unsafe compoundBytes.withUnsafeBytes { unsafe spellings.number(of: $0) }
  }

  /// The word written as `bytes` of which the dictionary says `text`.
  ///
  /// Unknown words of one class share what is said of them, and names of the technology lexicon too.
  @unsafe mutating func lexeme(
    _ bytes: UnsafeRawBufferPointer, _ text: UnsafePointer<CChar>, isUnknown: Bool,
    isShared: Bool
  ) -> Int {
    let key = UInt(bitPattern: text)
    let beginning = unsafe Self.beginning(of: bytes)
    var hash = UInt64(key)
    if isShared { hash ^= unsafe SpellingNumbers.hash(bytes) }
    hash = (hash &* 0x9E37_79B9_7F4A_7C15) >> 20
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let place = Int(slots[slot])
      if all[place].key == key, all[place].beginning == beginning,
        Int(all[place].length) == bytes.count, all[place].isUnknown == isUnknown,
        unsafe bytes.count <= 8 || spellings.isWritten(Int(all[place].surface), bytes)
      {
        return place
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    let feature = unsafe features[key] ?? Feature(String(cString: text))
    if isShared { features[key] = feature }
    let surface = unsafe String(decoding: bytes, as: UTF8.self)
    slots[slot] = Int32(all.count)
    hashes.append(hash)
    all.append(lexeme(key, surface, feature, isUnknown: isUnknown))
    // The surface is found by its own bytes, whatever characters they make.
    unsafe all[all.count - 1].surface = Int32(spellings.number(of: bytes))
    (all[all.count - 1].beginning, all[all.count - 1].length) = (beginning, Int32(bytes.count))
    if all.count * 2 > slots.count { grow() }
    return all.count - 1
  }

  @unsafe private static func beginning(of bytes: UnsafeRawBufferPointer) -> UInt64 {
    if bytes.count >= 8 { return unsafe bytes.loadUnaligned(as: UInt64.self) }
    var beginning: UInt64 = 0
    for place in 0..<bytes.count { beginning = unsafe beginning << 8 | UInt64(bytes[place]) }
    return beginning
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: 4 * slots.count)
    for (place, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(place)
    }
  }

  private mutating func lexeme(
    _ key: UInt, _ surface: String, _ feature: Feature, isUnknown: Bool
  ) -> Lexeme {
    let part = NounRules.term(ofSurface: surface)
    let term =
      isUnknown || feature.base == nil
      ? part : NounRules.term(ofSurface: feature.base ?? surface)
    // A long vowel's sign alone stands for a dash.
    let hasLetter = surface.unicodeScalars.contains { $0.isLetter && $0 != "ー" }
    let isName =
      !isUnknown && feature.role == .name && !ExclusionLexicon.misfiled.contains(term)
    let counts =
      feature.isNoun && hasLetter && !NounRules.stopWords.contains(Spelling(surface))
    return Lexeme(
      key: key, beginning: 0, length: 0, surface: 0, term: Int32(spellings.number(of: term)),
      part: Int32(spellings.number(of: part)),
      partOfSpeech: Int32(
        spellings.number(of: isUnknown ? feature.unknown : feature.partOfSpeech)),
      role: feature.role, isOfNouns: feature.isNoun, isUnknown: isUnknown, hasLetter: hasLetter,
      // An unknown word's subclass is noise; that it has a letter is what counts.
      isNoun: counts && (isUnknown || feature.role == .noun || feature.role == .name && !isName),
      isName: isName)
  }
}
