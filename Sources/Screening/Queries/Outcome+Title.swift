extension Outcome {
  /// What is to be done next, in plain words.
  func title(in language: CardLanguage) -> String {
    let ja = language == .ja
    switch self {
    case .review: return ja ? "通常の審査（人が判断する）" : "the ordinary review by a person"
    case .secondLook: return ja ? "もう一度の確認（人が判断する）" : "a second look by a person"
    case .undecidable:
      return ja ? "判定不能（人が判断する）" : "undecidable; a person reviews it without a score"
    case .unscored:
      return ja ? "点数なしで通常の審査（人が判断する）" : "the ordinary review by a person, without a score"
    }
  }
}
