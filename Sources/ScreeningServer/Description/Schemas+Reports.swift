import Screening

extension Schemas {
  private static let share: JSONTree = ["type": "number", "minimum": 0, "maximum": 1]
  private static let real: JSONTree = ["type": "number"]
  private static let numbers: JSONTree = ["type": "array", "items": number]
  private static let counts: JSONTree = ["type": "object", "additionalProperties": number]

  private static func array(_ items: JSONTree) -> JSONTree { ["type": "array", "items": items] }

  /// What is answered as `null` where there is nothing to tell.
  private static func optional(_ schema: JSONTree) -> JSONTree {
    ["anyOf": [schema, ["type": "null"]]]
  }

  /// What is computed of many records for one answer.
  static let reports: [String: JSONTree] = [replays, verifications, audits, cards]
    .reduce(into: [:]) { $0.merge($1) { $1 } }

  private static let replays: [String: JSONTree] = [
    "ReplayList": object(["replays": list(of: "Replay")]),
    "Replay": object([
      "opening": text, "model": number, "candidate": optionalNumber,
      "parameters": optional(OpenAPI.reference("ReplayParameters")), "digest": text, "c": real,
      "representation": text, "labels": object(["ok": number, "ng": number, "blind": number]),
      "threshold": number, "heldOut": optional(OpenAPI.reference("ReplayFigures")),
      "unseen": optional(
        object([
          "whatIf": optional(OpenAPI.reference("ReplayFigures")),
          "present": optional(OpenAPI.reference("ReplayFigures")), "presentLearnt": number,
        ])),
      "applicants": number, "bothReview": number, "bothSecondLook": number, "toReview": number,
      "toSecondLook": number, "other": number, "hidden": number,
      "shifts": array(
        object(["from": ["type": "integer"], "to": ["type": "integer"], "count": number])),
      "changes": array(
        object([
          "applicant": number, "from": choice(of: Outcome.self), "to": choice(of: Outcome.self),
          "fromProbability": optionalNumber, "toProbability": optionalNumber,
          "words": array(object(["term": text, "difference": real])),
        ])),
    ]),
    "ReplayFigures": object([
      "count": number, "ok": number, "logLoss": real, "brier": real, "baseRateLogLoss": real,
      "accuracy": share, "threshold": number, "aboveThreshold": number, "aboveThresholdOK": number,
    ]),
  ]

  private static let verifications: [String: JSONTree] = [
    "Verification": object([
      "ok": flag, "events": number, "root": text, "signed": number,
      "models": OpenAPI.reference("DerivedAgain"), "screenings": OpenAPI.reference("DerivedAgain"),
      "outsideCheckpoint": flag, "pinnedKey": flag, "pinned": optionalNumber,
      "covered": optionalNumber,
      "witnessed": array(object(["name": text, "size": number, "at": text])),
      "formerly": array(object(["origin": text, "size": number, "position": number])),
      "notices": texts, "problems": texts,
      "damage": array(
        object([
          "position": number, "applicant": optionalNumber, "models": numbers,
          "screenings": numbers,
        ])),
    ]),
    "DerivedAgain": object(["verified": number, "irreproducible": number, "failed": number]),
  ]

  private static let audits: [String: JSONTree] = [
    "ReadingAudit": object([
      "opening": text, "through": number, "review": OpenAPI.reference("AuditedSide"),
      "secondLook": OpenAPI.reference("AuditedSide"),
      "withoutScore": OpenAPI.reference("AuditedSide"), "erased": number,
      "seed": text, "position": number,
    ]),
    "AuditedSide": object([
      "applicants": number, "opened": number, "ok": number, "ng": number, "hold": number,
      "undecided": number, "withdrawn": number, "duplicate": number, "ngUnopened": number,
      "claimed": number, "blind": number, "sample": numbers,
      "agreement": object([
        "bothOK": number, "bothNG": number, "okThenNG": number, "ngThenOK": number,
        "observed": decimal, "kappa": decimal, "margin": decimal,
      ]),
    ]),
    "GroupAudit": object([
      "opening": text, "through": number, "applicants": number, "waiting": number,
      "wordless": number,
      "median": number,
      "tables": array(
        object([
          "attribute": text, "scoring": list(of: "GroupFigures"), "model": list(of: "GroupFigures"),
          "people": list(of: "GroupFigures"),
          "words": array(object(["group": text, "term": text, "share": share, "others": share])),
        ])), "position": number,
    ]),
    "GroupFigures": object([
      "group": text, "count": number, "selected": number, "rate": decimal, "interval": interval,
      "impactRatio": decimal, "significant": ["type": ["boolean", "null"]],
      "underFourFifths": flag, "small": flag,
    ]),
  ]

  private static let sentence = object(["ja": text, "en": text])
  private static let warnings = array(object(["slug": text, "text": sentence]))
  private static let interval: JSONTree = [
    "type": "array", "items": share,
  ]

  private static let cards: [String: JSONTree] = [
    "ModelCard": record([
      "model": number, "opening": text, "digest": text, "trained": text, "through": number,
      "inForce": flag, "algorithm": text,
      "data": object([
        "labels": object(["ok": number, "ng": number, "blind": number]),
        "leftOut": optional(leftOut), "first": optionalText,
        "last": optionalText, "erased": number, "duplicates": optionalNumber, "analysis": text,
        "lexicon": text, "lexiconDigest": text, "digest": text, "manifest": text,
      ]),
      "terms": number, "minimumDocumentFrequency": number, "representation": text, "c": real,
      "candidates": array(
        object([
          "representation": text, "c": real, "logLoss": decimal, "dropped": optionalText,
        ])),
      "certificate": object([
        "primal": real, "dual": real, "gap": real, "epochs": number, "scoreError": real,
        "weights": text, "alphas": text,
      ]),
      "withheld": optionalText, "metrics": optional(OpenAPI.reference("CardMetrics")),
      "overTime": object([
        "from": optionalText, "earlier": number, "duplicates": number,
        "metrics": optional(OpenAPI.reference("CardMetrics")), "reason": optionalText,
      ]),
      "excluded": optional(
        array(
          object([
            "category": text, "applicants": number,
            "terms": array(object(["term": text, "applicants": number, "weight": decimal])),
            "rare": number,
          ]))), "warnings": warnings, "limits": array(sentence),
    ]),
    "ModelReliability": record([
      "model": number, "opening": text, "withheld": optionalText,
      "metrics": optional(OpenAPI.reference("CardMetrics")),
    ]),
    "CardMetrics": object([
      "count": number, "logLoss": real, "baseRateLogLoss": real, "brier": real,
      "baseRateBrier": real, "baseRate": share, "accuracy": share, "nested": flag,
      "aboveThreshold": object([
        "threshold": number, "count": number, "ok": number, "predicted": real,
        "observed": decimal, "interval": interval,
      ]),
      "reliability": array(
        object([
          "count": number, "ok": number, "predicted": share, "observed": share,
          "interval": interval,
        ])), "plot": text,
    ]),
    "ModelDrift": record([
      "model": number, "opening": text, "inForce": flag,
      "reference": optional(
        object([
          "applicants": number, "first": text, "last": text, "unknownShare": share,
          "forms": counts,
        ])), "periods": list(of: "DriftPeriod"),
      "all": optional(OpenAPI.reference("DriftPeriod")),
      "warnings": warnings,
    ]),
    "DriftPeriod": object([
      "month": text, "applicants": number, "unknownShare": decimal, "tenths": optional(numbers),
      "stabilityIndex": decimal.with([
        "description":
          "Under 0.1 little has changed, above 0.25 much has, if it is above chanceIndex too; null below 20 scores."
      ]),
      "chanceIndex": decimal.with([
        "description": "What applicants of the same kind exceed by chance once in twenty."
      ]),
      "meanProbability": optionalNumber, "forms": counts,
    ]),
  ]
}
