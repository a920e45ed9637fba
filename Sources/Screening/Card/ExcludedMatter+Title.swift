extension ModelCard.ExcludedMatter {
  /// What the matter is called; one that only an adopted lexicon knows, by its slug.
  func title(in language: CardLanguage) -> String {
    guard language == .ja else { return category }
    return Self.japanese[category] ?? category
  }

  /// Every matter of a standard lexicon, and every class of words but those of the applicant's own, which no audit shows.
  static let japanese = [
    "address": "住所", "age": "年齢", "appearance": "容姿・身体", "belief": "信条", "birthplace": "本籍・出生地",
    "building": "建物名", "environment": "生活環境", "family": "家族", "health": "健康・障害",
    "housing": "住宅", "marriage": "婚姻", "nationality": "国籍・民族", "number": "数",
    "party": "政党", "person": "人名", "place": "地名", "reading": "購読紙・愛読書", "record": "賞罰・身元",
    "religion": "宗教", "respect": "尊敬する人物", "school": "学校", "sex": "性別", "thought": "思想",
    "union": "労働組合・社会運動", "value": "項目に書かれた値",
  ]
}
