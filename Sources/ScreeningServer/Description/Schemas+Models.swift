extension Schemas {
  private static let summary: [String: JSONTree] = [
    "model": number, "opening": text, "digest": text, "position": number, "through": number,
    "labels": object(["ok": number, "ng": number, "blind": number]), "terms": number, "c": text,
    "cDecimal": decimal, "representation": text, "primal": text, "primalDecimal": decimal,
    "dual": text, "dualDecimal": decimal, "gap": text, "gapDecimal": decimal,
    "logLoss": optionalText, "logLossDecimal": decimal, "brier": optionalText,
    "brierDecimal": decimal, "baseRate": text, "baseRateDecimal": decimal,
    "withheld": optionalText, "inForce": flag, "erased": number,
    "leftOut": leftOut.with([
      "description": "Who had a label and taught nothing. Models of the first version do not tell."
    ]),
  ]

  static let leftOut = object([
    "unreadable": number, "untrusted": number, "otherAnalysis": number, "lostKey": number,
  ])

  private static let policy: [String: JSONTree] = [
    "threshold": number, "scores": text, "retention": list(of: "RetentionRule"), "position": number,
  ]

  private static let lexicon: [String: JSONTree] = [
    "name": text, "digest": text, "position": number, "text": text,
  ]

  private static let adopted: [String: JSONTree] = ["at": optionalText, "by": optionalText]

  /// What is told of models and of the rules they were made under.
  static let models: [String: JSONTree] = [
    "ModelList": object(["models": list(of: "ModelSummary")]),
    "ModelSummary": record(summary),
    "Model": record(
      summary.merging([
        "manifest": text, "data": text, "analysis": text, "algorithm": text,
        "weights": [
          "type": ["array", "null"], "items": object(["term": text, "weight": decimal]),
          "description": "null while the policy shows scores after the label, but for auditors.",
        ],
      ]) { $1 }),
    "Manifest": object(["sources": list(of: "Lesson"), "model": number, "through": number]),
    "Lesson": record([
      "applicant": number, "position": number, "label": optionalText, "labelledBy": text,
      "claimed": flag, "blind": flag,
      "readings": ["type": "array", "items": number], "erased": flag,
    ]),
    "Policy": record(policy),
    "AdoptedPolicy": record(policy.merging(adopted) { $1 }),
    "Lexicon": record(lexicon),
    "AdoptedLexicon": record(lexicon.merging(adopted) { $1 }),
  ]
}
