/// What a reading may say in clear: these names and no others.
///
/// What they name is recorded for ever beside what is sealed; a worker that a document took over could otherwise spell
/// its words in names of its own.
enum ReadingNames {
  /// What the quality gate and those before it notice.
  static let flags: Set<String> = [
    "as-drawn", "foreign-language", "garbled", "hidden-text-unchecked", "invisible-text",
    "off-page-text", "pages-left-out", "recognised", "reversed-mended", "rotated",
    "scans-left-out", "searchable-scan", "slanted", "text-left-out", "tiny-text", "vertical",
    "white-text",
  ]
  /// What they measure.
  static let figures: Set<String> = [
    "additions", "brokenPerMille", "characters", "confidencePerMille", "costPerCharacter",
    "imageCover", "invisible", "japanesePerMille", "looseKanjiPerMille", "nouns", "offPage",
    "pages", "recognisedCharacters", "recognisedPages", "ruby", "slantedPerMille", "tiny",
    "unknownPerMille", "visible", "white",
  ]
  /// Why a document has no reading.
  static let reasons = Set(Unreadable.allCases.map(\.rawValue)).union([
    "crashed", "out-of-memory", "timeout", "too-large",
  ])
}
