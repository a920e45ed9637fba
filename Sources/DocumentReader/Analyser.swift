import CMeCab

/// MeCab with one dictionary, named explicitly: the machine's default changes when packages come and go.
@safe final class Analyser {
  private let model: OpaquePointer
  private let tagger: OpaquePointer
  private let lattice: OpaquePointer
  /// The words met, by where the dictionary keeps what it says of them.
  private var lexemes: [UInt: Lexeme] = [:]
  /// The classes of the words met, which many share.
  private var features: [UInt: Feature] = [:]
  /// A worker keeps no more: they are found again.
  private static let mostKept = 50_000
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
    var lexeme: Lexeme
    /// The name that the technology lexicon gives it.
    var technology: String?
    var surface: String { lexeme.surface }
    var isUnknown: Bool { lexeme.isUnknown }
  }

  /// What an analysis gives.
  struct Analysis {
    var words: [Word] = []
    /// The costs of the best paths added up: what MeCab holds for unlikely costs more.
    var cost = 0
  }

  /// The words of `text`, line by line, with their places in it; `names` are kept whole.
  func analyse(_ text: [UInt8], keeping names: [TechnologyLexicon.Match] = []) -> Analysis {
    var analysis = Analysis()
    var offset = 0
    var names = names[...]
    while offset < text.count {
      // A name that the piece's end would cut is analysed as any other text.
      while let name = names.first, name.range.lowerBound < offset { names.removeFirst() }
      var end = pieceEnd(in: text, from: offset)
      let next = names.prefix { $0.range.lowerBound < end }.first { name in
        name.range.lowerBound > offset && Self.follows(space: name.range.lowerBound, in: text)
      }
      if let next { end = next.range.lowerBound }
      let here = names.prefix { $0.range.lowerBound < end }
      append(&analysis, text[offset..<end], here.filter { $0.range.upperBound <= end })
      offset = end
    }
    return analysis
  }

  /// Whether MeCab would take what stands before `place` for blank and look for a name's constraint there,
  /// where there is none: it ends the process then.
  private static func follows(space place: Int, in bytes: [UInt8]) -> Bool {
    guard place > 0 else { return false }
    // The dictionary's char.def counts U+00D0 among the blanks.
    return bytes[place - 1] <= 0x20
      || (place > 1 && bytes[place - 2] == 0xC3 && bytes[place - 1] == 0x90)
  }

  /// A piece up to its last character that is not blank.
  ///
  /// Where nothing but blanks is left, MeCab takes its length of nothing for unknown, reads on behind the sentence
  /// and files words of what stands there beyond the ends of its tables.
  private static func withoutTrailingBlanks(_ piece: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var piece = piece
    while let last = piece.last {
      if [0x09, 0x0A, 0x0B, 0x20].contains(last) {
        piece.removeLast()
      } else if piece.suffix(2).elementsEqual([0xC3, 0x90]) {
        // The dictionary's char.def counts U+00D0 among the blanks.
        piece.removeLast(2)
      } else {
        break
      }
    }
    return piece
  }

  /// Where a piece that begins at `start` ends: after a line, or at a character's boundary.
  private func pieceEnd(in bytes: [UInt8], from start: Int) -> Int {
    let limit = min(start + Self.longestPiece, bytes.count)
    if let newline = bytes[start..<limit].firstIndex(of: 0x0A) { return newline + 1 }
    guard limit < bytes.count else { return limit }
    var end = limit
    while end > start, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return end > start ? end : limit
  }

  /// The costs of the best paths of `text` added up: what MeCab holds for unlikely costs more.
  func cost(of text: [UInt8]) -> Int {
    var cost = 0
    var offset = 0
    while offset < text.count {
      let end = pieceEnd(in: text, from: offset)
      unsafe Self.withoutTrailingBlanks(text[offset..<end]).withUnsafeBytes { buffer in
        guard unsafe !buffer.isEmpty,
          let base = unsafe buffer.bindMemory(to: CChar.self).baseAddress
        else { return }
        unsafe mecab_lattice_clear(lattice)
        unsafe mecab_lattice_set_sentence2(lattice, base, buffer.count)
        guard unsafe mecab_parse_lattice(tagger, lattice) != 0,
          let node = unsafe mecab_lattice_get_eos_node(lattice)
        else { return }
        cost += unsafe Int(node.pointee.cost)
      }
      offset = end
    }
    return cost
  }

  /// What the rules make of a word, found once for each entry of the dictionary.
  ///
  /// Unknown words of one class share what is said of them, and names of the technology lexicon too.
  @unsafe private func lexeme(
    _ bytes: UnsafeRawBufferPointer, _ text: UnsafePointer<CChar>, isUnknown: Bool
  ) -> Lexeme {
    let key = UInt(bitPattern: text)
    if let known = lexemes[key], known.isUnknown == isUnknown, unsafe known.isWritten(bytes) {
      return known
    }
    if lexemes.count >= Self.mostKept { (lexemes, features) = ([:], [:]) }
    let feature = unsafe features[key] ?? Feature(String(cString: text))
    if isUnknown { features[key] = feature }
    let lexeme = unsafe Lexeme(Array(bytes), feature, isUnknown: isUnknown)
    lexemes[key] = lexeme
    return lexeme
  }

  private func append(
    _ analysis: inout Analysis, _ piece: ArraySlice<UInt8>, _ names: [TechnologyLexicon.Match]
  ) {
    let start = piece.startIndex
    // MeCab does not copy the sentence: the buffer must outlive the walk over the nodes.
    unsafe Self.withoutTrailingBlanks(piece).withUnsafeBytes { buffer in
      guard unsafe !buffer.isEmpty,
        let base = unsafe buffer.bindMemory(to: CChar.self).baseAddress
      else { return }
      unsafe mecab_lattice_clear(lattice)
      unsafe mecab_lattice_set_sentence2(lattice, base, buffer.count)
      for name in names {
        unsafe mecab_lattice_set_feature_constraint(
          lattice, name.range.lowerBound - start, name.range.upperBound - start, Self.named)
      }
      guard unsafe mecab_parse_lattice(tagger, lattice) != 0 else { return }
      if let end = unsafe mecab_lattice_get_eos_node(lattice) {
        analysis.cost += unsafe Int(end.pointee.cost)
      }
      analysis.words.reserveCapacity(analysis.words.count + buffer.count / 4)
      var node = unsafe mecab_lattice_get_bos_node(lattice)
      while let current = unsafe node {
        let word = unsafe current.pointee
        unsafe node = word.next
        guard unsafe Int32(word.stat) == MECAB_NOR_NODE || Int32(word.stat) == MECAB_UNK_NODE,
          let surface = unsafe word.surface, let feature = unsafe word.feature
        else { continue }
        let offset = unsafe start + (surface - base)
        let length = unsafe Int(word.length)
        let bytes = unsafe UnsafeRawBufferPointer(start: surface, count: length)
        let name =
          names.isEmpty ? nil : names.last { $0.range == offset..<offset + length }?.term
        unsafe analysis.words.append(
          Word(
            offset: offset, length: length,
            lexeme: lexeme(bytes, feature, isUnknown: Int32(word.stat) == MECAB_UNK_NODE),
            technology: name))
      }
    }
  }
}
