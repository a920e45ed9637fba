/// How a text's ideographs make words: in Japanese most stand in words of several that the dictionary has, in Chinese
/// and in bytes that were taken for another encoding they do not.
struct Ideographs {
  /// How many there are, but for those of dates.
  private(set) var count = 0
  /// How many of them are words of their own, or of none that the dictionary has.
  private(set) var loose = 0

  /// Of fewer there is nothing to tell by.
  private static let fewest = 20

  /// Counts those of a text in UTF-8, which has been analysed.
  init(
    _ text: [UInt8], _ analysis: Analyser.Analysis, isUnknown: (Analyser.Word) -> Bool
  ) {
    for word in analysis.words {
      var (ideographs, characters) = (0, 0)
      var (place, isDate) = (word.offset, false)
      while place < word.offset + word.length {
        let (scalar, end) = text.scalar(at: place)
        place = end
        characters += 1
        guard scalar.isKanji else { continue }
        ideographs += 1
        isDate = scalar == "年" || scalar == "月" || scalar == "日"
      }
      guard ideographs > 0, characters > 1 || !isDate else { continue }
      count += ideographs
      if characters == 1 || isUnknown(word) { loose += ideographs }
    }
  }

  /// Whether they are of another language than Japanese, which hardly does without kana, and then in compounds.
  ///
  /// Measured: lists of Japanese nouns 3 to 16 %, Chinese from 40 %, Japanese texts whose kana are taken out at
  /// most 31 %.
  func areForeign(besideKana kana: Int) -> Bool {
    count >= Self.fewest && kana * 50 < count && loose * 100 > count * 36
  }

  /// Whether they are none that anybody wrote.
  ///
  /// Measured: Japanese at most 27 %, UTF-8 and EUC-JP read as another encoding from 99 %.
  var areGarbled: Bool { count >= Self.fewest && loose * 100 > count * 70 }
}
