import Screening

/// The schemas that the OpenAPI document refers to.
///
/// Answered objects are open: later versions may answer more members, and clients ignore those they do not know.
/// Commands are closed, so that a misspelt member is never passed over.
enum Schemas {
  static let all: [String: JSONTree] = [
    requests, commands, answers, records, models, reports,
  ]
  .reduce(into: [:]) { $0.merge($1) { $1 } }

  static let text: JSONTree = ["type": "string"]
  static let number: JSONTree = ["type": "integer", "minimum": 0]
  static let flag: JSONTree = ["type": "boolean"]
  static let texts: JSONTree = ["type": "array", "items": text]
  static let optionalText: JSONTree = ["type": ["string", "null"]]
  static let optionalNumber: JSONTree = ["type": ["integer", "null"]]
  static let decimal: JSONTree = ["type": ["number", "null"]]

  static func object(
    _ properties: [String: JSONTree], optional: Set<String> = []
  ) -> JSONTree {
    let required = properties.keys.filter { !optional.contains($0) }.sorted()
    return [
      "type": "object", "properties": .object(properties),
      "required": .list(required.map(JSONTree.text)),
    ]
  }

  /// A record of which `fields` may choose members; without it all are there.
  static func record(_ properties: [String: JSONTree]) -> JSONTree {
    ["type": "object", "properties": .object(properties)]
  }

  /// One of the words of a type.
  static func choice<Word: RawRepresentable<String> & CaseIterable>(of _: Word.Type) -> JSONTree {
    choice(Array(Word.allCases))
  }

  /// One of some words of a type.
  static func choice<Word: RawRepresentable<String>>(_ words: [Word]) -> JSONTree {
    ["type": "string", "enum": .list(words.map { .text($0.rawValue) })]
  }

  /// As `choice`, or `null`.
  static func optionalChoice<Word: RawRepresentable<String> & CaseIterable>(
    of _: Word.Type
  ) -> JSONTree {
    [
      "type": ["string", "null"], "enum": .list(Word.allCases.map { .text($0.rawValue) } + [.null]),
    ]
  }

  static func list(of name: String) -> JSONTree {
    ["type": "array", "items": OpenAPI.reference(name)]
  }

  /// A JSON body, in which `null` says the same as leaving a member out.
  private static func command(
    _ properties: [String: JSONTree], optional: Set<String> = []
  ) -> JSONTree {
    var properties = properties
    for name in optional {
      properties[name] = properties[name].map { ["anyOf": [$0, ["type": "null"]]] }
    }
    return object(properties, optional: optional).with(["additionalProperties": false])
  }

  /// The members of a schema that takes no others; `nil` for an open one.
  static func members(of name: String) -> KnownMembers? {
    guard let members = all[name].flatMap(closedMembers) else { return nil }
    return KnownMembers(
      outermost: Set(members.keys),
      inner: members.compactMapValues(closedMembers).mapValues { Set($0.keys) })
  }

  /// The members of an object, or of what may be one or `null`, that takes no others.
  private static func closedMembers(_ schema: JSONTree) -> [String: JSONTree]? {
    guard case .object(let schema) = schema else { return nil }
    if case .text(let reference) = schema["$ref"] {
      return reference.split(separator: "/").last.flatMap { all[String($0)] }.flatMap(closedMembers)
    }
    if case .list(let alternatives) = schema["anyOf"], schema["properties"] == nil {
      return alternatives.lazy.compactMap(closedMembers).first
    }
    guard schema["additionalProperties"] == .flag(false),
      case .object(let properties) = schema["properties"]
    else { return nil }
    return properties
  }

  /// That a member is there and not `null`.
  private static func given(_ name: String) -> JSONTree {
    ["required": [.text(name)], "properties": .object([name: ["not": ["type": "null"]]])]
  }

  private static let threshold: JSONTree = [
    "type": "integer", "minimum": .number(PolicySummary.thresholds.lowerBound),
    "maximum": .number(PolicySummary.thresholds.upperBound),
    "description": "Basis points: 6500 is 65 %.",
  ]
  private static let email: JSONTree = ["type": "string", "format": "email"]
  private static let role = choice(of: Role.self)
  private static let slug: JSONTree = ["type": "string", "pattern": "^[a-z0-9-]{1,64}$"]
  /// What a form sends for a field that was left empty, which counts as absent.
  private static let empty: JSONTree = ["type": "string", "maxLength": 0]
  private static let filled: JSONTree = ["type": "string", "minLength": 1]

  private static let requests: [String: JSONTree] = [
    "NewUser": object(
      [
        "email": email, "name": filled,
        "password": ["type": "string", "minLength": 8, "maxLength": 1024], "role": role,
      ], optional: ["role"]),
    "Credentials": object(["email": filled, "password": filled]),
    "Logout": object(["refresh_token": text], optional: ["refresh_token"]),
    "NewApplicant": object(
      applicantFields.merging([
        "documents": [
          "type": "array", "minItems": 1, "items": base64,
        ],
        // In JSON `null` says the same as leaving a member out.
        "kana": optionalText, "email": optionalText, "address": optionalText,
        "opening": ["anyOf": [slug, empty, ["type": "null"]]],
        "received": ["anyOf": [time, empty, ["type": "null"]]],
      ]) { $1 }, optional: Set(applicantFields.keys).subtracting(["name"])),
    "NewApplicantForm": object(
      applicantFields.merging([
        "documents": [
          "type": "array", "minItems": 1, "items": ["type": "string", "format": "binary"],
        ]
      ]) { $1 }, optional: Set(applicantFields.keys).subtracting(["name"])),
    "NewLabel": command(
      [
        "label": choice(of: Label.self),
        "purpose": choice([LabelPurpose.decision, .secondReading]),
        "reason": ["type": "string", "maxLength": 20000],
        "screening": [
          "type": "integer", "minimum": 0, "maximum": .number(Int(Parameter.largest)),
          "description":
            "The position of the screening in view; 0 for none, the newest where absent.",
        ],
      ], optional: ["purpose", "reason", "screening"]),
  ]

  private static let commands: [String: JSONTree] = [
    "NewState": command([
      "state": choice(ApplicantState.allCases.filter { $0 != .erased })
    ]),
    "NewModel": command(
      training.merging(["opening": slug]) { $1 }, optional: Set(training.keys).union(["opening"])),
    "NewModelLike": command([
      "parameters": OpenAPI.reference("ReplayParameters"),
      "digest": ["type": "string", "pattern": "^[0-9a-f]{64}$"],
    ]),
    // What a replay answers of its what-if is what makes it a model.
    "ReplayParameters": command(
      training.filter { $0.key != "until" }.merging([
        "opening": slug, "from": position, "through": position,
      ]) { $1 }, optional: Set(training.keys).subtracting(["labels", "analysis"])),
    "NewCorrection": command(correction, optional: Set(correction.keys)).with([
      "anyOf": .list(correction.keys.sorted().map(given))
    ]),
    "NewHold": command(["reason": slug]),
    "NewAttributes": command([
      "attributes": [
        "type": "object", "minProperties": 1, "maxProperties": 8, "additionalProperties": slug,
        "propertyNames": slug,
      ]
    ]),
    "NewReadingAudit": command(
      [
        "opening": slug, "sample": ["type": "integer", "minimum": 0, "maximum": 1000],
        "asOf": OpenAPI.moment,
      ], optional: ["sample", "asOf"]),
    "NewGroupAudit": command(["opening": slug, "asOf": OpenAPI.moment], optional: ["asOf"]),
    "NewRetention": command(
      ["opening": slug, "before": OpenAPI.time, "rehearse": flag], optional: ["opening", "before"]
    ).with(["if": given("before"), "then": given("opening")]),
    "NewPolicy": command(
      [
        "threshold": threshold,
        "scores": choice(of: ScoreDisplay.self),
        "retention": command([
          "opening": slug,
          "days": [
            "type": ["integer", "null"], "minimum": .number(RetentionRule.lengths.lowerBound),
            "maximum": .number(RetentionRule.lengths.upperBound),
            "description": "Days after the selection; null for no limit.",
          ],
        ]),
      ], optional: ["threshold", "scores", "retention"]
    ).with(["anyOf": .list(["threshold", "scores", "retention"].map(given))]),
    "NewLexicon": command(["text": lexicon]),
    "NewVerification": command(
      ["retrain": flag, "against": text], optional: ["retrain", "against"]),
    "NewReplay": command(
      training.merging([
        "opening": slug, "model": position, "against": position,
        "threshold": threshold,
      ]) { $1 }, optional: Set(training.keys).union(["model", "against", "threshold"])
    ).with([
      // A recorded model is compared as it is.
      "if": given("model"),
      "then": [
        "properties": .object(
          training.mapValues { _ in ["type": "null"] }.merging(["labels": ["enum": ["all", .null]]])
          { $1 })
      ],
    ]),
    "NewReplayGrid": command(
      training.merging([
        "opening": slug, "against": position, "c": several(cost),
        "representation": several(representation),
        "threshold": threshold,
      ]) { $1 }, optional: Set(training.keys).union(["against", "threshold"])),
  ]

  private static func several(_ items: JSONTree) -> JSONTree {
    ["type": "array", "minItems": 1, "maxItems": .number(ReplayGrid.most), "items": items]
  }

  /// How a model is to be trained.
  private static let training: [String: JSONTree] = [
    "c": cost, "representation": representation,
    "labels": choice(of: TrainRequest.Labels.self),
    "from": bound("Only labels recorded from this position, or time, on."),
    "until": bound("The log only up to this position, or time."),
    "labelledSince": OpenAPI.time, "labelledBefore": OpenAPI.time, "reader": position,
    "analysis": ["type": "string", "pattern": "^[0-9a-f]{16,64}$"], "lexicon": lexicon,
  ]

  /// Where a range of the log begins or ends.
  private static func bound(_ meaning: String) -> JSONTree {
    ["anyOf": [position, OpenAPI.time], "description": .text(meaning)]
  }

  /// The C that a model may be trained with, of 2⁻²⁰ to 2²⁰.
  private static let cost: JSONTree = [
    "type": "number", "minimum": .fraction(0x1p-20), "maximum": .fraction(0x1p20),
  ]
  private static let position: JSONTree = [
    "type": "integer", "minimum": 1, "maximum": .number(Int(Parameter.largest)),
  ]
  private static let representation: JSONTree = [
    "type": "string", "enum": .list(TrainRequest.representations.map(JSONTree.text)),
  ]

  /// Statements, one a line, as the lexicon is written.
  private static let lexicon: JSONTree = [
    "type": "string",
    "description": .text(
      "Statements, at least one, one a line and in any order: 'name NAME', 'matching NUMBER', 'class CLASS', "
        + "'allow TERM', 'exclude MATTER PHRASE'; name and matching once at most. Terms and phrases may have other "
        + "characters, and spaces, than the pattern shows. Empty lines and those that begin with # are passed over."
    ),
    "pattern": .text(
      "^(name [!-~]{1,40}\\n)?(matching [12]\\n)?(#[ -~]*\\n)*((allow [A-Za-z一-龠]{2,40}"
        + "|class (\(Office.lexiconClasses.joined(separator: "|")))|exclude [a-z]{4,20} [A-Za-z一-龠]{2,40})(\\n|$))+$"
    ),
  ]

  private static let base64: JSONTree = [
    "type": "string", "contentEncoding": "base64",
    "pattern": "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
  ]

  private static let time = OpenAPI.recordedTime

  private static let correction: [String: JSONTree] = [
    "name": filled, "kana": filled, "email": email, "address": filled, "opening": slug,
  ]

  private static let applicantFields: [String: JSONTree] = [
    "name": filled, "kana": text, "email": text, "address": text,
    "opening": ["anyOf": [slug, empty]],
    "received": ["anyOf": [time, empty]],
  ]

  private static let answers: [String: JSONTree] = [
    "Message": object(["message": text]),
    "Refusal": object(["message": text, "msg": text], optional: ["message", "msg"]),
    "Problem": object(
      [
        "type": text, "title": text, "status": number, "detail": text, "msg": text,
        "errors": ["type": "array", "items": object(["parameter": text, "detail": text])],
      ], optional: ["msg", "errors"]),
    "ProgressLine": object(
      [
        "progress": object([
          "part": choice(of: WorkProgress.Part.self), "done": number, "total": number,
        ]),
        "result": [
          "type": "object", "description": "The last line: what the answer alone would be.",
        ],
        "problem": OpenAPI.reference("Problem"),
      ], optional: ["progress", "result", "problem"]
    ).with(["minProperties": 1, "maxProperties": 1]),
    "Login": object(["message": text, "access_token": text, "refresh_token": text]),
    "AccessToken": object(["access_token": text]),
    "UserList": object([
      "users": [
        "type": "array", "items": object(["email": optionalText, "name": optionalText]),
      ]
    ]),
    "Registration": object(
      [
        "message": text, "applicant": number, "position": number, "checkpoint": text,
        "repeated": flag, "documents": ["type": "array", "items": ["type": "object"]],
        "screening": ["type": ["object", "null"]],
      ], optional: ["screening"]),
    "Erasure": object([
      "message": text, "applicants": ["type": "array", "items": number], "position": number,
      "checkpoint": text, "models": ["type": "array", "items": number],
      "unreadManifests": ["type": "array", "items": number],
    ]),
    "ApplicantCommand": object([
      "applicant": number, "position": number, "checkpoint": text, "repeated": flag,
    ]),
    "Command": object(["position": number, "checkpoint": text, "repeated": flag]),
    "OpenAPI": ["type": "object"],
  ]
}
