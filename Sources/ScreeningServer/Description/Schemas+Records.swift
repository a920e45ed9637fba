extension Schemas {
  private static let summary: [String: JSONTree] = [
    "applicant": number, "name": optionalText, "opening": text, "received": text,
    "state": ["type": "string", "enum": ["active", "withdrawn", "duplicate", "erased"]],
    "label": ["type": ["string", "null"], "enum": ["ok", "ng", "hold", nil]],
    "labelledBy": optionalText,
    "outcome": [
      "type": ["string", "null"],
      "enum": ["review", "second-look", "undecidable", "unscored", nil],
    ],
    "probability": [
      "type": ["integer", "null"], "minimum": 0, "maximum": 10000,
      "description": "Basis points.",
    ],
    "model": optionalNumber, "flags": texts,
  ]

  static let records: [String: JSONTree] = [
    "ApplicantSummary": object(summary),
    "ApplicantPage": object(["applicants": list(of: "ApplicantSummary"), "total": number]),
    "ApplicantList": object([
      "applicants": list(of: "ApplicantSummary"), "next": optionalText, "position": number,
      "registered": number,
    ]),
    "Applicant": object(
      summary.merging([
        "email": optionalText, "reason": optionalText, "position": number,
        "documents": ["type": "array", "items": ["type": "object"]],
        "screening": ["type": ["object", "null"]],
      ]) { $1 }),
    "History": object([
      "history": [
        "type": "array",
        "items": object([
          "position": number, "at": text, "happened": optionalText, "type": text, "actor": text,
          "onBehalfOf": optionalText, "via": text, "facts": ["type": "object"],
          "reason": optionalText,
        ]),
      ]
    ]),
    "Explanation": object([
      "applicant": number, "screening": number, "model": optionalNumber, "threshold": number,
      "probability": optionalNumber, "score": optionalText, "scoreDecimal": decimal,
      "bias": optionalText, "biasDecimal": decimal,
      "contributions": [
        "type": "array", "items": object(["term": text, "value": text, "valueDecimal": decimal]),
      ],
    ]),
    "Screening": object([
      "applicant": number, "outcome": text, "reason": optionalText, "probability": optionalNumber,
      "interval": ["type": ["array", "null"], "items": number], "score": optionalText,
      "scoreDecimal": decimal, "model": optionalNumber,
    ]),
    "DocumentList": object(["documents": ["type": "array", "items": ["type": "object"]]]),
    "LabelList": object([
      "labels": [
        "type": "array",
        "items": object([
          "position": number, "label": text, "purpose": text, "given": text, "by": text,
          "claimed": flag, "screening": optionalNumber, "reason": optionalText,
        ]),
      ]
    ]),
    "ScreeningList": object(["screenings": list(of: "Screening")]),
    "OpeningList": object([
      "openings": [
        "type": "array",
        "items": object([
          "opening": text, "applicants": number, "erased": number,
          "labels": object(["ok": number, "ng": number, "hold": number, "none": number]),
          "queues": ["type": "object", "additionalProperties": number],
          "secondLookUnread": number, "model": optionalNumber,
        ]),
      ]
    ]),
    "AuditList": object([
      "audits": [
        "type": "array",
        "items": object([
          "position": number, "at": text, "by": text, "kind": text, "opening": text,
          "through": number, "applicants": number,
        ]),
      ]
    ]),
    "Retention": object([
      "applicants": ["type": "array", "items": number],
      "held": ["type": "array", "items": number], "erased": flag,
    ]),
    "ModelCard": object(["model": number, "opening": text, "digest": text, "inForce": flag]),
    "ModelReliability": object([
      "model": number, "opening": text, "withheld": optionalText,
      "metrics": ["type": ["object", "null"]],
    ]),
    "ModelDrift": object([
      "model": number, "opening": text, "periods": ["type": "array", "items": ["type": "object"]],
    ]),
    "PolicyList": object(["policies": list(of: "Policy")]),
    "LexiconList": object(["lexicons": list(of: "Lexicon")]),
    "Replay": ["type": "object"],
    "Disclosure": object([
      "applicant": ["type": "object"], "history": ["type": "array", "items": ["type": "object"]],
      "attributes": ["type": "object"], "models": ["type": "array", "items": number],
      "position": number,
    ]),
    "Dossier": object([
      "format": text, "applicant": number, "position": number, "erased": flag, "checkpoint": text,
      "key": text,
      "events": [
        "type": "array", "items": object(["position": number, "event": text, "proof": texts]),
      ],
      "opened": ["type": "array", "items": ["type": "object"]],
      "blobs": [
        "type": "array", "items": object(["position": number, "member": text, "bytes": text]),
      ],
      "screenings": ["type": "array", "items": ["type": "object"]],
      "history": ["type": "array", "items": ["type": "object"]],
    ]),
    "ReadingAudit": object([
      "opening": text, "through": number, "review": ["type": "object"],
      "secondLook": ["type": "object"], "withoutScore": ["type": "object"],
      "agreement": ["type": "object"], "seed": text, "position": number,
    ]),
    "GroupAudit": object([
      "opening": text, "through": number, "applicants": number, "median": optionalNumber,
      "tables": ["type": "array", "items": ["type": "object"]], "position": number,
    ]),
    "Vocabulary": object([
      "vocabulary": [
        "type": "array",
        "items": object(["term": text, "applicants": number, "openings": ["type": "object"]]),
      ]
    ]),
    "Model": object([
      "model": number, "opening": text, "digest": text, "position": number,
      "labels": object(["ok": number, "ng": number]), "inForce": flag,
    ]),
    "ModelList": object(["models": list(of: "Model")]),
    "Consistency": object(["first": number, "second": number, "hashes": texts]),
    "Lexicon": object(["name": text, "digest": text, "position": number, "text": text]),
    "Verification": object([
      "ok": flag, "events": number, "root": text, "models": ["type": "object"],
      "screenings": ["type": "object"], "outsideCheckpoint": flag, "problems": texts,
    ]),
    "Policy": object(["threshold": number, "scores": text, "position": number]),
    "Event": [
      "type": "object",
      "description":
        "An event in its one canonical spelling; the last line is {count, end: true, position}.",
    ],
  ]
}
