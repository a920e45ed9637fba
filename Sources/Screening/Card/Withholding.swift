import LinearSVM

/// Why there is no percentage, said in a sentence.
public enum Withholding {
  /// The sentence for a reason that an event or a card names by its slug; `nil` for an unknown one.
  public static func sentence(for slug: String) -> CardText? { sentences[slug] }

  /// The reason as it is told of a model with so many labels.
  ///
  /// What is recorded does not say whether people were too few, or too many of them handed in all but the same
  /// document; nor whether scores had no signal, or there were none, since no candidate's solves reached their gap.
  ///
  /// - Parameter outcomes: gives what became of the candidates; asked only where that decides.
  static func told<Failure: Error>(
    _ reason: String?, ok: Int, ng: Int, outcomes: () throws(Failure) -> [Candidate.Outcome]
  ) throws(Failure) -> String? {
    switch reason {
    case Withheld.tooFewLabels.slug where min(ok, ng) >= Withheld.fewestOfAKind: return duplicates
    case Withheld.noSignal.slug:
      let outcomes = try outcomes()
      let isForTheGap = !outcomes.isEmpty && outcomes.allSatisfy { $0 == .gapNotReached }
      return isForTheGap ? gapNotReached : reason
    default: return reason
    }
  }

  /// That there would be people enough, if there were no duplicates.
  static let duplicates = "too-few-distinct"

  /// That nobody's score while held out is certain.
  static let gapNotReached = "gap-not-reached"

  /// That a calibration is missing, and no reason is recorded.
  static let unexplained = "no-percentage"

  /// Every reason that is recorded or told.
  static let sentences: [String: CardText] = [
    "too-few-labels": CardText(
      "OK か NG のどちらかが 10 人に満たないため、OK度数を示しません(ほぼ同じ書類は一人と数えます)。",
      "There are fewer than ten people of a kind, so no percentage is given; near duplicates count as one."
    ),
    duplicates: CardText(
      "ほぼ同じ書類を一人と数えると、OK か NG のどちらかが 10 人に満たないため、OK度数を示しません。",
      "Near duplicates counting as one, there are fewer than ten people of a kind, so no percentage is given."
    ),
    "wrong-sign": CardText(
      "点数が高いほど OK が少ないため、OK度数を示しません。",
      "Higher scores go with fewer OK labels, so no percentage is given."),
    "no-signal": CardText(
      "点数が OK と NG を分けないため、OK度数を示しません。",
      "The scores do not tell OK from NG, so no percentage is given."),
    gapNotReached: CardText(
      "学習が打ち切りまでに最適解に届かなかったため、OK度数を示しません。C を小さくして学び直してください。",
      "No solve without some of the applicants reached its optimum in time, so no percentage is given. Train with a "
        + "smaller C."),
    unexplained: CardText("OK度数を示しません。", "No percentage is given."),
    ScreeningResult.hiddenReason: CardText(
      "方針により、点数は判断を記録した後に示します。",
      "By the policy in force, a score is shown after the decision is recorded."),
    "no-model": CardText(
      "この職種で使用中のモデルがありません。", "No model is in force for the opening."),
    "too-few-known-nouns": CardText(
      "モデルの知る名詞が 5 語に満たないため、判定できません。",
      "The model knows fewer than five of the nouns, so it cannot judge."),
    "unreadable": CardText(
      "読み取れる書類がないため、判定できません。", "No document could be read, so nothing is judged."),
    "other-analysis": CardText(
      "モデルと同じ解析で読まれた書類がないため、判定できません。読み取りのプログラムか辞書が変わりました。'senko reread --all'、"
        + "'senko train'、'senko promote' の順に実行してください。",
      "No document was read by the analysis that the model learnt from: programs or dictionaries have changed. Run "
        + "'senko reread --all', then 'senko train' and 'senko promote'."),
    "foreign-language": CardText(
      "日本語の書類ではないため、判定できません。", "The document is not in Japanese."),
    "garbled": CardText("文字化けのため、判定できません。", "The text is garbled."),
    "slanted": CardText(
      "行が傾いているため、判定できません。", "The lines climb or fall across the page."),
    "erased": CardText(
      "学んだ応募者が消去されたため、示せません。", "An applicant who taught the model was erased."),
    "same-time": CardText(
      "すべての判断が同じ時のものです。", "All labels are of one time."),
  ]
}
