/// Something to look at before a model's percentages are believed.
public struct ModelWarning: Sendable, Encodable {
  /// What it is, as a slug.
  ///
  /// On a card: `erased`, `left-out` where people with a label taught nothing, and `worse-than-base-rate` where telling everybody the share of OK would have been nearer the
  /// truth, for those held out. In a report of drift: `erased`, `other-year` (somebody applied more than a year after
  /// the last label), `other-form`, `unknown-words` or `other-scores`.
  public let slug: String
  /// What it means and what to do.
  public let text: CardText
}

extension ModelCard {
  /// What the reader of a card is to know first.
  ///
  /// - Parameters:
  ///   - erased: how many of those who taught the model were erased since.
  ///   - leftOut: who had a label and taught nothing, if that is known.
  ///   - heldOut: how the percentages did on those held out.
  static func warnings(
    erased: Int, leftOut: LeftOut?, heldOut: CardMetrics?
  ) -> [ModelWarning] {
    var warnings: [ModelWarning] = []
    if erased > 0 {
      warnings.append(
        ModelWarning(
          slug: "erased",
          text: CardText(
            "学んだ応募者のうち \(erased) 人が消去されたため、このモデルは再現できません。期間、ほぼ同じ書類、後の判断での確かめ、"
              + "除外した語彙も示せません。学び直してください。",
            "Erased since, of the applicants it learnt from: \(erased). So it cannot be trained again, and the time "
              + "of the labels, near duplicates, later labels and excluded words are not shown. Train another one."
          )))
    }
    if let sentence = leftOut?.sentence {
      warnings.append(ModelWarning(slug: "left-out", text: sentence))
    }
    if let heldOut, heldOut.isWorseThanBaseRate {
      warnings.append(
        ModelWarning(
          slug: "worse-than-base-rate",
          text: CardText(
            "確かめた \(heldOut.count) 人では、OK度数は当て推量に及びません。\(heldOut.losses.ja)",
            "On the \(heldOut.count) held out, the percentages are worse than guessing: \(heldOut.losses.en)"
          )))
    }
    return warnings
  }
}

extension CardMetrics {
  /// Whether telling everybody the share of OK would have had a smaller log-loss.
  fileprivate var isWorseThanBaseRate: Bool { logLoss > baseRateLogLoss }

  /// The two log-losses side by side.
  fileprivate var losses: CardText {
    let (own, base) = (fixed(logLoss, 4), fixed(baseRateLogLoss, 4))
    return CardText(
      "対数損失は \(own) で、全員に OK の割合を告げた場合の \(base) より大きい値です。",
      "a log-loss of \(own), above the \(base) of telling everybody the base rate.")
  }
}
