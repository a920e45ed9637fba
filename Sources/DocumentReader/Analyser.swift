import CMeCab
import Glibc

/// MeCab with one dictionary, named explicitly: the machine's default changes when packages come and go.
@safe final class Analyser {
  private let model: OpaquePointer
  private let tagger: OpaquePointer
  private let lattice: OpaquePointer
  /// The words met.
  private var lexemes = Lexemes()
  /// The longest piece that is analysed at once, in bytes: the lattice's memory grows with it.
  private static let longestPiece = 8 << 10

  /// Where Debian compiles the dictionary.
  static let dictionary = "/var/lib/mecab/dic/ipadic-utf8"

  /// The class of names; MeCab keeps the pointer, so that it must outlive the lattice's use.
  private static var named: UnsafePointer<CChar>? {
    let text: StaticString = "名詞,固有名詞,技術,*,*,*,*"
    return unsafe UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  /// Loads the dictionary; `nil` when it is not there.
  init?(dictionary: String = Analyser.dictionary) {
    guard let model = unsafe mecab_model_new2("-r /dev/null -d \(dictionary)") else { return nil }
    guard let tagger = unsafe mecab_model_new_tagger(model) else {
      unsafe mecab_model_destroy(model)
      return nil
    }
    guard let lattice = unsafe mecab_model_new_lattice(model) else {
      unsafe mecab_destroy(tagger)
      unsafe mecab_model_destroy(model)
      return nil
    }
    unsafe self.model = model
    unsafe self.tagger = tagger
    unsafe self.lattice = lattice
  }

  deinit {
    unsafe mecab_lattice_destroy(lattice)
    unsafe mecab_destroy(tagger)
    unsafe mecab_model_destroy(model)
  }

  /// A word as MeCab gives it.
  struct Word {
    var offset: Int
    var length: Int
    /// Its place among the words met.
    var lexeme: Int
    /// The number of the name that the technology lexicon gives it.
    var technology: Int?
  }

  /// What an analysis gives.
  ///
  /// Its words are good until the next document is begun.
  struct Analysis {
    var words: [Word] = []
    /// How many of them the dictionary does not have.
    var unknown = 0
    /// The costs of the best paths added up: what MeCab holds for unlikely costs more.
    var cost = 0
  }

  /// Forgets words that were met, when there are too many of them.
  func beginDocument() { lexemes.forgetIfMany() }

  /// Whether the dictionary does not have a word.
  func isUnknown(_ word: Word) -> Bool { lexemes.all[word.lexeme].isUnknown }

  /// Whether a word is a prefix or suffix of nouns.
  func isAffix(_ word: Word) -> Bool {
    let role = lexemes.all[word.lexeme].role
    return role == .prefix || role == .suffix
  }

  /// How words are written.
  func surfaces(of words: [Word]) -> [String] {
    words.map {
      String(decoding: lexemes.spellings[Int(lexemes.all[$0.lexeme].surface)], as: UTF8.self)
    }
  }

  /// How many words are of the class of nouns.
  func countOfNouns(in words: [Word]) -> Int {
    words.count { lexemes.all[$0.lexeme].isOfNouns }
  }

  /// Every word and compound of an analysis, encoded, and how many words count as nouns.
  func encodedTokens(of words: [Word]) -> (bytes: [UInt8], nouns: Int) {
    let tokens = NounRules.tokens(from: words, &lexemes)
    var nouns = 0
    for token in tokens where token.kept && token.kind == .word { nouns += 1 }
    return (TokenCoding.encode(tokens, lexemes.spellings), nouns)
  }

  /// The words of `text`, line by line, with their places in it; `names` are kept whole.
  func analyse(_ text: [UInt8], keeping names: [TechnologyLexicon.Match] = []) -> Analysis {
    var analysis = Analysis()
    analysis.words.reserveCapacity(text.count / 4)
    unsafe text.withUnsafeBufferPointer { text in
      var (offset, next) = (0, 0)
      while offset < text.count {
        // A name that the piece's end would cut is analysed as any other text.
        while next < names.count, names[next].range.lowerBound < offset { next += 1 }
        var end = unsafe Self.pieceEnd(in: text, from: offset)
        var last = next
        while last < names.count, names[last].range.lowerBound < end {
          let place = names[last].range.lowerBound
          if place > offset, unsafe Self.follows(space: place, in: text) { end = place }
          last += 1
        }
        let here =
          next == last
          ? []
          : names[next..<last].filter { $0.range.lowerBound < end && $0.range.upperBound <= end }
        if unsafe parse(text, offset..<end, here) {
          analysis.cost += parsedCost
          unsafe Self.append(&analysis, mecab_lattice_get_bos_node(lattice), text, here, &lexemes)
        }
        offset = end
      }
    }
    return analysis
  }

  /// Whether MeCab would take what stands before `place` for blank and look for a name's constraint there,
  /// where there is none: it ends the process then.
  @unsafe private static func follows(
    space place: Int, in bytes: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard place > 0 else { return false }
    // The dictionary's char.def counts U+00D0 among the blanks.
    return unsafe bytes[place - 1] <= 0x20
      || (place > 1 && bytes[place - 2] == 0xC3 && bytes[place - 1] == 0x90)
  }

  /// A piece up to its last character that is not blank.
  ///
  /// Where nothing but blanks is left, MeCab takes its length of nothing for unknown, reads on behind the sentence
  /// and files words of what stands there beyond the ends of its tables.
  @unsafe private static func withoutTrailingBlanks(
    _ piece: Range<Int>, in text: UnsafeBufferPointer<UInt8>
  ) -> Range<Int> {
    var end = piece.upperBound
    while end > piece.lowerBound {
      switch unsafe text[end - 1] {
      case 0x09, 0x0A, 0x0B, 0x20: end -= 1
      // The dictionary's char.def counts U+00D0 among the blanks.
      case 0x90 where unsafe end - 1 > piece.lowerBound && text[end - 2] == 0xC3: end -= 2
      default: return piece.lowerBound..<end
      }
    }
    return piece.lowerBound..<end
  }

  /// Where a piece that begins at `start` ends: after a line, or at a character's boundary.
  @unsafe private static func pieceEnd(
    in text: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Int {
    let limit = min(start + longestPiece, text.count)
    guard let base = text.baseAddress else { return limit }
    if let newline = unsafe memchr(base + start, 0x0A, limit - start) {
      return unsafe UnsafeRawPointer(newline) - UnsafeRawPointer(base) + 1
    }
    guard limit < text.count else { return limit }
    var end = limit
    while unsafe end > start && text[end] & 0xC0 == 0x80 { end -= 1 }
    return end > start ? end : limit
  }

  /// Has MeCab look for the best path through a piece of `text`, without the blanks at its end.
  ///
  /// - Parameter names: what is kept whole.
  /// - Returns: whether there is one.
  @unsafe private func parse(
    _ text: UnsafeBufferPointer<UInt8>, _ piece: Range<Int>,
    _ names: [TechnologyLexicon.Match] = []
  ) -> Bool {
    let piece = unsafe Self.withoutTrailingBlanks(piece, in: text)
    guard !piece.isEmpty, let base = text.baseAddress else { return false }
    unsafe mecab_lattice_clear(lattice)
    // MeCab does not copy the sentence: the buffer must outlive the walk over the nodes.
    unsafe mecab_lattice_set_sentence2(
      lattice, UnsafeRawPointer(base + piece.lowerBound).assumingMemoryBound(to: CChar.self),
      piece.count)
    for name in names {
      unsafe mecab_lattice_set_feature_constraint(
        lattice, name.range.lowerBound - piece.lowerBound,
        name.range.upperBound - piece.lowerBound, Self.named)
    }
    return unsafe mecab_parse_lattice(tagger, lattice) != 0
  }

  /// The cost of the path found last.
  private var parsedCost: Int {
    unsafe mecab_lattice_get_eos_node(lattice).map { unsafe Int($0.pointee.cost) } ?? 0
  }

  /// The costs of the best paths of `text` added up: what MeCab holds for unlikely costs more.
  func cost(of text: [UInt8]) -> Int {
    unsafe text.withUnsafeBufferPointer { text in
      var (cost, offset) = (0, 0)
      while offset < text.count {
        let end = unsafe Self.pieceEnd(in: text, from: offset)
        if unsafe parse(text, offset..<end) { cost += parsedCost }
        offset = end
      }
      return cost
    }
  }

  /// Appends the words of the path that begins at `first`.
  @unsafe private static func append(
    _ analysis: inout Analysis, _ first: UnsafeMutablePointer<mecab_node_t>?,
    _ text: UnsafeBufferPointer<UInt8>, _ names: [TechnologyLexicon.Match],
    _ lexemes: inout Lexemes
  ) {
    guard let base = unsafe UnsafeRawPointer(text.baseAddress) else { return }
    let named = unsafe Self.named
    let (normal, unknown) = (UInt8(MECAB_NOR_NODE), UInt8(MECAB_UNK_NODE))
    var node = unsafe first
    while let current = unsafe node {
      unsafe node = current.pointee.next
      let kind = unsafe current.pointee.stat
      guard kind == normal || kind == unknown,
        let surface = unsafe current.pointee.surface, let feature = unsafe current.pointee.feature
      else { continue }
      let offset = unsafe UnsafeRawPointer(surface) - base
      let length = unsafe Int(current.pointee.length)
      let isUnknown = kind == unknown
      let lexeme = unsafe lexemes.lexeme(
        UnsafeRawBufferPointer(start: surface, count: length), feature, isUnknown: isUnknown,
        isShared: isUnknown || UnsafePointer(feature) == named)
      var technology: Int?
      if !names.isEmpty, let name = names.last(where: { $0.range == offset..<offset + length }) {
        technology = lexemes.spellings.number(of: name.term)
      }
      if isUnknown { analysis.unknown += 1 }
      analysis.words.append(
        Word(offset: offset, length: length, lexeme: lexeme, technology: technology))
    }
  }
}
