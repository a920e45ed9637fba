extension Schemas {
  private static let summary: [String: JSONTree] = [
    "model": number, "opening": text, "digest": text, "position": number, "through": number,
    "labels": object(["ok": number, "ng": number, "blind": number]), "terms": number, "c": text,
    "cDecimal": decimal, "representation": text, "primal": text, "primalDecimal": decimal,
    "dual": text, "dualDecimal": decimal, "gap": text, "gapDecimal": decimal,
    "logLoss": optionalText, "logLossDecimal": decimal, "brier": optionalText,
    "brierDecimal": decimal, "baseRate": text, "baseRateDecimal": decimal,
    "withheld": optionalText, "inForce": flag, "erased": number,
  ]

  private static let policy: [String: JSONTree] = [
    "threshold": number, "scores": text, "retention": list(of: "RetentionRule"), "position": number,
  ]

  private static let lexicon: [String: JSONTree] = [
    "name": text, "digest": text, "position": number, "text": text,
  ]

  private static let adopted: [String: JSONTree] = ["at": optionalText, "by": optionalText]

  private static let objects: JSONTree = ["type": "array", "items": ["type": "object"]]

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
    "ModelCard": record([
      "model": number, "opening": text, "digest": text, "trained": text, "through": number,
      "inForce": flag, "algorithm": text, "data": ["type": "object"], "terms": number,
      "minimumDocumentFrequency": number, "representation": text, "c": decimal,
      "candidates": objects, "certificate": ["type": "object"], "withheld": optionalText,
      "metrics": ["type": ["object", "null"]], "overTime": ["type": "object"],
      "excluded": ["type": ["array", "null"]], "limits": objects,
    ]),
    "ModelReliability": record([
      "model": number, "opening": text, "withheld": optionalText,
      "metrics": ["type": ["object", "null"]],
    ]),
    "ModelDrift": record([
      "model": number, "opening": text, "inForce": flag,
      "reference": ["type": ["object", "null"]], "periods": list(of: "DriftPeriod"),
      "all": ["anyOf": [OpenAPI.reference("DriftPeriod"), ["type": "null"]]], "warnings": objects,
    ]),
    "DriftPeriod": object([
      "month": text, "applicants": number, "unknownShare": decimal,
      "tenths": ["type": ["array", "null"], "items": number],
      "stabilityIndex": decimal.with([
        "description":
          "Under 0.1 little has changed, above 0.25 much has, if it is above chanceIndex too; null below 20 scores."
      ]),
      "chanceIndex": decimal.with([
        "description": "What applicants of the same kind exceed by chance once in twenty."
      ]),
      "meanProbability": optionalNumber, "forms": ["type": "object"],
    ]),
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
