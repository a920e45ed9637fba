extension ExclusionLexicon {
  /// Where the values of forbidden matters stand behind their labels: 有 behind 配偶者, 恵比寿 behind 最寄駅.
  ///
  /// A label begins its line or stands behind a space or a parenthesis, and one word follows behind a space, a colon or
  /// a parenthesis; in the next line only what answers nothing else.
  ///
  /// - Complexity: O(length of the text).
  func valueSpans(in text: [UInt8]) -> [Span] {
    var spans: [Span] = []
    var (place, rowEnd) = (0, 0)
    while place < text.count {
      if let value = LabelledValue.range(in: text, at: place, &rowEnd) {
        spans.append(Span(range: value, category: WordClass.value.rawValue, phrase: ""))
      }
      guard let next = text[place...].firstIndex(where: LabelledValue.precedes) else { break }
      place = next + 1
    }
    return spans
  }
}

private enum LabelledValue {
  /// Where the value stands whose label begins at `place`; `nil` if none does.
  ///
  /// - Parameter rowEnd: where the newest row of words ended that the name of a railway line led on to: it is not walked
  ///   again from within.
  static func range(in text: [UInt8], at place: Int, _ rowEnd: inout Int) -> Range<Int>? {
    let rest = text[place...]
    guard let label = labels.first(where: { rest.starts(with: $0) }) else { return nil }
    let labelEnd = place + label.count
    let start = rest[labelEnd...].firstIndex { !separators.contains($0) } ?? text.count
    if start == labelEnd {
      guard text[labelEnd...].first == UInt8(ascii: "\n") else { return nil }
      return answers.first { answer in
        text[(labelEnd + 1)...].starts(with: answer)
          && text[(labelEnd + 1 + answer.count)...].first.map(precedes) ?? true
      }.map { labelEnd + 1..<labelEnd + 1 + $0.count }
    }
    let first = end(in: text, from: start)
    var last = first
    // JR山手線 恵比寿駅
    while lines.contains(where: { text[start..<last].suffix($0.count).elementsEqual($0) }),
      text[last...].first == UInt8(ascii: " ")
    {
      last = last < rowEnd ? rowEnd : end(in: text, from: last + 1)
    }
    if last > first { rowEnd = last }
    return start < last ? start..<last : nil
  }

  /// Where a word ends: before a space, a parenthesis, a comma or a line's end.
  private static func end(in text: [UInt8], from start: Int) -> Int {
    var place = start
    while place < text.count, !ends.contains(text[place]),
      !marks.contains(where: { text[place...].starts(with: $0) })
    {
      place += 1
    }
    return place
  }

  /// Whether a label may begin behind a byte.
  static func precedes(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: " ") || byte == UInt8(ascii: "(")
      || byte == UInt8(ascii: ")")
  }

  private static let separators: Set<UInt8> = Set(" :(".utf8)
  private static let ends: Set<UInt8> = Set(" ()\n,/".utf8)
  private static let marks = ["、", "。"].map { Array($0.utf8) }
  private static let lines = ["線", "jr", "JR"].map { Array($0.utf8) }
  /// Labels, each before those that it begins with.
  private static let labels = [
    "配偶者の有無", "配偶者", "扶養家族数", "扶養家族", "扶養義務", "家族構成", "家族", "続柄", "父親", "母親", "父", "母",
    "兄", "弟", "姉", "妹", "夫", "妻", "祖父", "祖母", "長男", "次男", "三男", "長女", "次女", "三女", "血液型", "身長",
    "体重", "視力", "健康状態", "持病", "既往歴", "病歴", "最寄り駅", "最寄駅", "最寄り", "通勤時間", "住居", "住まい",
    "住宅状況", "国籍", "本籍地", "本籍", "出身地", "出生地", "宗教", "信仰", "支持政党", "愛読書", "購読新聞", "購読雑誌",
    "尊敬する人物", "尊敬する人", "座右の銘", "星座", "干支",
  ].map { Array($0.utf8) }.sorted { $0.count > $1.count }
  /// What may answer a label in the line before.
  private static let answers = [
    "有", "無", "あり", "なし", "有り", "無し", "良好", "健康", "A型", "B型", "O型", "AB型",
  ].map { Array($0.utf8) }
}
