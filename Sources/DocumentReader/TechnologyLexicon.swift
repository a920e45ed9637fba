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

  /// The names by their first byte, the longest first.
  private let byStart: [[Name]]
  /// Whether a name begins with two bytes.
  private let begins: [Bool]
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
    var byStart = [[Name]](repeating: [], count: 256)
    for (name, term) in names {
      guard let first = name.utf8.first else { continue }
      byStart[Int(first)].append(Name(bytes: Array(name.utf8), term: term))
    }
    self.byStart = byStart.map { $0.sorted { $0.bytes.count > $1.bytes.count } }
    var begins = [Bool](repeating: false, count: 1 << 16)
    for (name, _) in names {
      let bytes = Array(name.utf8.prefix(2))
      guard let first = bytes.first else { continue }
      let seconds = bytes.count > 1 ? Int(bytes[1])...Int(bytes[1]) : 0...255
      for second in seconds { begins[Int(first) << 8 | second] = true }
    }
    self.begins = begins
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
      guard let name = name(at: place, in: text) else {
        place += 1
        continue
      }
      matches.append(Match(range: place..<place + name.bytes.count, term: name.term))
      place += name.bytes.count
    }
    return matches
  }

  private func name(at place: Int, in text: [UInt8]) -> Name? {
    let first = Int(Self.lower(text[place]))
    let second = place + 1 < text.count ? Int(Self.lower(text[place + 1])) : 0
    guard begins[first << 8 | second] else { return nil }
    return byStart[first].first { name in
      let end = place + name.bytes.count
      guard end <= text.count else { return false }
      for (offset, byte) in name.bytes.enumerated() where Self.lower(text[place + offset]) != byte {
        return false
      }
      return Self.standsAlone(place..<end, in: text)
    }
  }

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
    // A katakana word that goes on is another word.
    return !isKatakana(before: range.lowerBound, text) || !isKatakana(at: range.lowerBound, text)
  }

  private static func isKatakana(at place: Int, _ text: [UInt8]) -> Bool {
    guard place >= 0, place + 2 < text.count, text[place] == 0xE3 else { return false }
    return text[place + 1] == 0x83 || (text[place + 1] == 0x82 && text[place + 2] >= 0xA1)
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
