import CMeCab

/// MeCab with one dictionary, named explicitly: the machine's default changes when packages come and go.
@safe final class Analyser {
  private let model: OpaquePointer
  private let tagger: OpaquePointer
  private let lattice: OpaquePointer
  /// The longest piece that is analysed at once, in bytes: the lattice's memory grows with it.
  private static let longestPiece = 8 << 10

  /// Where Debian compiles the dictionary.
  static let dictionary = "/var/lib/mecab/dic/ipadic-utf8"

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
    var surface: String
    /// The feature fields; of an unknown word only the class counts.
    var features: [Substring]
    var isUnknown: Bool
  }

  /// The words of `text`, line by line, with their places in it.
  func words(of text: String) -> [Word] {
    var words: [Word] = []
    var offset = 0
    let bytes = Array(text.utf8)
    while offset < bytes.count {
      let end = pieceEnd(in: bytes, from: offset)
      append(&words, bytes[offset..<end], at: offset)
      offset = end
    }
    return words
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

  private func append(_ words: inout [Word], _ piece: ArraySlice<UInt8>, at start: Int) {
    // MeCab does not copy the sentence: the buffer must outlive the walk over the nodes.
    unsafe piece.withUnsafeBytes { buffer in
      guard let base = unsafe buffer.bindMemory(to: CChar.self).baseAddress else { return }
      unsafe mecab_lattice_clear(lattice)
      unsafe mecab_lattice_set_sentence2(lattice, base, buffer.count)
      guard unsafe mecab_parse_lattice(tagger, lattice) != 0 else { return }
      var node = unsafe mecab_lattice_get_bos_node(lattice)
      while let current = unsafe node {
        let word = unsafe current.pointee
        unsafe node = word.next
        guard unsafe word.stat == MECAB_NOR_NODE || word.stat == MECAB_UNK_NODE,
          let surface = unsafe word.surface, let feature = unsafe word.feature
        else { continue }
        let bytes = unsafe UnsafeRawBufferPointer(start: surface, count: Int(word.length))
        unsafe words.append(
          Word(
            offset: start + (surface - base), length: Int(word.length),
            surface: String(decoding: bytes, as: UTF8.self),
            features: String(cString: feature).split(
              separator: ",", omittingEmptySubsequences: false),
            isUnknown: word.stat == MECAB_UNK_NODE))
      }
    }
  }
}
