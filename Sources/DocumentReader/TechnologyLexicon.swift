/// Names that the dictionary would cut apart: C++, Node.js, 基本情報技術者.
///
/// They are matched on the normalised text, the longest first, and given to the analysis as constraints.
struct TechnologyLexicon: Sendable {
  /// A name in the text.
  struct Match: Hashable {
    var range: Range<Int>
    var term: String
  }

  private struct Name {
    var bytes: [UInt8]
    /// What it counts as.
    var term: String
  }

  /// The names that begin alike, the longest first: with the same character of three bytes, or else the same two bytes;
  /// those of one byte with whatever second.
  private let groups: [[Name]]
  /// Which of the groups begins so; the first one is empty.
  private let groupByStart: [UInt16]
  /// SHA-256 of the names and what they count as.
  let digest: String

  /// The names that are known here and those that the user adds, who has the last word.
  init(adding own: OwnTechnologies = OwnTechnologies()) {
    var terms = Dictionary(Self.builtIn.map { ($0, $0) }) { $1 }
    for name in Self.builtIn {
      // 「ISO 9001」 is 「ISO9001」.
      let narrow = name.split(separator: " ").joined()
      if let term = terms[narrow] { terms[name] = term }
    }
    terms.merge(own.terms) { $1 }
    // Word processors put a space between Latin letters and Japanese.
    for (name, term) in terms {
      let spaced = Self.spaced(name)
      if terms[spaced] == nil { terms[spaced] = term }
    }
    let names = terms.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    let lines = names.map { $0.key == $0.value ? $0.key : $0.key + "\t" + $0.value }
    digest = FileDigest.hash(Array(lines.joined(separator: "\n").utf8))
    var groups: [[Name]] = [[]]
    var groupByStart = [UInt16](repeating: 0, count: 1 << 17)
    // Names of one byte first: they are in every group that begins with it.
    for (name, term) in names.sorted(by: { $0.key.utf8.count < $1.key.utf8.count }) {
      let bytes = Array(name.utf8)
      guard !bytes.isEmpty else { continue }
      let first = Self.start(of: bytes, at: 0)
      for start in first...(bytes.count > 1 ? first : first | 0xFF) {
        if groupByStart[start] == 0 {
          groupByStart[start] = UInt16(groups.count)
          groups.append([])
        }
        groups[Int(groupByStart[start])].append(Name(bytes: bytes, term: term))
      }
    }
    self.groups = groups.map { $0.sorted { $0.bytes.count > $1.bytes.count } }
    self.groupByStart = groupByStart
  }

  /// A name with a space wherever Latin letters meet Japanese ones.
  private static func spaced(_ name: String) -> String {
    var spaced = String.UnicodeScalarView()
    for scalar in name.unicodeScalars {
      if let last = spaced.last, last != " ", scalar != " ", last.isASCII != scalar.isASCII {
        spaced.append(" ")
      }
      spaced.append(scalar)
    }
    return String(spaced)
  }

  /// The names in `text`, from its beginning, none overlapping another.
  func matches(in text: [UInt8]) -> [Match] {
    var matches: [Match] = []
    var place = 0
    while place < text.count {
      // No name begins within a character.
      guard text[place] & 0xC0 != 0x80, let name = name(at: place, in: text) else {
        place += 1
        continue
      }
      matches.append(Match(range: place..<place + name.bytes.count, term: name.term))
      place += name.bytes.count
    }
    return matches
  }

  private func name(at place: Int, in text: [UInt8]) -> Name? {
    let group = Int(groupByStart[Self.start(of: text, at: place)])
    guard group > 0 else { return nil }
    return groups[group].first { name in
      let end = place + name.bytes.count
      guard end <= text.count else { return false }
      // The last byte tells names of one beginning apart best.
      var offset = name.bytes.count - 1
      while offset >= 0 {
        guard Self.lower(text[place + offset]) == name.bytes[offset] else { return false }
        offset -= 1
      }
      return Self.standsAlone(place..<end, in: text)
    }
  }

  /// How names begin that may stand at a place: the code of a character of three bytes, or above all of these two bytes
  /// in small letters, the second zero where there is none.
  private static func start(of text: [UInt8], at place: Int) -> Int {
    let first = text[place]
    guard place + 1 < text.count else { return 0x1_0000 | Int(lower(first)) << 8 }
    let second = text[place + 1]
    guard first & 0xF0 == 0xE0, place + 2 < text.count else {
      return 0x1_0000 | Int(lower(first)) << 8 | Int(lower(second))
    }
    return Int(first & 0x0F) << 12 | Int(second & 0x3F) << 6 | Int(text[place + 2] & 0x3F)
  }

  /// How many names are compared at the worst place of a text.
  var mostCandidates: Int { groups.map(\.count).max() ?? 0 }

  /// Whether no letter or digit continues an ASCII name on either side: "Go" is not in "Google".
  private static func standsAlone(_ range: Range<Int>, in text: [UInt8]) -> Bool {
    let (first, last) = (text[range.lowerBound], text[range.upperBound - 1])
    if range.lowerBound > 0, first < 0x80 {
      let before = text[range.lowerBound - 1]
      if isWord(before) && (isWord(first) || first != 0x2E) { return false }
      if first == 0x2E, isWord(before) { return false }
      if before == 0x2E, range.lowerBound > 1, isWord(text[range.lowerBound - 2]) { return false }
    }
    if range.upperBound < text.count, last < 0x80 {
      let after = text[range.upperBound]
      // A version may follow a name with a sign in it: C++03, .NET6, Node.js18.
      let isVersion =
        (0x30...0x39).contains(after) && !(0x30...0x39).contains(last) && range.count > 1
        && text[range].contains { $0 < 0x80 && $0 > 0x20 && !isWord($0) }
      if isWord(after) && !isVersion || after == 0x2B || after == 0x23 { return false }
    }
    // A katakana word that goes on is another word, and so are two ideographs behind a third: 宅建 in 住宅建設.
    if range.count == 6, isIdeograph(at: range.lowerBound, text),
      isIdeograph(at: range.lowerBound - 3, text)
    {
      return false
    }
    return !isKatakana(before: range.lowerBound, text) || !isKatakana(at: range.lowerBound, text)
  }

  private static func isKatakana(at place: Int, _ text: [UInt8]) -> Bool {
    guard place >= 0, place + 2 < text.count, text[place] == 0xE3 else { return false }
    return text[place + 1] == 0x83 || (text[place + 1] == 0x82 && text[place + 2] >= 0xA1)
  }

  private static func isIdeograph(at place: Int, _ text: [UInt8]) -> Bool {
    place >= 0 && text[place] & 0xF0 == 0xE0 && text.scalar(at: place).scalar.isKanji
  }

  private static func isKatakana(before place: Int, _ text: [UInt8]) -> Bool {
    isKatakana(at: place - 3, text)
  }

  private static func isWord(_ byte: UInt8) -> Bool { Unicode.Scalar(byte).isASCIIWord }

  private static func lower(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }
}

/// The text with ASCII capitals made small: no table of any Unicode version is asked.
func lowercasedASCII(_ text: some StringProtocol) -> String {
  String(
    decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
}
