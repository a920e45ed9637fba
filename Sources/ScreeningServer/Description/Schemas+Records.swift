import Screening

extension Schemas {
  private static let summary: [String: JSONTree] = [
    "applicant": number, "name": optionalText, "opening": text, "received": text,
    "state": choice(of: ApplicantState.self),
    "label": optionalChoice(of: Label.self),
    "labelledBy": optionalText,
    "outcome": optionalChoice(of: Outcome.self),
    "probability": [
      "type": ["integer", "null"], "minimum": 0, "maximum": 10000,
      "description": "Basis points.",
    ],
    "model": optionalNumber, "flags": texts,
  ]

  private static let screening: [String: JSONTree] = [
    "applicant": number, "outcome": text, "reason": optionalText, "probability": optionalNumber,
    "interval": interval, "score": optionalText, "scoreDecimal": decimal, "model": optionalNumber,
    "position": number,
  ]

  private static let interval: JSONTree = ["type": ["array", "null"], "items": number]

  static let records: [String: JSONTree] = [
    "ApplicantSummary": record(summary),
    "ApplicantPage": object(["applicants": list(of: "ApplicantSummary"), "total": number]),
    "ApplicantList": object([
      "applicants": list(of: "ApplicantSummary"), "next": optionalText, "position": number,
      "registered": number, "total": optionalNumber,
    ]),
    "Applicant": record(
      summary.merging([
        "kana": optionalText, "email": optionalText, "address": optionalText,
        "reason": optionalText, "hold": optionalText, "position": number,
        "documents": list(of: "Document"), "screening": ["type": ["object", "null"]],
        "modelInForce": optionalNumber,
      ]) { $1 }),
    "Document": record([
      "document": number, "form": text, "size": number, "status": text, "reason": optionalText,
      "text": optionalText, "flags": texts, "reading": optionalNumber,
    ]),
    "History": object(["history": list(of: "HistoryEntry")]),
    "HistoryEntry": record([
      "position": number, "at": text, "happened": optionalText, "type": text, "actor": text,
      "onBehalfOf": optionalText, "via": text, "facts": ["type": "object"],
      "reason": optionalText,
    ]),
    "Why": record([
      "applicant": number, "screening": number, "outcome": text, "reason": optionalText,
      "model": optionalNumber, "threshold": number, "probability": optionalNumber,
      "interval": interval, "score": optionalText, "scoreDecimal": decimal, "bias": optionalText,
      "biasDecimal": decimal,
      "contributions": [
        "type": "array", "items": object(["term": text, "value": text, "valueDecimal": decimal]),
      ],
      "unknown": number, "excluded": number, "training": ["type": ["object", "null"]],
      "label": optionalText, "labelledBy": optionalText, "labelClaimed": flag,
      "scoreInView": flag, "labelReason": optionalText,
      "nouns": [
        "type": "array", "items": object(["term": text, "count": number, "known": flag]),
      ],
      "policy": ["type": "object"], "lexicon": optionalText,
      "certificate": ["type": ["object", "null"]],
      "opened": [
        "type": "array", "items": object(["position": number, "at": text, "by": text]),
      ],
      "decision": ["type": ["object", "null"]],
    ]),
    "ExcludedWords": record([
      "applicant": number, "screening": number, "model": number, "score": decimal,
      "shadowScore": decimal, "shadowReason": optionalText, "occurrences": number,
      "unknownShare": decimal,
      "words": [
        "type": "array",
        "items": object(["term": text, "category": text, "contribution": decimal]),
      ],
    ]),
    "Screening": object(screening),
    "ScreeningRecord": record(
      screening.merging(["at": text, "threshold": number, "policy": number]) { $1 }),
    "DocumentList": object(["documents": list(of: "Document")]),
    "LabelList": object(["labels": list(of: "LabelRecord")]),
    "LabelRecord": record([
      "position": number, "label": text, "purpose": text, "given": text, "by": text,
      "claimed": flag, "screening": optionalNumber, "reason": optionalText,
    ]),
    "ScreeningList": object(["screenings": list(of: "ScreeningRecord")]),
    "OpeningList": object(["openings": list(of: "Opening")]),
    "Opening": record([
      "opening": text, "applicants": number, "erased": number, "withdrawn": number,
      "duplicate": number,
      "labels": object(["ok": number, "ng": number, "hold": number, "none": number]),
      "queues": ["type": "object", "additionalProperties": number],
      "secondLookUnread": number, "model": optionalNumber,
    ]),
    "AuditList": object(["audits": list(of: "AuditRecord")]),
    "AuditRecord": record([
      "position": number, "at": text, "by": text, "kind": text, "opening": text,
      "through": number, "applicants": number,
    ]),
    "RetentionRule": object(["opening": text, "days": optionalNumber]),
    "Retention": object([
      "rules": list(of: "RetentionRule"), "applicants": ["type": "array", "items": number],
      "held": ["type": "array", "items": number],
      "undecided": ["type": "array", "items": number],
      "kept": ["type": "array", "items": number], "unknownOpenings": texts, "erased": flag,
      "unreadManifests": ["type": "array", "items": number],
    ]),
    "PolicyList": object(["policies": list(of: "AdoptedPolicy")]),
    "LexiconList": object(["lexicons": list(of: "AdoptedLexicon")]),
    "Disclosure": object([
      "applicant": ["type": "object"], "history": ["type": "array", "items": ["type": "object"]],
      "accesses": list(of: "DisclosedAccess"), "attributes": ["type": "object"],
      "models": ["type": "array", "items": number],
      "keeping": object(["days": optionalNumber, "until": optionalText]), "position": number,
    ]),
    "DisclosedAccess": record(["position": number, "at": text, "scope": text, "role": text]),
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
    "Vocabulary": object([
      "vocabulary": list(of: "Noun"), "next": optionalText, "total": number,
    ]),
    "Noun": record([
      "term": text, "applicants": number, "openings": ["type": "object"],
      "weights": ["type": "object"],
    ]),
    "Consistency": object(["first": number, "second": number, "hashes": texts]),
    "Event": [
      "type": "object",
      "description":
        "An event in its one canonical spelling; the last line is {count, end: true, position}.",
    ],
  ]
}
