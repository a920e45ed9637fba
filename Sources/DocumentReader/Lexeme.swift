/// A word as MeCab gives it, wherever it stands, with what the noun rules make of it: made once, since the words
/// of one résumé stand in the next one as well.
final class Lexeme {
  /// As it is written, in UTF-8.
  let bytes: [UInt8]
  /// Its class; of an unknown word only that it is a noun counts.
  let feature: Feature
  /// Whether the dictionary does not have it.
  let isUnknown: Bool
  /// The spelling that counts are kept under.
  let term: String
  /// Its part of a compound's spelling.
  let part: String
  let partOfSpeech: String
  let hasLetter: Bool
  /// Whether it counts as a noun.
  let isNoun: Bool
  /// Whether the dictionary takes it for the name of a person or place; common words among them are nouns.
  let isName: Bool

  init(_ bytes: [UInt8], _ feature: Feature, isUnknown: Bool) {
    let surface = String(decoding: bytes, as: UTF8.self)
    self.bytes = bytes
    self.feature = feature
    self.isUnknown = isUnknown
    part = NounRules.term(ofSurface: surface)
    term =
      isUnknown || feature.base == nil
      ? part : NounRules.term(ofSurface: feature.base ?? surface)
    partOfSpeech = isUnknown ? feature.unknown : feature.partOfSpeech
    // A long vowel's sign alone stands for a dash.
    hasLetter = surface.unicodeScalars.contains { $0.isLetter && $0 != "ー" }
    isName =
      !isUnknown && feature.role == .name && !ExclusionLexicon.misfiled.contains(term)
    let counts =
      feature.isNoun && hasLetter && !NounRules.stopWords.contains(Spelling(surface))
    // An unknown word's subclass is noise; that it has a letter is what counts.
    isNoun =
      counts && (isUnknown || feature.role == .noun || feature.role == .name && !isName)
  }

  /// Whether it is written as `bytes`.
  func isWritten(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count == self.bytes.count else { return false }
    for index in self.bytes.indices where unsafe self.bytes[index] != bytes[index] { return false }
    return true
  }

  /// Its surface.
  var surface: String { String(decoding: bytes, as: UTF8.self) }
}
