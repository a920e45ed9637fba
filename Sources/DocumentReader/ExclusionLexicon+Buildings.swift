/// The name of a building and the number of a room, as they stand behind the number of a house.
enum Building {
  /// What belongs to an address in its line behind `start`; `nil` where nothing does.
  ///
  /// What is left of the house's number, then one word, then numbers of a floor or room: another label or a sentence is
  /// none of it.
  static func range(in text: [UInt8], from start: Int) -> Range<Int>? {
    var rest = text[start...]
    while let size = numeral(rest) { rest = rest.dropFirst(size) }
    if rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
    let word = rest.prefix(longestName + 1).prefix { !ExclusionLexicon.isBlank($0) }
    guard word.count <= longestName, !labels.contains(where: { word.starts(with: $0) }),
      !marks.contains(where: { mark in contains(mark, word) })
    else { return nil }
    rest = rest.dropFirst(word.count)
    // プラウド恵比寿 805
    while rest.first == UInt8(ascii: " "), let second = rest.dropFirst().first,
      HouseNumber.isDigit(second)
    {
      let number = rest.dropFirst().prefix(longestRoom + 1).prefix { !ExclusionLexicon.isBlank($0) }
      guard number.count <= longestRoom else { break }
      rest = rest.dropFirst(1 + number.count)
    }
    return start < rest.startIndex ? start..<rest.startIndex : nil
  }

  /// How long a sign of a house's number is; `nil` where none stands.
  private static func numeral(_ text: ArraySlice<UInt8>) -> Int? {
    guard let first = text.first else { return nil }
    if HouseNumber.isDigit(first) || first == UInt8(ascii: "-") { return 1 }
    return numerals.first { text.starts(with: $0) }?.count
  }

  private static func contains(_ mark: [UInt8], _ word: ArraySlice<UInt8>) -> Bool {
    word.indices.contains { word[$0...].starts(with: mark) }
  }

  /// Twenty characters.
  private static let longestName = 60
  private static let longestRoom = 12
  private static let numerals = ["丁目", "番地", "番", "号", "の"].map { Array($0.utf8) }
  private static let marks = ["、", "。", ":"].map { Array($0.utf8) }
  private static let labels = [
    "電話", "携帯", "TEL", "tel", "Tel", "FAX", "メール", "E-mail", "email", "Email", "連絡先", "フリガナ",
    "ふりがな", "氏名",
    "生年月日", "年齢", "性別", "配偶者", "扶養", "最寄", "通勤", "国籍", "本籍", "〒",
  ].map { Array($0.utf8) }
}
